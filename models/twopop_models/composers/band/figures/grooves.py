"""A drummer who reads grids: any meter, ghosts by chance, fills that grow with what they lead to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.drumming import key_of
from twopop_models.composers.band.figures.grids import at, beats, events, first, ticks
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Grid, Play
from twopop_models.score import Note

LOUD: dict[str, float] = {"X": 1.2, "x": 1.0, "o": 0.74, "g": 0.46, "?": 0.42}
Levels = tuple[tuple[Grid, ...], tuple[Grid, ...], tuple[Grid, ...]]


@dataclass(frozen=True)
class Groove:
    """How a drummer plays the family's grids.

    Attributes:
        other: grids instead of the family's in a cue whose arousal is below ``turn``.
        wild: grids of the peak.
        late: (key, milliseconds) by which it comes late; negative pushes.
        crash: key at the head of a section, 0 for none.
        roll: key of a closed hat that may roll in 32nds when the bar is full, 0 for none.

    """

    other: Levels | None = None
    turn: float = 0.0
    wild: tuple[Grid, ...] = ()
    late: tuple[tuple[int, float], ...] = ()
    crash: int = 49
    roll: int = 0

    def play(self) -> Play:
        """The generator."""
        return self._drums

    def _drums(self, chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        style = chart.brief.style
        choice = rng.integers(100, size=len(chart.bars) // 4 + 2)
        levels = self.other if self.other and chart.brief.feeling.arousal < self.turn else style.drums
        notes: list[Note] = []
        for bar in chart.bars:
            if bar.pickup or (bar.energy < style.drum_floor and len(chart.bars) > 6):
                continue
            variants = self.wild if self.wild and bar.section == "peak" else levels[bar.level]
            grid = variants[int(choice[bar.index // 4] + bar.index // 2 % 2) % len(variants)]
            notes.extend(self._bar(chart, bar, grid, player, rng))
        return notes

    def _bar(self, chart: Chart, bar: Bar, grid: Grid, player: Player, rng: np.random.Generator) -> list[Note]:
        """The groove up to where a fill takes over."""
        cut = _cut(bar, rng)
        fills = chart.brief.style.fills
        notes = self._lines(chart, bar, grid, range(cut), player, rng)
        if cut < bar.steps and fills:
            fill = fills[int(rng.integers(len(fills)))]
            notes += self._lines(chart, bar, fill, range(cut, bar.steps), player, rng)
        if self.crash and bar.level and first(bar, chart.bars):
            key = key_of(player, self.crash, chart.brief.tonic)
            notes += [] if key is None else [Note(bar.start, STEP, key, chart.velocity(bar, 0, 1.0))]
        return notes

    def _lines(
        self, chart: Chart, bar: Bar, grid: Grid, steps: range, player: Player, rng: np.random.Generator
    ) -> list[Note]:
        notes = []
        for key, line in grid:
            pitch = key_of(player, key, chart.brief.tonic)
            for stroke in events(line, bar):
                tick = at(chart, bar, stroke.step)
                if pitch is None or stroke.step not in steps or tick >= bar.stop or _left_out(stroke.sign, rng):
                    continue
                tick = min(bar.stop - 1, max(bar.start, tick + ticks(chart, tick, dict(self.late).get(key, 0.0))))
                force = chart.velocity(bar, stroke.step, LOUD[stroke.sign])
                notes.append(Note(tick, min(STEP, bar.stop - tick), pitch, force))
                if key == self.roll and bar.level == 2 and stroke.step % 4 >= 2 and rng.random() < 0.22:
                    notes += _rolled(notes[-1], int(rng.choice([2, 3])))
        return notes


def _left_out(sign: str, rng: np.random.Generator) -> bool:
    """Ghosts that come or not; now and then a soft stroke less."""
    return bool((sign == "?" and rng.random() < 0.5) or (sign in "go" and rng.random() < 0.06))


def _cut(bar: Bar, rng: np.random.Generator) -> int:
    """The step where a fill begins: a whole bar into the peak, half a bar into a section, at times a beat."""
    places = beats(bar)
    if not bar.level or bar.steps < 8:
        return bar.steps
    if bar.leads:
        return 0 if bar.section == "build" else places[len(places) // 2][0]
    if bar.index % 8 == 7:
        return places[len(places) // 2][0]
    return places[-1][0] if bar.index % 4 == 3 and rng.random() < 0.6 else bar.steps


def _rolled(note: Note, count: int) -> list[Note]:
    """The strokes that split a 16th."""
    gap = STEP // count
    return [Note(note.tick + gap * i, gap, note.pitch, max(18, note.velocity - 8 * i)) for i in range(1, count)]
