"""What the music does on each hit: an accent, a new chord, a fill into it, a stop after it, a swell onto it.

Heavy hits get the large gestures in turn, as the family likes them, where there is room: a fill needs drums and a
second of free time in front, a swell somebody who can hold a note, a stop a clear beat behind it. Light ones
change the chord or are touched. Whatever it is called, every hit also has its own stroke.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from twopop_models.composers.band.gestures import endings_of_fills
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Style
from twopop_models.score import Accent, TempoMap

LARGE = 0.75
"""Weight from which a hit gets a large gesture."""
FILL_ROOM = Fraction(6, 5)
SWELL_ROOM = Fraction(8, 5)
STOP_ROOM = Fraction(3, 2)
"""Seconds free of other hits that a gesture needs: before a fill or a swell, behind a stop."""


def answered(
    struck: Sequence[tuple[int, float]], style: Style, players: Sequence[Player], tempo_map: TempoMap, end: int
) -> tuple[Accent, ...]:
    """Ticks and weights of hits as accents with an event each; from tick ``end`` on, the last chord, plain accents."""
    times = [tempo_map.seconds(tick) for tick, _ in struck]
    last = tempo_map.seconds(end)
    before = [b - a for a, b in pairwise([Fraction(0), *times])]
    after = [b - a for a, b in pairwise([*times, last])]
    found: list[Accent] = []
    turn = 0
    for (tick, weight), front, behind in zip(struck, before, after, strict=True):
        large = weight >= LARGE
        wishes = style.large_answers if large else style.small_answers
        event = "accent"
        if tick < end:
            fits = (wish for wish in _turned(wishes, turn) if _room(wish, front, behind, style, players))
            event = next(fits, "accent")
            turn += large
        found.append(Accent(tick, weight, event))
    return tuple(found)


def _turned(wishes: tuple[str, ...], turn: int) -> tuple[str, ...]:
    """The wishes, beginning with another one each time."""
    place = turn % max(1, len(wishes))
    return wishes[place:] + wishes[:place]


def told(events: Sequence[Accent], turns: Collection[int]) -> tuple[Accent, ...]:
    """Events as they came out: where no new chord could begin (``turns`` has the ticks of those), an accent is left."""
    return tuple(
        replace(one, event="accent") if one.event == "chord" and one.tick not in turns else one for one in events
    )


def _room(event: str, front: Fraction, behind: Fraction, style: Style, players: Sequence[Player]) -> bool:
    if event == "fill":
        able = (who for who in players if who.role == "drums" and endings_of_fills(style, who))
        return front >= FILL_ROOM and next(able, None) is not None
    if event == "swell":
        return front >= SWELL_ROOM and any(who.instrument.sustained for who in players if who.role != "melody")
    if event == "stop":
        return behind >= STOP_ROOM
    return True
