"""Acoustic folk: picked and strummed guitar, upright bass, brushes and shaker."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="folk",
    genres=(),
    tempo=(80, 126),
    meters=((4, 4), (3, 4)),
    lineups=(
        Lineup("acoustic-guitar", "strings", "violin", "double-bass", "percussion", 40),
        Lineup("acoustic-guitar", "clarinet", "flute", "double-bass", "drums", 40),
        Lineup("acoustic-guitar", "cello", "piano", "bass", "percussion", 40),
    ),
    programs=(("violin", 110), ("organ", 21), ("strings", 49)),
    major=("I I IV I V V IV I", "I V/3 vi IV", "I IV I/5 V", "I ii/3 V I", "vi IV I V"),
    minor=("i VII VI VII", "i iv VII i", "i III VII iv", "i i VII i VI VII i i"),
    major_cadence="V",
    minor_cadence="VII",
    comp=(
        (("0...2.1.0...3.1.",), ("0.2.1.2.0.2.1.2.",), ("0...1...2...1...",)),
        (("0.2.1.3.0.2.1.3.", "......U.......U."), ("L.2.U.2.L.3.U.2.",), ("0.1.2.3.2.1.2.1.", "C...............")),
        (("L...C.cUL.cUC.cU",), ("C.c.C.cc.cc.C.cc",), ("L.C.cUC.L.C.cUcU",)),
    ),
    bass=(("R-----------5---",), ("R---....5---....",), ("R---..R.5---..A.",)),
    drums=(
        (((82, "g...g...g...g..."),), ((70, "g.g.g.g.g.g.g.g."),)),
        (((82, "o.g.x.g.o.g.x.g."), (36, "o.......o.......")), ((70, "o.g.x.go.g.gx.g."), (54, "....o.......o..."))),
        (
            ((36, "x.......x.o....."), (54, "....x.......x..."), (82, "ogxgogxgogxgogxg")),
            ((36, "x...o...x...o..."), (39, "....o.......o..."), (70, "x.gxx.gxx.gxx.gx")),
        ),
    ),
    fills=(
        ((54, "....x...x.x.xxxx"), (36, "x.......x......."), (82, "o.g.o.g.")),
        ((77, "........o.oo.oxo"), (36, "x.......o.......")),
    ),
    tune=(
        "x---x-x-x---x---x---x-x-x-------",
        "..x-x-x-x-x-x---x-------x---....",
        "x-----x-x-x-x---x-----x-x-------",
        "x-x-x---x-x-x---x-x-x-x-x-------",
    ),
    accents=Accents(("acoustic-guitar",), ("acoustic-guitar", "piano"), (54,), (49, 36)),
    chord_range=(45, 70),
    pad_range=(52, 74),
    swing=0.08,
    looseness=9,
    chromatic=0.2,
    bass_center=38,
    levels=(("drums", 1), ("harmony", 5), ("pads", -1), ("accents", 6)),
)
