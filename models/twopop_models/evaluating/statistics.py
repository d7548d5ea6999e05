"""Means with bootstrap intervals, the Frechet distance of two clouds, KL of two distributions.

Conventions: samples are rows; randomness is a seed that is given; undefined values (nan) are left out of means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL: Final = 0.95
DRAWS: Final = 10_000
_LEAST: Final = 1e-6  # added under the logarithm, as stable-audio-metrics does


@dataclass(frozen=True)
class Interval:
    """A figure, the 95 % interval around it, and how many values it is of; all nan for none."""

    value: float
    low: float
    high: float
    count: int

    @property
    def sign(self) -> int:
        """1 when it is surely above 0, -1 when surely below, else 0."""
        return int(self.low > 0) - int(self.high < 0)


def mean_of(values: Sequence[float], *, seed: int = 0, draws: int = DRAWS) -> Interval:
    """The mean and the percentiles of the means of resampled values.

    >>> mean_of([2.0, 2.0])
    Interval(value=2.0, low=2.0, high=2.0, count=2)
    """
    known = np.array([value for value in values if np.isfinite(value)], np.float64)
    if not len(known):
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    picks = np.random.default_rng(seed).integers(0, len(known), (draws, len(known)))
    low, high = np.quantile(known[picks].mean(axis=1), ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(float(known.mean()), float(low), float(high), len(known))


def middle(values: Sequence[float]) -> float:
    """The plain mean of what is known; nan for nothing.

    >>> middle([1.0, float("nan"), 3.0])
    2.0
    """
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def figure_of(
    figure: Callable[[NDArray[np.intp]], float], count: int, *, seed: int = 0, draws: int = 200
) -> tuple[Interval, Floats]:
    """Any figure of ``count`` things, with the interval that resampling the things gives, and the draws (draws,).

    ``figure`` is given places, with repetition. A resampled cloud is always poorer than the cloud, which biases such
    figures as the Frechet distance; so the draws' spread is laid around the figure of all, not around their mean.
    Two figures of one seed are drawn alike, so that the differences of their draws are paired.
    """
    rng, everything = np.random.default_rng(seed), np.arange(count)
    value = float(figure(everything))
    drawn = np.array([figure(np.sort(rng.integers(0, count, count))) for _ in range(draws)], np.float64)
    drawn = drawn - drawn.mean() + value
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(value, float(low), float(high), count), drawn


def between(one: tuple[Interval, Floats], other: tuple[Interval, Floats]) -> Interval:
    """The difference of two figures that were drawn alike."""
    spread = one[1] - other[1]
    low, high = np.quantile(spread, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(one[0].value - other[0].value, float(low), float(high), one[0].count)


def frechet(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The Frechet distance of two clouds of rows (n, d), each taken for a Gaussian; 0 for equal clouds.

    The trace of the root of the product of covariances is the sum of singular values of the product of any two roots
    of them; the triangles of the centred clouds' QR decompositions are such roots. So no covariance is ever formed:
    nothing is squared and rooted again, no number becomes complex, and flat clouds are no trouble.

    Raises:
        ValueError: a cloud of fewer than two rows, or of another width.

    """
    if min(len(one), len(other)) < 2 or one.shape[1:] != other.shape[1:]:
        raise ValueError(f"clouds of {one.shape} and {other.shape} cannot be compared")
    first, second = one.astype(np.float64), other.astype(np.float64)
    apart = first.mean(0) - second.mean(0)
    root, other_root = _root(first), _root(second)
    shared = np.linalg.svd(root @ other_root.T, compute_uv=False).sum()
    return max(0.0, float(apart @ apart + (root**2).sum() + (other_root**2).sum() - 2 * shared))


def _root(cloud: Floats) -> Floats:
    """(min(n, d), d): a matrix whose square (transposed first) is the cloud's covariance."""
    centred = cloud - cloud.mean(0)
    if len(centred) > centred.shape[1]:
        centred = np.asarray(np.linalg.qr(centred, mode="r"), np.float64)
    return np.asarray(centred / np.sqrt(len(cloud) - 1))


def softmax(logits: NDArray[Any]) -> Floats:
    """Logits (n,) as a distribution."""
    shifted = np.exp(logits.astype(np.float64) - logits.max())
    return np.asarray(shifted / shifted.sum())


def divergence(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    """KL(found || wanted) of two distributions (n,), in nats, as stable-audio-metrics counts it.

    Its ``kl_div(log(wanted + 1e-6), found)`` is the sum of found * (log found - log(wanted + 1e-6)).
    """
    known = found.astype(np.float64)
    logs = np.log(np.where(known > 0, known, 1.0))
    return float((known * (logs - np.log(wanted.astype(np.float64) + _LEAST))).sum())


def correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Pearson's r; 0 when one of the two is flat."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rho, ties sharing their mean rank; 0 when one of the two is flat."""
    return correlation(_ranks(one), _ranks(other))


def _ranks(values: Sequence[float]) -> Floats:
    known = np.asarray(values, np.float64)
    return np.array([(known < value).sum() + ((known == value).sum() - 1) / 2 for value in known])
