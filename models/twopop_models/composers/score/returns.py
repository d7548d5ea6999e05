"""Themes that come back: where in a cue the same tune over the same chords is heard again.

The form says which sections are of one letter (``band.sectioning``). The first half of such a section is its motif:
its tune and chords are one and the same at every return, and what accompanies it and goes on from it is new. Within a
window that is done while denoising, by moving both places as one, so that neither is written for the other; behind it
what was written is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.form import Bar
from twopop_models.grid import lanes
from twopop_models.grid.lanes import LANES, Latents
from twopop_models.score import PPQ

if TYPE_CHECKING:
    from torch import Tensor

LONGEST: Final = 16
"""Cells of a motif at most: four bars of 4/4."""
CHANNELS: Final[NDArray[np.int64]] = np.concatenate(
    [np.arange(lanes.CHANNELS)[LANES[name].channels] for name in ("melody", "melody+", "root", "chroma")]
)
"""What a motif is."""
_LETTER: Final = len("theme ")


@dataclass(frozen=True)
class Return:
    """Cells [again, again + cells) are as [first, first + cells) were."""

    first: int
    again: int
    cells: int


def returns(bars: tuple[Bar, ...], origin: int, cells: int) -> tuple[Return, ...]:
    """The themes of ``bars`` that come back, where cell 0 begins at tick ``origin``; only bars of whole cells."""
    themes: dict[str, list[Bar]] = {}
    found = []
    for name, group in groupby(bars, key=lambda bar: bar.section):
        here = list(group)
        if not name.startswith("theme"):
            continue
        known = themes.setdefault(name[_LETTER], here)
        if known is not here and (length := _common(known, here)):
            first, again = ((part[0].start - origin) // PPQ for part in (known, here))
            if first >= 0 and again + length <= cells:
                found.append(Return(first, again, length))
    return tuple(found)


def _common(one: list[Bar], other: list[Bar]) -> int:
    """Cells of the motif of two sections: bars alike, half of the shorter; 0 where bars are not whole cells."""
    most, total = min(len(one), len(other)) // 2, 0
    for left, right in zip(one[:most], other[:most], strict=True):
        length = left.stop - left.start
        whole = length % PPQ == 0 and left.start % PPQ == right.start % PPQ == one[0].start % PPQ
        if not whole or right.stop - right.start != length or total + length // PPQ > LONGEST:
            break
        total += length // PPQ
    return total


def shared(noise: Latents, themes: tuple[Return, ...]) -> None:
    """Give every return the noise of its theme's first time."""
    for theme in themes:
        noise[CHANNELS, theme.again : theme.again + theme.cells] = noise[
            CHANNELS, theme.first : theme.first + theme.cells
        ]


def carried(latents: Latents, kept: NDArray[np.bool_], themes: tuple[Return, ...], done: int) -> None:
    """Make known what comes back behind cell ``done`` of themes that were written before it."""
    for theme in themes:
        for cell in range(theme.cells):
            source, place = theme.first + cell, theme.again + cell
            if source < done <= place and not kept[CHANNELS, place].any():
                latents[CHANNELS, place] = latents[CHANNELS, source]
                kept[CHANNELS, place] = True


@dataclass(frozen=True, eq=False)
class Ties:
    """For each cell of a window the cell that its motif is one with: itself for most."""

    of: NDArray[np.int64]

    @classmethod
    def within(cls, themes: tuple[Return, ...], first: int, kept: NDArray[np.bool_]) -> Ties | None:
        """Of the window whose ``kept`` (C, window) begins at cell ``first``; None where nothing comes back."""
        window = kept.shape[1]
        of, free = np.arange(window), [not column.any() for column in kept[CHANNELS].T]
        for theme in themes:
            for cell in range(theme.cells):
                source, place = theme.first + cell - first, theme.again + cell - first
                if source >= 0 and place < window and free[source] and free[place]:
                    of[place] = of[source]
        return None if np.array_equal(of, np.arange(window)) else cls(of)

    def joined(self, values: Tensor) -> Tensor:
        """(1, C, window) with the motif's channels averaged over the cells that are one."""
        import torch

        of, rows = torch.from_numpy(self.of), torch.from_numpy(CHANNELS)
        part = values[:, rows]
        sums = torch.zeros_like(part).index_add_(-1, of, part)
        counts = torch.bincount(of, minlength=len(of)).clamp(min=1)
        found = values.clone()
        found[:, rows] = (sums / counts)[..., of]
        return found
