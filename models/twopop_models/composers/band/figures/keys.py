"""Hands on keys: broken chords that breathe, with the pedal down."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.hands import Voices, by_bar, turn
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note


def breath(tick: int, bar: Bar, depth: float) -> int:
    """Rubato: a tick of a bar, pressed on in the bar's middle and held back to its end by ``depth`` of an eighth.

    Bar lines stay where they are, so what falls on them still does.
    """
    place = (tick - bar.start) / max(1, bar.stop - bar.start)
    turn = 1.0 if bar.index % 4 == 3 else 0.5
    return tick + round(depth * turn * 2 * STEP * math.sin(math.pi * place) * (2 * place - 0.8))


def broken(
    quiet: Lines,
    middle: Lines,
    full: Lines,
    *,
    low: int,
    high: int,
    voices: int = 4,
    rubato: float = 0.25,
    share: float = 0.9,
) -> Play:
    """Broken chords as text (digits are voices), every note held to the end of its chord, in rubato."""
    levels = (quiet, middle, full)

    def bar_play(chart: Chart, _: Player, bar: Bar, chords: Voices, rng: np.random.Generator) -> Iterator[Note]:
        lines = levels[bar.level]
        if not lines:
            return
        choice = lines[(turn(bar, len(lines)) + int(rng.random() < 0.2)) % len(lines)]
        for stroke in bar.strokes(choice):
            if stroke.step and bar.index % 4 == 3 and stroke.step > bar.steps * 3 // 4:
                continue  # the hand waits before the next phrase
            written = chart.tick(bar, stroke.step)
            chord = chords(written)
            octave, voice = divmod(int(stroke.sign), len(chord))
            tick = breath(written, bar, rubato)
            arch = 1 + 0.12 * np.sin(np.pi * stroke.step / bar.steps)
            length = min(chart.span(written).stop, bar.stop) - tick
            yield Note(tick, length, chord[voice] + 12 * octave, chart.velocity(bar, stroke.step, share * float(arch)))

    return by_bar(bar_play, low, high, voices)


def left(
    quiet: Lines, middle: Lines, full: Lines, *, centre: int = 40, rubato: float = 0.25, share: float = 0.9
) -> Play:
    """A left hand: ``R`` bass note, ``8`` its octave, ``5`` fifth, ``3`` tenth, held with the pedal, in rubato."""
    levels = (quiet, middle, full)

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, __: np.random.Generator) -> Iterator[Note]:
        lines = levels[bar.level]
        for stroke in bar.strokes(lines[bar.index // 4 % len(lines)]):
            written = chart.tick(bar, stroke.step)
            chord = chart.chord(written)
            root = centre - 6 + (chord.bass - centre + 6) % 12
            third = 12 + (chord.classes[1] - chord.bass) % 12
            step = {"R": 0, "8": 12, "5": 7, "3": third}[stroke.sign]
            if stroke.sign in "53" and chord.bass != chord.root:
                step = 12  # over an inversion only octaves are sure to be right
            tick = breath(written, bar, rubato)
            length = min(chart.span(written).stop, bar.stop) - tick
            yield Note(tick, length, fold(root + step, *player.span), chart.velocity(bar, stroke.step, share))

    return by_bar(bar_play, 48, 72, 1)
