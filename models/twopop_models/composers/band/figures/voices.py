"""What sings: themes written as text over ladders of chord notes, and sighs of a semitone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.hands import until
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import Chord, scale_under
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note

LADDERS = ("open", "chord", "scale")
"""Rungs above a chord's root: root, fifth and octave (fanfares), its notes, or the scale that fits it."""


@dataclass(frozen=True)
class Song:
    """A way to sing; call it as a ``Play``.

    Attributes:
        motifs: two bars of 16ths each; a digit is a rung of the ladder, ``-`` holds, ``.`` rests.
        ladder: one of ``LADDERS``.
        centre: where the root of a chord lies, about.
        short: share of the written lengths that sounds.
        share: of the bar's force.
        grace: how often a note has a short one a semitone below before it, 0..1.
        rests: levels at which it is silent.
        every: it sings in the first two of so many bars; 2 is always.

    """

    motifs: tuple[str, ...]
    ladder: str = "chord"
    centre: int = 67
    short: float = 0.95
    share: float = 1.08
    grace: float = 0.0
    rests: tuple[int, ...] = ()
    every: int = 2
    shifts: tuple[int, ...] = field(default=(0, 1, 0, -1, 2))

    def __call__(self, chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        """The melody of a whole cue."""
        order = rng.permutation(len(self.motifs))
        notes: list[Note] = []
        shift = 0
        for bar in chart.bars:
            if bar.index % 4 == 0:
                shift = 0 if bar.section.startswith("theme A") else int(rng.choice(self.shifts))
            if bar.pickup or bar.level in self.rests or self._silent(chart, bar):
                continue
            theme = self.motifs[order[("B" in bar.section or "D" in bar.section) % len(order)]]
            notes.extend(self._bar(chart, player, bar, theme, shift, rng))
        return [note for note in notes if note.length > 0]

    def _silent(self, chart: Chart, bar: Bar) -> bool:
        return bar.index % self.every > 1 or (bar.section == "intro" and len(chart.bars) > 8)

    def _bar(
        self, chart: Chart, player: Player, bar: Bar, theme: str, shift: int, rng: np.random.Generator
    ) -> Iterator[Note]:
        line = bar.strokes(theme[16 * (bar.index % 2) :][:16])
        if bar.index % 4 == 3:
            line = closing(line, bar.steps)
        for stroke in line:
            tick = chart.tick(bar, stroke.step)
            pitch = self._rung(chart, player, tick, int(stroke.sign) + shift)
            length = until(chart, bar, tick, max(1, round(stroke.length * STEP * self.short)))
            if stroke.length > 2 and tick + length == chart.span(tick).stop:  # sings over a change of chord
                length = min(round(stroke.length * STEP * self.short), bar.stop - tick)
            force = chart.velocity(bar, stroke.step, self.share)
            if tick >= STEP and rng.random() < self.grace:
                yield Note(tick - STEP // 3, STEP // 3, pitch - 1, max(1, force - 18))
            yield Note(tick, length, pitch, force)

    def _rung(self, chart: Chart, player: Player, tick: int, rung: int) -> int:
        chord = chart.chord(tick)
        steps = ladder(chord, self.ladder, *chart.key(tick))
        octave, place = divmod(rung, len(steps))
        centre = self.centre + chart.brief.feeling.register
        root = centre - 6 + (chord.root - centre + 6) % 12
        return fold(root + steps[place] + 12 * octave, *player.span)


def ladder(chord: Chord, kind: str, tonic: int, mode: str) -> tuple[int, ...]:
    """Semitones over a chord's root within an octave, rising."""
    fifth = next((step for step in chord.intervals if step in (6, 7, 8)), 7)
    if kind == "open":
        return (0, fifth)
    if kind == "chord":
        return tuple(sorted({step % 12 for step in chord.intervals}))
    return tuple(sorted((pitch - chord.root) % 12 for pitch in scale_under(chord, tonic, mode)))


def closing(line: list[Stroke], steps: int) -> list[Stroke]:
    """The end of a phrase: what comes in its first half, the last note long, then a breath."""
    kept = [stroke for stroke in line if stroke.step <= steps // 2]
    if not kept:
        return line
    last = kept[-1]
    return [*kept[:-1], Stroke(last.step, max(1, steps - 2 - last.step), last.sign)]


def sighs(*, centre: int = 74, every: int = 2, share: float = 0.95) -> Play:
    """Two notes a semitone apart, now falling, now rising, late in every ``every``-th bar: a question."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        notes: list[Note] = []
        for bar in chart.bars:
            if bar.pickup or bar.index % every != every - 1 - (bar.level == 2):
                continue
            chord = chart.chord(bar.start)
            step = int(rng.choice([0, 0, chord.intervals[-1] % 12, 6]))
            base = fold(centre - 6 + (chord.root + step - centre + 6) % 12, *player.span)
            half = (bar.stop - bar.start) // 2
            turn = int(rng.choice([1, -1, 1]))
            begin = bar.start + half // 2 * int(rng.integers(0, 2))
            force = chart.velocity(bar, 2, share)
            notes.append(Note(begin, half // 2, base + turn, force))
            notes.append(Note(begin + half // 2, bar.stop - begin - half // 2, base, max(1, force - 8)))
        return notes

    return play
