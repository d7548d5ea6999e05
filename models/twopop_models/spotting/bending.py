"""A tempo that gives way, and bars that are cut short, so that hits fall on beats: exact search for one base tempo.

Given a base tempo, a meter and how far the tempo may bend (``flex``), choose which hits are met, on which beat of
the bar each of them falls, how many eighths lie between two of them, and where an odd bar stands in front of a bar
line. What is chosen makes as large as possible::

    J = sum(w over hits on beats) / sum(w)  +  0.3 sum(w^2 over hits on bar lines) / sum(w^2)
        - sum(cost of odd bars) / hits  -  0.05 sum(share of time * (bend / flex)^2)  -  0.02 sum(|shift|) / hits

A hit may be missed by a few shares of its tolerance (shift), never more. An odd bar costs 0.15 when it is whole
beats, 0.3 when it is not: the first term is worth 1 for a hit of usual weight, so a bar is cut for any hit that
cannot be met without, and for a bar line only where the hit is heavier than most. J is at most 1.3: every hit
on a bar line, at a tempo that never moves, without an odd bar.

The search is dynamic programming over the hits that are met (state: hit, shift, beat of the bar), so for its base
tempo it is the optimum, but for two limits that keep it quick: fewer than ``reach`` hits are missed in a row, and
between two met hits the number of eighths is among the ``2 NEAR + 1`` nearest to the base tempo's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twopop_models.spotting.measures import SHORTEST, Measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 5
JOIN = 0.9
"""Share of a tolerance that may be used up, so that rounding never breaks it."""
FINE = (0.0, -0.45, 0.45, -0.9, 0.9)
COARSE = (0.0, -0.9, 0.9)
BAR_SHARE = 0.3
BEND_COST = 0.05
SHIFT_COST = 0.02
ODD_WHOLE, ODD_PART = 0.15, 0.3
_NEVER = -1e9


@dataclass(frozen=True, eq=False)
class Marks:
    """Hits as arrays: seconds from the beginning of the range (in order), weights, seconds of tolerance."""

    times: Floats
    weights: Floats
    tolerances: Floats

    @classmethod
    def joined(cls, times: Floats, weights: Floats, tolerances: Floats) -> Marks:
        """Hits as marks; those so near to each other that one beat can meet both are one mark between them."""
        marks: list[tuple[float, float, float]] = []
        for time, weight, tolerance in zip(times, weights, tolerances, strict=True):
            last, heavy, room = marks[-1] if marks else (-np.inf, 0.0, 0.0)
            gap = float(time - last) / 2
            if gap < JOIN * min(room, tolerance):
                marks[-1] = (last + gap, heavy + weight, min(room, tolerance) - gap)
            else:
                marks.append((float(time), float(weight), float(tolerance)))
        columns = np.array(marks).T
        return cls(columns[0], np.minimum(columns[1], 1.0), columns[2])


@dataclass(frozen=True)
class Step:
    """A hit that is met: ``time`` its beat in seconds, ``place`` eighths from its bar line.

    ``eighths`` lie between it and the one before (0 for the first); ``odd`` says that an odd bar ends on it.
    """

    hit: int
    time: float
    place: int
    eighths: int
    odd: bool


@dataclass(frozen=True, eq=False)
class _Costs:
    """What every transition needs: of arriving at place (place before + eighths) % length."""

    pulse: Ints  # index of the pulse at each eighth of the bar, -1 where there is none
    odd: Floats  # cost of cutting a bar after so many eighths, 0 where none is cut


class Bender:
    """The search over all hits for several base tempos at once.

    Args:
        marks: the hits, at least one.
        measure: the usual bar.
        beats: (K,) seconds of a felt beat, the base tempos.
        flex: how far the tempo may bend, a share above 0.
        bars: whether places in the bar matter; without, every beat is as good as another.
        shifts: by which shares of its tolerance a hit may be missed.
        reach: fewer hits than this are missed in a row.
        stiffness: how many times the usual cost a bend has: more for tempos that were asked for.

    """

    def __init__(
        self,
        marks: Marks,
        measure: Measure,
        beats: Floats,
        flex: float,
        *,
        bars: bool = True,
        shifts: tuple[float, ...] = FINE,
        reach: int = 10,
        stiffness: float = 1.0,
    ) -> None:
        self._bend_cost = BEND_COST * stiffness
        self._amounts, self._reach = np.array(shifts), reach
        self._marks, self._flex, self._beats = marks, flex, beats
        self._measure = measure
        self._eighth = beats / measure.beat
        self._length = measure.length if bars else measure.beat
        self._pulses = np.array(measure.pulses if bars else (0,), np.int64)
        self._bar_share = BAR_SHARE if bars else 0.0
        self._costs = self._tables()
        self._whole = float(np.ptp(marks.times)) or 1.0
        self._shifts = marks.tolerances[:, None] * self._amounts  # (H, O)
        self._spots = marks.times[:, None] + self._shifts
        self._values: list[Floats] = []
        self._origins: list[Ints] = []

    def _tables(self) -> _Costs:
        pulse = np.full(self._length, -1, np.int64)
        pulse[self._pulses] = np.arange(len(self._pulses))
        rest = np.arange(self._length)
        whole = rest % self._measure.beat == 0 if self._length % self._measure.beat == 0 else rest % 2 == 0
        odd = np.where(rest == 0, 0.0, np.where(whole, ODD_WHOLE, ODD_PART)) / len(self._marks.times)
        return _Costs(pulse, odd)

    def search(self) -> Floats:
        """(K,) the best J of each base tempo."""
        worth = self._marks.weights / self._marks.weights.sum()
        squares = self._marks.weights**2 / (self._marks.weights**2).sum() * self._bar_share
        cost = SHIFT_COST * np.abs(self._amounts) / len(worth)
        best = np.full(len(self._beats), _NEVER)
        for hit in range(len(worth)):
            gain = worth[hit] - cost[None, :, None] + np.where(self._pulses == 0, squares[hit], 0.0)
            value = np.broadcast_to(gain, (len(self._beats), len(self._amounts), len(self._pulses)))
            origin = np.full(value.shape, -1, np.int64)
            if hit:
                before, origin = self._arrivals(hit)
                origin = np.where(before > 0, origin, -1)
                value = value + np.maximum(before, 0.0)
            self._values.append(value)
            self._origins.append(origin)
            best = np.maximum(best, value.max(axis=(1, 2)))
        return best

    def _spans(self, hit: int) -> tuple[Floats, Ints]:
        """Cost of each way from an earlier hit, (K, O, S, O, N), and its eighths; infinite where it cannot be."""
        first = max(0, hit - self._reach)
        length = self._spots[hit][:, None, None] - self._spots[first:hit][None, :, :]  # (O, S, O)
        wide = np.maximum(length, 1e-6)[None] / self._eighth[:, None, None, None]
        eighths = np.rint(wide)[..., None] + np.arange(-NEAR, NEAR + 1)
        bend = (eighths / wide[..., None] - 1) / self._flex
        cost = self._bend_cost * (np.maximum(length, 0.0) / self._whole)[None, ..., None] * bend**2
        return np.where((np.abs(bend) <= 1) & (eighths >= 1), cost, np.inf), eighths.astype(np.int64)

    def _arrivals(self, hit: int) -> tuple[Floats, Ints]:
        """Best value before this hit for each state of it, (K, O, P), and the way there."""
        cost, eighths = self._spans(hit)
        first = max(0, hit - self._reach)
        before = np.stack(self._values[first:hit], axis=1)  # (K, S, O, P)
        reached = before[:, None, :, :, None, :] - cost[..., None]  # (K, O, S, O, N, P)
        total = self._pulses + eighths[..., None]
        rest = total % self._length
        pulse = self._costs.pulse[rest]
        found, origin = [], []
        for number in range(len(self._pulses)):
            ways = np.where(pulse == number, reached, _NEVER)
            if number == 0:
                odd = (rest > 0) & (total >= SHORTEST)
                ways = np.where(odd, reached - self._costs.odd[rest], ways)
            flat = ways.reshape(*ways.shape[:2], -1)
            best = flat.argmax(axis=2)
            found.append(np.take_along_axis(flat, best[..., None], 2)[..., 0])
            origin.append(best)
        return np.stack(found, axis=2), np.stack(origin, axis=2)

    def path(self, tempo: int) -> tuple[Step, ...]:
        """The hits that are met by the best way at base tempo number ``tempo``, after ``search``."""
        ends = np.array([value[tempo].max() for value in self._values])
        hit = int(ends.argmax())
        shift, place = (
            int(n) for n in np.unravel_index(self._values[hit][tempo].argmax(), (len(self._amounts), len(self._pulses)))
        )
        steps: list[Step] = []
        while True:
            origin = int(self._origins[hit][tempo, shift, place])
            here = float(self._spots[hit, shift])
            if origin < 0:
                steps.append(Step(hit, here, int(self._pulses[place]), 0, odd=False))
                return tuple(reversed(steps))
            first = max(0, hit - self._reach)
            shape = (hit - first, len(self._amounts), 2 * NEAR + 1, len(self._pulses))
            back, from_shift, near, from_place = (int(n) for n in np.unravel_index(origin, shape))
            span = (here - float(self._spots[first + back, from_shift])) / float(self._eighth[tempo])
            eighths = round(span) + near - NEAR
            whole = (int(self._pulses[from_place]) + eighths - int(self._pulses[place])) % self._length
            steps.append(Step(hit, here, int(self._pulses[place]), eighths, odd=whole != 0))
            hit, shift, place = first + back, from_shift, from_place
