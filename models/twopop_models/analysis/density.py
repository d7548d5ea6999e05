"""How many notes begin per second: rises of the spectrum, counted."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis.beats import SAMPLE_RATE

Floats = NDArray[np.float32]

HOP: Final = 256
"""Samples between spectra, 12 ms."""
_WINDOW: Final = 1024
_BANDS: Final = 32
_LOWEST: Final = 60.0  # Hz
_LAG: Final = 3  # spectra between which a rise is looked for
_FLOOR_DB: Final = -60.0  # below the loudest band of the piece nothing begins
_RISE_DB: Final = 1.6  # mean rise over the bands, above what is usual around, that is an onset
_AROUND: Final = 35  # spectra to either side that are "around", 0.4 s
_APART: Final = 4  # spectra between two onsets at least, 46 ms
_BLOCK: Final = 4096  # spectra at once, which bounds the memory of long files


def density(samples: Floats) -> float:
    """Onsets per second of mono float32 ``samples`` at ``beats.SAMPLE_RATE``; 0 for silence and for less than 0.1 s."""
    if len(samples) < SAMPLE_RATE // 10:
        return 0.0
    rises = _rises(_levels(samples))
    peaks = np.flatnonzero(_is_peak(rises) & (rises > _RISE_DB))
    return len(peaks) / max(len(samples) / SAMPLE_RATE, 1e-3)


def _levels(samples: Floats) -> NDArray[np.float64]:
    """Level of each band over time: (spectra, bands) dB."""
    padded = np.pad(samples, _WINDOW // 2)
    count = 1 + (len(padded) - _WINDOW) // HOP
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP]
    window = np.hanning(_WINDOW).astype(np.float32)
    edges = _edges()
    found = np.empty((count, len(edges)))
    for at in range(0, count, _BLOCK):
        power = np.abs(np.fft.rfft(frames[at : at + _BLOCK] * window)) ** 2
        found[at : at + _BLOCK] = np.add.reduceat(power, edges, axis=1)
    return np.asarray(10 * np.log10(np.maximum(found, max(found.max(), 1e-9) * 10 ** (_FLOOR_DB / 10))))


def _edges() -> NDArray[np.intp]:
    """The first bin of each band; bands are evenly wide in pitch where bins allow it."""
    bins = np.geomspace(_LOWEST, SAMPLE_RATE / 2 * 0.9, _BANDS) * _WINDOW / SAMPLE_RATE
    return np.unique(np.round(bins).astype(int))


def _rises(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much more rises at each spectrum than usual around it: (spectra,) dB, mean of the bands."""
    flux = np.zeros(len(levels))
    flux[_LAG:] = np.maximum(levels[_LAG:] - levels[:-_LAG], 0).mean(axis=1)
    around = np.convolve(np.pad(flux, _AROUND, "symmetric"), np.ones(2 * _AROUND + 1) / (2 * _AROUND + 1), "valid")
    return np.asarray(flux - around)


def _is_peak(rises: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether nothing within ``_APART`` spectra rises more; of equals the first."""
    wide = np.pad(rises, _APART, constant_values=-np.inf)
    near = np.lib.stride_tricks.sliding_window_view(wide, 2 * _APART + 1)
    return np.asarray(near.argmax(axis=1) == _APART)
