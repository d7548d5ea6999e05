"""Tunes: a motif from the seed that returns, answers itself and breathes.

A motif is a rhythm of two bars and a contour in steps of the scale. A phrase is four bars: motif and
answer. Each phrase changes the motif in another way than the one before it; the motif itself returns
at every new section of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.grouping import starts
from twopop_models.composers.band.harmony import scale_under
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.score import Note

CHANGES: tuple[str, ...] = ("same", "higher", "inverted", "backwards", "ornamented", "lower")


@dataclass(frozen=True)
class Motif:
    """Two bars of rhythm and the scale steps from note to note."""

    rhythm: str
    contour: tuple[int, ...]


def motif(style_rhythms: tuple[str, ...], rng: np.random.Generator) -> Motif:
    """A motif: mostly steps, one leap, and a turn back after it."""
    rhythm = style_rhythms[int(rng.integers(len(style_rhythms)))]
    count = sum(sign == "x" for sign in rhythm)
    steps = rng.choice([-2, -1, -1, 1, 1, 2], size=count)
    leap = int(rng.integers(1, max(2, count)))
    steps[leap % count] = int(rng.choice([3, 4, -3]))
    steps[(leap + 1) % count] = -int(np.sign(steps[leap % count]))
    return Motif(rhythm, tuple(int(step) for step in steps))


def changed(original: Motif, change: str) -> Motif:
    """The motif in another shape; its rhythm stays recognisable."""
    contour = original.contour
    if change == "inverted":
        return Motif(original.rhythm, tuple(-step for step in contour))
    if change == "backwards":
        return Motif(original.rhythm[16:] + original.rhythm[:16], contour[::-1])
    if change == "ornamented":
        return Motif(original.rhythm.replace("x---", "x-x-", 1), (*contour[:2], 1, -1, *contour[2:]))
    return original


def tune(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """The melody of a whole cue."""
    low, high = _register(chart, player)
    voice = _Singer(chart, low, high)
    motifs = {"": motif(chart.brief.style.tune, rng), "B": motif(chart.brief.style.tune, rng)}
    notes: list[Note] = []
    change, phrase = "same", -1
    for bar in chart.bars:
        if bar.index // 4 != phrase:
            phrase = bar.index // 4
            fresh = "same" if bar.section.startswith("theme A") else ""
            change = fresh or str(rng.choice([other for other in CHANGES if other != change]))
        if _silent(bar, chart):
            continue
        source = changed(motifs["B" if bar.section.startswith(("theme B", "theme D")) else ""], change)
        notes.extend(voice.sing(bar, source, change, rng))
    return notes


def _silent(bar: Bar, chart: Chart) -> bool:
    """Where the tune rests: pick-ups, the first bars of long cues, and one phrase in four when it is quiet."""
    long = len(chart.bars) > 8
    resting = bar.index // 4 % 4 == 3 and bar.energy < 0.55 and len(chart.bars) > 24
    return bar.pickup or (long and bar.section == "intro") or (long and resting)


def _register(chart: Chart, player: Player) -> tuple[int, int]:
    """An octave and a fifth about a centre that is higher the brighter the mood."""
    bottom, top = player.span
    centre = min(max(72 + chart.brief.feeling.register, bottom + 9), top - 10)
    return max(bottom, centre - 9), min(top, centre + 10)


class _Singer:
    """Keeps the pitch from bar to bar, so that lines go on over bar lines."""

    def __init__(self, chart: Chart, low: int, high: int) -> None:
        self.chart, self.low, self.high = chart, low, high
        self.pitch = (low + high) // 2

    def sing(self, bar: Bar, source: Motif, change: str, rng: np.random.Generator) -> list[Note]:
        """One bar: the motif's first or second half, by where it stands in the phrase."""
        half = bar.index % 2
        text = source.rhythm[16 * half : 16 * half + 16]
        before = sum(sign == "x" for sign in source.rhythm[: 16 * half])
        line = bar.strokes(text)
        if bar.index % 4 == 3:
            line = _closing(line, bar.steps)
        notes = []
        for place, stroke in enumerate(line):
            step = source.contour[(before + place) % len(source.contour)]
            notes.append(self._note(bar, stroke, self._shifted(step, place, change), rng))
        return [note for note in notes if note.length > 0]

    def _shifted(self, step: int, place: int, change: str) -> int:
        """A changed phrase starts a third higher or lower."""
        return step + {"higher": 2, "lower": -2}.get(change, 0) * (place == 0)

    def _note(self, bar: Bar, stroke: Stroke, step: int, rng: np.random.Generator) -> Note:
        tick = self.chart.tick(bar, stroke.step)
        chord = self.chart.chord(tick)
        scale = scale_under(chord, *self.chart.key(tick))
        pitch = self._moved(step, scale)
        strong = stroke.step in starts(bar.groups) or stroke.length >= 4
        if strong and rng.random() > self.chart.brief.style.chromatic * 0.5:
            pitch = _nearest(pitch, chord.classes, self.low, self.high)
        self.pitch = pitch
        length = min(
            round(stroke.length * STEP * min(0.97, self.chart.brief.feeling.articulation + 0.08)), bar.stop - tick
        )
        return Note(tick, length, pitch, self.chart.velocity(bar, stroke.step, 1.08))

    def _moved(self, step: int, scale: tuple[int, ...]) -> int:
        """So many scale steps from the last pitch, reflected at the ends of the register."""
        ladder = [pitch for pitch in range(self.low, self.high + 1) if pitch % 12 in scale]
        here = min(range(len(ladder)), key=lambda place: abs(ladder[place] - self.pitch))
        goal = here + step
        if not 0 <= goal < len(ladder):
            goal = here - step
        return ladder[min(max(goal, 0), len(ladder) - 1)]


def _closing(line: list[Stroke], steps: int) -> list[Stroke]:
    """The end of a phrase: fewer notes, the last one long, then a breath."""
    kept = [stroke for stroke in line if stroke.step <= steps // 2] or line[:1]
    if not kept:
        return [Stroke(0, max(1, steps - 4), "x")]
    last = kept[-1]
    return [*kept[:-1], Stroke(last.step, max(1, steps - 3 - last.step), "x")]


def _nearest(pitch: int, classes: tuple[int, ...], low: int, high: int) -> int:
    options = [other for other in range(low, high + 1) if other % 12 in classes]
    return min(options, key=lambda other: (abs(other - pitch), other)) if options else pitch
