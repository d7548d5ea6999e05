"""How much energy every bar has: the form's own curve, the picture's motion, the broad reference's contour.

The control ``follow`` weighs them: at 0 only the form speaks, at 100 only picture and reference do, at 50
half of it is form. The mood sets the level about which all this moves, a targeted reference shifts it.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.sectioning import runs
from twopop_models.types import Frames

Floats = NDArray[np.float64]

MOTION, BROAD = 0.6, 0.4
"""Shares of picture and broad reference in what is followed."""
COLOURS: dict[str, float] = {"B": 0.08, "C": -0.14, "D": 0.05, "E": -0.04, "F": 0.1, "G": -0.1}
"""How much fuller or thinner a theme is than A."""


def energies(
    frames: Frames,
    contour: tuple[float, ...],
    times: Floats,
    names: list[str],
    peak: int,
    *,
    level: float | Floats,
    follow: float,
) -> Floats:
    """Energy 0.05..1 per bar.

    Args:
        frames: the picture; its motion curve is followed.
        contour: energy of the broad reference from its beginning to its end, () for none.
        times: (bars + 1,) seconds of the bar lines and of the end.
        names: section of each bar.
        peak: the bar of the climax.
        level: what the mood and the targeted reference make of the middle, 0..1; (bars,) where moods change.
        follow: 0..100, see above.

    """
    share = follow / 100
    curve = followed(frames, contour, times)
    own = 1.0 if curve is None else 1 - share
    mixed = own * arc(names, peak) + (0.0 if curve is None else share * curve)
    lift = np.array([0.15 if bar == peak else (0.06 if name == "peak" else 0.0) for bar, name in enumerate(names)])
    return np.asarray(np.clip(level + 0.58 * (mixed - 0.48) + own * lift, 0.05, 1.0))


def followed(frames: Frames, contour: tuple[float, ...], times: Floats) -> Floats | None:
    """What picture and broad reference ask for, 0..1 in each stretch between ``times`` (seconds); None: nothing."""
    motion = per_bar(_without_cuts(frames.motion), frames.clip.rate, times)
    parts = [(MOTION, curve) for curve in _spread(motion, 0.01)]
    if len(contour) > 1:
        shape = _between(_without_fades(contour), times / float(frames.clip.seconds))
        parts += [(BROAD, curve) for curve in _spread(shape, 0.01)]
    whole = sum(weight for weight, _ in parts)
    return np.asarray(sum(weight / whole * curve for weight, curve in parts)) if parts else None


def _without_cuts(motion: NDArray[np.float32]) -> NDArray[np.float32]:
    """Motion with its highest twentieth cut off: a cut changes everything in one frame, which nobody calls motion."""
    return np.minimum(motion, np.quantile(motion, 0.95).astype(np.float32)) if len(motion) else motion


def _without_fades(contour: tuple[float, ...]) -> Floats:
    """The contour within its own tenth and 98th percentile: fades at a file's ends are no energy to be followed."""
    curve = np.asarray(contour, float)
    return np.asarray(np.clip(curve, *np.quantile(curve, (0.1, 0.98))))


def _between(contour: Floats, edges: Floats) -> Floats:
    """Mean of the contour, stretched over the cue, in each stretch: its beats' own ripple is no energy."""
    inside = np.linspace(edges[:-1], edges[1:], 16, endpoint=False)
    return np.asarray(np.interp(inside, np.linspace(0, 1, len(contour)), contour).mean(axis=0))


def _spread(curve: Floats, least: float) -> list[Floats]:
    """A curve from its least to its most as 0..1; nothing when it is flat."""
    spread = float(np.ptp(curve))
    return [(curve - curve.min()) / spread] if spread > least else []


def arc(names: list[str], peak: int) -> Floats:
    """The form's own curve 0..1: up to the peak and down again, themes apart, waves of chapters in long cues."""
    count = len(names)
    found = np.zeros(count)
    for name, start, stop in runs(names):
        bars = np.arange(start, stop)
        along = (bars - start) / max(1, stop - start - 1)
        rise, fall = 0.3 + 0.4 * bars / max(1, peak), 0.72 - 0.34 * (bars - peak) / max(1, count - peak)
        base = np.where(bars < peak, rise, fall)
        if name.startswith("theme"):
            base = base + COLOURS.get(name[6], 0.0) + 0.05 * along + 0.1 * np.sin(2 * np.pi * bars / 64)
        shapes = {
            "intro": 0.12 + 0.12 * along,
            "breakdown": 0.18 + 0.1 * along,
            "build": base - 0.1 + (0.95 - base) * along,
            "peak": np.ones(len(bars)) - 0.06 * along,
            "release": base + 0.05 - 0.2 * along,
            "ending": base - 0.08 - 0.1 * along,
            "gesture": np.full(len(bars), 0.7),
        }
        found[start:stop] = shapes.get(name, base)
    return np.clip(found, 0.0, 1.0)


def per_bar(curve: NDArray[np.float32], rate: Fraction, times: Floats) -> Floats:
    """Mean of a per-frame curve over each bar; ``times`` are seconds of the bar lines and of the end."""
    if not len(curve):
        return np.zeros(len(times) - 1)
    edges = np.clip((times * float(rate)).astype(int), 0, len(curve) - 1)
    return np.array([float(curve[a : max(a + 1, b)].mean()) for a, b in pairwise(edges)])
