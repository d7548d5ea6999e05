"""Drums from grids: levels by energy, fills at the ends of phrases, ghosts by chance.

A kit reads the grid as it is. Percussion without a kit, and timpani, translate it to what they have.
"""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.grouping import is_half_time
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Grid
from twopop_models.score import Note

LOUD: dict[str, float] = {"X": 1.2, "x": 1.0, "o": 0.74, "g": 0.46, "?": 0.42}
HAND: dict[int, int] = {
    35: 64, 36: 64, 37: 76, 38: 62, 40: 62, 41: 64, 42: 70, 43: 63, 44: 82,
    45: 63, 46: 82, 47: 63, 48: 60, 49: 81, 50: 60, 51: 82, 52: 81, 53: 81, 57: 81,
}  # fmt: skip
"""Kit keys as hand percussion: conga, bongo, shaker, maracas, woodblock, triangle."""


def drums(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """The drums of a whole cue; quiet bars below the family's floor rest, unless the cue is short."""
    style = chart.brief.style
    notes: list[Note] = []
    choice = rng.integers(100, size=len(chart.bars) // 4 + 2)
    for bar in chart.bars:
        if bar.pickup or (bar.energy < style.drum_floor and len(chart.bars) > 6):
            continue
        variants = style.drums[bar.level]
        grid = variants[int(choice[bar.index // 4] + (bar.index % 2)) % len(variants)]
        if bar.level and (bar.leads or bar.index % 8 == 7):
            grid = style.fills[int(rng.integers(len(style.fills)))]
        notes.extend(_bar(chart, bar, grid, player, rng))
    return notes


def _bar(chart: Chart, bar: Bar, grid: Grid, player: Player, rng: np.random.Generator) -> list[Note]:
    notes = []
    half_time = is_half_time(grid)
    for key, line in grid:
        for stroke in _loosened(bar.strokes(line, half_time=half_time), bar, rng):
            tick = chart.tick(bar, stroke.step)
            pitch = key_of(player, key, chart.brief.tonic)
            velocity = chart.velocity(bar, stroke.step, LOUD[stroke.sign])
            if tick < bar.stop and pitch is not None:
                notes.append(Note(tick, min(STEP, bar.stop - tick), pitch, velocity))
    return notes


def _loosened(line: list[Stroke], bar: Bar, rng: np.random.Generator) -> list[Stroke]:
    """Ghosts that come or not; in the last bar of four a soft stroke less, but never the only one."""
    line = [stroke for stroke in line if stroke.sign != "?" or rng.random() < 0.5]
    soft = [place for place, stroke in enumerate(line) if stroke.sign in "og"]
    if soft and (bar.index % 4 == 3 or rng.random() < 0.3):
        lost = int(rng.choice(soft))
        if len(line) > 1:
            del line[lost]
    return line


def key_of(player: Player, key: int, tonic: int) -> int | None:
    """What a player strikes for a kit key; None for nothing."""
    row = player.instrument
    if row.name == "percussion":
        return HAND.get(key, key)
    if not row.drums:  # timpani: tonic and dominant, no cymbals
        step = {36: 0, 35: 0, 41: 0, 43: 7, 38: 7, 45: 7, 39: 7}.get(key)
        return None if step is None else fold(36 + tonic + step, row.low, row.high)
    return key
