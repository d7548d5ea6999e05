"""How loud a piece is, as a whole (ITU-R BS.1770-4) and over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.loudness import Meter

Floats = NDArray[np.float32]

SILENCE: Final = -70.0
"""LUFS; the measure's absolute gate, and what a silent piece is said to have, as -inf is no number to store."""

PER_SECOND: Final = 2
_RANGE: Final = 30.0  # LU between the loudest moment and an energy of 0
_BLOCK: Final = 0.1  # seconds
_CHUNK: Final = 600  # blocks filtered at once, a minute, which bounds the memory of long files


@dataclass(frozen=True)
class Energy:
    """``loudness``: integrated LUFS. ``contour``: two values per second, linear in LU.

    A value of 1 is this piece's loudest second, 0 is 30 LU or more below it; value n is centred on n / 2 seconds.
    """

    loudness: float
    contour: tuple[float, ...]


def measure_energy(samples: Floats, sample_rate: int) -> Energy:
    """Loudness of float32 ``samples`` (n, 2)."""
    powers = _block_powers(samples, sample_rate)
    return Energy(_integrated(samples, sample_rate), _contour(powers, len(samples) / sample_rate))


def _block_powers(samples: Floats, sample_rate: int) -> NDArray[np.float64]:
    """Power of the K-weighted signal, channels summed, in each 100 ms; the last block may be shorter."""
    from scipy.signal import sosfilt

    sos = k_weighting(sample_rate)
    state = np.zeros((len(sos), 2, 2))
    size = round(_BLOCK * sample_rate)
    powers = []
    for at in range(0, len(samples), size * _CHUNK):
        weighted, state = sosfilt(sos, samples[at : at + size * _CHUNK], axis=0, zi=state)
        edges = np.arange(0, len(weighted), size)
        sums = np.add.reduceat((weighted**2).sum(axis=1), edges)
        powers.append(sums / np.minimum(size, len(weighted) - edges))
    return np.concatenate(powers)


def k_weighting(sample_rate: int) -> NDArray[np.float64]:
    """The standard's two filters, (2, 6) second-order sections, carried from 48 kHz to any rate.

    The analogue prototypes (a high shelf of 4 dB at 1.68 kHz, a high pass at 38 Hz) give the
    published coefficients at 48 kHz.
    """
    k, q = np.tan(np.pi * 1681.974450955533 / sample_rate), 0.7071752369554196
    high, band = 10 ** (3.999843853973347 / 20), (10 ** (3.999843853973347 / 20)) ** 0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]
    shelf += [a0, 2 * (k * k - 1), 1 - k / q + k * k]
    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    b0 = 1 + k / q + k * k
    passing = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / b0, (1 - k / q + k * k) / b0]
    return np.array([[value / a0 for value in shelf], passing])


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-20)))


def _integrated(samples: Floats, sample_rate: int) -> float:
    meter = Meter(sample_rate)
    size = round(_BLOCK * sample_rate) * _CHUNK
    for at in range(0, len(samples), size):
        meter.feed(samples[at : at + size])
    return max(SILENCE, meter.result().integrated)


def _contour(powers: NDArray[np.float64], seconds: float) -> tuple[float, ...]:
    """Loudness of the second around each half second."""
    centres = np.arange(max(1, int(np.ceil(seconds * PER_SECOND)))) * round(1 / PER_SECOND / _BLOCK)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    first, stop = np.maximum(centres - 5, 0), np.minimum(centres + 5, len(powers))
    levels = _lufs((sums[stop] - sums[first]) / np.maximum(stop - first, 1))
    if levels.max() <= SILENCE:
        return (0.0,) * len(levels)
    return tuple(np.clip(1 + (levels - levels.max()) / _RANGE, 0, 1).round(4).tolist())
