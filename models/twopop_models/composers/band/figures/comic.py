"""Timing of a joke: oom and pah, creeping chromatic feet, and sudden stops."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.hands import Voices, by_bar
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note


def oom(*, centre: int = 43, creep: float = 0.6) -> Play:
    """Short bass notes on the beats, root and fifth in turn; the last bar of a phrase creeps in semitones.

    ``creep`` is how often it does.
    """

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, rng: np.random.Generator) -> Iterator[Note]:
        beat = bar.meter.beat_ticks
        creeping = bar.index % 4 == 3 and rng.random() < creep
        goal = _near(chart.next_chord(bar.stop - 1).bass, centre)
        beats = range(bar.start, bar.stop, beat if creeping or bar.level == 2 else 2 * beat)
        for count, tick in enumerate(beats):
            chord = chart.chord(tick)
            root = _near(chord.bass, centre)
            fifth = _near(chord.root + 7, centre) if chord.bass == chord.root else root + 12
            pitch = goal - len(beats) + count if creeping else (fifth if count % 2 else root)
            force = chart.velocity(bar, (tick - bar.start) // STEP)
            yield Note(tick, min(beat // 2, bar.stop - tick), fold(pitch, *player.span), force)

    return by_bar(bar_play, 48, 72, 1)


def pah(*, low: int = 57, high: int = 74, share: float = 0.82) -> Play:
    """The chord, plucked, after every beat; in full bars twice."""

    def bar_play(chart: Chart, _: Player, bar: Bar, chords: Voices, rng: np.random.Generator) -> Iterator[Note]:
        beat = bar.meter.beat_ticks
        for count, tick in enumerate(range(bar.start, bar.stop, beat)):
            if bar.level == 0 and count % 2 == 0:
                continue
            after = tick + beat // 2
            if after >= bar.stop or (bar.index % 4 == 3 and rng.random() < 0.2):
                continue
            for pitch in chords(after):
                yield Note(after, min(STEP, bar.stop - after), pitch, chart.velocity(bar, 2, share))

    return by_bar(bar_play, low, high, 3)


def stops(play: Play, *, every: int = 8) -> Play:
    """The same, but the last bar of every ``every`` ends after its second beat: a look into the camera."""

    def some(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        gaps = [
            (bar.stop - bar.meter.beat_ticks * 3 // 2, bar.stop)
            for bar in chart.bars
            if bar.index % every == every - 1 and bar.stop - bar.start > 2 * bar.meter.beat_ticks
        ]
        return [note for note in play(chart, player, rng) if not any(start <= note.tick < stop for start, stop in gaps)]

    return some


def _near(pitch_class: int, centre: int) -> int:
    return centre - 6 + (pitch_class - centre + 6) % 12
