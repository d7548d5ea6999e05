"""Latin: clave, congas and shaker, montuno piano, tumbao bass that arrives before the bar."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="latin",
    genres=(),
    tempo=(92, 128),
    lineups=(
        Lineup("piano", "brass", "trumpet", "double-bass", "percussion", 0),
        Lineup("acoustic-guitar", "strings", "flute", "double-bass", "percussion", 0),
        Lineup("marimba", "organ", "saxophone", "bass", "percussion", 0),
    ),
    programs=(("acoustic-guitar", 24), ("brass", 61), ("organ", 21)),
    major=("I IV V7 IV", "I ii7 V7 I", "I VI7 ii7 V7", "Imaj7 ii7 iii7 ii7,V7"),
    minor=("i iv V7 i", "i VII VI V7", "i7 iv7 VII7 IIImaj7 VImaj7 iim7b5 V7 i", "i V7 V7 i"),
    major_cadence="V7",
    minor_cadence="V7",
    comp=(
        (("C.....c-....C...",), ("0.2.1.2.0.2.1.2.",), ("C-....C-....c-..",)),
        (("0.23.2.30.23.2.3",), ("C..02.13C..02.13",), ("..C..0.2..C..0.2",)),
        (("C.2.C.2C.2C.2.C.", "0.....0.....0..."), ("C..C.2.C.C..C.2C",), ("C.C..C.CC.C..C.C", "..0.1...2...1...")),
    ),
    bass=(("R-----5-----8---",), ("R-----5-----8-A-",), ("R--5..8-..5-R-A-",)),
    drums=(
        (((70, "o.g.o.g.o.g.o.g."), (64, "............o.o.")), ((75, "x.....x.....x..."), (70, "g.g.g.g.g.g.g.g."))),
        (
            ((75, "x..x..x...x.x..."), (70, "xgogxgogxgogxgog"), (63, "....x.......x..."), (64, "......o.......oo")),
            ((77, "x..x...x..x.x..."), (82, "x.gox.gox.gox.go"), (62, "....x..g....x..."), (64, "..............oo")),
        ),
        (
            (
                (75, "x..x..x...x.x..."),
                (70, "xgxgxgxgxgxgxgxg"),
                (63, "..g.x..g..g.x..g"),
                (64, "......xx......xx"),
                (36, "x...x...x...x..."),
                (56, "x...x.x.x...x.x."),
            ),
            (
                (75, "..x.x...x..x..x."),
                (69, "x.oox.oox.oox.oo"),
                (62, "g..gx.g.g..gx.g."),
                (64, "......xx......xx"),
                (36, "x..x..x.x..x..x."),
                (65, "............x.x."),
            ),
        ),
    ),
    fills=(
        ((65, "........xx.x...."), (66, "...........x.xxx"), (36, "x.......x......."), (70, "x.g.x.g.")),
        ((63, "....x.x.xx.xx.xx"), (64, "x.......x......."), (75, "x..x..x...x.x...")),
    ),
    tune=(
        "x--x--x-..x-x---x--x--x-x---....",
        "..x-x--x--x-x---..x-x--x--------",
        "x-x--x--x-x-x---x-------..x-x-..",
        "x---x--x--x-..x-x--x--x---......",
    ),
    accents=Accents(("piano",), ("brass", "piano"), (67,), (49, 65)),
    chord_range=(52, 76),
    pad_range=(53, 74),
    looseness=6,
    chromatic=0.3,
    drum_floor=0.12,
    bass_center=38,
    levels=(("drums", 3), ("bass", -2), ("harmony", 8), ("pads", 2), ("accents", 6)),
)
