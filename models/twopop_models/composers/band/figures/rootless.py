"""A pianist's left hand in a trio: rootless voicings (3 7 9 13), struck on anticipations of what comes.

Signs: ``C`` a chord that rings for its length, ``c`` softly, ``s`` a short one. A chord on the last eighth of a
bar is the next bar's.
"""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.comping import lead
from twopop_models.composers.band.figures.grids import at, events
from twopop_models.composers.band.harmony import Chord
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import PPQ, Note


def colours(chord: Chord) -> tuple[int, ...]:
    """Pitch classes of a rootless voicing: third, seventh (sixth), ninth, and thirteenth or fifth.

    >>> from twopop_models.composers.band.harmony import named
    >>> colours(named(0, "7")), colours(named(2, "m7"))
    ((4, 10, 2, 9), (5, 0, 4, 9))
    """
    third = next((i for i in chord.intervals if i in (3, 4, 5)), 4)
    seventh = next((i for i in chord.intervals if i in (9, 10, 11)), 9)
    dominant = third == 4 and seventh == 10
    flat = 6 in chord.intervals
    upper = (14, 21) if dominant else ((15, 6) if flat else (14, 7))
    fourth = (12 if flat else upper[0]), upper[1]
    return tuple((chord.root + interval) % 12 for interval in (third, seventh, *fourth))


def voiced(chord: Chord, before: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    """The colours in close position, as near as possible to the voicing before."""
    classes = sorted(set(colours(chord)))
    stacks = []
    for start in range(low, high + 1):
        if start % 12 in classes:
            stack = tuple(sorted(start + (pc - start) % 12 for pc in classes))
            if stack[-1] <= high + 2:
                stacks.append(stack)
    middle = (low + high) / 2 - 1
    aim = before or (int(middle),)
    return min(
        stacks,
        key=lambda s: (sum(min(abs(p - q) for q in aim) for p in s) + 0.2 * abs(s[0] + 5 - middle), s),
        default=tuple(p for p in range(low, high) if p % 12 in classes)[:3],
    )


def comp(levels: tuple[Lines, Lines, Lines]) -> Play:
    """A comping hand that reads lines by level; whoever sustains holds plain chords on the same rhythm."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        chords = _voicings(chart, player)
        notes: list[Note] = []
        for bar in chart.bars:
            if bar.pickup or (bar.index % 8 == 5 and rng.random() < 0.3):
                continue  # a bar of air
            lines = levels[bar.level]
            for stroke in events(lines[int(rng.integers(len(lines)))], bar):
                tick = at(chart, bar, stroke.step)
                ahead = bar.steps - stroke.step <= 2 and bar.steps > 4
                sounding = chart.span(min(bar.stop, tick + PPQ // 2) if ahead else tick)
                length = _length(stroke, tick, sounding.stop)
                share = {"C": 0.92, "c": 0.76, "s": 0.95}.get(stroke.sign, 0.9)
                velocity = chart.velocity(bar, stroke.step, share)
                notes.extend(Note(tick, length, pitch, velocity) for pitch in chords[sounding.start])
        return notes

    return play


def _voicings(chart: Chart, player: Player) -> dict[int, tuple[int, ...]]:
    low, high = reach(player, *chart.brief.style.chord_range)
    if player.instrument.sustained:
        return lead(chart, player, low, high, 3)
    before: tuple[int, ...] = ()
    found = {}
    for span in chart.harmony:
        before = voiced(span.chord, before, low, high)
        found[span.start] = before
    return found


def _length(stroke: Stroke, tick: int, stop: int) -> int:
    wanted = STEP * 4 // 5 if stroke.sign == "s" else stroke.length * STEP * 9 // 10
    return max(1, min(wanted, stop - tick))
