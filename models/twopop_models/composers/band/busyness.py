"""How many notes begin in a second: led to what the targeted reference has, as far as the family goes.

One number says how: up to 1 either way bars are fuller or thinner as with more or less energy. Beyond, weak 16ths
fall silent on the one side, and on the other the accompaniment strikes again where it would hold on. Steps are dropped
and added in the order of ``DROPPED`` and ``ADDED``, the same in all bars, so that a groove stays one.

The number is found by writing, counting and writing again: see ``sought``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import log2

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.score import Note, Score

BIAS = 0.25
"""Energy that every bar has more or less at a fullness of 1."""
DROPPED = (13, 5, 9, 1, 15, 7, 11, 3, 6, 14, 2, 10)
ADDED = (8, 4, 12, 2, 10, 6, 14, 0, 3, 11, 7, 15)
"""16ths of a bar, the first to go or to come first."""
STEPS = 6
"""So many of them for 1 of fullness beyond 1."""
FURTHEST = 3.0
NEAR = 0.12
"""Octaves of density that are near enough."""
TRIES = 4
HEARD = 1.15
"""Notes of a score that begin apart, for one onset that is heard in a recording: twenty-eight tracks, seventy cues."""
TOGETHER = 0.045
"""Seconds within which notes are one onset."""


@dataclass(frozen=True)
class Fullness:
    """How much fuller than usual; 0 is usual. See above."""

    amount: float = 0.0

    @property
    def bias(self) -> float:
        """What is added to every bar's energy."""
        return BIAS * max(-1.0, min(1.0, self.amount))

    @property
    def dropped(self) -> frozenset[int]:
        """16ths on which nothing short begins."""
        return frozenset(DROPPED[: round(STEPS * max(0.0, -self.amount - 1))])

    @property
    def added(self) -> tuple[int, ...]:
        """16ths on which the accompaniment strikes again."""
        return ADDED[: round(STEPS * max(0.0, self.amount - 1))]


USUAL = Fullness()


def sought(wanted: float, count: Callable[[Fullness], float]) -> Fullness:
    """The fullness at which ``count`` is nearest to ``wanted`` onsets per second, in at most ``TRIES`` counts."""
    low, high = -FURTHEST, FURTHEST
    found: list[tuple[float, Fullness]] = []
    at = 0.0
    for _ in range(TRIES):
        missing = log2(wanted / max(count(Fullness(at)), 0.05))
        found.append((abs(missing), Fullness(at)))
        if abs(missing) < NEAR:
            break
        low, high = (at, high) if missing > 0 else (low, at)
        at = min(max(at + 2 * missing, low + 0.3 * (high - low)), high - 0.3 * (high - low))
    return min(found, key=lambda one: one[0])[1]


def per_second(score: Score) -> float:
    """Onsets per second before the last chord, of all parts together."""
    end = score.chords[-1].tick if score.ending.kind in ("ring", "button") and score.chords else score.stop
    ticks = np.array(sorted({note.tick for part in score.parts for note in part.notes if note.tick < end}))
    if not len(ticks) or not end:
        return 0.0
    turns = [*(change.tick for change in score.tempo_map.tempos), 2**31]
    times = np.interp(ticks, turns, [float(score.tempo_map.seconds(tick)) for tick in turns])
    return _apart(times.tolist()) / float(score.tempo_map.seconds(end))


def _apart(times: Iterable[float]) -> int:
    """How many of the times, in order, are no echo of one before."""
    count, last = 0, -1.0
    for at in times:
        if at - last > TOGETHER:
            count, last = count + 1, at
    return count


def amended(notes: list[Note], chart: Chart, who: Player, fullness: Fullness, *, second: bool) -> list[Note]:
    """A part with fewer or more notes; ``second`` players of a role add none."""
    if not chart.bars or not (fullness.dropped or fullness.added):
        return notes
    ladder = _Ladder(chart)
    if fullness.dropped:
        return _lighter(notes, ladder, who, fullness.dropped)
    return notes if second or who.role != "harmony" else [*notes, *_again(notes, chart, ladder, fullness.added)]


class _Ladder:
    """Which 16th of which bar a tick belongs to, swung as the family swings."""

    def __init__(self, chart: Chart) -> None:
        self.bars = [bar for bar in chart.bars if not bar.pickup]
        self.rungs = [(chart.tick(bar, step), step) for bar in self.bars for step in range(bar.steps)]
        self._ticks = [tick for tick, _ in self.rungs]

    def step(self, tick: int) -> int:
        """The 16th nearest to a tick; -1 before the first bar."""
        place = bisect_right(self._ticks, tick + STEP // 4) - 1
        return self.rungs[place][1] if place >= 0 else -1


def _lighter(notes: list[Note], ladder: _Ladder, who: Player, dropped: frozenset[int]) -> list[Note]:
    """Without what is short and begins on a dropped step; a tune only loses what follows a note of its own at once."""
    ticks = sorted({note.tick for note in notes})
    runs = {after for before, after in pairwise(ticks) if after - before <= 3 * STEP // 2}

    def goes(note: Note) -> bool:
        short = who.instrument.drums or note.length <= 5 * STEP // 2
        return short and ladder.step(note.tick) in dropped and (who.role != "melody" or note.tick in runs)

    return [note for note in notes if not goes(note)]


def _again(notes: list[Note], chart: Chart, ladder: _Ladder, added: tuple[int, ...]) -> list[Note]:
    """Single notes of what was struck last, one voice after the other, on added steps where nothing begins."""
    struck: dict[int, list[Note]] = {}
    for note in notes:
        struck.setdefault(note.tick, []).append(note)
    ticks = sorted(struck)
    taken = {ladder.step(tick) + 64 * _bar(ladder.bars, tick) for tick in ticks}
    found = []
    for number, bar in enumerate(ladder.bars):
        for step in sorted(step for step in added if step < bar.steps and step + 64 * number not in taken):
            tick = chart.tick(bar, step)
            place = bisect_right(ticks, tick) - 1
            voices = sorted(struck[ticks[place]], key=lambda note: note.pitch) if place >= 0 else []
            if voices and chart.span(ticks[place]).chord == chart.span(tick).chord:
                voice = voices[(step // 2 + number) % len(voices)]
                velocity = max(18, round(0.8 * voice.velocity))
                found.append(Note(tick, min(2 * STEP, bar.stop - tick), voice.pitch, velocity))
    return found


def _bar(bars: list[Bar], tick: int) -> int:
    """The number of the bar at a tick."""
    return bisect_right(bars, tick + STEP // 4, key=lambda bar: bar.start) - 1
