"""Event curves of music, one value for each latent frame: what stands in for a picture's while training.

A picture gives cuts, motion and brightness; music has changes of its own that the same curves can carry (the idea
of V2M-Zero, arXiv 2603.11042): onsets that stand out for cuts, how much changes for motion, how bright the sound is
for brightness. Bars, beats and loudness mean the same on both sides. See ``nets.events`` for the channels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

RATE = 22_050
_HOP = 512
_LOUD, _QUIET = -10.0, -60.0  # dB full scale that count as 1 and 0


def curves(
    mono: NDArray[np.float32], beats: tuple[float, ...], downbeats: tuple[float, ...], count: int, step: float
) -> NDArray[np.float32]:
    """(E, count) event curves.

    Args:
        mono: the sound at 22,050 Hz.
        beats: seconds, in order.
        downbeats: likewise.
        count: latent frames; those behind the sound are silent.
        step: seconds of one.

    """
    import librosa

    middle = (np.arange(count) + 0.5) * step
    padded = np.pad(mono, (0, max(0, 2_048 - len(mono))))
    change = librosa.onset.onset_strength(y=padded, sr=RATE, hop_length=_HOP)
    centre = librosa.feature.spectral_centroid(y=padded, sr=RATE, hop_length=_HOP)[0] / (RATE / 2)
    level = 20 * np.log10(np.maximum(librosa.feature.rms(y=padded, hop_length=_HOP)[0], 1e-6))
    loud = np.clip((level - _QUIET) / (_LOUD - _QUIET), 0, 1)
    motion, brightness, loudness = (
        _laid(curve, middle) for curve in (_unit(change), np.sqrt(centre) * (loud > 0), loud)
    )
    bar, beat = _phase(downbeats, middle), _phase(beats, middle)
    rows = (cuts(change, count, step), motion, brightness, *bar, *beat, loudness)
    return np.stack(rows).astype(np.float32)


def cuts(change: Floats, count: int, step: float, spread: float = 3.0) -> Floats:
    """Onsets more than ``spread`` deviations over the mean, as impulses in the latent frames they fall into."""
    found = np.zeros(count)
    excess = (change - change.mean()) / (change.std() + 1e-9)
    peaks = np.flatnonzero((excess > spread) & (change >= np.roll(change, 1)) & (change > np.roll(change, -1)))
    strongest = excess[peaks].max(initial=spread)
    for peak in peaks:
        place = int(peak * _HOP / RATE / step)
        if place < count:
            found[place] = max(found[place], excess[peak] / strongest)
    return found


def _unit(curve: Floats) -> Floats:
    """0 to 1, by what only one value in a hundred exceeds."""
    top = float(np.quantile(curve, 0.99))
    return np.clip(curve / top, 0, 1) if top > 0 else np.zeros_like(curve)


def _laid(curve: Floats, moments: Floats) -> Floats:
    times = np.arange(len(curve)) * _HOP / RATE
    return np.asarray(np.interp(moments, times, curve, right=0.0))


def _phase(lines: tuple[float, ...], moments: Floats) -> tuple[Floats, Floats]:
    """Cosine and sine of the place between two lines; 0 where there are fewer than two, and outside of them."""
    if len(lines) < 2:
        return np.zeros(len(moments)), np.zeros(len(moments))
    turns = 2 * np.pi * np.interp(moments, lines, np.arange(len(lines)))
    inside = (moments >= lines[0]) & (moments <= lines[-1])
    return np.cos(turns) * inside, np.sin(turns) * inside
