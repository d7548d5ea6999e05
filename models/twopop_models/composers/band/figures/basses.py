"""Bass players who read lines in any meter.

Signs: ``R`` root, ``r`` softly, ``8`` octave, ``5`` fifth, ``3`` third, ``7`` seventh or sixth, ``N`` the root of the
chord to come, ``A`` a step next to it, ``g`` a dead note.
"""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.grids import at, events
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import Chord
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note

FORCE: dict[str, float] = {"g": 0.55, "r": 0.85, "8": 1.08, "R": 1.04}


def riff(levels: tuple[Lines, Lines, Lines], *, short: float = 0.9, other: Lines = (), turn: float = 0.0) -> Play:
    """A bass that plays lines by level; ``other`` below an arousal of ``turn``. ``short`` is the share that sounds."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        notes: list[Note] = []
        choice = rng.integers(100, size=len(chart.bars) // 4 + 2)
        for bar in chart.bars:
            if bar.pickup:
                continue
            lines = other if other and chart.brief.feeling.arousal < turn else levels[bar.level]
            line = lines[int(choice[bar.index // 4] + (bar.index % 4 == 3)) % len(lines)]
            notes.extend(_bar(chart, player, bar, line, short, rng))
        return notes

    return play


def _bar(chart: Chart, player: Player, bar: Bar, line: str, short: float, rng: np.random.Generator) -> list[Note]:
    notes = []
    for stroke in events(line, bar):
        tick = at(chart, bar, stroke.step)
        if tick >= bar.stop or (stroke.sign in "gr7A" and rng.random() < 0.12):
            continue
        length = STEP // 3 if stroke.sign == "g" else round(stroke.length * STEP * short)
        pitch = pitch_of(chart, player, stroke, tick, rng)
        velocity = chart.velocity(bar, stroke.step, FORCE.get(stroke.sign, 1.0))
        notes.append(Note(tick, max(1, min(length, bar.stop - tick)), pitch, velocity))
    return notes


def pitch_of(chart: Chart, player: Player, stroke: Stroke, tick: int, rng: np.random.Generator) -> int:
    """What a sign means over the chord at a tick."""
    chord, after = chart.chord(tick), chart.next_chord(tick)
    root = low_root(chart, player, chord.bass)
    if stroke.sign == "8":
        return root + 12 if root + 12 <= player.span[1] else root
    if stroke.sign in "537":
        interval = _interval(chord, stroke.sign)
        return (
            root + interval
            if root + interval <= min(player.span[1], chart.brief.style.bass_center + 14)
            else (root + interval - 12 if root + interval - 12 >= player.span[0] else root)
        )
    if stroke.sign == "N":
        return low_root(chart, player, after.bass)
    if stroke.sign == "A":
        goal = low_root(chart, player, after.bass)
        step = int(rng.choice([-1, -1, 1, 2]))
        return goal + step if player.span[0] <= goal + step <= player.span[1] else goal
    return root


def low_root(chart: Chart, player: Player, pitch_class: int) -> int:
    """The pitch of a class nearest to the family's centre, in range."""
    low, high = player.span
    centre = min(max(chart.brief.style.bass_center, low + 5), high - 6)
    return min((p for p in range(low, high + 1) if p % 12 == pitch_class % 12), key=lambda p: (abs(p - centre), p))


def _interval(chord: Chord, sign: str) -> int:
    """Semitones above the root of a chord's fifth, third, or seventh (the sixth or the octave where it has none)."""
    if chord.bass != chord.root:
        return 0
    wanted = {"5": (6, 7, 8), "3": (3, 4, 5, 2), "7": (10, 11, 9)}[sign]
    return next((i for i in wanted if i in chord.intervals), {"5": 7, "3": 7, "7": 12}[sign])
