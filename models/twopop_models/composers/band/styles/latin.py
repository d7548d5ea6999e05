"""Latin: son clave of two bars, cascara and congas, montuno and a bass that comes early, horns; calm: bossa nova."""

from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.guitar import guitar
from twopop_models.composers.band.figures.hands import cast
from twopop_models.composers.band.figures.singing import Song
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.styles.sheet import Accents, Grid, Lineup, Style

CALM = 0.0
"""The arousal below which it is a bossa."""

TWO_THREE = "....x...x.......x.....x.....x..."
"""Son clave, the side of two strokes first, over two bars."""

BOSSA_CLAVE = "x.....x.....x.......x.....x....."
CASCARA = (65, "x...x...x.x.x.x.x..xx...x..xx.x.")
TUMBAO = (
    (62, "....x.......x.......x.......x..."),
    (64, "............x.x.............x.x."),
    (60, "g..g..g.g.......g..g..g.g......."),
)
BELL = (56, "x...x.x.x...x.x.x...x.x.x...x.x.")

BOSSA: tuple[Grid, ...] = (
    ((37, BOSSA_CLAVE), (42, "o.g.o.g.o.g.o.g."), (36, "x.....o.x.....o.")),
    ((75, BOSSA_CLAVE), (70, "ogggogggogggoggg"), (36, "x.....o.x.....o.")),
)
SON: tuple[Grid, ...] = (
    ((75, TWO_THREE), (70, "xgogxgogxgogxgog"), *TUMBAO[1:2], (62, "....x.......x...")),
    ((75, TWO_THREE), CASCARA, *TUMBAO[:2]),
)
FIESTA: tuple[Grid, ...] = (
    ((75, TWO_THREE), BELL, *TUMBAO, (36, "x.....x.......x.")),
    ((75, TWO_THREE), CASCARA, *TUMBAO, (61, "..o.x.o...o.x.oo"), (36, "x.....x.......x.")),
    ((76, TWO_THREE), BELL, *TUMBAO, (70, "xoxoxoxoxoxoxoxo")),
)

MONTUNO = Stabs(
    (
        (("C-....C-....c-..",),),
        (("o.t.o.to.to.t.o.t.o.t.to.to.to.t",), ("o.to.t.ot.o.to.t.to.to.to.t.ot.t",)),
        (("o.tot.ot.to.to.to.tot.to.to.tot.",), ("oto.to.to.tot.ototo.to.to.to.to.",)),
    ),
    span=(60, 79),
    voices=4,
    leans=2,
).play()
HORNS = Stabs(
    (
        ((),),
        ((".......................s.S-S....",), ("....S-......s.s.................",)),
        (("..S.S.S-....s.S...S.S.s.S-......",), ("S-....S...S.....S-..s.S.S.S-....",)),
    ),
    span=(58, 79),
    voices=3,
    leans=2,
).play()
BED = Stabs(
    ((("C---------------",),), (("C---------------",),), (("C-----C---------",),)), span=(55, 74), voices=3
).play()
BATIDA = (
    ("b...a...b...a...", "..D..D...D..d...d..D..D...D..D.."),
    ("b...a...b...a...", "D..D..d...D..D....D..D....D..D.."),
)
NYLON = guitar(
    plain=(BATIDA, BATIDA, (("b...a...b...a...", "..D.D..D..D.D.U...D..D.U..D.D.DU"),)),
    triple=((("b...2...a...2...", "..3..1....3..1.."),), (("b..D..D.a..D..D.",),), (("b.DD..D.a.DD..DU",),)),
)


STYLE = Style(
    name="latin",
    genres=(),
    homes=((0.7, 0.4), (0.5, -0.4)),
    tempo=(84, 124),
    meters=((4, 4),),
    lineups=(
        Lineup("piano", "brass", "trumpet", "double-bass", "percussion", 0),
        Lineup("acoustic-guitar", "strings", "flute", "double-bass", "percussion", 0),
        Lineup("marimba", "brass", "saxophone", "bass", "percussion", 0, extras=(("harmony", "acoustic-guitar"),)),
        Lineup("acoustic-guitar", "organ", "vibraphone", "double-bass", "drums", 40),
    ),
    programs=(("acoustic-guitar", 24), ("brass", 61), ("organ", 21), ("trumpet", 56)),
    major=("I IV V7 IV", "I ii7 V7 I", "I VI7 ii7 V7", "Imaj7 ii7 iii7 ii7,V7", "Imaj7 II7 ii7 V7 Imaj7 VI7 ii7 V7"),
    minor=(
        "i iv V7 i",
        "i VII VI V7",
        "i7 iv7 VII7 IIImaj7 VImaj7 iim7b5 V7 i",
        "i V7 V7 i",
        "i7 i7 iim7b5 V7 i7 VI7 iim7b5 V7",
    ),
    major_cadence="V7",
    minor_cadence="V7",
    drums=(BOSSA, SON, FIESTA),
    fills=(
        ((65, "........xx.x...."), (66, "...........x.xxx"), (36, "x.......x......."), (75, "x.....x.....x...")),
        ((61, "....x.x.xx.xx.xx"), (64, "x.......x......."), (75, "x..x..x...x.x...")),
        ((66, "x..x..x..x..x.xx"), (63, "..x..x..x..x...."), (75, "....x...x.......")),
    ),
    accents=Accents(("piano",), ("brass", "piano"), (67,), (49, 65)),
    chord_range=(55, 79),
    pad_range=(55, 76),
    looseness=5,
    chromatic=0.3,
    drum_floor=0.1,
    bass_center=38,
    generators=(
        ("harmony", cast(MONTUNO, acoustic_guitar=NYLON)),
        ("pads", cast(BED, brass=HORNS, trumpet=HORNS, horn=HORNS)),
        (
            "bass",
            riff(
                (
                    ("R-----5-8-------", "R-----5-R-----N-"),
                    ("R-----5-----N---", "R--r--5-----N---", "R-....5---8-N---"),
                    ("R--r--5-----N---", "R-....5---8-N---", "R-8---5---5-N---"),
                ),
                other=("R-----5-5-----R-", "R-----5-5-----N-", "R-----8-5-----A-"),
                turn=CALM,
                short=0.9,
            ),
        ),
        ("drums", Groove(other=(BOSSA, BOSSA, BOSSA), turn=CALM, crash=0).play()),
        (
            "melody",
            Song(
                rhythms=(
                    "x--x--x-..x-x---",
                    "..x-x--x--x-x---",
                    "x-x--x--x-..x-x-",
                    "....x-x--x--x---",
                    "x---..x---x---x-",
                ),
                form="abac",
                step=0.7,
                thirds=True,
                graces=0.1,
                grace="bend",
                quiet=(1, 3),
            ).play(),
        ),
    ),
    gains=(("acoustic-guitar", -10), ("marimba", -3), ("vibraphone", -7), ("flute", -6)),
    levels=(("drums", 4), ("bass", 1), ("harmony", 8), ("pads", 0), ("melody", 5), ("accents", 4)),
)
