"""The hard partition of the targeted search: what a track must be, and what is given up when none is.

Words within one attribute are alternatives, as a track cannot be everything a scene is; only
instruments that the user asks for must all be there. Where no track has every attribute, the fewest
are given up; among equally few those that come first in ``RELAX``. Refused instruments stay refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from twopop_models.controls import Controls
from twopop_models.library import Entry
from twopop_models.types import Description
from twopop_models.vocabulary import PACES, kindred

RELAX: Final = ("instruments", "moods", "pace", "genres")
"""Attributes of a wish, the first to be given up first: what a picture suggests least surely."""

_NAMES: Final = {"instruments": "instruments", "moods": "mood", "pace": "tempo", "genres": "genre"}
_MOODS: Final = 2  # of a description's; those after that are afterthoughts


@dataclass(frozen=True)
class Wish:
    """What a targeted track must be: empty fields ask for nothing.

    Attributes:
        genres: the track has one of them, or of those that they are kinds of.
        moods: likewise.
        instruments: it has all of them (``by_user``) or one of them.
        pace: slow, medium or fast.
        refused: instruments it must not have.
        by_user: whether the user's controls ask, or only the description.

    """

    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    pace: str = ""
    refused: tuple[str, ...] = ()
    by_user: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields that ask for something, in the order of ``RELAX``; refusals do not count."""
        return tuple(name for name in RELAX if getattr(self, name))

    def without(self, names: tuple[str, ...]) -> Wish:
        """The same wish with some attributes given up."""
        plain = Wish()
        return replace(self, **{name: getattr(plain, name) for name in names})

    def allows(self, track: Entry) -> bool:
        """Whether a track lies in the partition."""
        return (
            _any_of(kindred(self.genres), track.genres)
            and _any_of(self.moods, track.moods)
            and (all if self.by_user else any)([name in track.instruments for name in self.instruments] or [True])
            and (not self.pace or self.pace == pace_of(track.tempo))
            and not set(self.refused) & set(track.instruments)
        )

    def words(self, name: str) -> str:
        """One attribute as people say it."""
        if name == "pace":
            return self.pace
        return (" and " if name == "instruments" and self.by_user else " or ").join(getattr(self, name))

    def __str__(self) -> str:
        """All of it, from genre to refusals; "" when it asks for nothing."""
        wanted = (self.words(name) for name in reversed(self.asked))
        return ", ".join((*wanted, *(f"no {name}" for name in self.refused)))


@dataclass(frozen=True)
class Partition:
    """The tracks a search is limited to, and in words how that came."""

    inside: frozenset[str]
    why: str = ""


def pace_of(tempo: float) -> str:
    """The tempo partition of a BPM figure: slow, medium, fast (the outer two open-ended); "" for 0."""
    if tempo <= 0:
        return ""
    return next((name for name, (_, high) in PACES.items() if tempo < high), list(PACES)[-1])


def wish_of(description: Description, controls: Controls) -> Wish:
    """The user's attributes, or the description's where the user names none at all."""
    forbidden = (*controls.forbidden, *description.refused)
    refused = tuple(name for name in dict.fromkeys(forbidden) if name not in controls.wanted)
    pace = controls.tempo if isinstance(controls.tempo, str) else pace_of(controls.tempo or 0)
    genres = (controls.genre,) if controls.genre else ()
    asked = Wish(genres, controls.mood, controls.wanted, pace, refused, by_user=True)
    if asked.asked:
        return asked
    moods, instruments = description.moods[:_MOODS], description.instruments
    return Wish(description.genres, moods, instruments, pace_of(description.tempo or 0), refused)


def partition(tracks: tuple[Entry, ...], wish: Wish) -> Partition:
    """The tracks that a wish allows once as little as possible is given up; none when all are refused."""
    for given_up in _ways(wish.asked):
        tried = wish.without(given_up)
        inside = frozenset(track.id for track in tracks if tried.allows(track))
        if inside:
            return Partition(inside, _why(wish, tried, given_up))
    return Partition(frozenset(), f"every track has a refused instrument ({', '.join(wish.refused)})")


def _ways(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What may be given up: nothing first, everything last."""
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def _why(wish: Wish, tried: Wish, given_up: tuple[str, ...]) -> str:
    lost = " and ".join(f"{_NAMES[name]} {wish.words(name)}" for name in reversed(given_up))
    if not tried.asked:
        return ", ".join(filter(None, (str(tried), f"gave up {lost}" if lost else "")))
    kept = f"{tried} as {'asked for' if wish.by_user else 'described'}"
    return f"{kept}, but no track is also of {lost}" if lost else kept


def _any_of(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return not wanted or bool(set(wanted) & set(found))
