"""Tension: rubbed clusters in trembling strings over a pedal that will not move, a clock, sighs of a semitone.

Harmony never cadences: chords are a third or a tritone apart, and the bass stays on the tonic under all of them.
"""

from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.beds import cluster
from twopop_models.composers.band.figures.hands import both, cast, softly, when
from twopop_models.composers.band.figures.lines import line
from twopop_models.composers.band.figures.pulses import pedal
from twopop_models.composers.band.figures.voices import sighs
from twopop_models.composers.band.figures.weights import riser, roll, struck
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

CLOCK = line(
    ("0...0...0...0...", "0...0...0...1..."),
    ("0.0.0.0.0.0.0.0.", "0.0.1.0.0.0.1.0."),
    ("0010001000100010", "0001000100010012"),
    low=50,
    high=70,
    voices=3,
    short=0.5,
    share=0.85,
)
"""Short notes on one pitch that is left for a moment and comes back."""

TREMBLING = both(cluster(low=55, high=76, voices=3), riser(low=48))

STYLE = Style(
    name="tension",
    genres=("cinematic",),
    homes=((-0.6, 0.5), (-0.5, -0.05), (-0.3, -0.2)),
    tempo=(58, 104),
    rush=1.6,
    meters=((4, 4), (3, 4), (5, 4)),
    lineups=(
        Lineup(
            "strings", "choir", "celesta", "double-bass", "timpani", 48, (("harmony", "pizzicato"), ("pads", "violin"))
        ),
        Lineup("pizzicato", "strings", "clarinet", "cello", "taiko", 48, (("harmony", "harp"),)),
        Lineup("piano", "strings", "oboe", "double-bass", "percussion", 48, (("pads", "pad"), ("harmony", "violin"))),
    ),
    programs=(("strings", 44), ("violin", 44), ("double-bass", 43), ("pad", 97), ("choir", 53), ("drums", 48)),
    major=("I bVI I bVI", "I I bII bII", "I bIII I bvi", "I iv I bvii"),
    minor=("i i vi vi", "i bv i bII", "i i bii i", "i biv i vi i bv i bii", "i III i bvii"),
    major_cadence="bII",
    minor_cadence="bii",
    final="5",
    drums=(
        (((36, "o..o............"),), ((36, "o..o......g....."),)),
        (((36, "x..o....x..o...."), (76, "g...g...g...g...")), ((36, "x..o......x..o.."),)),
        (((36, "X..x..X..x..X.x."), (41, "..o..o..o..o..oo")), ((36, "X..x....X..x...."), (43, "xgxgxgxgxgxgxgxg"))),
    ),
    fills=(((41, "ggggggggooooxxxx"), (36, "x.......x.......")),),
    generators=(
        ("harmony", cast(CLOCK, strings=TREMBLING, violin=TREMBLING, piano=softly(CLOCK, 0.85))),
        ("pads", cluster(low=48, high=70, voices=3)),
        (
            "bass",
            pedal(
                ("R---------------",),
                ("R-------r-------", "R-----r-R---b---"),
                ("R-r-R-r-R-r-R-b-", "R-rrR-rrR-rrR-br"),
            ),
        ),
        ("melody", sighs(centre=76)),
        (
            "drums",
            cast(
                drums,
                timpani=both(
                    struck(("o..o............",), ("x..o........o...",), ("X..x..o.X..x..o.",), pitch=43),
                    roll(low=41),
                ),
                taiko=both(
                    struck(("o..g............",), ("x..o....o.......",), ("X..x..x.X..x..xx",), pitch=50),
                    when(roll(low=45, speed=2), (1, 2)),
                ),
            ),
        ),
    ),
    tune=("....x-------x-----------........", "........x---x-----------........"),
    accents=Accents(("pizzicato",), ("timpani", "brass"), (), (36, 49)),
    chord_range=(50, 74),
    pad_range=(48, 70),
    looseness=6,
    bass_center=34,
    levels=(("accents", 0), ("bass", 6), ("drums", -6), ("harmony", 0), ("melody", 3), ("pads", -3)),
    gains=(
        ("celesta", 9),
        ("cello", 1),
        ("choir", 6),
        ("double-bass", -1),
        ("harp", -6),
        ("oboe", -4),
        ("pad", -1),
        ("percussion", -5),
        ("piano", 9),
        ("pizzicato", 1),
        ("taiko", 5),
    ),
    pans=(("celesta", -0.4), ("pizzicato", 0.4)),
    room=Room(2.6, 0.4, 0.03),
)
