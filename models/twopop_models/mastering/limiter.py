"""A look-ahead limiter as a gain curve, computed on the mix and given to every stem alike.

Conventions: the curve lives on steps of ``STEP`` samples. ``over`` says per step how many times the
mix stands above its ceiling before any gain. A curve is never above what its loudest sample allows:
the smallest gain of a window around each step is smoothed by a kernel no wider than that window.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Gains = NDArray[np.float32]
Block = NDArray[np.float32]

STEP = 32
LOOK_AHEAD = 5
"""Steps before a peak at which the gain begins to fall: 3.3 ms at 48 kHz."""
RELEASE = 40.0
"""dB per second by which the gain comes back."""
_OVERSAMPLING = 4
_TAPS = 24  # per phase
_CHUNK = 1 << 15  # steps
_GUARD = 2  # steps: the oversampling filter's delay, and the line between two steps
_REACH = 2 * LOOK_AHEAD + _GUARD + 1  # steps to either side that smoothing looks at


@dataclass(frozen=True)
class Curve:
    """A gain for every sample: ``constant`` (linear), times the limiter's steps when there are any."""

    constant: float
    steps: Gains | None = None

    def over(self, start: int, size: int) -> Block:
        """The gain of samples [start, start + size) as a (size, 1) column."""
        if self.steps is None:
            return np.full((size, 1), self.constant, np.float32)
        first, last = start // STEP - 1, (start + size) // STEP + 2
        known = np.arange(first, last)
        values = self.steps[np.clip(known, 0, len(self.steps) - 1)]
        line = np.interp(np.arange(start, start + size), known * STEP + STEP / 2, values)
        return (self.constant * line).astype(np.float32)[:, None]


@dataclass(frozen=True, eq=False)
class Limiter:
    """Bends a gain so that nothing passes the ceiling."""

    over: Gains
    sample_rate: int

    @cached_property
    def highest(self) -> float:
        """How many times the loudest sample stands above its ceiling before any gain."""
        return float(self.over.max(initial=0.0))

    def curve(self, gain: float) -> Curve:
        """The curve for a constant linear gain."""
        released, steps, last = np.empty_like(self.over), np.empty_like(self.over), 0.0
        for start in range(0, len(steps), _CHUNK):  # in chunks, for their workings are many times the result
            over = self.over[start : start + _CHUNK] * np.float32(gain)
            released[start : start + _CHUNK] = _released(-20 * np.log10(np.maximum(over, 1.0)), last, self.sample_rate)
            last = float(released[start : start + _CHUNK][-1])
        for start in range(0, len(steps), _CHUNK):
            before = min(start, _REACH)
            around = _smooth(released[start - before : start + _CHUNK + _REACH])
            steps[start : start + _CHUNK] = around[before : before + _CHUNK]
        return Curve(gain, steps)


class Detector:
    """Finds ``over`` in a stream of blocks whose lengths, but for the last, are multiples of ``STEP``."""

    def __init__(self, ceiling: float, stem_ceiling: float = 0.999) -> None:
        """Both ceilings are linear: the first for the mix between samples, the second for stems on them."""
        self._ceiling, self._stem_ceiling = ceiling, stem_ceiling
        self._before = np.zeros((_TAPS, 2), np.float32)
        self._found: list[Gains] = []

    def feed(self, mix: Block, stems: list[Block]) -> None:
        """Look at (samples, 2) more of the mix and of its stems."""
        with_past = np.concatenate((self._before, mix))
        self._before = with_past[-_TAPS:]
        peaks = _between(with_past)[-len(mix) :] / self._ceiling
        for stem in stems:
            np.maximum(peaks, _louder(stem) / self._stem_ceiling, out=peaks)
        steps = -(-len(peaks) // STEP)
        self._found.append(np.pad(peaks, (0, steps * STEP - len(peaks))).reshape(steps, STEP).max(axis=1))

    def limiter(self, sample_rate: int) -> Limiter:
        """What was found."""
        return Limiter(np.concatenate(self._found), sample_rate)


def _between(block: Block) -> Block:
    """The highest absolute value at and just before each sample, between samples too: (n, 2) to (n,)."""
    from scipy.signal import firwin, upfirdn

    kernel = (_OVERSAMPLING * firwin(_OVERSAMPLING * _TAPS, 1 / _OVERSAMPLING, window=("kaiser", 7.0))).astype("f4")
    fine = _louder(upfirdn(kernel, block, up=_OVERSAMPLING, axis=0)[: _OVERSAMPLING * len(block)])
    peaks = _louder(block)
    for phase in range(_OVERSAMPLING):
        np.maximum(peaks, fine[phase::_OVERSAMPLING], out=peaks)
    return peaks


def _louder(block: Block) -> Block:
    """The greater magnitude of left and right; far quicker than ``max(axis=1)``."""
    louder: Block = np.maximum(np.abs(block[:, 0]), np.abs(block[:, 1]))
    return louder


def _released(wanted: Gains, last: float, sample_rate: int) -> NDArray[np.float64]:
    """Decibels that fall at once and rise by ``RELEASE`` at most, from ``last`` on: a running minimum on a slope."""
    slope = RELEASE * STEP / sample_rate * np.arange(1, len(wanted) + 1)
    wanted = np.minimum(wanted, last + slope)
    falls: NDArray[np.float64] = np.minimum.accumulate(wanted - slope) + slope
    return falls


def _smooth(wanted: Gains) -> Gains:
    """Linear gains that meet every dip ``LOOK_AHEAD`` steps early, in a curve instead of a step."""
    from scipy.ndimage import convolve1d, minimum_filter1d

    low = minimum_filter1d(10 ** (wanted / 20), 2 * (LOOK_AHEAD + _GUARD) + 1, mode="nearest")
    kernel = np.hanning(2 * LOOK_AHEAD + 3)[1:-1]
    smooth: Gains = convolve1d(low, kernel / kernel.sum(), mode="nearest").astype(np.float32)
    return smooth
