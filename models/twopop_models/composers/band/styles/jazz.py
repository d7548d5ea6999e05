"""Jazz trio and friends: swung ride, walking bass, rootless sevenths off the beat."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="jazz",
    genres=("funk", "soul"),
    tempo=(84, 168),
    lineups=(
        Lineup("piano", "organ", "saxophone", "double-bass", "drums", 32),
        Lineup("electric-guitar", "strings", "trumpet", "double-bass", "drums", 40),
        Lineup("electric-piano", "clarinet", "piano", "double-bass", "drums", 32),
    ),
    programs=(("electric-guitar", 26), ("organ", 17), ("trumpet", 59)),
    major=(
        "Imaj7 VI7 ii7 V7",
        "ii7 V7 Imaj7 VI7",
        "Imaj7 IVmaj7 iii7,VI7 ii7,V7",
        "iii7 VI7 ii7 V7",
        "Imaj7 I7/3 IVmaj7 iv6",
    ),
    minor=("i7 iv7 iim7b5 V7", "i7 VImaj7 iim7b5 V7", "i6 i6 iim7b5 V7", "i7,VII7 VI7 V7 i7"),
    major_cadence="ii7,V7",
    minor_cadence="iim7b5,V7",
    final="6",
    comp=(
        (("C-----------....",), ("......C---------",), ("C-------....c---",)),
        (("C.....C-........",), ("......C...C-....",), ("..C-..........C.",), ("C..........C-...",)),
        (("C.....C...C.....",), ("..C...C-....C.C.",), ("C...C.....C...C.",), ("......C.C.....C-",)),
    ),
    bass=(("R-------5-------",), ("W---W---W---A---",), ("W---W---W-W-A---",)),
    drums=(
        (((51, "x...o...x...o..."), (44, "....o.......o...")), ((51, "x...x.o.x...x..."), (44, "....o.......o..."))),
        (
            ((51, "x...x.o.x...x.o."), (44, "....x.......x..."), (38, "......?......?..")),
            ((51, "x...x.o.x...x.o."), (44, "....x.......x..."), (36, "g...g...g...g..."), (38, "..............g.")),
        ),
        (
            ((51, "X...x.o.X...x.o."), (44, "....x.......x..."), (38, "..g...o....g..?."), (36, "o.....?...o.....")),
            ((51, "X...x.o.x...X.o."), (44, "....x.......x..."), (38, "......x...?...x."), (36, "o...g...g.o.g...")),
        ),
    ),
    fills=(
        ((38, "....o.o.x.o.x.x."), (44, "....x.......x..."), (51, "x...x.o.")),
        ((48, "........x.o....."), (45, "............x.o."), (38, "......o........."), (51, "x...x.o.........")),
    ),
    tune=(
        "..x-x-x-x---..x-x-x-x---........",
        "x---..x-x-x-x-x-x---....x-x-....",
        "....x-x-..x-..x-x-----------....",
        "x-x-x-x-x-..x---..x-..x-x-------",
    ),
    accents=Accents(("piano",), ("piano", "brass"), (53,), (49, 36)),
    chord_range=(52, 74),
    pad_range=(52, 74),
    swing=0.3,
    swing_unit=8,
    looseness=8,
    chromatic=0.6,
    drum_floor=0.15,
    bass_center=40,
    levels=(("drums", 7), ("bass", -3), ("harmony", 9), ("melody", 5), ("accents", 6)),
)
