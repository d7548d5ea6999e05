"""What a part plays, as events on samples, in the order in which a synthesiser must hear them."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from twopop_models.score import Part


class Kind(IntEnum):
    """In this order on one sample: a key is let go before it is struck again, and set before it sounds."""

    OFF = 0
    CONTROL = 1
    ON = 2


class Event(NamedTuple):
    """At ``sample``: a pitch let go, a controller set (``first``) to a value (``second``), or a note struck."""

    sample: int
    kind: Kind
    first: int
    second: int


def events(part: Part, sample_of: Callable[[int], int], stop: int) -> list[Event]:
    """All events of a part in order; notes that would begin at sample ``stop`` or later are left out."""
    found = [Event(sample_of(change.tick), Kind.CONTROL, change.controller, change.value) for change in part.controls]
    for note in part.notes:
        start = sample_of(note.tick)
        if start < stop:
            end = max(start + 1, sample_of(note.tick + note.length))
            found.append(Event(start, Kind.ON, note.pitch, note.velocity))
            found.append(Event(end, Kind.OFF, note.pitch, 0))
    return sorted(found)
