"""How ways to play are put together: by instrument, by fullness, side by side, bar by bar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.comping import lead
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note

Voices = Callable[[int], tuple[int, ...]]
"""The pitches of the chord at a tick, lowest first."""

BarPlay = Callable[[Chart, Player, Bar, Voices, np.random.Generator], Iterable[Note]]
"""What is played in one bar."""


def cast(otherwise: Play, **others: Play) -> Play:
    """Everybody plays ``otherwise`` but the instruments named; an underscore stands for a hyphen."""
    plays: Mapping[str, Play] = {name.replace("_", "-"): play for name, play in others.items()}
    return lambda chart, player, rng: plays.get(player.instrument.name, otherwise)(chart, player, rng)


def both(*plays: Play) -> Play:
    """Several ways at once, by one player."""
    return lambda chart, player, rng: [note for play in plays for note in play(chart, player, rng)]


def when(play: Play, levels: tuple[int, ...]) -> Play:
    """A way to play that rests in bars of other levels (0 quiet, 1 middle, 2 full)."""

    def some(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        starts = [bar.start for bar in chart.bars]
        place = ((note, chart.bars[max(0, bisect_right(starts, note.tick) - 1)]) for note in play(chart, player, rng))
        return [note for note, bar in place if bar.level in levels]

    return some


def softly(play: Play, share: float) -> Play:
    """The same with a share of the force."""
    return lambda chart, player, rng: [
        replace(note, velocity=max(1, min(127, round(note.velocity * share)))) for note in play(chart, player, rng)
    ]


def by_bar(bar_play: BarPlay, low: int, high: int, voices: int = 4) -> Play:
    """A way to play that is told for one bar, over chords of so many voices in [low, high]; pick-ups rest."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        chords = cache(lambda: lead(chart, player, low, high, voices))  # many a bar asks for no chord at all

        def at(tick: int) -> tuple[int, ...]:
            return chords()[chart.span(tick).start]

        found = [note for bar in chart.bars if not bar.pickup for note in bar_play(chart, player, bar, at, rng)]
        return [note for note in found if note.length > 0]

    return play


def until(chart: Chart, bar: Bar, tick: int, wanted: int) -> int:
    """The length of a note of ``wanted`` ticks that ends with its bar and its chord."""
    return min(wanted, bar.stop - tick, chart.span(tick).stop - tick)


def turn(bar: Bar, count: int) -> int:
    """Which of ``count`` variants a bar takes: every two bars another, no four bars like the four before."""
    return (bar.index // 2 + bar.index // 4 + bar.index // 16) % count
