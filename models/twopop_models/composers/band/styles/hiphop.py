"""Hip-hop and lo-fi: slow heavy kit that swings in sixteenths, electric piano, round bass."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="hiphop",
    genres=("lofi",),
    tempo=(72, 98),
    lineups=(
        Lineup("electric-piano", "pad", "flute", "synth-bass", "drums", 25),
        Lineup("electric-piano", "strings", "electric-guitar", "bass", "drums", 8),
        Lineup("piano", "choir", "marimba", "synth-bass", "drums", 25),
    ),
    programs=(("synth-bass", 39), ("pad", 92), ("electric-guitar", 28)),
    major=("Imaj7 vi7 ii7 V7", "IVmaj7 iii7 ii7 Imaj7", "ii7 iii7 IVmaj7 iii7", "Imaj7 iii7 IVmaj7 iv6"),
    minor=("i7 i7 VImaj7 v7", "i7 iv7 VImaj7 V7", "VImaj7 v7 i7 i7", "i7 III iv7 VImaj7"),
    major_cadence="ii7,V7",
    minor_cadence="VImaj7,v7",
    final="7",
    comp=(
        (("C-----------....",), ("C-------c-------",)),
        (("C---------..C-..",), ("C-....c-..C-....",), ("..C---....C---..",)),
        (("C-....C-..C-..c.",), ("C---..c-..C---C.",), ("..C-..C-.0.2C-..",)),
    ),
    bass=(("R---------------",), ("R-....R---..5-..",), ("R-.R..R-..R-.5A-",)),
    drums=(
        (((42, "o...o...o...o..."), (36, "x.........o.....")), ((36, "x.......o......."), (37, "....o.......o..."))),
        (
            ((36, "X.....x...x....."), (38, "....X.......X..g"), (42, "x.o.x.o.x.o.x.o.")),
            ((36, "X..x......x..x.."), (39, "....X.......X..."), (42, "xgo.x.ogx.o.xgo.")),
        ),
        (
            ((36, "X..x..x...x..x.."), (38, "....X..g.g..X..g"), (42, "xoxxxoxoxoxxxoxo")),
            ((36, "X.x.......xx...."), (38, "....X.....g.X..."), (42, "x.xxx.x.xxxxx.xo"), (46, "......o.........")),
            ((36, "X....x..x.x..x.."), (39, "....X.......X.o."), (42, "x.x.xxx.x.x.xxxx")),
        ),
    ),
    fills=(
        ((36, "X.....x.X......."), (38, "....X.......xgxx"), (42, "x.o.x.o.")),
        ((36, "X..x......x....."), (39, "....X...x..x..x."), (42, "xxxxxxxx........")),
    ),
    tune=(
        "....x-x-..x---..x---....x-x-....",
        "x-x---..x-..x---..x-x---........",
        "..x-..x-..x-x---......x-x---....",
        "x---..x-..x-x-..x-------........",
    ),
    accents=Accents(("electric-piano",), ("synth", "brass"), (55,), (49, 35)),
    chord_range=(50, 72),
    pad_range=(52, 76),
    swing=0.22,
    swing_unit=16,
    looseness=7,
    chromatic=0.35,
    drum_floor=0.2,
    bass_center=34,
    levels=(("pads", -3), ("melody", -2), ("accents", 6)),
)
