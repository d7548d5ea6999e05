"""Trailer: braams and struck ensembles on the downbeats, two notes that saw for ever, climbs, and holes of silence."""

from twopop_models.composers.band.comping import pads
from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.hands import both, cast, when
from twopop_models.composers.band.figures.lines import line
from twopop_models.composers.band.figures.pulses import pedal
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.figures.weights import braam, holes, riser, roll, struck
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

SAW = holes(
    both(
        line(
            ("0...1...0...1...", "0...1...0...2..."),
            ("0.1.0.1.0.1.0.1.", "0.1.0.2.0.1.0.2.", "0.0.1.1.0.0.2.2."),
            ("0011001100110011", "0010001000220022", "0102010201020102"),
            low=50,
            high=69,
            voices=3,
            short=0.6,
            share=1.05,
        ),
        riser(low=50),
    )
)
"""Two notes to and fro, faster when fuller, and a climb into every new section."""

PULSE = line(
    ("0.0.0.0.0.0.0.0.", "0.0.2.0.0.0.1.0."),
    ("0000000000000000", "0000.000.000.00."),
    ("0000200000002000", "0020002000200022"),
    low=43,
    high=62,
    voices=3,
    short=0.5,
    share=0.8,
)

ENSEMBLE = holes(
    both(
        struck(
            ("x...............",),
            ("X.....o.X.......", "X.....o.X...x.x."),
            ("X..xX..xX.x.X.xx", "X.xxX.xxX..xXxxx"),
            pitch=48,
            fall=4,
        ),
        roll(low=43, speed=1),
    )
)

STYLE = Style(
    name="trailer",
    genres=("cinematic",),
    homes=((-0.1, 0.95), (-0.2, 0.8)),
    tempo=(70, 96),
    rush=1.7,
    lineups=(
        Lineup(
            "strings",
            "choir",
            "horn",
            "synth-bass",
            "drums",
            48,
            (("drums", "taiko"), ("harmony", "brass"), ("harmony", "synth")),
        ),
        Lineup(
            "synth",
            "strings",
            "brass",
            "synth-bass",
            "taiko",
            48,
            (("harmony", "tuba"), ("drums", "percussion")),
        ),
        Lineup(
            "cello",
            "choir",
            "violin",
            "tuba",
            "taiko",
            48,
            (("harmony", "brass"), ("drums", "timpani"), ("harmony", "electric-guitar")),
        ),
    ),
    programs=(
        ("strings", 48),
        ("brass", 62),
        ("synth", 87),
        ("electric-guitar", 30),
        ("synth-bass", 38),
        ("choir", 52),
    ),
    major=("I I bVI bVI", "vi vi IV IV", "I bIII bVII IV", "vi IV I V"),
    minor=("i i VI VI", "i i iv VI", "i VI III VII", "i III VI iv"),
    major_cadence="bVII",
    minor_cadence="VII",
    final="5",
    drums=(
        (((36, "X..............."),),),
        (((36, "X.......X......."), (41, "......x.....x.x.")), ((35, "X..............."),)),
        (
            ((36, "X...X...X...X..."), (41, "..xx..xx..xx..xx"), (57, "X...............")),
            ((36, "X..x..X...X..x.."), (43, "xxxxxxxxxxxxxxxx"), (38, "....X.......X...")),
        ),
    ),
    fills=(((41, "xxxxxxxxxxxx...."), (36, "X...X...X......."), (38, "ooooxxxxXXXX....")),),
    generators=(
        (
            "harmony",
            cast(
                SAW,
                brass=braam(low=34),
                tuba=braam(low=29),
                electric_guitar=when(braam(low=40, every=2, share=1.0), (1, 2)),
                synth=PULSE,
            ),
        ),
        ("pads", holes(pads)),
        (
            "bass",
            holes(
                pedal(
                    ("R---------------",),
                    ("R-R-R-R-R-R-R-R-", "R-R---R-R---R-R-"),
                    ("RRRRRRRRRRRRRRRR", "R-RRR-RRR-RRR-RR"),
                    centre=31,
                    short=0.8,
                    follow=True,
                )
            ),
        ),
        (
            "melody",
            Song(
                (
                    "0-------1-------2---------------",
                    "2-----1-0-------1---------------",
                    "0-----------1---0-----------2---",
                ),
                ladder="open",
                centre=60,
                rests=(0,),
            ),
        ),
        ("drums", cast(holes(drums), taiko=ENSEMBLE, timpani=ENSEMBLE)),
    ),
    accents=Accents(("strings",), ("brass", "taiko"), (36,), (36, 49, 57)),
    chord_range=(50, 69),
    pad_range=(52, 76),
    looseness=3,
    drum_floor=0.15,
    bass_center=31,
    levels=(("accents", 3), ("bass", 3), ("drums", -4), ("harmony", 0), ("melody", 0), ("pads", -1)),
    gains=(
        ("brass", 2),
        ("cello", -3),
        ("choir", -4),
        ("drums", 1),
        ("horn", -7),
        ("percussion", -6),
        ("strings", 5),
        ("synth", 2),
        ("synth-bass", -2),
        ("taiko", 3),
        ("timpani", -1),
    ),
    room=Room(2.2, 0.55, 0.02),
)
