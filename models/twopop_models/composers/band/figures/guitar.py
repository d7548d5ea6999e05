"""A guitar in hand: open shapes behind a capo, thumb and fingers, strums that run over the strings.

Signs of a picked line: ``b`` bass, ``a`` the other bass, ``m`` the middle string, ``3 2 1`` the upper strings,
``p`` bass and first string. Signs of a strummed one: ``D d`` down, ``U u`` up, small letters softly, ``b a`` as above.
"""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.grids import at, compound, events, ticks
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import Chord
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.patterns import STEP, Stroke
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Lines, Play
from twopop_models.score import Note

STRINGS = (40, 45, 50, 55, 59, 64)
OPEN_MAJOR = (0, 2, 4, 7, 9)
OPEN_MINOR = (9, 4, 2)
ACROSS = 8.0
"""Milliseconds from string to string of a strum."""

Levels = tuple[tuple[Lines, ...], tuple[Lines, ...], tuple[Lines, ...]]


def capo(tonic: int, mode: str) -> int:
    """The lowest fret that makes a key one of those with open strings.

    >>> capo(1, "major"), capo(4, "minor")
    (1, 0)
    """
    keys = OPEN_MAJOR if mode == "major" else OPEN_MINOR
    return next(fret for fret in range(12) if (tonic - fret) % 12 in keys)


def shape(chord: Chord, fret: int) -> tuple[int, ...]:
    """The pitches of a chord on the strings, the lowest first: its bass, then what lies nearest to the capo."""
    barred = [string + fret for string in STRINGS]
    bass = next(p for p in range(barred[0], barred[0] + 12) if p % 12 == chord.bass)
    found = [bass]
    for string in barred[1:]:
        options = [p for p in range(string, string + 6) if p % 12 in chord.classes and p > found[-1] + 2]
        if options and string > bass - 6:
            found.append(options[0])
    return tuple(found)


def guitar(plain: Levels, triple: Levels) -> Play:
    """A guitarist who reads lines by level; ``triple`` are those of compound beats."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        fret = capo(chart.brief.tonic, chart.brief.mode)
        choice = rng.integers(100, size=len(chart.bars) // 4 + 2)
        notes: list[Note] = []
        for bar in chart.bars:
            if bar.pickup:
                continue
            variants = (triple if compound(bar) else plain)[bar.level]
            lines = variants[int(choice[bar.index // 4] + (bar.index % 4 == 3)) % len(variants)]
            for line in lines:
                for stroke in events(line, bar):
                    if stroke.step and rng.random() < 0.07:
                        continue  # a finger that rests: no bar is the copy of another
                    notes.extend(_stroke(chart, bar, stroke, fret, player))
        return notes

    return play


def _stroke(chart: Chart, bar: Bar, stroke: Stroke, fret: int, player: Player) -> list[Note]:
    tick = at(chart, bar, stroke.step)
    span = chart.span(tick)
    strings = [fold(pitch, *player.span) for pitch in shape(span.chord, fret)]
    until = min(bar.stop, span.stop)
    if stroke.sign in "DdUu":
        share = 0.95 if stroke.sign in "DU" else 0.76
        order = strings if stroke.sign in "Dd" else strings[:-5:-1]
        return _strum(chart, bar, stroke, tick, until, order, share)
    ring = min(max(stroke.length, 3 if stroke.sign in "321" else 4) * STEP, until - tick)
    pitches = _picked(stroke.sign, strings)
    share = 1.0 if stroke.sign in "bap" else 0.88
    return [Note(tick, max(1, ring), pitch, chart.velocity(bar, stroke.step, share)) for pitch in pitches]


def _strum(chart: Chart, bar: Bar, stroke: Stroke, tick: int, until: int, order: list[int], share: float) -> list[Note]:
    """A strum over the strings in their order, which dies a little on its way."""
    gap = ticks(chart, tick, ACROSS if stroke.sign in "Dd" else ACROSS * 0.7)
    stop = min(tick + max(2, stroke.length) * STEP, until)
    return [
        Note(
            tick + gap * place, stop - tick - gap * place, pitch, chart.velocity(bar, stroke.step, share - 0.02 * place)
        )
        for place, pitch in enumerate(dict.fromkeys(order))
        if stop - tick > gap * place
    ]


def _picked(sign: str, strings: list[int]) -> tuple[int, ...]:
    if sign == "b":
        return (strings[0],)
    if sign == "a":
        return (strings[1],)
    if sign == "m":
        return (strings[min(2, len(strings) - 1)],)
    if sign == "p":
        return (strings[0], strings[-1])
    return (strings[-min(int(sign), len(strings))],)
