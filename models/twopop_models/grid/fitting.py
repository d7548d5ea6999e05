"""A reference laid over a cue: at the tempo's octave that suits it, bar on bar, in whole phrases."""

from __future__ import annotations

from fractions import Fraction
from math import log2
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.grid.lanes import LANES, STEPS, Lane, Latents, unknown
from twopop_models.score import PPQ, Meter

PHRASE: Final = 4
"""Bars that are repeated together."""

HALF, SAME, TWICE = Fraction(1, 2), Fraction(1), Fraction(2)


def octave(heard: float, wanted: float) -> Fraction:
    """``stretched``'s factor for music whose beat is ``heard`` under one of ``wanted`` BPM; 1 when either is 0.

    >>> [str(octave(tempo, 120)) for tempo in (60, 84, 90, 120, 165, 180)]
    ['2', '2', '1', '1', '1', '1/2']
    """
    if not heard or not wanted:
        return SAME
    return min((SAME, TWICE, HALF), key=lambda factor: abs(log2(heard * factor / wanted)))


def stretched(latents: Latents, factor: Fraction) -> Latents:
    """The same music with 2 or 1/2 as many cells: beats counted twice as fast, or half as fast. 1 changes nothing.

    Of two cells that become one, the first gives the chord and both the strokes.
    """
    if factor == SAME:
        return latents.copy()
    if factor not in (TWICE, HALF):
        raise ValueError(f"music is stretched by 2 or 1/2, not by {factor}")
    if factor == HALF and latents.shape[1] % 2:
        latents = np.concatenate([latents, latents[:, -1:]], 1)
    found = unknown(int(latents.shape[1] * factor))
    for lane in LANES.values():
        lane.write(found, (_slower if factor == TWICE else _faster)(lane, lane.read(latents)))
    return found


def _slower(lane: Lane, values: NDArray[Any]) -> NDArray[Any]:
    """Twice as many cells: everything lasts twice as long, strokes are struck once."""
    found = np.repeat(values, 2, axis=0)
    if _strikes(lane):
        found[1::2] = np.where(found[1::2] == 0, 0, -1)
    return found


def _faster(lane: Lane, values: NDArray[Any]) -> NDArray[Any]:
    """Half as many cells."""
    if lane.name == "energy":
        return np.asarray((values[::2] + values[1::2]) / 2)
    if lane.name in ("root", "chroma"):
        known = values[::2].any(1, keepdims=True)
        return np.where(known, values[::2], values[1::2])
    return np.asarray(np.maximum(values[::2], values[1::2]))


def _strikes(lane: Lane) -> bool:
    return lane.name == "drums" or lane.name.endswith("+")


def fitted(latents: Latents, cells: int, meter: Meter | None = None, beats: int = 4) -> Latents:
    """A reference over a cue of ``cells`` quarter notes in ``meter`` (None for 4/4), bars on bars.

    It is cut where the cue ends; one that is too short is repeated in whole phrases of four bars, in whole bars when
    it has fewer. Where bars differ in length, long ones lose their end and the last quarter of short ones goes on.

    Args:
        latents: a reference, from a bar line on.
        cells: of the cue.
        meter: of the cue.
        beats: cells of a bar of the reference.

    """
    meter = meter or Meter(0)
    steps = np.arange(cells * STEPS)
    if not latents.shape[1]:
        return unknown(cells)
    bar, place = np.divmod(steps, meter.bar_ticks * STEPS // PPQ)
    own = beats * STEPS
    place = np.where(place < own, place, own - STEPS + place % STEPS)
    source = bar % _period(latents.shape[1] // beats, int(bar.max(initial=0)) + 1) * own + place
    return _picked(latents, source % (latents.shape[1] * STEPS))


def _period(bars: int, needed: int) -> int:
    """After how many bars a reference of ``bars`` begins again when ``needed`` are."""
    return max(1, bars if bars >= needed or bars < PHRASE else bars // PHRASE * PHRASE)


def _picked(latents: Latents, steps: NDArray[Any]) -> Latents:
    """Latents of sixteenths, one after another, of other latents."""
    found = unknown(len(steps) // STEPS)
    for lane in LANES.values():
        size = STEPS // lane.steps
        lane.write(found, lane.read(latents)[steps[::size] // size])
    return found
