"""Minimal: mallets and keys in cells of five, six and seven that grow and slide over a slow harmony, an even pulse."""

from twopop_models.composers.band.comping import pads
from twopop_models.composers.band.drumming import drums
from twopop_models.composers.band.figures.hands import cast, softly, when
from twopop_models.composers.band.figures.lines import line
from twopop_models.composers.band.figures.pulses import additive, pedal
from twopop_models.composers.band.styles.sheet import Accents, Lineup, Style
from twopop_models.rendering.room import Room

CELLS = ((0, 2, 1, 3, 2), (0, 2, 1, 3, 2, 4), (0, 2, 1, 3, 2, 4, 3), (0, 3, 2, 4, 1, 3, 2, 5, 4))
"""One note more each time: the ear follows the growth, the bar line does not."""

COUNTER = ((0, -1, 2, 1), (0, -1, 2, 1, -1, 3), (0, 1, -1, 2, 3, -1, 1), (3, -1, 2, -1, 1))
"""Cells of a second player, with holes, of other lengths than the first one's."""

FIRST = additive(CELLS, low=57, high=79, unit=1)
SECOND = additive(COUNTER, low=60, high=84, unit=2)
CHORDS = line(
    ("c.c.c.c.c.c.c.c.",), ("C.c.c.C.c.c.C.c.",), ("Cc.cCc.cCc.cCc.c", "C.cC.cC.cC.cC.c."),
    low=52, high=70, voices=3, short=0.6, share=0.8,
)  # fmt: skip
BOWED = line(("U-------",), ("U-U-U-U-",), ("UUUUUUUU",), low=55, high=76, voices=3, short=0.95, share=0.85)

STYLE = Style(
    name="minimal",
    genres=("cinematic",),
    homes=((0.6, 0.0), (-0.1, -0.02)),
    tempo=(100, 138),
    rush=1.2,
    meters=((4, 4), (3, 4), (6, 8), (5, 4), (7, 8)),
    lineups=(
        Lineup("marimba", "strings", "vibraphone", "cello", "percussion", 25, (("harmony", "piano"),)),
        Lineup("piano", "clarinet", "glockenspiel", "bassoon", "drums", 25, (("pads", "strings"),)),
        Lineup("pizzicato", "choir", "violin", "double-bass", "percussion", 25, (("harmony", "vibraphone"),)),
    ),
    major=("I I vi vi", "I I IV/5 IV/5", "Imaj7 Imaj7 iii iii", "I I V/3 V/3 vi vi IV IV"),
    minor=("i i VI VI", "i i III III", "i7 i7 v7 v7", "i i VI VI iv iv v v"),
    major_cadence="Vsus4",
    minor_cadence="v7",
    final="add9",
    drums=(
        (((70, "g.g.g.g.g.g.g.g."), (36, "g...............")), ((70, "g...g...g...g..."), (36, "g.......g......."))),
        (((36, "o...o...o...o..."), (70, "ogggogggogggoggg")), ((36, "o...o...o...o..."), (76, "..o..o..o..o..o."))),
        (
            ((36, "x...x...x...x..."), (70, "xgogxgogxgogxgog"), (76, "..o..o..o..o..o.")),
            ((36, "x...x...x...x..."), (70, "xgogxgogxgogxgog"), (77, "x..x..x..x..x..x")),
        ),
    ),
    fills=(((36, "x...x...x...x..."), (70, "xxxxxxxxxxxxxxxx")),),
    tune=("x---------------x---------------", "x-----------x-----------x-------"),
    generators=(
        ("harmony", cast(FIRST, piano=CHORDS, vibraphone=SECOND)),
        ("pads", cast(pads, clarinet=softly(BOWED, 0.9))),
        (
            "bass",
            pedal(
                ("R---------------",),
                ("R-------R-------", "R-----R-----R---"),
                ("R-R-R-R-R-R-R-R-", "R--R--R--R--R-R-"),
                centre=38,
                short=0.8,
                follow=True,
            ),
        ),
        ("melody", cast(when(SECOND, (0, 1, 2)), violin=BOWED)),
        ("drums", softly(drums, 0.85)),
    ),
    accents=Accents(("vibraphone",), ("piano", "marimba"), (81,), (36, 81)),
    chord_range=(55, 79),
    pad_range=(52, 74),
    looseness=2,
    bass_center=38,
    levels=(("accents", -2), ("bass", 1), ("drums", -6), ("harmony", 2), ("melody", 0), ("pads", -4)),
    gains=(
        ("bassoon", 3),
        ("clarinet", -2),
        ("double-bass", -2),
        ("drums", 1),
        ("glockenspiel", 9),
        ("marimba", 1),
        ("percussion", -1),
        ("piano", 9),
        ("pizzicato", -1),
        ("strings", 3),
        ("vibraphone", -2),
    ),
    pans=(("marimba", -0.45), ("vibraphone", 0.45), ("piano", 0.3), ("glockenspiel", 0.5), ("pizzicato", -0.4)),
    room=Room(1.2, 0.6, 0.012),
)
