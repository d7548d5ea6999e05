"""Event curves of a picture, one value for each cell; see ``nets.events`` for the channels.

In training the curves were a score's own: how much begins stood for motion, how high it lies for brightness. A
picture's curves are brought to the ranges that those had.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.form import Bar
from twopop_models.grid.bars import phases
from twopop_models.score import PPQ, TempoMap
from twopop_models.types import Clip, Frames, Hit

Floats = NDArray[np.floating[Any]]

BUSY: Final = (0.22, 0.98)
BRIGHT: Final = (0.30, 0.70)
FULL: Final = (0.23, 0.90)
"""5th and 95th percentiles of the corpus that the pack was trained on: its motion, brightness and energy."""


def curves(
    frames: Frames, hits: tuple[Hit, ...], bars: tuple[Bar, ...], tempo_map: TempoMap, first: int, cells: int
) -> NDArray[np.float32]:
    """(8, cells) of a cue whose cell 0 begins at tick ``first``.

    ``bars`` say how full the cue should be, see ``band.energies``: form, picture, broad reference and mood, weighed.
    Where there is no picture its curves are 0, which in training said that nothing is known.
    """
    edges = np.array([float(tempo_map.seconds(max(0, first + cell * PPQ))) for cell in range(cells + 1)])
    seen = float(len(frames.images) > 0)
    rows = (
        struck(frames.clip, hits, tempo_map, first, cells),
        seen * _within(_per_cell(_calm(frames.motion), frames.clip, edges), BUSY),
        seen * _within(_per_cell(frames.brightness, frames.clip, edges), BRIGHT),
        *phases(tempo_map, first, cells),
        wanted(bars, first, cells),
    )
    return np.stack(rows).astype(np.float32)


def struck(clip: Clip, hits: tuple[Hit, ...], tempo_map: TempoMap, first: int, cells: int) -> Floats:
    """The weight of the heaviest hit nearest to each cell's beginning."""
    found = np.zeros(cells)
    for hit in hits:
        cell = round((tempo_map.tick(clip.offset_of(hit.frame)) - first) / PPQ)
        if 0 <= cell < cells:
            found[cell] = max(found[cell], hit.weight)
    return found


def wanted(bars: tuple[Bar, ...], first: int, cells: int) -> Floats:
    """Each cell's energy: that of its bar, as far as a score's own goes."""
    if not bars:
        return np.full(cells, 0.5)
    starts = np.array([bar.start for bar in bars])
    ticks = first + PPQ * np.arange(cells)
    places = np.clip(np.searchsorted(starts, ticks, side="right") - 1, 0, len(bars) - 1)
    return _within(np.array([bar.energy for bar in bars])[places], FULL)


def _per_cell(curve: NDArray[np.float32], clip: Clip, edges: Floats) -> Floats:
    """The mean of a per-frame curve in each cell; 0 where there is no picture."""
    if not len(curve):
        return np.zeros(len(edges) - 1)
    places = np.clip((edges * float(clip.rate)).astype(int), 0, len(curve) - 1)
    return np.array([float(curve[a : max(a + 1, b)].mean()) for a, b in pairwise(places)])


def _calm(motion: NDArray[np.float32]) -> NDArray[np.float32]:
    """Motion against its own top, without cuts: in one frame all changes, which nobody calls motion."""
    top = float(np.quantile(motion, 0.95)) if len(motion) else 0.0
    return np.clip(motion / top, 0, 1).astype(np.float32) if top > 0.01 else np.full_like(motion, 0.5)


def _within(curve: Floats, bounds: tuple[float, float]) -> Floats:
    low, high = bounds
    return low + (high - low) * np.clip(curve, 0, 1)
