"""What is heavy: braams, struck ensembles, rolls that rise into the next section, risers, and holes of silence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.hands import Voices, by_bar
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note

FORCE = {"X": 1.22, "x": 1.0, "o": 0.72, "g": 0.45}


def braam(*, low: int, every: int = 4, share: float = 1.2) -> Play:
    """A low unison with its octave and fifth on the downbeat of every ``every`` bars, twice as often when full."""

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, __: np.random.Generator) -> Iterator[Note]:
        often = every if bar.level < 2 else max(1, every // 2)
        if bar.level == 0 or (bar.index % often and not bar.section.startswith("peak")):
            return
        root = fold(low + (chart.chord(bar.start).bass - low) % 12, *player.span)
        for step in (0, 7, 12):
            length = (bar.stop - bar.start) * 7 // 8
            yield Note(bar.start, length, root + step, min(124, chart.velocity(bar, 0, share)))

    return by_bar(bar_play, low, low + 24, 2)


def struck(quiet: Lines, middle: Lines, full: Lines, *, pitch: int, fall: int = 5) -> Play:
    """A pitched drum: ``X x o g`` as in drum grids; a stroke off the beat is ``fall`` semitones lower."""
    levels = (quiet, middle, full)

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, rng: np.random.Generator) -> Iterator[Note]:
        lines = levels[bar.level]
        for stroke in bar.strokes(lines[(bar.index + bar.index // 4) % len(lines)]) if lines else ():
            if stroke.sign == "g" and rng.random() < 0.3:
                continue
            here = fold(pitch - fall * (stroke.step % 4 != 0), *player.span)
            force = min(124, chart.velocity(bar, stroke.step, FORCE[stroke.sign]))
            yield Note(chart.tick(bar, stroke.step), 2 * STEP, here, force)

    return by_bar(bar_play, 48, 72, 1)


def roll(*, pitches: tuple[int, ...] = (), low: int = 40, speed: int = 1) -> Play:
    """Fast strokes that grow through each bar before a new section; on ``pitches``, else on the coming bass note."""

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, __: np.random.Generator) -> Iterator[Note]:
        if not bar.leads:
            return
        root = fold(low + (chart.next_chord(bar.start).bass - low) % 12, *player.span)
        for step in range(0, bar.steps, speed):
            share = 0.35 + 0.85 * step / bar.steps
            for pitch in pitches or (root,):
                yield Note(chart.tick(bar, step), STEP * speed, pitch, chart.velocity(bar, 1, share))

    return by_bar(bar_play, 48, 72, 1)


def riser(*, low: int, octaves: int = 2) -> Play:
    """A chromatic climb in 16ths through each bar before a new section, ever louder."""

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, __: np.random.Generator) -> Iterator[Note]:
        if not bar.leads or bar.level == 0:
            return
        root = low + (chart.region(bar.start)[0] - low) % 12
        for step in range(bar.steps):
            pitch = fold(root + 12 * octaves * step // bar.steps, *player.span)
            yield Note(chart.tick(bar, step), STEP, pitch, chart.velocity(bar, 1, 0.4 + 0.8 * step / bar.steps))

    return by_bar(bar_play, 48, 72, 1)


def holes(play: Play, *, every: int = 4, steps: int = 3) -> Play:
    """The same, silent for the last ``steps`` 16ths of every fourth bar that is not quiet."""

    def some(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        gaps = [
            (bar.stop - steps * STEP, bar.stop)
            for bar in chart.bars
            if bar.level and bar.index % every == every - 1 and bar.steps > 2 * steps
        ]
        found = []
        for note in play(chart, player, rng):
            gap = next((gap for gap in gaps if gap[0] < note.tick + note.length and note.tick < gap[1]), None)
            if gap is None or note.length > gap[1] - note.tick + 4 * STEP:
                found.append(note)
            elif note.tick < gap[0]:
                found.append(Note(note.tick, gap[0] - note.tick, note.pitch, note.velocity))
        return found

    return some
