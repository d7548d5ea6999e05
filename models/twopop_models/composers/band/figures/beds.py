"""What is held: pedals, open fifths, clusters, tremolos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.figures.hands import Voices, by_bar
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note


def held(steps: tuple[int, ...], *, low: int, bars: int = 4, share: float = 0.85) -> Play:
    """Steps over the tonic, whatever the chords do, from the octave above ``low``; struck anew every so many bars.

    The steps begin one after the other, an eighth of the stretch apart, so that the bed breathes.
    """

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        bottom, top = reach(player, low, low + 24)
        notes = []
        for place in range(0, len(chart.bars), bars):
            first, last = chart.bars[place], chart.bars[min(place + bars, len(chart.bars)) - 1]
            root = low + (chart.region(first.start)[0] - low) % 12
            for late, step in enumerate(steps):
                tick = first.start + late * (last.stop - first.start) // 8
                pitch = fold(root + step, bottom, max(top, bottom + 12))
                force = chart.velocity(first, 1, share) + int(rng.integers(-3, 4))
                notes.append(Note(tick, last.stop - tick, pitch, max(1, force)))
        return notes

    return play


def cluster(*, low: int, high: int, share: float = 0.85, voices: int = 3) -> Play:
    """The chord with a semitone rubbed against it: above the root in quiet bars, below the top in others."""

    def bar_play(chart: Chart, _: Player, bar: Bar, chords: Voices, rng: np.random.Generator) -> Iterator[Note]:
        chord = chords(bar.start)
        rub = chord[0] + 1 if bar.level == 0 else chord[-1] - 1
        late = (bar.stop - bar.start) // 2 if bar.index % 4 in (1, 3) else 0
        for pitch in chord:
            yield Note(bar.start, bar.stop - bar.start, pitch, chart.velocity(bar, 1, share))
        if bar.index % 2 or rng.random() < 0.6:
            yield Note(bar.start + late, bar.stop - bar.start - late, rub, chart.velocity(bar, 1, share * 0.9))

    return by_bar(bar_play, low, high, voices)


def swells(*, low: int, high: int, voices: int = 3, share: float = 0.9) -> Play:
    """Every chord by single voices that enter on successive beats and stay to the end of the chord."""

    def bar_play(chart: Chart, _: Player, bar: Bar, chords: Voices, rng: np.random.Generator) -> Iterator[Note]:
        span = chart.span(bar.start)
        if span.start < bar.start and bar.index % 2:
            return
        order = rng.permutation(voices)
        for place, voice in enumerate(order[: len(chords(bar.start))]):
            pitch = chords(bar.start)[int(voice) % len(chords(bar.start))]
            tick = bar.start + place * bar.meter.beat_ticks
            if tick < bar.stop:
                stop = max(bar.stop, min(span.stop, bar.start + 2 * (bar.stop - bar.start)))
                yield Note(tick, stop - tick, pitch, chart.velocity(bar, 1, share))

    return by_bar(bar_play, low, high, voices)
