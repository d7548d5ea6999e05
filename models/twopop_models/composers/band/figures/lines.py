"""Figures that are written as text, as in ``patterns``: digits are voices, C all, U the upper, L the lowest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.hands import Voices, by_bar, turn, until
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP, voiced
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note


def line(
    quiet: Lines,
    middle: Lines,
    full: Lines,
    *,
    low: int,
    high: int,
    voices: int = 4,
    short: float = 0.9,
    share: float = 1,
) -> Play:
    """One line a bar, of the bar's level; its variants take turns every two bars and change by a note in the fourth.

    ``short`` is the share of the written lengths that sounds, ``share`` that of the bar's force. Capital
    letters and the first stroke are a little stronger. () at a level rests there.
    """
    levels = (quiet, middle, full)

    def bar_play(chart: Chart, _: Player, bar: Bar, chords: Voices, rng: np.random.Generator) -> Iterator[Note]:
        lines = levels[bar.level]
        if not lines:
            return
        played = bar.strokes(lines[turn(bar, len(lines))])
        if bar.index % 4 == 3 and len(played) > 3:
            del played[int(rng.integers(1, len(played)))]
        for stroke in played:
            tick = chart.tick(bar, stroke.step)
            length = until(chart, bar, tick, max(1, round(stroke.length * STEP * short)))
            force = chart.velocity(bar, stroke.step, share * (0.8 if stroke.sign == "c" else 1.0))
            for pitch in voiced(stroke.sign, chords(tick)):
                yield Note(tick, length, pitch, force)

    return by_bar(bar_play, low, high, voices)
