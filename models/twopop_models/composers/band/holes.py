"""No hole in the music: where nobody holds a note for too long before the ending, somebody holds the chord.

Families rest on purpose (a stop, a breath, an empty intro), but never so long that an editor hears a dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.harmony import voicing
from twopop_models.composers.band.players import Player
from twopop_models.score import Note, Part, TempoMap

LONGEST = Fraction(3, 2)
"""Seconds for which nobody may hold a note."""
SHARE = 0.8
ROLES = ("pads", "harmony", "melody", "bass")

Hole = tuple[int, int]
"""Ticks [start, stop) in which nothing is held."""


def closed(parts: Sequence[Part], players: Sequence[Player], chart: Chart, end: int) -> list[Part]:
    """The same parts, with quiet chords of the first player who can hold them in every hole before tick ``end``.

    ``players`` are those of the first parts, in order. Without a player of pitches nothing can be held.
    """
    place = _holder(players)
    found = holes(parts, chart.tempo_map, end)
    if place is None or not found:
        return list(parts)
    extra = [note for hole in found for note in _held(chart, players[place], hole)]
    part = parts[place]
    notes = tuple(sorted((*part.notes, *extra), key=lambda note: (note.tick, note.pitch)))
    return [*parts[:place], replace(part, notes=notes), *parts[place + 1 :]]


def holes(parts: Sequence[Part], tempo_map: TempoMap, end: int) -> list[Hole]:
    """Stretches before ``end`` longer than ``LONGEST`` in which nobody holds a note; struck things do not count."""
    spans = sorted((note.tick, note.tick + note.length) for part in parts if not part.drums for note in part.notes)
    found, now = [], 0
    for start, stop in [*spans, (end, end)]:
        if start > now and tempo_map.seconds(min(start, end)) - tempo_map.seconds(now) > LONGEST:
            found.append((now, min(start, end)))
        now = max(now, stop)
        if now >= end:
            break
    return found


def _holder(players: Sequence[Player]) -> int | None:
    """Who holds: sustained players first, then whoever plays pitches."""
    able = [place for place, who in enumerate(players) if not who.instrument.drums and who.role in ROLES]
    return min(
        able,
        key=lambda place: (not players[place].instrument.sustained, ROLES.index(players[place].role)),
        default=None,
    )


def _held(chart: Chart, who: Player, hole: Hole) -> list[Note]:
    style = chart.brief.style
    low, high = reach(who, *(style.pad_range if who.role == "pads" else style.chord_range))
    velocity = round(min(90, max(30, chart.brief.feeling.loudness * SHARE)))
    notes: list[Note] = []
    tick = hole[0]
    while tick < hole[1]:
        span = chart.span(tick)
        stop = min(hole[1], span.stop if span.stop > tick else hole[1])
        pitches = voicing(span.chord, (), low, high, 1 if who.role == "bass" else 3)
        notes.extend(Note(tick, stop - tick, pitch, velocity) for pitch in pitches)
        tick = stop
    return notes
