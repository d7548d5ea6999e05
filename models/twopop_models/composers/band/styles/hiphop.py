"""Hip-hop: boom-bap whose snare comes late, jazz chords in a loop, deep bass; calm: lo-fi; hot: trap hats that roll."""

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.basses import riff
from twopop_models.composers.band.figures.grooves import Groove
from twopop_models.composers.band.figures.loops import Loop
from twopop_models.composers.band.figures.stabs import Stabs
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Accents, Grid, Lineup, Style
from twopop_models.score import Note

HOT = 0.5
"""The arousal from which hats roll."""

LOFI: tuple[Grid, ...] = (
    ((42, "o.g.o.g.o.g.o.g."), (36, "x......?..o....."), (37, "....o.......o...")),
    ((42, "o.o.o.o.o.o.o.o."), (36, "X.........x....."), (37, "....x.......x...")),
)
BOOM_BAP: tuple[Grid, ...] = (
    ((42, "x.o.x.o.x.o.x.o."), (36, "X......x..X....."), (38, "....X.......X..?")),
    ((42, "x.o.x.ogx.o.x.o."), (36, "X.x.......Xx...."), (38, "....X..g....X..."), (46, "..............o.")),
    ((42, "x.o.xgo.x.o.xgo."), (36, "X..x.....oX....."), (38, "....X.......X.g.")),
)
HEAVY: tuple[Grid, ...] = (
    ((42, "xoxoxoxoxoxoxoxo"), (36, "X..x...x..Xx..x."), (38, "....X..g....X..g"), (46, "......o.........")),
    ((42, "x.x.xxx.x.x.x.xx"), (36, "X.....xx..X..x.."), (39, "....X.......X.o."), (38, "....x.......x...")),
)
TRAP: tuple[Grid, ...] = (
    ((42, "x.x.x.x.x.x.x.x."), (36, "X.....x...X....."), (39, "........X.......")),
    ((42, "xxx.x.xxx.x.xxx."), (36, "X..x......X..x.."), (38, "........X......."), (39, "........X.......")),
    ((42, "x.xxx.x.x.xxx.xx"), (36, "X.....X..x....x."), (39, "........X......."), (46, "..............o.")),
)
BAP = Groove(late=((38, 16.0), (37, 18.0), (39, 12.0), (36, -3.0)), crash=0).play()
ROLLS = Groove(other=(TRAP, TRAP, TRAP), turn=9.0, crash=49, roll=42).play()


def drums(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """Boom-bap, or trap when the cue is hot."""
    return (ROLLS if chart.brief.feeling.arousal >= HOT else BAP)(chart, player, rng)


STYLE = Style(
    name="hiphop",
    genres=("lofi",),
    homes=((-0.05, 0.2),),
    tempo=(70, 98),
    meters=((4, 4),),
    lineups=(
        Lineup("electric-piano", "pad", "vibraphone", "synth-bass", "drums", 8),
        Lineup("electric-guitar", "strings", "flute", "bass", "drums", 8),
        Lineup("piano", "choir", "celesta", "synth-bass", "drums", 25),
        Lineup("electric-piano", "strings", "trumpet", "bass", "drums", 25),
    ),
    programs=(("synth-bass", 39), ("pad", 92), ("electric-guitar", 26), ("trumpet", 59), ("bass", 35)),
    major=("Imaj7 vi7 ii7 V7", "IVmaj7 iii7 ii7 Imaj7", "ii7 iii7 IVmaj7 iii7", "Imaj7 iii7 IVmaj7 iv6"),
    minor=("i7 i7 VImaj7 v7", "i7 iv7 VImaj7 V7", "VImaj7 v7 i7 i7", "i7 VII VImaj7 VII", "iv7 v7 i7 i7"),
    major_cadence="ii7,V7",
    minor_cadence="VImaj7,v7",
    final="7",
    drums=(LOFI, BOOM_BAP, HEAVY),
    fills=(
        ((36, "X.....x.X......."), (38, "....X.......xgxx"), (42, "x.o.x.o.")),
        ((36, "X..x......x....."), (38, "....X...x..x..x."), (42, "xxxxxxxx........")),
        (
            (
                42,
                "x.o.x.o.........",
            ),
            (36, "X......x........"),
            (38, "....X.......X..."),
        ),
    ),
    accents=Accents(("electric-piano",), ("synth", "brass"), (55,), (49, 35)),
    chord_range=(52, 72),
    pad_range=(52, 74),
    swing=0.24,
    swing_unit=16,
    looseness=5,
    chromatic=0.35,
    drum_floor=0.12,
    bass_center=33,
    generators=(
        (
            "harmony",
            Stabs(
                (
                    (("C-----------....",), ("C-------..c-----",)),
                    (("C------.C-....c-",), ("C-..c---..C-----",), ("..C---....C---c-",)),
                    (("C-....C-..C-..c-",), ("C---..c-..C---C-",)),
                ),
                span=(53, 72),
                colours=True,
                roll=14.0,
            ).play(),
        ),
        (
            "bass",
            riff(
                (
                    ("R-----------....", "R-------....5---"),
                    ("R------R..R-....", "R------..R5-..A-", "R------.R-....8-"),
                    ("R--R---R..R-..5-", "R-....R-..R--.5.", "R-8...R...R--.7."),
                ),
                short=0.96,
            ),
        ),
        ("drums", drums),
        (
            "melody",
            Loop(
                rhythms=(
                    "....x-x-..x---......x-..x---....",
                    "x-..x---......x-x-..x-----......",
                    "..x-..x-x---....................",
                    "x-x---......x---....x-x-x---....",
                ),
                pentatonic=True,
            ).play(),
        ),
    ),
    gains=(("piano", 5), ("celesta", 8), ("trumpet", 8), ("electric-guitar", -4), ("flute", -4)),
    levels=(("drums", 9), ("bass", 5), ("harmony", 3), ("pads", -8), ("melody", 1), ("accents", 4)),
)
