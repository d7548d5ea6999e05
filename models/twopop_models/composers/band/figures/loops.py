"""Tunes that loop: two bars from the seed that come again and again, with a note more or less, and drop out.

The loop keeps its pitches while the chords move under it, as a sample does, and moves with the key; notes that
grate on a chord give way to the nearest of the chord's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.grids import at, events
from twopop_models.composers.band.figures.singing import PENTATONIC, ladder, nearest, register, rests
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import scale
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note


@dataclass(frozen=True)
class Loop:
    """How a loop is made.

    Attributes:
        rhythms: 16th-note texts of two bars.
        pentatonic: five notes of the key instead of seven.
        reach: ladder steps that it may go from its middle.
        lift: semitones over the usual register.
        full: how much of a note sounds.
        quiet: phrases of four bars that rest unless the music is full.

    """

    rhythms: tuple[str, ...]
    pentatonic: bool = False
    reach: int = 3
    lift: int = 0
    full: float = 0.9
    quiet: tuple[int, ...] = (2,)

    def play(self) -> Play:
        """The generator."""
        return self._loop

    def _loop(self, chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        span = register(chart, player, self.lift)
        steps = PENTATONIC[chart.brief.mode] if self.pentatonic else scale(chart.brief.mode)
        rungs = ladder(span, tuple((chart.brief.tonic + step) % 12 for step in steps))
        samples = [self._sample(rungs, rng) for _ in range(2)]
        notes: list[Note] = []
        for bar in chart.bars:
            if rests(chart, bar, self.quiet) or (bar.index % 8 == 7 and bar.level < 2):
                continue
            rhythm, pitches = samples[bar.section.startswith(("theme B", "theme D", "peak"))]
            notes.extend(self._bar(chart, bar, rhythm, pitches, span, rng))
        return notes

    def _sample(self, rungs: list[int], rng: np.random.Generator) -> tuple[str, list[int]]:
        """A rhythm and the pitch on each of its 32 steps, which wander around the middle."""
        middle, place, pitches = len(rungs) // 2, 0, []
        for _ in range(32):
            pitches.append(rungs[min(max(middle + place, 0), len(rungs) - 1)])
            move = int(rng.choice([-2, -1, -1, 0, 1, 1, 2]))
            place += move if abs(place + move) <= self.reach else -move
        return self.rhythms[int(rng.integers(len(self.rhythms)))], pitches

    def _bar(
        self, chart: Chart, bar: Bar, rhythm: str, pitches: list[int], span: tuple[int, int], rng: np.random.Generator
    ) -> list[Note]:
        notes = []
        away = ((bar.key[0] if bar.key else chart.brief.tonic) - chart.brief.tonic + 5) % 12 - 5
        for place, stroke in enumerate(events(rhythm, bar)):
            tick = at(chart, bar, stroke.step)
            length = min(round(stroke.length * STEP * self.full), bar.stop - tick)
            if length < 1 or (place and rng.random() < 0.1):
                continue
            pitch = pitches[(16 * (bar.index % 2) + stroke.step) % 32] + away
            chord = chart.chord(tick).classes
            if any((pitch + off) % 12 in chord for off in (1, -1)) and pitch % 12 not in chord:
                pitch = nearest(pitch, chord, span)
            notes.append(Note(tick, length, pitch, chart.velocity(bar, stroke.step, 1.04)))
        return notes
