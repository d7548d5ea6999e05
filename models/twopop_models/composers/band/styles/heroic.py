"""Heroic: horns that call in fourths and fifths over strings in sixteenths, brass answers, kettledrums under all."""

from twopop_models.composers.band.comping import pads
from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.hands import both, cast, when
from twopop_models.composers.band.figures.lines import line
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.figures.weights import roll, struck
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

STRINGS = line(
    ("0-2-3-2-0-2-3-2-", "0---2---3---2---"),
    ("0.000.00.0.000.0", "0.0.0.002.2.2.22"),
    ("0000202023230202", "0022002233220022", "0000000022222222"),
    low=48,
    high=74,
    short=0.95,
)
"""Bows that walk when it is quiet, trot, and gallop when it is full."""

ANSWERS = line(
    (),
    ("........C-------", "............C-C-"),
    ("C--C--C-C-------", "C-------C--C--C-", "C---C-C-C---C-C-"),
    low=50,
    high=70,
    voices=3,
    short=0.8,
)

FANFARE = line((), (), ("0.00000.2---0---", "0.0.0.222---3---"), low=58, high=76, voices=3, short=0.6, share=1.05)

THEME = Song(
    (
        "0---1-----2-1---2-------3-------",
        "0-----0-1-------2---1-2-3-------",
        "1---0-1-2-------3-----2-1---0---",
        "0-1-2---1-------2-3-2---1-------",
    ),
    ladder="open",
    centre=62,
)
"""Rungs are roots and fifths, so every step of it is a fourth or a fifth."""

STYLE = Style(
    name="heroic",
    genres=("cinematic",),
    homes=((0.5, 0.75), (0.75, 0.65), (0.2, 0.15)),
    tempo=(92, 144),
    meters=((4, 4), (3, 4)),
    lineups=(
        Lineup(
            "strings",
            "choir",
            "horn",
            "cello",
            "timpani",
            48,
            (("harmony", "brass"), ("melody", "trumpet"), ("drums", "drums")),
        ),
        Lineup(
            "violin",
            "strings",
            "trumpet",
            "double-bass",
            "drums",
            48,
            (("harmony", "brass"), ("melody", "horn"), ("drums", "timpani"), ("bass", "tuba")),
        ),
        Lineup(
            "brass",
            "horn",
            "violin",
            "tuba",
            "timpani",
            48,
            (("harmony", "strings"), ("melody", "flute"), ("drums", "drums")),
        ),
    ),
    programs=(("double-bass", 43), ("drums", 48), ("percussion", 48)),
    major=("I bVII IV I", "I V/3 vi IV", "I IV vi V", "vi IV I/3 V", "I iii vi IV ii V7/3 I/3 V"),
    minor=("i VI III VII", "i VII/3 VI V", "i IV VI VII", "i III/3 iv V"),
    major_cadence="IV,V",
    minor_cadence="VI,VII",
    drums=(
        (((36, "o..............."),), ((36, "o.......g......."),)),
        (
            ((36, "x.......o......."), (38, "....g..g....g.gg")),
            ((36, "x.....o.x......."), (38, "g..gg.g.g..gg.gg")),
        ),
        (
            ((36, "X.....x.X.....x."), (38, "x.gox.gox.goxxxx"), (49, "X...............")),
            ((36, "X.....x.X.x.X..."), (38, "xggxggxgxggxgxxx")),
            ((36, "X...X...X..xX..."), (38, "xgoxgoxgxgoxgoxx"), (41, "..x...x...x...xx")),
        ),
    ),
    fills=(
        ((41, "........x.x.xxxx"), (36, "x.......x......."), (38, "ggggoooooxxxxxxX")),
        ((38, "ggggggggooooxxxx"), (36, "x...........x...")),
    ),
    bass=(("R---------------",), ("R-------R---5---",), ("R-..R-..R-..5-A-",)),
    tune=(
        "x-----x-x-------x---x---x-------",
        "x-------x---x---x-----------x---",
        "x-----x-x---x---x---------------",
        "x---x-x-x-------x-----x-x---....",
    ),
    generators=(
        ("harmony", cast(STRINGS, brass=both(ANSWERS, FANFARE))),
        ("pads", pads),
        ("melody", cast(THEME, trumpet=when(THEME, (1, 2)), flute=when(THEME, (1, 2)))),
        (
            "drums",
            cast(
                drums,
                timpani=both(
                    struck(
                        ("o...............",), ("X.....o.x.......", "X.....o.x...x.x."), ("X..x..X.X..x..xx",), pitch=48
                    ),
                    roll(low=43),
                ),
            ),
        ),
    ),
    accents=Accents(("celesta", "harp"), ("timpani", "brass"), (81,), (49, 36)),
    chord_range=(48, 74),
    pad_range=(50, 76),
    looseness=6,
    drum_floor=0.2,
    bass_center=40,
    levels=(("accents", -1), ("bass", 5), ("drums", -4), ("harmony", 5), ("melody", 0), ("pads", -2)),
    gains=(
        ("double-bass", -3),
        ("drums", 2),
        ("horn", -4),
        ("strings", 2),
        ("timpani", -2),
        ("trumpet", 5),
        ("violin", -2),
    ),
    pans=(("brass", 0.3), ("trumpet", 0.2)),
    room=Room(2.0, 0.5, 0.025),
)
