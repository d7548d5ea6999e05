"""Maps whose tempo bends and whose bars may be odd, over base tempos and meters; a host's bars regrouped."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from twopop_models.score import Meter, TempoMap
from twopop_models.spotting.bars import bent
from twopop_models.spotting.bending import COARSE, Bender, Marks
from twopop_models.spotting.grids import mean_bpm, steady_bpm
from twopop_models.spotting.measures import Measure
from twopop_models.spotting.window import Floats, Times, Window

BESIDE = 0.015
"""How far beside the window a base tempo may be: bends can bring the usual tempo back into it."""
STRAY_COST = 100.0
"""What it costs when the usual tempo (or the mean of one asked for) is outside the window, times how far."""
ASKED = 1.03
"""A window as narrow as this is one for a tempo that was asked for."""
STIFF, STIFFEST = 6.0, 30.0
"""How much more a bend costs when a tempo was asked for as a number; the second where the first strays from it."""
RIGID = 1e-4
"""How far a host's tempo bends: not at all, but for rounding."""
BASE_STEP = 0.015
"""Nearness of the base tempos that may bend."""
MOST_WORK = 900
"""Base tempos times hits times meters that are searched to the end."""


def bend(hits: Times, window: Window, meters: tuple[tuple[int, int], ...], flex: float, stop: float) -> TempoMap:
    """The best map of a range of ``stop`` seconds with a tempo that gives way by at most ``flex``, see ``bending``."""
    marks = Marks.joined(hits.times, hits.weights, hits.tolerances)
    low, high = window.low * (1 - BESIDE), window.high * (1 + BESIDE)
    count = min(24, max(9, math.ceil(math.log(high / low) / BASE_STEP)))
    beats = 60 / np.unique(np.append(np.geomspace(low, high, count), window.favourite))
    quick = Bender(marks, Measure(meters[0]), beats, flex, bars=False, shifts=COARSE, reach=6)
    rough = quick.search() - window.dislike(beats)
    kept = max(3, MOST_WORK // (len(marks.times) * len(meters)))
    beats = beats[np.argsort(-rough, kind="stable")[:kept]]
    asked = window.high / window.low < ASKED

    def best(stiffness: float) -> tuple[float, float, TempoMap]:
        found = (
            (score - 0.05 * (rank > 0), outside, curved)
            for rank, meter in enumerate(meters)
            for score, outside, curved in _bent(marks, window, Measure(meter), beats, flex, stop, stiffness)
        )
        return max(found, key=lambda one: one[0])

    if not asked:
        return best(1.0)[2]
    first = best(STIFF)
    return (max(first, best(STIFFEST), key=lambda one: one[0]) if first[1] > 0 else first)[2]


def _bent(
    marks: Marks, window: Window, measure: Measure, beats: Floats, flex: float, stop: float, stiffness: float
) -> Iterator[tuple[float, float, TempoMap]]:
    """J of each base tempo in one meter, how far its map strays, and the map.

    The tempo that most of the time has must stay in the window; of one that was asked for, the mean over time as well.
    """
    bender = Bender(marks, measure, beats, flex, stiffness=stiffness)
    for number, score in enumerate(bender.search() - window.dislike(beats)):
        micros = round(float(beats[number]) * 2 / measure.beat * 1_000_000)
        found = bent(bender.path(number), micros, measure)
        end = found.tick(Fraction(stop))
        outside = _outside(steady_bpm(found, end), window)
        if window.high / window.low < ASKED:
            outside = max(outside, _outside(mean_bpm(found, end), window))
        yield float(score) - STRAY_COST * outside, outside, found


def _outside(tempo: float, window: Window) -> float:
    """How far a tempo lies outside the window, a share."""
    return max(0.0, window.low / tempo - 1, tempo / window.high - 1)


def regrouped(host: TempoMap, hits: Times, meter: tuple[int, int]) -> TempoMap:
    """A steady tempo with bar lines where hits that lie on its eighths want them."""
    measure = Measure(meter)
    eighth = host.tempos[0].micros / 2_000_000
    places = np.rint(hits.times / eighth)
    near = np.abs(hits.times - places * eighth) <= hits.tolerances
    if not near.any():
        return TempoMap(host.tempos, (Meter(0, *meter),))
    marks = Marks.joined(places[near] * eighth, hits.weights[near], hits.tolerances[near])
    bender = Bender(marks, measure, np.array([eighth * measure.beat]), RIGID, shifts=(0.0,))
    bender.search()
    bars = bent(bender.path(0), host.tempos[0].micros, measure, Fraction(0))
    return TempoMap(host.tempos, bars.meters, bars.pickup)
