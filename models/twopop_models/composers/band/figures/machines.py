"""Machines: arpeggios in 16ths, and a drum computer that rolls up to the drop and breaks down after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.comping import lead
from twopop_models.composers.band.drumming import key_of
from twopop_models.composers.band.figures.grids import at, events
from twopop_models.composers.band.figures.singing import rests
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note

KICK, SNARE = (35, 36), 38


@dataclass(frozen=True)
class Arp:
    """An arpeggiator.

    Attributes:
        gates: by level, texts whose notes are ``x`` and whose accents are ``X``.
        orders: digits are voices from below, one set per phrase; beyond the top an octave up.
        span: pitches of the chord that it breaks.
        full: how much of a note sounds.
        quiet: phrases of four bars that rest unless the music is full.

    """

    gates: tuple[Lines, Lines, Lines]
    orders: tuple[str, ...] = ("0123", "3210", "01232", "02413", "0210")
    span: tuple[int, int] = (60, 84)
    full: float = 0.8
    quiet: tuple[int, ...] = ()

    def play(self) -> Play:
        """The generator."""
        return self._arpeggio

    def _arpeggio(self, chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        low, high = reach(player, *self.span)
        chords = lead(chart, player, low, high, 3)
        choice = rng.integers(100, size=(len(chart.bars) // 4 + 2, 2))
        notes: list[Note] = []
        for bar in chart.bars:
            gates = self.gates[bar.level]
            if bar.pickup or not gates or (self.quiet and rests(chart, bar, self.quiet)):
                continue
            first, second = (int(number) for number in choice[bar.index // 4])
            order = self.orders[first % len(self.orders)]
            gate = gates[(second + (bar.index % 4 == 3)) % len(gates)]
            for count, stroke in enumerate(events(gate, bar)):
                if stroke.sign == "x" and rng.random() < 0.04:
                    continue
                tick = at(chart, bar, stroke.step)
                octave, voice = divmod(int(order[count % len(order)]), 3)
                pitch = chords[chart.span(tick).start][voice] + 12 * octave
                length = max(1, min(round(stroke.length * STEP * self.full), bar.stop - tick))
                share = 1.05 if stroke.sign == "X" else 0.84
                pitch -= 12 * (pitch > player.span[1])
                notes.append(Note(tick, length, pitch, chart.velocity(bar, stroke.step, share)))
        return notes


def computer(groove: Play) -> Play:
    """A groove that is programmed: the kick stops in breakdowns, a snare rolls through the last bars of a build."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        notes = groove(chart, player, rng)
        for bar in chart.bars:
            left = _left(chart, bar)
            if left:
                notes = [n for n in notes if not (bar.start <= n.tick < bar.stop and _gone(n, bar, left, player))]
                notes += _roll(chart, bar, left, player)
            elif _broken(chart, bar):
                notes = [n for n in notes if not (bar.start <= n.tick < bar.stop and n.pitch in KICK)]
        return notes

    return play


def _left(chart: Chart, bar: Bar) -> int:
    """Bars from here to the drop while the drums roll, else 0."""
    if bar.section != "build" or not bar.level:
        return 0
    for ahead in range(4):
        if bar.index + ahead < len(chart.bars) and chart.bars[bar.index + ahead].leads:
            return ahead + 1
    return 0


def _gone(note: Note, bar: Bar, left: int, player: Player) -> bool:
    """What the roll silences: other snares, and in the last bar the kick's second half."""
    middle = bar.start + (bar.stop - bar.start) // 2
    return note.pitch in (SNARE, 39) or (left == 1 and note.tick >= middle and player.instrument.drums)


def _roll(chart: Chart, bar: Bar, left: int, player: Player) -> list[Note]:
    """Quarters, eighths, sixteenths, then 32nds, from soft to loud."""
    pitch = key_of(player, SNARE, chart.brief.tonic)
    if pitch is None:
        return []
    gap = STEP * {4: 4, 3: 2, 2: 1}.get(left, 1) if left > 1 else STEP // 2
    ticks = range(bar.start, bar.stop, gap)
    loud = [0.45 + 0.15 * (4 - left) + 0.15 * place / len(ticks) for place in range(len(ticks))]
    return [
        Note(t, max(1, gap // 2), pitch, chart.velocity(bar, 1, share)) for t, share in zip(ticks, loud, strict=True)
    ]


def _broken(chart: Chart, bar: Bar) -> bool:
    """Whether a bar is a breakdown: the first four of every third theme of a long cue, unless it is full."""
    themes = bar.section.startswith(("theme C", "theme D"))
    first = bar.index == 0 or any(chart.bars[i].leads for i in range(max(0, bar.index - 4), bar.index))
    return themes and first and bar.level < 2
