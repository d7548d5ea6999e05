"""A walking bass: the chord's bass on every change and bar line, steps towards the next one, a half step before it.

In two (quiet bars) it plays every other beat and lets it ring; in four a skip now and then.
"""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.basses import low_root
from twopop_models.composers.band.figures.grids import at, beats
from twopop_models.composers.band.figures.singing import ladder
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import scale_under
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.score import Note


def walk(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """The bass of a whole cue."""
    notes: list[Note] = []
    last = low_root(chart, player, chart.chord(0).bass)
    for bar in chart.bars:
        if bar.pickup:
            continue
        places = _steps(chart, bar)
        for place, step in enumerate(places):
            until = places[place + 1] if place + 1 < len(places) else bar.steps
            tick = at(chart, bar, step)
            stop = min(bar.stop, at(chart, bar, until)) if until < bar.steps else bar.stop
            last = _pitch(chart, player, tick, stop, last, rng, line=not step)
            notes.append(Note(tick, max(1, (stop - tick) * 19 // 20), last, chart.velocity(bar, step, 1.02)))
            if bar.level == 2 and until - step >= 4 and rng.random() < 0.14 and step + 2 < bar.steps:
                skip = at(chart, bar, step + 2)
                notes.append(Note(skip, STEP // 2, last, chart.velocity(bar, step + 2, 0.72)))
    return notes


def _steps(chart: Chart, bar: Bar) -> list[int]:
    """Where it plays in a bar: beats, in quiet bars every other one, and wherever a chord changes."""
    starts = [start for start, _ in beats(bar)]
    if not bar.level:
        changes = {start for start in starts if chart.span(at(chart, bar, start)).start == at(chart, bar, start)}
        starts = [start for place, start in enumerate(starts) if place % 2 == 0 or start in changes]
    return starts


def _pitch(
    chart: Chart, player: Player, tick: int, stop: int, last: int, rng: np.random.Generator, *, line: bool
) -> int:
    span = chart.span(tick)
    low, high = player.span[0], min(player.span[1], chart.brief.style.bass_center + 13)
    if tick - span.start < STEP or line:
        return _near(span.chord.bass, last, low, high, low_root(chart, player, span.chord.bass))
    goal = _near(chart.next_chord(tick).bass, last, low, high, last)
    if span.stop - stop < STEP:  # the last note before a change leads to it
        options = [p for p in (goal - 1, goal + 1, goal + 2, goal - 2, goal + 7) if low <= p <= high and p != last]
        return int(rng.choice(options[:3])) if options else goal
    rungs = [p for p in ladder((low, high), scale_under(span.chord, *chart.key(span.start))) if 0 < abs(p - last) <= 5]
    cost = [
        0.5 * abs(p - goal) - 2.5 * (p % 12 in span.chord.classes) + 0.3 * abs(p - last) + 3 * rng.random()
        for p in rungs
    ]
    return rungs[int(np.argmin(cost))] if rungs else last


def _near(pitch_class: int, last: int, low: int, high: int, home: int) -> int:
    """The pitch of a class near to the last one, and rather near to home."""
    options = ladder((low, high), (pitch_class % 12,))
    return min(options, key=lambda p: (abs(p - last) + 0.6 * abs(p - home), p), default=home)
