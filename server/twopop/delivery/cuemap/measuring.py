"""What the cue map measures: loudness of the written mix over time, and how alike two curves run.

Conventions: times are float seconds from the first sample of the cue; curves are compared on one grid of
10 values per second, each the mean of a window centred there and cut off at the cue's ends.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP = 0.1
"""Seconds between two values."""
SHORT_TERM, MOMENTARY = 3.0, 0.4
"""Seconds of EBU Tech 3341's two windows."""
SILENCE = -70.0
"""LUFS; as low as loudness is told."""
_FLAT = 1e-4
_BLOCKS = 100  # of 100 ms, read at once


def window_for(seconds: float) -> float:
    """Short-term loudness where a cue is long enough for it to tell anything, else momentary."""
    return SHORT_TERM if seconds >= 4 * SHORT_TERM else MOMENTARY


def grid(seconds: float) -> Floats:
    """Middles of the 100 ms blocks of a cue, at least one."""
    return np.asarray(STEP * (np.arange(max(1, round(seconds / STEP))) + 0.5), np.float64)


def loudness(mix: Path, window: float, breathe: Callable[[], None] = lambda: None) -> Floats:
    """LUFS of a sound file on ``grid``, K-weighted, ungated; ``breathe`` is called for each piece that is read.

    Raises:
        OSError: the file cannot be read.

    """
    powers = _powers(mix, breathe)
    means = smoothed(powers, STEP, grid(STEP * len(powers)), window)
    return np.asarray(np.maximum(-0.691 + 10 * np.log10(np.maximum(means, 1e-12)), SILENCE))


def smoothed(values: NDArray[np.float32] | Floats, step: float, centres: Floats, window: float) -> Floats:
    """Mean of a curve of one value per ``step`` seconds over the ``window`` around each centre."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    edges = step * np.arange(len(sums))
    low = np.clip(centres - window / 2, 0.0, edges[-1])
    high = np.clip(centres + window / 2, 0.0, edges[-1])
    area = np.interp(high, edges, sums) - np.interp(low, edges, sums)
    return np.asarray(area * step / np.maximum(high - low, 1e-9))


def correlation(a: Floats, b: Floats) -> float | None:
    """Pearson's r of two curves of one length; None where either stands still."""
    if len(a) < 3 or np.std(a) < _FLAT or np.std(b) < _FLAT:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _powers(mix: Path, breathe: Callable[[], None]) -> Floats:
    """Power of the K-weighted sound, channels summed, in each 100 ms."""
    import soundfile
    from scipy.signal import sosfilt

    from twopop_models.analysis.energy import k_weighting

    with soundfile.SoundFile(mix) as sound:
        size = round(STEP * sound.samplerate)
        sections = k_weighting(sound.samplerate)
        state = np.zeros((len(sections), 2, sound.channels))
        found = [np.zeros(0)]
        while len(block := sound.read(size * _BLOCKS, dtype="float64", always_2d=True)):
            breathe()
            weighted, state = sosfilt(sections, block, axis=0, zi=state)
            edges = np.arange(0, len(weighted), size)
            sums = np.add.reduceat((weighted**2).sum(axis=1), edges)
            found.append(sums / np.minimum(size, len(weighted) - edges))
    return np.concatenate(found)
