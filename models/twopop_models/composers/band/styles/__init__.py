"""Style families as data. Adding one is adding a file with ``STYLE`` and its name to ``NAMES``: see docs/styles.md.

A word of ``vocabulary.GENRES`` that is a family's name means that family. Other words ("cinematic") are
served by all families that list them in ``genres``; the one plays whose home on the plane of valence and
arousal is nearest to the feeling.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from math import dist
from typing import cast

from twopop_models.composers.band.instruments import TABLE
from twopop_models.composers.band.moods import Feeling
from twopop_models.composers.band.styles.sheet import Lineup, Style
from twopop_models.vocabulary import kindred

NAMES: tuple[str, ...] = (
    "heroic",
    "ambient",
    "electronic",
    "folk",
    "rock",
    "jazz",
    "hiphop",
    "latin",
    "funk",
    "techno",
    "pop",
    "tension",
    "trailer",
    "piano",
    "minimal",
    "comedy",
    "drone",
    "classical",
)  # fmt: skip


@cache
def load(name: str) -> Style:
    """The style family of that name.

    Raises:
        KeyError: there is none.

    """
    if name not in NAMES:
        raise KeyError(name)
    return cast(Style, import_module(f"{__name__}.{name}").STYLE)


@cache
def serving(genre: str) -> tuple[Style, ...]:
    """The families that serve a genre of the control table: its namesake alone, or all that list it.

    Raises:
        KeyError: no family serves it.

    """
    found = (load(genre),) if genre in NAMES else tuple(s for s in map(load, NAMES) if genre in s.genres)
    if not found:
        raise KeyError(genre)
    return found


def by_genre(genre: str, felt: Feeling | None = None) -> Style:
    """The family that serves a genre best in a feeling; the neutral feeling when none is given.

    Raises:
        KeyError: no family serves it.

    """
    return _nearest(serving(genre), felt or Feeling())


def by_instruments(instruments: tuple[str, ...], felt: Feeling | None = None, genre: str = "") -> Style | None:
    """The family in one of whose line-ups most of some instruments play; None where none has any of them.

    Of equals it is one that serves ``genre`` or, if none does, is akin to those that do; of these the nearest to
    the feeling.
    """
    shares = {name: max(_share(instruments, lineup) for lineup in load(name).lineups) for name in NAMES}
    most = max(shares.values())
    best = [load(name) for name in NAMES if shares[name] == most]
    serve = [style.name for style in serving(genre)] if genre else []
    near = next(filter(None, ([s for s in best if s.name in names] for names in (serve, kindred(tuple(serve))))), best)
    return _nearest(near, felt or Feeling()) if most else None


def _share(instruments: tuple[str, ...], lineup: Lineup) -> float:
    """How many of them play in a line-up; who is not in the role he suits best counts less, who is extra half."""
    return sum(_weight(name, lineup) for name in set(instruments) & set(lineup.names))


def _weight(name: str, lineup: Lineup) -> float:
    if getattr(lineup, TABLE[name].roles[0], None) == name:
        return 1.0
    return 0.75 if name in lineup.names[:5] else 0.5


def _nearest(families: list[Style] | tuple[Style, ...], felt: Feeling) -> Style:
    """The family one of whose homes is nearest, the first of equals."""
    return min(families, key=lambda style: min(dist(home, (felt.valence, felt.arousal)) for home in style.homes))
