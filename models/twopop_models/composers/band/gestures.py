"""Gestures around a hit, done to a part that is already written: a fill into it, a stop after it, a swell onto it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.drumming import LOUD, key_of
from twopop_models.composers.band.endings import EXPRESSION
from twopop_models.composers.band.patterns import STEP, Stroke, strokes
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Style
from twopop_models.score import PPQ, Accent, ControlChange, Note

FILL_STEPS = 6
"""16ths of a fill."""
SWELL_BEATS = 3
SWELL_POINTS = 24
SOFT = 44
"""Expression from which a swell grows."""
STOP_SHARE = 0.45
"""A stop lasts no longer than this share of the time to the next hit ..."""
STOP_LENGTH = PPQ
"""... and no longer than this."""
SHORT = PPQ // 4
"""How long the stroke of a stop sounds."""

Stretch = tuple[int, int]


def filled(
    notes: list[Note], chart: Chart, player: Player, events: Iterable[Accent], rng: np.random.Generator
) -> list[Note]:
    """Drums with the end of one of the family's fills in front of every hit that is to have one."""
    if player.role != "drums":
        return notes
    for event in events:
        if event.event == "fill":
            begin = max(0, event.tick - FILL_STEPS * STEP)
            kept = [note for note in notes if not begin <= note.tick < event.tick]
            notes = [
                replace(note, length=begin - note.tick) if note.tick < begin < note.tick + note.length else note
                for note in kept
            ]
            notes += _fill(chart, player, begin, event, rng)
    return notes


def _fill(chart: Chart, player: Player, begin: int, event: Accent, rng: np.random.Generator) -> list[Note]:
    fills = endings_of_fills(chart.brief.style, player)
    if not fills:
        return []
    steps = (event.tick - begin) // STEP
    found = []
    for key, stroke in fills[int(rng.integers(len(fills)))]:
        pitch = key_of(player, key, chart.brief.tonic)
        before = FILL_STEPS - stroke.step
        if pitch is not None and before <= steps:
            level = chart.brief.feeling.loudness + 24 * (stroke.step + 1) / FILL_STEPS
            velocity = round(min(118, max(24, level * LOUD.get(stroke.sign, 1.0))))
            found.append(Note(event.tick - before * STEP, STEP, pitch, velocity))
    return found


def endings_of_fills(style: Style, player: Player) -> list[tuple[tuple[int, Stroke], ...]]:
    """The last ``FILL_STEPS`` 16ths of each of a family's fills, as kit keys and strokes; those a player can strike."""
    tails = (
        tuple((key, stroke) for key, line in grid for stroke in strokes(line[-FILL_STEPS:], FILL_STEPS))
        for grid in style.fills
    )
    return [tail for tail in tails if any(key_of(player, key, 0) is not None for key, _ in tail)]


def stops(events: tuple[Accent, ...], end: int) -> tuple[Stretch, ...]:
    """Ticks [from, to) in which the band rests after the strokes of stops."""
    following = [*(event.tick for event in events[1:]), end][: len(events)]
    return tuple(
        (event.tick, event.tick + min(STOP_LENGTH, round(STOP_SHARE * (after - event.tick))))
        for event, after in zip(events, following, strict=True)
        if event.event == "stop" and after - event.tick > 2 * SHORT
    )


def stopped(notes: list[Note], rests: tuple[Stretch, ...]) -> list[Note]:
    """The part without what begins in a rest; what begins on its stroke or rings into it is cut short."""
    for start, stop in rests:
        kept = [note for note in notes if not start < note.tick < stop]
        notes = [
            replace(note, length=max(1, start + SHORT - note.tick))
            if note.tick <= start < start + SHORT < note.tick + note.length
            else note
            for note in kept
        ]
    return notes


def swells(player: Player, events: Iterable[Accent]) -> tuple[ControlChange, ...]:
    """Expression of a player who can hold notes: soft three beats before a swelled hit, full on it."""
    if not player.instrument.sustained or player.role == "melody":
        return ()
    found: list[ControlChange] = []
    for event in events:
        if event.event == "swell":
            begin = max(0, event.tick - SWELL_BEATS * PPQ)
            for place in range(SWELL_POINTS + 1):
                tick = begin + (event.tick - begin) * place // SWELL_POINTS
                found.append(
                    ControlChange(tick, EXPRESSION, round(SOFT + (127 - SOFT) * (place / SWELL_POINTS) ** 1.5))
                )
    return tuple(found)
