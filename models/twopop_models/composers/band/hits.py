"""What answers the hits of the picture, and the small accents of the form.

Every hit gets an event on its own instant: on the beat when that is within three quarters of a frame
(and 30 ms) of it, so that nothing flams, else exactly on the hit's tick, and the band moves over to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.harmony import voicing
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.players import Player
from twopop_models.score import PPQ, Note, TempoMap
from twopop_models.spotting.grids import pulse
from twopop_models.types import Clip, Hit

HEAVY = 0.66
CLEAR = Fraction(7, 100)
"""Seconds around an accent within which the band plays on it instead of beside it."""

Stroke = tuple[int, float]
"""Tick and weight of something struck."""


def accents(clip: Clip, hits: tuple[Hit, ...], tempo_map: TempoMap, stop: int) -> tuple[Stroke, ...]:
    """The tick and weight of each hit's event, in order; hits on one tick are one event."""
    beats = pulse(tempo_map, stop)
    times = [tempo_map.seconds(tick) for tick in beats]
    snap = min(Fraction(3, 4) / clip.rate, Fraction(3, 100))
    found: dict[int, float] = {}
    for hit in hits:
        at = clip.offset_of(hit.frame)
        place = bisect_left(times, at)
        near = min(range(max(0, place - 1), min(len(times), place + 1)), key=lambda i: abs(times[i] - at), default=None)
        tick = beats[near] if near is not None and abs(times[near] - at) <= snap else tempo_map.tick(at)
        if tick < stop:
            found[tick] = max(found.get(tick, 0.0), hit.weight)
    return tuple(sorted(found.items()))


def struck(chart: Chart, player: Player, events: Sequence[Stroke], stop: int) -> list[Note]:
    """A pitched accent instrument: chord stabs, kettledrum strokes, high bells."""
    notes: list[Note] = []
    for place, (tick, weight) in enumerate(events):
        free = (events[place + 1][0] if place + 1 < len(events) else stop) - tick
        length = max(1, min(free - 1, PPQ * 3 // 2 if weight >= HEAVY else PPQ // 2))
        notes.extend(Note(tick, length, pitch, force(weight)) for pitch in _pitches(chart, player, tick, weight))
    return notes


def _pitches(chart: Chart, player: Player, tick: int, weight: float) -> tuple[int, ...]:
    chord, row = chart.chord(tick), player.instrument
    if row.name == "timpani":
        return (fold(36 + chord.bass, row.low, row.high),)
    if row.name in ("celesta", "harp"):
        high = fold(84 + chord.root % 12, row.low, row.high)
        return (high - 12, high)
    above = 12 if row.name == "piano" and weight < HEAVY else 0  # a light touch is heard over the hands, not by force
    return voicing(chord, (), *reach(player, 48 + above, 72 + above), 3)


def clashed(events: Sequence[Stroke], light: tuple[int, ...], heavy: tuple[int, ...]) -> list[Note]:
    """Percussion accents: kit keys by weight."""
    return [
        Note(tick, PPQ // 4, key, force(weight))
        for tick, weight in events
        for key in (heavy if weight >= HEAVY else light)
    ]


def force(weight: float) -> int:
    """Velocity of an accent: always louder than what is around it."""
    return round(92 + 33 * min(1.0, max(0.0, weight)))


def make_way(notes: list[Note], ticks: Sequence[int], tempo_map: TempoMap) -> list[Note]:
    """Notes that would begin just beside an accent, which are at ``ticks`` in order, begin on it."""
    moved = []
    for note in notes:
        place = bisect_left(ticks, note.tick)
        near = min(ticks[max(0, place - 1) : place + 1], key=lambda tick: abs(tick - note.tick), default=None)
        if (
            near is not None
            and near != note.tick
            and abs(near - note.tick) < PPQ  # CLEAR is less in any tempo
            and abs(tempo_map.seconds(near) - tempo_map.seconds(note.tick)) < CLEAR
        ):
            length = max(1, note.length + note.tick - near)
            moved.append(replace(note, tick=near, length=length))
        else:
            moved.append(note)
    return moved
