"""Where cells stand in bars and beats."""

from __future__ import annotations

from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.score import PPQ, Meter, TempoMap

Floats = NDArray[np.floating[Any]]


def origin(tempo_map: TempoMap) -> int:
    """The tick of cell 0: tick 0, or before a pick-up the last bar line that is whole cells from its end."""
    if not tempo_map.pickup:
        return 0
    return tempo_map.pickup - lcm(_ruling(tempo_map).bar_ticks, PPQ)


def phases(tempo_map: TempoMap, first: int, cells: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Cosine and sine of each cell's beginning in its bar, then in its beat; cell 0 begins at tick ``first``."""
    bar, beat = np.zeros(cells), np.zeros(cells)
    for line, meter in _lines(tempo_map, first, first + cells * PPQ):
        begin, end = -(-(line - first) // PPQ), -(-(line + meter.bar_ticks - first) // PPQ)
        pulse = meter.beat_ticks * (3 if meter.unit == 8 and meter.beats % 3 == 0 else 1)
        for cell in range(max(begin, 0), min(end, cells)):
            inside = first + cell * PPQ - line
            bar[cell], beat[cell] = inside / meter.bar_ticks, inside % pulse / pulse
    turns = 2 * np.pi * bar, 2 * np.pi * beat
    return np.cos(turns[0]), np.sin(turns[0]), np.cos(turns[1]), np.sin(turns[1])


def _lines(tempo_map: TempoMap, first: int, stop: int) -> list[tuple[int, Meter]]:
    """Bar lines from ``first`` on; before the first whole bar there are bars of the same meter."""
    meter = _ruling(tempo_map)
    before = range(tempo_map.pickup - meter.bar_ticks, first - meter.bar_ticks, -meter.bar_ticks)
    lines = [(tick, meter) for tick in before]
    return lines + [(tick, rule) for tick, rule in tempo_map.bars(stop) if tick >= tempo_map.pickup]


def _ruling(tempo_map: TempoMap) -> Meter:
    """The meter of the first whole bar."""
    return next((meter for meter in tempo_map.meters if meter.tick >= tempo_map.pickup), tempo_map.meters[-1])
