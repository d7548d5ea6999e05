"""Tunes from cells: bars of rhythm and contour that return in an order, are answered, ornamented and breathe.

A phrase has four bars; ``form`` names the cell of each ("abac"). A cell's contour counts steps of the ladder
from a chord note, so that it moves with the chords and is known again. Every section of one name has the same
cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.figures.grids import at, beats, events, ticks
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import scale_under
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note

PENTATONIC: dict[str, tuple[int, ...]] = {"major": (0, 2, 4, 7, 9), "minor": (0, 3, 5, 7, 10)}


@dataclass(frozen=True)
class Cell:
    """One bar: rhythm text and, note by note, ladder steps above or below the anchor."""

    rhythm: str
    contour: tuple[int, ...]


@dataclass(frozen=True)
class Song:
    """How a family sings.

    Attributes:
        rhythms: 16th-note texts of one bar.
        form: the cells of a phrase.
        pentatonic: sing on five notes of the key instead of the chord's scale.
        step: how readily it moves by step; the rest are leaps.
        grace: chance of a grace note: from above ("cut"), from below ("bend") or none ("").
        graces: its chance on notes that begin beats.
        turn: chance that a long note becomes a turn around itself.
        thirds: whether a second voice follows a third below when the bar is full.
        quiet: phrases of four that rest, counted from 0.
        lift: semitones over the usual register.
        full: how much of a note sounds.

    """

    rhythms: tuple[str, ...]
    form: str = "abac"
    pentatonic: bool = False
    step: float = 0.8
    grace: str = ""
    graces: float = 0.2
    turn: float = 0.0
    thirds: bool = False
    quiet: tuple[int, ...] = (3,)
    lift: int = 0
    full: float = 0.92

    def play(self) -> Play:
        """The generator."""
        return self._sing

    def _sing(self, chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        books: dict[str, dict[str, Cell]] = {}
        notes: list[Note] = []
        for bar in chart.bars:
            name = bar.section[:7] if bar.section.startswith("theme") else "theme A"
            if name not in books:
                books[name] = {letter: self._cell(rng) for letter in dict.fromkeys(self.form)}
            if rests(chart, bar, self.quiet):
                continue
            letter = self.form[bar.index % 4 % len(self.form)]
            notes.extend(self._bar(chart, player, bar, books[name][letter], rng))
        return notes

    def _cell(self, rng: np.random.Generator) -> Cell:
        """A contour that begins and mostly moves near its anchor."""
        rhythm = self.rhythms[int(rng.integers(len(self.rhythms)))]
        moves = [
            int(rng.choice([-1, 1])) * (1 if rng.random() < self.step else int(rng.choice([2, 3]))) for _ in "x" * 16
        ]
        place, contour = int(rng.choice([0, 0, 2, -2])), []
        for move in moves:
            contour.append(place)
            place += move if abs(place + move) <= 4 else -move
        return Cell(rhythm, tuple(contour))

    def _bar(self, chart: Chart, player: Player, bar: Bar, cell: Cell, rng: np.random.Generator) -> list[Note]:
        low, high = register(chart, player, self.lift)
        line = list(events(cell.rhythm, bar))
        if bar.index % 4 == 3:
            line = closing(line, bar)
        anchor = (low + high) // 2 + (0, 3, -2, 5)[bar.index // 4 % 4]
        firsts = {start for start, _ in beats(bar)}
        notes: list[Note] = []
        for place, stroke in enumerate(line):
            tick = at(chart, bar, stroke.step)
            length = min(round(stroke.length * STEP * self.full), bar.stop - tick)
            if length < 1:
                continue
            steps = cell.contour[place % len(cell.contour)] + (int(rng.choice([-1, 1])) if rng.random() < 0.1 else 0)
            rest = stroke.step in firsts or stroke.length >= 4
            pitch = self._pitch(chart, tick, anchor, steps, (low, high), at_rest=rest)
            note = Note(tick, length, pitch, chart.velocity(bar, stroke.step, 1.08))
            notes.extend(self._sung(chart, note, stroke, low, rng, lead=bar.level))
        return notes

    def _pitch(self, chart: Chart, tick: int, anchor: int, steps: int, span: tuple[int, int], *, at_rest: bool) -> int:
        chord = chart.chord(tick)
        rungs = ladder(span, self._classes(chart, tick))
        home = nearest(anchor, chord.classes, span)
        here = min(range(len(rungs)), key=lambda i: abs(rungs[i] - home))
        goal = here + steps if 0 <= here + steps < len(rungs) else here - steps
        pitch = rungs[min(max(goal, 0), len(rungs) - 1)]
        return nearest(pitch, chord.classes, span) if at_rest else pitch

    def _classes(self, chart: Chart, tick: int) -> tuple[int, ...]:
        tonic, mode = chart.region(tick)
        if self.pentatonic:
            return tuple((tonic + step) % 12 for step in PENTATONIC[mode])
        return scale_under(chart.chord(tick), *chart.key(tick))

    def _sung(
        self, chart: Chart, note: Note, stroke: Stroke, low: int, rng: np.random.Generator, *, lead: int
    ) -> list[Note]:
        """A note with what adorns it."""
        found = [note]
        if self.turn and stroke.length >= 4 and rng.random() < self.turn:
            found = turned(note, self._classes(chart, note.tick))
        if self.grace and rng.random() < self.graces and note.tick > 0:
            found.append(graced(chart, note, 2 if self.grace == "cut" else -2))
        if self.thirds and lead == 2:
            under = nearest(note.pitch - 4, chart.chord(note.tick).classes, (low - 5, note.pitch - 2))
            found.append(Note(note.tick, note.length, under, max(18, note.velocity - 14)))
        return found


def rests(chart: Chart, bar: Bar, quiet: tuple[int, ...] = (3,)) -> bool:
    """Where a tune rests: pick-ups, the introduction of a long cue, and a phrase in four while it is not full."""
    long = len(chart.bars) > 8
    breathing = bar.index // 4 % 4 in quiet and bar.level < 2 and bar.section != "peak" and len(chart.bars) > 20
    return bar.pickup or (long and bar.section == "intro") or breathing


def register(chart: Chart, player: Player, lift: int = 0) -> tuple[int, int]:
    """An octave and a half about a centre that is higher the brighter the mood."""
    centre = 72 + lift + chart.brief.feeling.register
    return reach(player, centre - 9, centre + 10, 17)


def ladder(span: tuple[int, int], classes: tuple[int, ...]) -> list[int]:
    """The pitches of some classes in a span."""
    return [pitch for pitch in range(span[0], span[1] + 1) if pitch % 12 in classes]


def nearest(pitch: int, classes: tuple[int, ...], span: tuple[int, int]) -> int:
    """The pitch of some classes in a span that is nearest to another; that other where there is none."""
    return min(ladder(span, classes), key=lambda other: (abs(other - pitch), other), default=pitch)


def closing(line: list[Stroke], bar: Bar) -> list[Stroke]:
    """The end of a phrase: what lies before the middle, its last note long, and a breath."""
    middle = bar.steps // 2
    kept = [stroke for stroke in line if stroke.step <= middle] or [Stroke(0, 1, "x")]
    stop = max(bar.steps - 4, kept[-1].step + 1)
    return [*kept[:-1], Stroke(kept[-1].step, stop - kept[-1].step, "x")]


def graced(chart: Chart, note: Note, interval: int) -> Note:
    """A short note just before another."""
    gap = min(ticks(chart, note.tick, 55), note.tick)
    return Note(note.tick - gap, max(1, gap), note.pitch + interval, max(18, note.velocity - 22))


def turned(note: Note, classes: tuple[int, ...]) -> list[Note]:
    """A note as itself, its upper neighbour, itself, its lower one and itself."""
    up = next(p for p in range(note.pitch + 1, note.pitch + 13) if p % 12 in classes)
    down = next(p for p in range(note.pitch - 1, note.pitch - 13, -1) if p % 12 in classes)
    bit = max(1, min(STEP * 2 // 3, note.length // 5))
    ends = [0, 1, 2, 3, 4]
    lengths = [bit] * 4 + [note.length - 4 * bit]
    return [
        Note(note.tick + bit * i, lengths[i], pitch, max(18, note.velocity - 6 * (i > 0)))
        for i, pitch in zip(ends, (note.pitch, up, note.pitch, down, note.pitch), strict=True)
    ]
