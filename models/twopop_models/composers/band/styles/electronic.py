"""Electronic and pop: four on the floor, pumping chords, arpeggios, synth bass."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="electronic",
    genres=("techno", "pop"),
    tempo=(104, 132),
    lineups=(
        Lineup("synth", "pad", "synth", "synth-bass", "drums", 25),
        Lineup("electric-piano", "pad", "synth", "synth-bass", "drums", 24),
        Lineup("piano", "strings", "synth", "synth-bass", "drums", 25),
    ),
    programs=(("synth", 80), ("pad", 90), ("strings", 50)),
    major=("vi IV I V", "I V vi IV", "IV V vi I/3", "I iii IV iv"),
    minor=("i VI III VII", "VI VII i i", "i III VII VI", "i iv VI V"),
    major_cadence="IV,V",
    minor_cadence="VI,VII",
    final="",
    comp=(
        (("0.2.4.2.0.2.4.3.",), ("0..1..2.0..1..3.",)),
        (("..C...C...C...C.", "0.1.2.3.4.3.2.1."), ("C..C..C.C..C..C.",), ("..C-..C-..C-..C.", "0..2..4..2..0.2.")),
        (("C..C..C...C.C.C.", "0123432101234321"), ("..C...C...C...CC", "0240240240240242"), ("C.C..C.CC.C..C.C",)),
    ),
    bass=(("R-------R-------",), ("..R...R...R...8.",), ("R.RRR.RRR.RRR.8R",)),
    drums=(
        (((36, "x.......x......."), (42, "..g...g...g...g.")), ((36, "x...x...x...x..."),)),
        (
            ((36, "X...X...X...X..."), (42, "..x...x...x...x."), (39, "....x.......x...")),
            ((36, "X...X...X...X.o."), (46, "..o...o...o...o."), (38, "....x.......x..g")),
        ),
        (
            ((36, "X...X...X...X..."), (46, "..x...x...x...x."), (39, "....X.......X..."), (42, "xgxgxgxgxgxgxgxg")),
            ((36, "X...X...X...X.x."), (46, "..x...x...x...x."), (38, "....X..g....X.gg"), (70, "ogogogogogogogog")),
            ((36, "X..xX...X..xX..."), (42, "xxgxxxgxxxgxxxgx"), (39, "....X.......X.o.")),
        ),
    ),
    fills=(
        ((38, "x...x...x.x.xxxx"), (36, "X...X...X...X...")),
        ((39, "....X...x.x.X.xx"), (36, "X...X...X.......")),
        ((47, "........x..x..x."), (36, "X...X...X..x..x.")),
    ),
    tune=(
        "x-x-..x-..x-x---x-x-..x-x-......",
        "..x-x-x-..x-x---..x-x-x-x---....",
        "x--x--x-x--x--x-x--x--x-x-------",
        "x---x-x-..x-..x-x---x---........",
    ),
    accents=Accents(("synth",), ("synth", "brass"), (55,), (49, 36)),
    chord_range=(55, 79),
    pad_range=(52, 76),
    looseness=1.5,
    chromatic=0.2,
    drum_floor=0.2,
    bass_center=36,
    levels=(("harmony", 10), ("pads", 1), ("melody", 13), ("accents", 7)),
)
