"""Jazz trio and friends: ride and feathered kick, rootless chords on anticipations, walking bass, head and solos."""

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.bebop import soloist, trading
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.rootless import comp
from twopop_models.composers.band.figures.singing import Song
from twopop_models.composers.band.figures.walking import walk
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Accents, Grid, Lineup, Style
from twopop_models.score import Note

BALLAD: tuple[Grid, ...] = (
    ((38, "o.ogg.o.g.ogg.o."), (44, "....o.......o..."), (36, "o.......?.......")),
    ((51, "x...o...o...o.g."), (44, "....o.......o..."), (38, "........?.....g."), (36, "o...............")),
)
SWING: tuple[Grid, ...] = (
    ((51, "X...x.o.x...x.o."), (44, "....x.......x..."), (36, "x...g...g...g..."), (38, "......?......?g.")),
    ((51, "X...x.o.x...x..."), (44, "....x.......x..."), (36, "x...g...g.?.g..."), (38, "..?...g.......?.")),
)
HOT: tuple[Grid, ...] = (
    ((51, "X...x.x.x...x.x."), (44, "....X.......X..."), (38, "..g...o....g..o."), (36, "X...g.o.g...?...")),
    ((51, "X...x.x.x...x.x."), (44, "....X.......X..."), (38, "......x...g...x."), (36, "X...g...g.o.g...")),
    ((51, "X...x.x.x.x.x.x."), (44, "....X.......X..."), (38, "....o.?...o....."), (36, "X.....o.....?.o.")),
)
ALONE: tuple[Grid, ...] = (
    ((38, "x.xoX.o.x.o.X.oo"), (36, "X.......x..x...."), (44, "....x.......x...")),
    ((48, "x.o.....X.o....."), (45, "....x.oo....x.o."), (36, "X.....x.....x..."), (44, "....x.......x...")),
    ((38, "o.o.X.o.....oooo"), (43, "........X.x....."), (36, "x.....X.......x."), (44, "....x.......x...")),
)

SOLO = Groove(other=(ALONE, ALONE, ALONE), turn=9.0, crash=0).play()
TIME = Groove(crash=0).play()


def drums(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """Time, but where fours are traded the drums play alone."""
    alone = [(bar.start, bar.stop) for bar in chart.bars if trading(chart, bar)]
    notes = [note for note in TIME(chart, player, rng) if not _within(note, alone)]
    return notes + ([note for note in SOLO(chart, player, rng) if _within(note, alone)] if alone else [])


def _within(note: Note, spans: list[tuple[int, int]]) -> bool:
    return any(start <= note.tick < stop for start, stop in spans)


STYLE = Style(
    name="jazz",
    genres=(),
    homes=((0.45, 0.1),),
    tempo=(72, 176),
    rush=1.0,
    meters=((4, 4), (3, 4), (5, 4)),
    lineups=(
        Lineup("piano", "organ", "saxophone", "double-bass", "drums", 32),
        Lineup("electric-guitar", "clarinet", "trumpet", "double-bass", "drums", 40),
        Lineup("piano", "strings", "vibraphone", "double-bass", "drums", 32),
        Lineup("electric-piano", "horn", "piano", "double-bass", "drums", 40),
    ),
    programs=(("electric-guitar", 26), ("organ", 17), ("trumpet", 59), ("saxophone", 66), ("bass", 32)),
    major=(
        "Imaj7 VI7 ii7 V7",
        "ii7 V7 Imaj7 VI7",
        "Imaj7 IVmaj7 iii7,VI7 ii7,V7",
        "iii7 VI7 ii7 V7",
        "Imaj7 I7/3 IVmaj7 iv6",
        "Imaj7 Imaj7 ii7 V7 iii7 VI7 ii7 V7",
        "I7 IV7 I7 I7 IV7 IV7 I7,VI7 ii7,V7",
    ),
    minor=(
        "i7 iv7 iim7b5 V7",
        "i7 VImaj7 iim7b5 V7",
        "i6 i6 iim7b5 V7",
        "i7,VII7 VI7 V7 i7",
        "iv7 VII7 IIImaj7 VImaj7 iim7b5 V7 i6 i6",
        "i7 iv7 i7 i7 iv7 iv7 VI7,V7 i7",
    ),
    major_cadence="ii7,V7",
    minor_cadence="iim7b5,V7",
    final="6",
    drums=(BALLAD, SWING, HOT),
    fills=(
        ((38, "....o.o.x.o.x.x."), (44, "....x.......x..."), (51, "x...x.o.")),
        ((48, "........x.o....."), (45, "............x.o."), (38, "......o........."), (51, "x...x.o.........")),
        ((38, "..x...x...x...x."), (36, "x...x...x...x..."), (44, "....x.......x...")),
    ),
    accents=Accents(("piano",), ("piano", "brass"), (53,), (49, 36)),
    chord_range=(52, 71),
    pad_range=(50, 70),
    swing=0.3,
    swing_unit=8,
    looseness=7,
    chromatic=0.6,
    drum_floor=0.12,
    bass_center=38,
    generators=(
        (
            "harmony",
            comp(
                (
                    ("C-----------....", "......C-------..", "C-------....c---"),
                    (
                        "s.....C---......",
                        "......s...s.....",
                        "..C---........C-",
                        "C-.........s....",
                        "....s.......s.C-",
                    ),
                    (
                        "s.....s...s...C-",
                        "..s...C-....s.C-",
                        "s...s.....s...s.",
                        "......s.s.....C-",
                        "s..C-.....s.s...",
                    ),
                )
            ),
        ),
        ("bass", walk),
        ("drums", drums),
        (
            "melody",
            soloist(
                Song(
                    rhythms=(
                        "..x-x-x-x---..x-",
                        "x---..x-x-x-....",
                        "......x-x-x-x---",
                        "x-x-..x---..x-x-",
                        "x-----x-------x-",
                    ),
                    form="abab",
                    step=0.65,
                    grace="bend",
                    graces=0.12,
                    full=0.9,
                ).play(),
                ("x-x-x-x-x-x-x-x-", "..x-x-x-x-x-x-x-", "x-x-x-x-x---..x-", "x-x-xxx-x-x-x-x-", "....x-x-x-x-x---"),
            ),
        ),
    ),
    levels=(("drums", 8), ("bass", 1), ("harmony", 9), ("pads", -12), ("melody", 9), ("accents", 5)),
    gains=(("trumpet", 3), ("vibraphone", -9), ("electric-guitar", -6), ("horn", -8)),
)
