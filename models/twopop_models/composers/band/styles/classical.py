"""Classical: chamber music. Alberti and continuo figures, periods with full cadences, singing first parts."""

from twopop_models.composers.band.comping import pads
from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.hands import cast, softly, when
from twopop_models.composers.band.figures.lines import line
from twopop_models.composers.band.figures.voices import Song
from twopop_models.composers.band.figures.weights import struck
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

ALBERTI = line(
    ("0---2---1---2---", "0-2-1-2-0-2-1-2-"),
    ("0.2.1.2.0.2.1.2.", "0-2-1-2-0-2-3-2-"),
    ("0212021202120212", "0213021302130213"),
    low=52,
    high=74,
    voices=3,
    short=0.85,
    share=0.85,
)
CONTINUO = line(
    ("C-------c-------",), ("C-c-C-c-C-c-C---", "C---c-c-C---c---"), ("C.c.C.c.C.ccC.c.", "C-ccC-ccC-c-C---"),
    low=52, high=74, short=0.7,
)  # fmt: skip
INNER = line(
    ("C-------C-------",), ("..C.C.C...C.C.C.", "C-------C---C---"), (".CC.CC.C.CC.CC.C", "..CCC.CC..CCC.CC"),
    low=52, high=72, voices=3, short=0.75, share=0.8,
)  # fmt: skip

SONG = Song(
    (
        "4-----3-2---0---1-2-3---2-------",
        "0---2---4---3-2-1---3---2-------",
        "4-4-5-4-3---2---3-3-4-3-2---1---",
        "0-1-2-3-4---4---5-4-3-2-1-------",
        "7---6-5-4-3-2---3-2-1-0-1-------",
    ),
    ladder="scale",
    centre=71,
    short=0.9,
    grace=0.12,
    shifts=(0, 0, 1, -1, 2),
)

STYLE = Style(
    name="classical",
    genres=(),
    homes=((0.3, 0.0),),
    tempo=(76, 138),
    rush=1.2,
    meters=((4, 4), (3, 4), (6, 8)),
    lineups=(
        Lineup("strings", "cello", "violin", "cello", "timpani", 48, (("harmony", "harpsichord"),)),
        Lineup("piano", "strings", "flute", "bassoon", "timpani", 48, (("melody", "violin"),)),
        Lineup("harpsichord", "strings", "oboe", "cello", "timpani", 48, (("melody", "violin"),)),
    ),
    programs=(("strings", 48), ("double-bass", 43), ("drums", 48)),
    major=("I V7/3 I IV I/5 V7 I V", "I IV/3 V7/3 I", "I vi ii/3 V7", "I I IV,V7 I V/3 vi ii7/3 V"),
    minor=("i V7/3 i iv i/5 V7 i V", "i iv/3 V7/3 i", "i VI iim7b5/3 V7", "i VII III VI iv i/5 V7 i"),
    major_cadence="ii7/3,V7",
    minor_cadence="iim7b5/3,V7",
    drums=(
        (((36, "g..............."),),),
        (((36, "o.......g......."),), ((36, "o..............."),)),
        (((36, "x.....o.x......."),), ((36, "x...o...x...x.x."),)),
    ),
    fills=(((36, "x...x...xxxxxxxx"),),),
    bass=(("R-------5-------",), ("R-------8---5---", "R---....5---...."), ("R-R-R-R-R-5-A-A-", "R---8---5---A---")),
    tune=("x---x---x-x-x---x---x---x-------", "x-----x-x---x---x-x-x-x-x-------"),
    generators=(
        ("harmony", cast(ALBERTI, strings=INNER, harpsichord=CONTINUO)),
        ("pads", when(softly(pads, 0.75), (1, 2))),
        ("melody", cast(SONG, violin=SONG)),
        (
            "drums",
            cast(
                softly(drums, 0.8),
                timpani=struck(
                    ("g...............",),
                    ("o.......g.......", "o..............."),
                    ("x.....o.x.......", "x...o...x.x.xxxx"),
                    pitch=48,
                    fall=5,
                ),
            ),
        ),
    ),
    accents=Accents(("harpsichord",), ("timpani", "strings"), (), (81,)),
    chord_range=(52, 74),
    pad_range=(48, 70),
    looseness=9,
    drum_floor=0.35,
    bass_center=43,
    levels=(("accents", -5), ("bass", 5), ("drums", -8), ("harmony", 5), ("melody", -2), ("pads", 0)),
    gains=(("bassoon", 1), ("cello", -3), ("piano", 4), ("strings", 1), ("violin", 5)),
    pans=(("violin", -0.3), ("cello", 0.3), ("harpsichord", 0.1)),
    room=Room(1.5, 0.5, 0.02),
)
