"""Funk and soul: ghosted sixteenths, clavinet and scratched guitar, octaves in the bass, horns that answer, ninths."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.hands import cast
from twopop_models.composers.band.figures.singing import Song
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

KEYS = Stabs(
    (
        (("c-------..c-....",), ("c---....c---..s.",)),
        (("s..s..s...s.s..s",), ("s.xs..xs.xs.x.s.",), ("..s.x.s...sxs..s",)),
        (("S.xs.xSx.xsx.xSx",), ("SxxsxxS.xxsxsxxS",), ("s.S.xsx.S.xsx.Sx",)),
    ),
    span=(55, 76),
    colours=True,
    leans=1,
).play()
SCRATCH = Stabs(
    (
        (("....s.......s...",),),
        (("x.xxs.xxx.xxs.xx",), ("xxs.xxsxxxs.xxs.",)),
        (("xxxxSxxxxxxxSxxs",), ("xxsxxxSxxsxxSxxx",)),
    ),
    span=(57, 76),
    voices=3,
).play()
HORNS = Stabs(
    (
        ((".....................c----------",),),
        (
            ("......s.S.............s.s.S-....",),
            ("S...............s.s...S-----....",),
            ("..................s.sss.S...S...",),
        ),
        (
            ("S..S..S.....S-..S..S..S.ssSsS...",),
            ("..S...S-....s.s...S...S-..s.S.S-",),
            ("S-----....s.sSs.S...S.s.S.s.S---",),
        ),
    ),
    span=(58, 80),
    voices=4,
    leans=1,
).play()
BED = Stabs(
    ((("C---------------",),), (("C-------..c-----",),), (("C-----C---C-----",),)), span=(52, 74), voices=3
).play()


STYLE = Style(
    name="funk",
    genres=("soul",),
    homes=((0.6, 0.45), (0.5, 0.1)),
    tempo=(84, 118),
    meters=((4, 4), (7, 8)),
    lineups=(
        Lineup("electric-guitar", "brass", "saxophone", "bass", "drums", 8, extras=(("harmony", "electric-piano"),)),
        Lineup("electric-piano", "brass", "organ", "bass", "drums", 8, extras=(("harmony", "electric-guitar"),)),
        Lineup("electric-guitar", "organ", "trumpet", "bass", "drums", 8, extras=(("pads", "brass"),)),
    ),
    programs=(("electric-piano", 7), ("electric-guitar", 27), ("bass", 33), ("organ", 17), ("saxophone", 65)),
    major=("I9 I9 I9 IV9", "I7 IV9 I7 V9", "I9 bVII7 IV9 I9", "ii7 V9 ii7 V9", "I9 I9 IV9 IV9 I9 I9 bVII7 V9"),
    minor=("i7 i7 i7 IV9", "i7 IV9 i7 IV9", "i7 VII7 VI7 V7", "i7 i7 iv7 V7", "i7 i7 i7 i7 iv7 iv7 VII7 V7"),
    major_cadence="V9",
    minor_cadence="V7",
    final="7",
    drums=(
        (
            ((42, "o.g.x.g.o.g.x.g."), (37, "....x.......x..."), (36, "x.....o.x.......")),
            ((42, "x.o.x.o.x.o.x.o."), (38, "....o..g....o..g"), (36, "x.........x.....")),
        ),
        (
            ((42, "x.o.x.o.x.o.x.o."), (38, "....X..g.g..X..g"), (36, "X.x...x...x..x..")),
            ((42, "xgogxgogxgogxgo."), (38, "....X..g.?.gX..."), (36, "X..x..x...x....."), (46, "..............o.")),
            ((42, "x.o.x.o.x.o.x.o."), (38, "....X.g..g....X."), (36, "X.x....x..x.x...")),
        ),
        (
            ((42, "xoxoxoxoxoxoxox."), (38, "g.g.X..g.g.gX.gg"), (36, "X.x...x..xx..x.."), (46, "..............x.")),
            ((42, "xoxoxo.oxoxoxoxo"), (38, ".g..X.gg.gg.X..g"), (36, "X..x..x.x.x..x.x"), (46, "......x.........")),
            ((51, "x.x.x.x.x.x.x.x."), (38, "....X..g.gX..g.X"), (36, "X.x...x.x....x..")),
        ),
    ),
    fills=(
        ((38, "X.gxX.gxxxgxX.xx"), (36, "X.....x.X.....x.")),
        ((38, "....X..x.xx.xxX."), (48, "........x..x...."), (43, "............x..x"), (36, "X.......x.......")),
        ((38, "X..X..X..X..X.XX"), (36, "X..X..X..X..X..."), (46, "..............X.")),
    ),
    accents=Accents(("brass",), ("brass", "electric-piano"), (55,), (49, 36)),
    chord_range=(55, 76),
    pad_range=(55, 79),
    swing=0.05,
    swing_unit=16,
    looseness=3,
    chromatic=0.35,
    drum_floor=0.12,
    bass_center=36,
    generators=(
        ("harmony", cast(KEYS, electric_guitar=SCRATCH, acoustic_guitar=SCRATCH)),
        ("pads", cast(BED, brass=HORNS, trumpet=HORNS, horn=HORNS, saxophone=HORNS)),
        (
            "bass",
            riff(
                (
                    ("R-------..R-.5..", "R-----R---7-...."),
                    ("R--g..8.R.g.g7..", "R--R..g8..R.g5.A", "R--.g.R.g8.7g5.."),
                    ("R-g8.gR.g8gRg7.8", "R-R.8g.R.g8.g7.8", "R-8gR.8.gR8gg5.A"),
                ),
                short=0.7,
            ),
        ),
        ("drums", Groove(late=((38, 6.0),)).play()),
        (
            "melody",
            Song(
                rhythms=(
                    "x-..x.x...x-x-..",
                    "..xx..x-..x.x---",
                    "x.x...xx-...x.x.",
                    "x-----..x.xxx---",
                    "......x-x.x-....",
                ),
                form="abab",
                pentatonic=True,
                step=0.75,
                grace="bend",
                graces=0.22,
                full=0.75,
                quiet=(1, 3),
            ).play(),
        ),
    ),
    levels=(("drums", 4), ("bass", 3), ("harmony", 4), ("pads", 7), ("melody", 7), ("accents", 2)),
)
