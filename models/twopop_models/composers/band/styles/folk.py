"""Acoustic folk: a picked and strummed guitar behind a capo, a fiddle's reel, upright bass, brushes and tambourine."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.guitar import guitar
from twopop_models.composers.band.figures.singing import Song
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

PICKED = ("b...m...a...m...", "..2...1...3...2.")
PINCHED = ("p...m...a...m...", "......2...1...2.")
ROLLING = ("b...m...a...m...", "..1.2.3.1.2.3.2.")
BOOM_CHICK = ("b...D...a...D.u.",)
STRUMMED = ("D...D.U...U.D.U.",)
DRIVEN = ("D.d.D.uUd.U.D.uU",)

GUITAR = guitar(
    plain=(
        (PICKED, PINCHED),
        (PICKED, ROLLING, BOOM_CHICK),
        (STRUMMED, DRIVEN, ("D..uD.U.d.U.D.uU",)),
    ),
    triple=(
        (("b...2...a...2...", "..3..1....3..1.."), ("b...1...a...1...", "..2..3....2..3..")),
        (("b...3..2a...2..1", "..2.......1....."), ("b...D..ua...D..u",)),
        (("D...d..UD...d..U",), ("D.d.d..UD.u.d..U",)),
    ),
)

STYLE = Style(
    name="folk",
    genres=(),
    homes=((0.55, 0.0),),
    tempo=(76, 124),
    meters=((4, 4), (6, 8), (3, 4)),
    lineups=(
        Lineup("acoustic-guitar", "cello", "violin", "double-bass", "percussion", 40),
        Lineup("acoustic-guitar", "organ", "flute", "bass", "drums", 40),
        Lineup("acoustic-guitar", "strings", "clarinet", "double-bass", "percussion", 40),
    ),
    programs=(("violin", 110), ("organ", 21), ("strings", 49), ("flute", 78), ("clarinet", 22)),
    major=(
        "I I IV I I I V V",
        "I V/3 vi IV",
        "I IV I/5 V",
        "vi IV I V",
        "I I/3 IV IV I/5 V I I",
        "I bVII IV I",
    ),
    minor=("i VII VI VII", "i iv VII i", "i III VII iv", "i i VII VII i VII i i", "i v VI VII", "i VII III iv"),
    major_cadence="V",
    minor_cadence="VII",
    drums=(
        (((82, "o.g.o.g.o.g.o.g."),), ((70, "g.g.o.g.g.g.o.g."), (54, "............g..."))),
        (
            ((38, "o.g.x.g?o.g.x.g?"), (36, "x.......x......."), (54, "....o.......o...")),
            ((38, "g.g.x.ggg.g.x.gg"), (36, "x.....o.x......."), (82, "..g...g...g...g.")),
        ),
        (
            ((36, "x...o...x...o..."), (54, "..o.x.o...o.x.o."), (38, "g.ggx.g?g.ggx.g?")),
            ((36, "x...x...x...x..."), (39, "....o.......o..."), (54, "o.o.x.ooo.o.x.oo")),
        ),
    ),
    fills=(
        ((38, "g.ggo.ooo.oox.xx"), (36, "x.......x.......")),
        ((54, "x.x.x.x.x.xxxxxx"), (36, "x...x...x...x...")),
        ((45, "....o.o.....x.x."), (38, "o.g.....x.o....."), (36, "x.......o.......")),
    ),
    accents=Accents(("acoustic-guitar",), ("acoustic-guitar", "piano"), (54,), (49, 36)),
    chord_range=(45, 70),
    pad_range=(50, 70),
    swing=0.06,
    looseness=3,
    chromatic=0.2,
    drum_floor=0.3,
    bass_center=38,
    generators=(
        ("harmony", GUITAR),
        (
            "bass",
            riff(
                (
                    ("R-------5-------", "R-----------5---"),
                    ("R---....5---....", "R---....5---..A."),
                    ("R-..R.r.5-..5.A.", "R-..5-..R-..A-A."),
                )
            ),
        ),
        ("drums", Groove(crash=54).play()),
        (
            "melody",
            Song(
                rhythms=(
                    "x-x-x-x-x---x-x-",
                    "x---x-x-x-x-x-x-",
                    "x-x-x---x-x-x---",
                    "x-x-x-x-x-x-x-x-",
                    "x-xxx-x-x-x-x---",
                ),
                form="abac",
                grace="cut",
                graces=0.18,
                turn=0.3,
            ).play(),
        ),
    ),
    levels=(("drums", 2), ("harmony", 6), ("pads", -4), ("melody", 3), ("accents", 4)),
)
