"""Orchestra: string ostinatos, horns and timpani over a drum of the concert hall. Cinematic, classical."""

from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style

STYLE = Style(
    name="heroic",
    genres=("cinematic", "tension", "trailer", "classical", "piano", "minimal", "comedy"),
    homes=((0.5, 0.75), (0.2, 0.15)),
    tempo=(66, 132),
    meters=((4, 4), (3, 4)),
    lineups=(
        Lineup("strings", "choir", "horn", "cello", "timpani", 48),
        Lineup("harp", "strings", "violin", "double-bass", "timpani", 48),
        Lineup("piano", "strings", "clarinet", "cello", "timpani", 48),
    ),
    programs=(("double-bass", 43), ("drums", 48), ("percussion", 48)),
    major=("I V/3 vi IV", "I IV/3 I/5 V", "I iii vi IV ii V7/3 I/3 V", "I bVII IV I", "vi IV I/3 V"),
    minor=("i VI III VII", "i iv/3 V V7/3", "i VII/3 VI V", "i v/3 VI iv", "i III/3 iv V"),
    major_cadence="IV,V7",
    minor_cadence="iv,V7",
    comp=(
        (("0-1-2-1-0-1-2-1-",), ("0---2---1---2---",), ("0-2-1-2-3-2-1-2-",)),
        (
            ("0.00.0.00.00.0.0", "C-------c-------"),
            ("00.00.0.00.00.0.", "..............UU"),
            ("0.1.2.1.3.2.1.2.", "c---------------"),
        ),
        (("0000000000000000", "C-----C-----C---"), ("0011002200110033", "C-----------C---"), ("0.00.0.0C.00C.0.",)),
    ),
    bass=(("R---------------",), ("R-------R---5---",), ("R-..R-..R-..5-A-",)),
    drums=(
        (((36, "o..............."),), ((36, "o.......g......."),)),
        (
            ((36, "x.......o..o...."), (43, "..........o...o.")),
            ((36, "x.....o.x......."), (41, "....o.......o.g.")),
        ),
        (
            ((36, "X..x..x.X..x..x."), (41, "..o..o..o..o..oo"), (38, "....g.......g.gg")),
            ((36, "X.....x.X.x.X..."), (43, "x.xx.xx.x.xx.xxx")),
            ((36, "X...x...X..xx..."), (41, "..x...x...x...xx"), (38, "........g.g.gggg")),
        ),
    ),
    fills=(
        ((41, "........x.x.xxxx"), (36, "x.......x.......")),
        ((38, "........ggggooxx"), (36, "x...........x...")),
    ),
    tune=(
        "x-----x-x-------x---x---x-------",
        "x-------x---x---x-----------x---",
        "x-----x-x---x---x---------------",
        "x---x-x-x-------x-----x-x---....",
    ),
    accents=Accents(("celesta", "harp"), ("timpani", "brass"), (81,), (49, 36)),
    chord_range=(48, 72),
    pad_range=(50, 76),
    looseness=8,
    drum_floor=0.3,
    bass_center=40,
    levels=(("bass", 1), ("harmony", 2), ("pads", -4), ("melody", -4), ("accents", -2)),
)
