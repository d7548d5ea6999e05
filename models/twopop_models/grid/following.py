"""How far one music follows another, on the grid: pure functions of two (C, T) latents.

Cells are compared one by one as far as both go; what either does not know does not count. Where nothing can be
compared the answer is NaN, which averages over many pairs leave out (``numpy.nanmean``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.grid.lanes import LANES, Latents

Floats = NDArray[np.floating[Any]]

_ANY = 0.0  # above it a pitch sounds
_STROKE = 0.1  # above it there is a stroke: the softest is 0.2, none is -1, unknown is 0


def roots(one: Latents, other: Latents) -> float:
    """Share of cells whose chords have the same root, 0 to 1."""
    ours, theirs = _both(one, other, "root")
    known = (ours.max(0) > _ANY) & (theirs.max(0) > _ANY)
    return float((ours.argmax(0) == theirs.argmax(0))[known].mean()) if known.any() else float("nan")


def chroma(one: Latents, other: Latents) -> float:
    """How alike the pitch classes of chords are, 0 to 1: mean cosine of cells that have a chord in both."""
    ours, theirs = (np.clip(part, 0, 1) for part in _both(one, other, "chroma"))
    size = np.linalg.norm(ours, axis=0) * np.linalg.norm(theirs, axis=0)
    known = size > 0
    return float(((ours * theirs).sum(0)[known] / size[known]).mean()) if known.any() else float("nan")


def energy(one: Latents, other: Latents, over: int = 4) -> float:
    """Correlation of how loud and full both are, -1 to 1, over means of ``over`` cells."""
    ours, theirs = (_pooled(part[0], over) for part in _both(one, other, "energy"))
    return _correlation(ours, theirs)


def density(one: Latents, other: Latents, over: int = 4) -> float:
    """Correlation of how many drum strokes there are in ``over`` cells, -1 to 1."""
    ours, theirs = (_pooled(_counted(part), over) for part in _both(one, other, "drums"))
    return _correlation(ours, theirs)


def pattern(one: Latents, other: Latents) -> float:
    """How alike the drums of each step are, 0 to 1: F1 of strokes of those voices that a recording can tell."""
    ours, theirs = (part.reshape(4, -1, part.shape[1])[:, :3] > _STROKE for part in _both(one, other, "drums"))
    total = ours.sum() + theirs.sum()
    return float(2 * (ours & theirs).sum() / total) if total else float("nan")


def players(one: Latents, other: Latents) -> float:
    """Distance of who plays how much of the time, 0 (the same) to 1 (nobody in common): half the sum of differences.

    The two may differ in length.
    """
    ours, theirs = (histogram(latents) for latents in (one, other))
    if not (ours.any() and theirs.any()):
        return float("nan")
    return float(np.abs(ours - theirs).sum() / 2)


def histogram(latents: Latents) -> Floats:
    """(34,) share of each of ``vocabulary.INSTRUMENTS`` in what is played, sums to 1; zeros where nobody plays."""
    share = (latents[LANES["players"].channels] > _ANY).mean(1) if latents.shape[1] else np.zeros(1)
    return np.asarray(share / share.sum() if share.sum() else np.zeros(LANES["players"].rows))


def _both(one: Latents, other: Latents, lane: str) -> tuple[Floats, Floats]:
    """A lane of both, as far as both go."""
    cells = min(one.shape[1], other.shape[1])
    where = LANES[lane].channels
    return one[where, :cells].astype(float), other[where, :cells].astype(float)


def _counted(drums: Floats) -> Floats:
    return np.asarray((drums > _STROKE).sum(0), float)


def _pooled(values: Floats, over: int) -> Floats:
    """Means of ``over`` values each; what is left over is left out."""
    whole = len(values) // over * over
    return np.asarray(values[:whole].reshape(-1, over).mean(1))


def _correlation(ours: Floats, theirs: Floats) -> float:
    """Pearson's; NaN for fewer than three values, or where either does not move."""
    if len(ours) < 3 or min(np.ptp(ours), np.ptp(theirs)) < 1e-9:
        return float("nan")
    return float(np.corrcoef(ours, theirs)[0, 1])
