"""Rock: power chords that ring or die under the palm, a picked bass, backbeat, toms, a lead that bends."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.hands import cast
from twopop_models.composers.band.figures.singing import Song
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.styles.sheet import Accents, Grid, Lineup, Style

POWER = Stabs(
    (
        (("P-------P-------",), ("P-----------P---",), ("P---p.p.p.p.p.p.",)),
        (("P---p.p.P-p.p.p.",), ("p.p.p.P-p.p.P---",), ("P-----P-----P---", "....p......p....")),
        (("P-p.P-p.P-ppP-p.",), ("P-pppppppp.pP-P-",), ("P-P-P-P-P-P-P-P-",), ("P-..P-ppP-..P-P-",)),
    ),
    span=(40, 64),
    voices=3,
).play()
KEYS = Stabs(
    (
        (("C-------c-------",), ("C---------------",)),
        (("C---C---C---C---",), ("C-----C-----C---",)),
        (("C-C-C-C-C-C-C-C-",), ("C-C-..C-C-..C-C-",)),
    ),
    span=(50, 74),
).play()
LEAD = Song(
    rhythms=("x---x-x-x-----x-", "x-x-x---..x-x-x-", "x-----x-x-x-x---", "..x-x-x-x-------", "x-x-xxx-x---x---"),
    form="abac",
    pentatonic=True,
    grace="bend",
    graces=0.3,
    lift=-1,
    full=0.97,
).play()
ORGAN = Stabs(
    ((("C---------------",),), (("C---------------",),), (("C-------C-------",), ("C-----C-----C---",))), span=(55, 76)
).play()

HALF: tuple[Grid, ...] = (
    ((42, "x...x...x...x..."), (38, "........X......."), (36, "X.........x.....")),
    ((51, "x...x...x...x..."), (38, "........X......g"), (36, "X.....x....x....")),
)
STRAIGHT: tuple[Grid, ...] = (
    ((42, "X.o.X.o.X.o.X.o."), (38, "....X.......X..."), (36, "X.......X.x.....")),
    ((42, "X.o.X.o.X.o.X.o."), (38, "....X..?....X..."), (36, "X.....x...x.....")),
    ((42, "X.o.X.o.X.o.X.x."), (38, "....X.......X..?"), (36, "X..x....X.x....."), (46, "..............o.")),
)
OPEN: tuple[Grid, ...] = (
    ((46, "X...x...X...x..."), (38, "....X.......X..."), (36, "X.x...x.X.x...x.")),
    ((51, "X.x.X.x.X.x.X.x."), (38, "....X..g....X..g"), (36, "X..x..x.X.x...x.")),
    ((46, "X.o.x.o.X.o.x.o."), (38, "....X....g..X.g."), (36, "X.....xxX.....x.")),
)
DOUBLE: tuple[Grid, ...] = (
    ((51, "X.x.X.x.X.x.X.x."), (38, "..X...X...X...X."), (36, "X...X...X.x.X...")),
    ((46, "X...X...X...X..."), (38, "....X.......X.X."), (36, "X.x.X.x.X.x.X.x."), (49, "X.......X.......")),
)


STYLE = Style(
    name="rock",
    genres=(),
    homes=((0.25, 0.6),),
    tempo=(92, 152),
    meters=((4, 4),),
    lineups=(
        Lineup("electric-guitar", "organ", "electric-guitar", "bass", "drums", 16),
        Lineup("electric-guitar", "electric-guitar", "synth", "bass", "drums", 0),
        Lineup("electric-guitar", "strings", "organ", "bass", "drums", 16, extras=(("harmony", "piano"),)),
    ),
    programs=(("electric-guitar", 30), ("bass", 34), ("organ", 18), ("synth", 84), ("strings", 50)),
    major=("I I IV V", "I bVII IV I", "I V vi IV", "I IV I V", "I I bVII bVII IV IV I V"),
    minor=(
        "i VI VII i",
        "i VII VI VII",
        "i iv VI V",
        "i III VII VI",
        "i i III III VI VI VII V",
    ),
    major_cadence="IV5,V5",
    minor_cadence="VI5,VII5",
    final="5",
    drums=(HALF, STRAIGHT, OPEN),
    fills=(
        ((38, "x.xxx.xx........"), (48, "........xxxx...."), (43, "............xxxx"), (36, "X.......X.......")),
        ((38, "....X...X.xxxxxx"), (36, "X.......X.......")),
        ((48, "........xx.x...."), (45, "...........x.xx."), (38, "....X..........x"), (36, "X.......x.......")),
        ((38, "X.xX.xX.xX.xX.xX"), (43, "..............xx"), (36, "X...X...X...X...")),
        ((50, "....X.X........."), (47, "........X.X....."), (43, "............X.XX"), (36, "X.......X.......")),
    ),
    accents=Accents(("electric-guitar",), ("electric-guitar",), (55,), (49, 36)),
    chord_range=(40, 64),
    pad_range=(52, 76),
    voices=3,
    looseness=4,
    chromatic=0.15,
    drum_floor=0.15,
    bass_center=36,
    generators=(
        ("harmony", cast(KEYS, electric_guitar=POWER)),
        ("pads", cast(ORGAN, electric_guitar=POWER)),
        (
            "bass",
            riff(
                (
                    ("R-------R-------", "R-----R-R-----A-"),
                    ("R.R.R.R.R.R.R.R.", "R.R.R.R.R.R.5.A.", "R-..R.R.R-..R.A."),
                    ("R.R.R.R.R.R.8.R.", "RRR.RRR.RRR.R.A.", "R.R.8.R.R.R.5.A."),
                ),
                short=0.95,
            ),
        ),
        ("drums", Groove(wild=DOUBLE).play()),
        ("melody", LEAD),
    ),
    levels=(("drums", 0), ("bass", 1), ("harmony", 11), ("pads", 1), ("melody", 2), ("accents", 3)),
    pans=(("organ", 0.35), ("synth", 0.15)),
)
