"""What repeats: pedals that beat, cells that grow by a note, voices that run at their own pace."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.comping import lead
from twopop_models.composers.band.figures.hands import Voices, by_bar, turn, until
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note

STEPS = {"R": 0, "r": 0, "b": 1, "5": 7, "8": 12, "7": 10}


def pedal(
    quiet: Lines, middle: Lines, full: Lines, *, centre: int = 36, short: float = 0.95, follow: bool = False
) -> Play:
    """A bass that stays on the tonic under any chord (or goes with the chords' basses, ``follow``).

    Texts of ``R`` (``r`` softly), ``b`` a semitone above, ``5``, ``7`` and ``8``.
    """
    levels = (quiet, middle, full)

    def bar_play(chart: Chart, player: Player, bar: Bar, _: Voices, __: np.random.Generator) -> Iterator[Note]:
        lines = levels[bar.level]
        for stroke in bar.strokes(lines[turn(bar, len(lines))]) if lines else ():
            tick = chart.tick(bar, stroke.step)
            note = chart.chord(tick).bass if follow else chart.region(tick)[0]
            root = centre - 5 + (note - centre + 5) % 12
            length = min(max(1, round(stroke.length * STEP * short)), bar.stop - tick)
            share = 0.72 if stroke.sign == "r" else 1.0
            yield Note(
                tick, length, fold(root + STEPS[stroke.sign], *player.span), chart.velocity(bar, stroke.step, share)
            )

    return by_bar(bar_play, 48, 72, 1)


def additive(cells: tuple[tuple[int, ...], ...], *, low: int, high: int, unit: int = 2, short: float = 0.7) -> Play:
    """A cell of voices that is played round and round and grows: one more of ``cells`` every four bars.

    Cells have their own lengths, so they cross the bar lines and begin anew every four bars. ``unit`` is
    the length of a note in 16ths.
    """

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        chords = lead(chart, player, low, high, 4)
        first = int(rng.integers(len(cells)))
        notes = []
        count = 0
        for bar in chart.bars:
            if bar.index % 4 == 0:
                count = 0
            cell = cells[(first + bar.index // 4 + (bar.level == 2)) % len(cells)]
            for step in range(0, bar.steps, unit):
                tick = chart.tick(bar, step)
                chord = chords[chart.span(tick).start]
                place = cell[count % len(cell)]
                count += 1
                if place < 0 or tick >= bar.stop:
                    continue
                octave, voice = divmod(place, len(chord))
                accent = 1.0 if (count - 1) % len(cell) == 0 else 0.82
                length = until(chart, bar, tick, round(unit * STEP * short))
                notes.append(Note(tick, max(1, length), chord[voice] + 12 * octave, chart.velocity(bar, 1, accent)))
        return notes

    return play


def loops(periods: tuple[int, ...], *, low: int, high: int, share: float = 0.9, ring: int = 8) -> Play:
    """Every voice of the chord strikes at its own period, in 8ths, and so the pattern never comes back.

    ``ring`` is the length of a note in 8ths. Long and uneven periods are bells; primes are best.
    """

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        chords = lead(chart, player, low, high, len(periods))
        starts = [int(rng.integers(period)) for period in periods]
        starts[int(np.argmin(periods))] = 0
        notes = []
        for bar in chart.bars:
            eighths = range(0, bar.stop - bar.start, 2 * STEP)
            for offset in eighths:
                tick = bar.start + offset
                clock = tick // (2 * STEP)
                chord = chords[chart.span(tick).start]
                for voice, (period, start) in enumerate(zip(periods, starts, strict=True)):
                    if (clock + start) % period == 0 and voice < len(chord) + 1:
                        pitch = chord[voice % len(chord)] + 12 * (voice >= len(chord))
                        notes.append(Note(tick, 2 * STEP * ring, pitch, chart.velocity(bar, voice + 1, share)))
        return notes

    return play
