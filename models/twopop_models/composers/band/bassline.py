"""Bass lines that know inversions, walk, and lead into the next chord."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import scale_under
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.score import Note


def bass(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """The bass of a whole cue, one note at a time."""
    low, high = player.span[0], min(player.span[1], max(chart.brief.style.bass_center + 14, player.span[0] + 16))
    voice = _Voice(low, high, min(max(chart.brief.style.bass_center, low + 2), high - 2))
    notes: list[Note] = []
    for bar in chart.bars:
        if bar.pickup:
            continue
        lines = chart.brief.style.bass[bar.level]
        line = bar.strokes(lines[bar.index // 4 % len(lines)])
        if bar.index % 4 == 3 or bar.leads:
            line = _turned(line, bar, rng)
        for stroke in line:
            notes.extend(_over_changes(chart, _note(chart, bar, stroke, voice, rng), voice))
    return [note for note in notes if note.length > 0]


def _over_changes(chart: Chart, note: Note, voice: _Voice) -> list[Note]:
    """A note held over a change of chord goes to the new bass, or on when that is the same."""
    found, stop = [note], note.tick + note.length
    for start in chart.changes(note.tick, stop):
        pitch = voice.nearest(chart.chord(start).bass, voice.home)
        if pitch % 12 != found[-1].pitch % 12 and stop - start >= STEP:
            found[-1] = replace(found[-1], length=start - found[-1].tick)
            found.append(Note(start, stop - start, pitch, note.velocity))
            voice.last = pitch
    return found


def _turned(line: list[Stroke], bar: Bar, rng: np.random.Generator) -> list[Stroke]:
    """The last bar of a phrase ends with a step towards the next chord, early or late."""
    step = bar.steps - int(rng.choice([1, 2, 2, 4]))
    if step <= 0:
        return line
    kept = [Stroke(s.step, min(s.length, step - s.step), s.sign) for s in line if s.step < step]
    return [*kept, Stroke(step, bar.steps - step, "A")]


class _Voice:
    """Where the bass player's hand is."""

    def __init__(self, low: int, high: int, home: int) -> None:
        self.low, self.high, self.home = low, high, home
        self.last = home

    def nearest(self, pitch_class: int, around: int) -> int:
        """The pitch of a class nearest to another pitch, in range."""
        options = [pitch for pitch in range(self.low, self.high + 1) if pitch % 12 == pitch_class % 12]
        return min(options, key=lambda pitch: (abs(pitch - around), pitch))


def _note(chart: Chart, bar: Bar, stroke: Stroke, voice: _Voice, rng: np.random.Generator) -> Note:
    tick = chart.tick(bar, stroke.step)
    pitch = _pitch(chart, tick, stroke, voice, rng)
    voice.last = pitch
    length = min(round(stroke.length * STEP * min(0.96, chart.brief.feeling.articulation + 0.1)), bar.stop - tick)
    share = 0.85 if stroke.sign == "r" else 1.02
    return Note(tick, length, pitch, chart.velocity(bar, stroke.step, share))


def _pitch(chart: Chart, tick: int, stroke: Stroke, voice: _Voice, rng: np.random.Generator) -> int:
    span = chart.span(tick)
    chord, after = span.chord, chart.next_chord(tick)
    root = voice.nearest(chord.bass, voice.home)
    if stroke.sign in "Rr" or (stroke.sign == "W" and tick - span.start < STEP):
        return root
    if stroke.sign == "8":
        return root + 12 if root + 12 <= voice.high else root
    if stroke.sign == "5":
        fifth = next((i for i in chord.intervals if i in (6, 7, 8)), 7)
        return voice.nearest(chord.root + fifth, root)
    if stroke.sign == "3":
        return voice.nearest(chord.root + chord.intervals[1], root)
    goal = voice.nearest(after.bass, voice.last)
    if stroke.sign == "A":
        leading = goal + int(rng.choice([-1, -1, 1, -2]))
        return leading if voice.low <= leading <= voice.high else goal
    return _walk(chord.classes, scale_under(chord, *chart.key(tick)), goal, voice, rng)


def _walk(
    members: tuple[int, ...], allowed: tuple[int, ...], goal: int, voice: _Voice, rng: np.random.Generator
) -> int:
    """A step or small leap, rather to a chord note and rather towards the goal; never the same pitch again."""
    options = [p for p in range(voice.low, voice.high + 1) if p % 12 in allowed and 0 < abs(p - voice.last) <= 5]
    if not options:
        return voice.nearest(members[0], voice.last)
    cost = [abs(p - goal) * 0.4 - (2 if p % 12 in members else 0) + float(rng.random()) * 3 for p in options]
    return options[int(np.argmin(cost))]
