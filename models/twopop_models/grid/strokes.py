"""Drums as a recording lets them be heard: kicks, snares and metal, sixteenth by sixteenth.

What rises in each of eleven bands near a step, and how loud it gets for this piece, tell the three apart; the
weights (``stroke_weights``) were fitted by logistic regression to rendered pieces whose strokes are known, by
``models/recipes/fit_strokes.py``. (That bars repeat themselves was tried as further evidence: it added nothing.)
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.grid.lanes import SOFTEST, STEPS
from twopop_models.grid.stroke_weights import WEIGHTS

Floats = NDArray[np.floating[Any]]

SAMPLE_RATE: Final = 22_050
VOICES: Final = ("kick", "snare", "hat")
"""The rows of ``lanes.heard``'s drums that a recording can tell."""

_WINDOW, _HOP = 1024, 220  # 46 ms, 10 ms
_EDGES: Final = (35, 60, 90, 130, 250, 500, 1000, 2000, 3500, 5500, 7500, 10_500)  # Hz
_FLOOR: Final = 1e-7  # of the loudest band: 70 dB below it nothing begins
_EARLY, _LATE = 4, 6  # frames around a step in which it may be struck
_LOUD: Final = 95  # percentile of a band's levels that is this piece's loud
_GREAT: Final = 97  # percentile of a band's rises that is great in this piece
_SMALL: Final = 0.3  # tens of dB, less than which is great in no piece
_SOFT: Final = -4.0  # tens of dB below which levels are no softer
_TELLING: Final = (0, 2, 7, 10)  # bands whose rises say most
_PAIRS: Final = tuple(
    (one, other)
    for one in _TELLING
    for other in (*_TELLING, 12, 18, 21)
    if one <= other  # 11 and up are levels
)
_AT_ONCE: Final = 4096  # frames, which bounds the memory of long files


def hear(samples: Floats, edges: Floats) -> NDArray[np.float32]:
    """Strokes in each sixteenth: (cells * 4, 3) of ``VOICES``, -1 for none, else 0.2 to 1.

    Args:
        samples: mono at ``SAMPLE_RATE``.
        edges: (cells + 1,) seconds on which cells begin, and where the last ends.

    """
    seen = features(samples, step_times(edges))
    weights = np.array(WEIGHTS)
    likely = seen @ weights[:-1] + weights[-1]
    loud = np.stack([seen[:, len(_EDGES) - 1 + band] for band in _HEARD_IN], 1)
    strength = SOFTEST + (1 - SOFTEST) * np.clip(_USUAL + _SLOPE * loud, 0, 1)
    return np.where(likely > SURE, strength, -1).astype(np.float32)


def step_times(edges: Floats) -> Floats:
    """(cells * 4,) seconds of every sixteenth."""
    cells = len(edges) - 1
    return np.interp(np.arange(cells * STEPS) / STEPS, np.arange(cells + 1), edges)


def features(samples: Floats, times: Floats) -> Floats:
    """(steps, 55) of what the weights are for.

    By how many tens of dB each band rises there; its level against what is loud in the piece; the rise against
    great rises of the piece; and products of some of these.
    """
    levels = _levels(samples)
    rises = np.zeros_like(levels)
    rises[2:] = np.maximum(levels[2:] - levels[:-2], 0) / 10
    around = np.round(times * SAMPLE_RATE / _HOP).astype(int)[:, None] + np.arange(-_EARLY, _LATE)
    around = np.clip(around, 0, len(levels) - 1)
    risen, tops = rises[around].max(1), levels[around[:, _EARLY - 1 :]].max(1)
    tops = np.maximum((tops - np.percentile(tops, _LOUD, axis=0)) / 10, _SOFT)
    own = risen / np.maximum(np.percentile(risen, _GREAT, axis=0), _SMALL)
    plain = np.hstack([risen, tops])
    products = [plain[:, one] * plain[:, other] for one, other in _PAIRS]
    return np.hstack([plain, own, np.stack(products, 1)])


def _levels(samples: Floats) -> Floats:
    """(frames, 11) dB."""
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, _WINDOW // 2), _WINDOW)[::_HOP]
    window = np.hanning(_WINDOW).astype(np.float32)
    bins = np.round(np.array(_EDGES) * _WINDOW / SAMPLE_RATE).astype(int)
    blocks = [
        np.add.reduceat(np.abs(np.fft.rfft(frames[at : at + _AT_ONCE] * window)) ** 2, bins, axis=1)[:, :-1]
        for at in range(0, len(frames), _AT_ONCE)
    ]
    power = np.concatenate(blocks)
    return np.asarray(10 * np.log10(np.maximum(power, max(float(power.max()), 1e-9) * _FLOOR)))


SURE: Final = (-0.5, -0.9, -0.9)  # log odds of each voice above which there is a stroke
_HEARD_IN: Final = (1, 7, 10)  # the band whose level is a voice's loudness
_USUAL, _SLOPE = 0.75, 0.15  # loudness of a stroke as loud as is usual, and by how much 10 dB less is softer
