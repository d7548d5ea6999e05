"""A mix seen through overlapping windows, so that memory does not grow with its length.

Windows begin on samples that exist at the network's rate too (147 samples of 44.1 kHz are 160 of 48 kHz), so
what is resampled window by window fits together exactly. Estimates are weighted by a triangle, the
network's own habit: a window knows its middle best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from twopop_models.clock import SAMPLE_RATE

Block = NDArray[np.float32]
Hear = Callable[[Block], Block]
"""A network: (2, n) at its rate to sources (S, 2, n) at the same rate."""

OVERLAP = Fraction(1, 4)
_AROUND = 16  # steps of the common grid seen on each side, for the resampling filter


@dataclass(frozen=True)
class Windows:
    """How long windows are: ``ratio`` is the network's rate over ours, ``steps`` of the common grid each."""

    ratio: Fraction
    steps: int

    @classmethod
    def of(cls, rate: int, samples: int) -> Windows:
        """The longest windows that hold at most ``samples`` at ``rate`` Hz.

        Raises:
            ValueError: not even one step of the common grid and its overlap fit.

        """
        ratio = Fraction(rate, SAMPLE_RATE)
        steps = samples // ratio.numerator
        if steps < OVERLAP.denominator:
            raise ValueError(f"a window of {samples} samples is too short")
        return cls(ratio, steps)

    @property
    def size(self) -> int:
        """Samples of a window, 48 kHz."""
        return self.steps * self.ratio.denominator

    @property
    def hop(self) -> int:
        """Samples from one window to the next, 48 kHz."""
        return (self.steps - int(self.steps * OVERLAP)) * self.ratio.denominator

    def heard(self, file: soundfile.SoundFile, start: int, hear: Hear) -> Block:
        """Sources (S, 2, size) at 48 kHz of the window that begins at ``start``, which may lie outside."""
        around, up, down = _AROUND * self.ratio.denominator, self.ratio.numerator, self.ratio.denominator
        seen = resample_poly(read(file, start - around, self.size + 2 * around), up, down, axis=-1)
        cut = _AROUND * up
        estimate = hear(np.ascontiguousarray(seen[:, cut : cut + self.steps * up], np.float32))
        return np.asarray(resample_poly(estimate, down, up, axis=-1), np.float32)[..., : self.size]

    def count(self, length: int) -> int:
        """How many windows a mix of that many samples takes."""
        return -(-(length + self.size - self.hop) // self.hop)

    def estimates(self, file: soundfile.SoundFile, hear: Hear) -> Iterator[tuple[int, Block]]:
        """Finished sources as (first sample, (S, 2, n)), one after the other, together the whole mix.

        The first window begins before the mix, so that no sample is known from a window's border alone.
        """
        length, lead = file.frames, self.size - self.hop
        weight = _triangle(self.size)
        kept: Block | None = None
        shares = np.zeros(self.size, np.float32)
        for number in range(self.count(length)):
            start = number * self.hop - lead
            estimate = self.heard(file, start, hear) * weight
            kept = estimate if kept is None else kept + estimate
            shares = shares + weight
            first, stop = max(start, 0), min(start + self.hop, length)
            if stop > first:
                part = slice(first - start, stop - start)
                yield first, kept[..., part] / shares[part]
            kept, shares = _shifted(kept, self.hop), _shifted(shares, self.hop)


def read(file: soundfile.SoundFile, start: int, count: int) -> Block:
    """(2, count) samples from ``start`` on; silence outside the file."""
    first, stop = max(start, 0), min(start + count, file.frames)
    block = np.zeros((2, count), np.float32)
    if stop > first:
        file.seek(first)
        block[:, first - start : stop - start] = file.read(stop - first, dtype="float32", always_2d=True).T
    return block


def _triangle(size: int) -> Block:
    """Weights that rise to the middle and are nowhere 0."""
    rise = np.arange(1, size + 1, dtype=np.float32)
    return np.asarray(np.minimum(rise, rise[::-1]) / np.float32(size / 2), np.float32)


def _shifted(block: Block, by: int) -> Block:
    result = np.zeros_like(block)
    result[..., : block.shape[-1] - by] = block[..., by:]
    return result
