"""Rock: power chords in eighths, backbeat, picked bass, organ behind."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="rock",
    genres=(),
    tempo=(96, 148),
    lineups=(
        Lineup("electric-guitar", "organ", "electric-guitar", "bass", "drums", 16),
        Lineup("electric-guitar", "strings", "synth", "bass", "drums", 0),
        Lineup("electric-guitar", "organ", "piano", "bass", "drums", 16),
    ),
    programs=(("electric-guitar", 29), ("bass", 34), ("organ", 18), ("synth", 84)),
    major=("I5 I5 IV5 V5", "I5 bVII5 IV5 I5", "I5 V5 vi5 IV5", "I5 IV5 I5 V5"),
    minor=("i5 VI5 VII5 i5", "i5 VII5 VI5 VII5", "i5 iv5 VI5 V5", "i5 III5 VII5 VI5"),
    major_cadence="IV5,V5",
    minor_cadence="VI5,VII5",
    final="5",
    comp=(
        (("C-------c-------",), ("C-----------c---",), ("0.2.1.2.0.2.1.2.",)),
        (("L.L.L.L.L.L.L.L.", "C-......C-......"), ("C-c.c.c.C-c.c.c.",), ("C---..C.C---..C.",)),
        (("C-C-C-C-C-C-C-C-",), ("C--C--C-C--C--CC",), ("C-CCC-CCC-CCC-CC",)),
    ),
    bass=(("R-------R-------",), ("R-R-R-R-R-R-R-R-",), ("R-R-R-R-R-R-5-A-",)),
    drums=(
        (((42, "o...o...o...o..."), (36, "x.......x.......")), ((51, "o...o...o...o..."), (36, "x.........o....."))),
        (
            ((42, "x.o.x.o.x.o.x.o."), (38, "....X.......X..."), (36, "X.......X.x.....")),
            ((42, "x.o.x.o.x.o.x.o."), (38, "....X..g....X..."), (36, "X.....x...x.....")),
        ),
        (
            ((51, "x.x.x.x.x.x.x.x."), (38, "....X..g.g..X..g"), (36, "X..x..x.X.x...x.")),
            ((46, "x...x...x...x..."), (38, "....X.......X..."), (36, "X.x...x.X.x...x.")),
            ((42, "X.x.X.x.X.x.X.x."), (38, "....X..g....X.gg"), (36, "X.....xxX.....x.")),
        ),
    ),
    fills=(
        ((38, "x.xxx.xx........"), (45, "........xxxx...."), (41, "............xxxx"), (36, "X.......X.......")),
        ((38, "....X...X.xxxxxx"), (36, "X.......X.......")),
        ((48, "........xx.x...."), (45, "...........x.xx."), (38, "....X..........x"), (36, "X.......x.......")),
    ),
    tune=(
        "x---x-x---x-x---x-----x-x-------",
        "x-x-x-x-..x---x-x---------------",
        "..x-x-x-x---x-x-..x-x---x-------",
        "x-----x-----x---x-----x-----x---",
    ),
    accents=Accents(("electric-guitar",), ("electric-guitar", "brass"), (55,), (49, 36)),
    chord_range=(40, 64),
    pad_range=(52, 76),
    voices=3,
    looseness=5,
    chromatic=0.15,
    bass_center=36,
    levels=(("bass", 2), ("harmony", 7), ("pads", 2), ("melody", 6), ("accents", 6)),
)
