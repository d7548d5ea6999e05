"""What a search for tempo maps is given: which tempos, and the hits as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from twopop_models.types import Clip, Hit

Floats = NDArray[np.float64]

ASKED_TOLERANCE = 0.01
"""A tempo asked for as a number may give way by this much to meet hits."""
FREE_TOLERANCE = 0.15
"""A tempo that nobody asked for may give way by this much."""


@dataclass(frozen=True)
class Window:
    """The tempos to search, in beats per minute, and the one liked best."""

    low: float
    high: float
    favourite: float

    @classmethod
    def of(cls, wanted: float | None, pace: tuple[float, float] | None, likely: float | None) -> Window:
        """A number asked for stays within 1 %, a pace inside its range, anything else within 15 %."""
        if wanted is not None:
            return cls(wanted * (1 - ASKED_TOLERANCE), wanted * (1 + ASKED_TOLERANCE), wanted)
        if pace is not None:
            low, high = pace[0], pace[1] * 0.995  # half-open
            return cls(low, high, min(max(likely or (low * high) ** 0.5, low), high))
        centre = likely or 100.0
        return cls(centre * (1 - FREE_TOLERANCE), centre * (1 + FREE_TOLERANCE), centre)

    def dislike(self, periods: Floats) -> Floats:
        """What each beat length in seconds costs for being far from the favourite tempo."""
        return np.asarray(0.1 * np.abs(np.log2(60 / periods / self.favourite)))


@dataclass(frozen=True, eq=False)
class Times:
    """Hits as arrays: seconds from the beginning of the range, weights, g's width, and each one's own tolerance."""

    times: Floats
    weights: Floats
    tolerance: float
    tolerances: Floats

    @classmethod
    def of(cls, clip: Clip, hits: tuple[Hit, ...]) -> Times:
        """The hits of a range."""
        times = np.array([float(clip.offset_of(hit.frame)) for hit in hits])
        weights = np.array([hit.weight for hit in hits])
        own = np.array([float(hit.tolerance / clip.rate) for hit in hits])
        return cls(times, weights, float(min(max(1 / clip.rate, Fraction(1, 60)), Fraction(1, 24))), own)
