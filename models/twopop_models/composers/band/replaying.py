"""A part that is played again must be heard to be another one, also where a family leaves its player little choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP
from twopop_models.score import Note

ALIKE = 0.7
"""Share of notes in common, on the grid of 16ths, from which two parts sound the same."""
LEVELS = (0.25, 0.53, 0.8)
"""Energies in the middle of a bar's three levels, see ``form.Bar.level``."""


def alike(one: Iterable[Note], other: Iterable[Note]) -> float:
    """The share of notes that two parts have in common, 0 to 1; timing within a 16th and loudness do not count."""
    first, second = ({(round(note.tick / STEP), note.pitch) for note in notes} for notes in (one, other))
    return len(first & second) / max(1, len(first | second))


def reread(chart: Chart, rng: np.random.Generator) -> Chart:
    """The same chart with each phrase of four bars one level fuller or thinner: what else could be played.

    Sections, chords and bar lines stay, and so do peaks, which the form is built to. Elsewhere energy moves to the
    middle of another level: quiet bars become middling, full ones less full, and middling ones either.
    """
    if not chart.bars:
        return chart
    ways = rng.choice((-1, 1), size=chart.bars[-1].index // 4 + 1)
    return replace(chart, bars=tuple(_moved(bar, int(ways[bar.index // 4])) for bar in chart.bars))


def _moved(bar: Bar, way: int) -> Bar:
    if bar.section.startswith("peak"):
        return bar
    level = bar.level + way if 0 <= bar.level + way < len(LEVELS) else bar.level - way
    return replace(bar, energy=LEVELS[level])
