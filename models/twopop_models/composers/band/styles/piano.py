"""Piano: one pair of hands, close. Broken chords with the pedal down, few high notes, time that breathes."""

from twopop_models.composers.band.comping import pads
from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.beds import swells
from twopop_models.composers.band.figures.hands import cast, softly, when
from twopop_models.composers.band.figures.keys import broken, left
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

BROKEN = broken(
    ("0...1...2...1...", "0.....1.2.......", "0...2...1...3..."),
    ("0.1.2.3.2.1.2.1.", "0.2.1.3.2.4.3.1.", "0...1.2.3...2.1."),
    ("0121323143212321", "0.1.2.3.4.3.2.1.", "0.213.2.4.3.2.1."),
    low=52,
    high=74,
)

STYLE = Style(
    name="piano",
    genres=("cinematic",),
    homes=((0.5, -0.45), (-0.7, -0.5), (0.1, -0.4), (0.4, -0.7)),
    tempo=(56, 84),
    rush=1.6,
    meters=((4, 4), (3, 4), (6, 8)),
    lineups=(
        Lineup("piano", "strings", "piano", "piano", "percussion", 40),
        Lineup("piano", "violin", "cello", "piano", "percussion", 40),
        Lineup("piano", "clarinet", "celesta", "cello", "percussion", 40, (("bass", "piano"),)),
    ),
    programs=(("celesta", 10), ("strings", 49), ("percussion", 40)),
    major=("Iadd9 V/3 vi7 IVmaj7", "I iii7 IVmaj7 I/3", "IVmaj7 I/3 ii7 Vsus4", "I V/3 vi I/5 IV I/3 ii7 V"),
    minor=("iadd9 VImaj7 III VII", "i v/3 VImaj7 iv", "i VII/3 III/5 VImaj7", "iv7 i/3 VImaj7 Vsus4"),
    major_cadence="IVmaj7,Vsus4",
    minor_cadence="iv7,Vsus4",
    final="add9",
    drums=(
        (((36, "g..............."),),),
        (((36, "g.......g......."),), ((36, "g..............."), (70, "....g.......g..."))),
        (((36, "o.....g.o......."), (70, "..g...g...g...g.")), ((36, "o.......o....g.."), (70, "g.g.g.g.g.g.g.g."))),
    ),
    fills=(((36, "o.......o...g.g."),),),
    tune=(
        "x-----------x---x---------------",
        "....x---x-------x-----------....",
        "x-------x-------x---x-----------",
    ),
    generators=(
        ("harmony", cast(BROKEN)),
        ("pads", cast(when(softly(pads, 0.8), (1, 2)), strings=softly(swells(low=55, high=76), 0.75))),
        (
            "bass",
            cast(
                left(
                    ("R---------------",),
                    ("R-----5-8-------", "R-------8-------"),
                    ("R---5---8---5---", "R-5-8---R---5---"),
                ),
                cello=left(("R---------------",), ("R---------------",), ("R-------5-------",), rubato=0.0, share=0.8),
            ),
        ),
        (
            "melody",
            Song(
                (
                    "....2---3-------1-----------....",
                    "2-------4---3---2---------------",
                    "......1-2---4-------3-------....",
                    "4-----3-2-------1-------2-------",
                ),
                ladder="scale",
                centre=69,
                share=1.0,
            ),
        ),
        ("drums", softly(drums, 0.6)),
    ),
    accents=Accents(("piano",), ("piano", "harp"), (), (81,)),
    chord_range=(52, 74),
    pad_range=(55, 76),
    looseness=12,
    chromatic=0.15,
    drum_floor=0.3,
    bass_center=40,
    levels=(("accents", -12), ("bass", 0), ("drums", -10), ("harmony", 6), ("melody", 2), ("pads", -10)),
    gains=(("cello", -9), ("piano", 5), ("strings", 3), ("violin", -3)),
    pans=(("piano", 0.0),),
    room=Room(1.8, 0.45, 0.02),
)
