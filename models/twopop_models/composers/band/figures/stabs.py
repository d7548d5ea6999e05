"""Chords as rhythm: horn sections, clavinets, montunos, muted guitars, power chords, synth stabs.

A line's signs say what of the chord sounds and how: ``C`` all of it for its length, ``c`` softly, ``s`` short,
``S`` short and hard, ``x`` a muted scratch (low notes, hardly any length), ``o`` the root in octaves, ``t`` the
two upper notes, ``1 2 3 4`` single notes from below, ``P`` root and fifth that ring, ``p`` the same under the palm.
A stroke on the last eighth (or 16th) of a bar plays the chord to come where the maker ``leans``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.comping import lead
from twopop_models.composers.band.figures.grids import at, events, ticks
from twopop_models.composers.band.figures.rootless import voiced
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import Chord
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note

FORCE: dict[str, float] = {"C": 0.96, "c": 0.74, "s": 0.96, "S": 1.12, "x": 0.62, "p": 0.88, "P": 1.06, "t": 0.9}
SHORT: dict[str, int] = {"s": 2, "S": 2, "x": 6, "p": 2}
"""By what a 16th is divided for a short sign."""

FIFTH = 12

Levels = tuple[tuple[Lines, ...], tuple[Lines, ...], tuple[Lines, ...]]


@dataclass(frozen=True)
class Stabs:
    """How a section plays chords.

    Attributes:
        levels: lines by level and variant; a line may have 32 signs for two bars.
        span: pitches.
        voices: how many notes.
        colours: rootless ninths instead of the plain chord.
        leans: 16ths before a chord's change from which the change is anticipated.
        every: plays only in so many of the last bars of four (4 plays always).
        roll: milliseconds from note to note, lowest first.

    """

    levels: Levels
    span: tuple[int, int] = (52, 76)
    voices: int = 4
    colours: bool = False
    leans: int = 0
    every: int = 4
    roll: float = 0.0

    def play(self) -> Play:
        """The generator."""
        return self._stabs

    def _stabs(self, chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        chords = self._voicings(chart, player)
        choice = rng.integers(100, size=len(chart.bars) // 4 + 2)
        notes: list[Note] = []
        for bar in chart.bars:
            variants = self.levels[bar.level]
            if bar.pickup or not variants or bar.index % 4 < 4 - self.every:
                continue
            lines = variants[int(choice[bar.index // 4] + (bar.index % 4 == 3)) % len(variants)]
            for line in lines:
                for stroke in events(line, bar):
                    if stroke.step and stroke.sign in "csxt1234p" and rng.random() < 0.06:
                        continue
                    notes.extend(self._stroke(chart, player, bar, stroke, chords))
        return notes

    def _voicings(self, chart: Chart, player: Player) -> dict[int, tuple[int, ...]]:
        low, high = reach(player, *self.span)
        if not self.colours:
            return lead(chart, player, low, high, self.voices)
        found: dict[int, tuple[int, ...]] = {}
        before: tuple[int, ...] = ()
        for span in chart.harmony:
            before = voiced(span.chord, before, low, high)
            found[span.start] = before
        return found

    def _stroke(
        self, chart: Chart, player: Player, bar: Bar, stroke: Stroke, chords: dict[int, tuple[int, ...]]
    ) -> list[Note]:
        tick = at(chart, bar, stroke.step)
        span = chart.span(tick)
        if span.stop - tick <= self.leans * STEP and span.stop - span.start > 4 * STEP:
            span = chart.span(span.stop)
        pitches = _pitches(stroke.sign, chords[span.start], span.chord, player)
        length = STEP // SHORT[stroke.sign] if stroke.sign in SHORT else round(stroke.length * STEP * 0.92)
        length = min(length, max(span.stop, tick + 1) - tick)
        velocity = chart.velocity(bar, stroke.step, FORCE.get(stroke.sign, 0.88))
        gap = ticks(chart, tick, self.roll)
        return [
            Note(
                tick + gap * place, max(1, length - gap * place), pitch, velocity - _under(stroke.sign, pitches, place)
            )
            for place, pitch in enumerate(pitches)
        ]


def _under(sign: str, pitches: tuple[int, ...], place: int) -> int:
    """By how much velocity the fifth of a power chord lies under its root: two equal ones sound like another key."""
    return FIFTH if sign in "Pp" and pitches[place] - pitches[0] == 7 else 0


def _pitches(sign: str, voicing: tuple[int, ...], chord: Chord, player: Player) -> tuple[int, ...]:
    """What a sign means."""
    if sign in "Pp":
        root = fold(player.span[0] + (chord.root - player.span[0]) % 12, *player.span)
        return (root, root + 7, root + 12) if sign == "P" else (root, root + 7)
    if sign == "o":
        root = fold(60 + (chord.root - 60) % 12 - 12, *player.span)
        return (root, root + 12)
    if sign == "x":
        return voicing[:2]
    if sign == "t":
        return voicing[-2:]
    if sign in "1234":
        return (voicing[(int(sign) - 1) % len(voicing)],)
    return voicing
