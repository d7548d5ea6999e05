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


LACK, AKIN, STRANGE = 2.0, 0.25, 1.0
"""What weighs against a family that is to play asked instruments under a described genre, on the plane of moods."""


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


def by_instruments(instruments: tuple[str, ...], felt: Feeling | None = None) -> Style | None:
    """The family in one of whose line-ups most of some instruments play, of equals the nearest to the feeling.

    None where no family has any of them.
    """
    shares = _shares(instruments)
    most = max(shares.values())
    return _nearest([load(name) for name in NAMES if shares[name] == most], felt or Feeling()) if most else None


def by_instruments_near(instruments: tuple[str, ...], genre: str, felt: Feeling) -> Style:
    """The family that suits some instruments, a genre that was not asked for, and a feeling best.

    Every instrument that a family lacks moves it ``LACK`` away from the feeling, a genre akin to what is
    meant ``AKIN``, and another one ``STRANGE``.

    Raises:
        KeyError: no family serves the genre.

    """
    serve = [style.name for style in serving(genre)]
    kin, shares = kindred(tuple(serve)), _shares(instruments)
    most = max(shares.values())

    def far(name: str) -> float:
        strange = 0.0 if name in serve else (AKIN if name in kin else STRANGE)
        return _distance(load(name), felt) + LACK * (most - shares[name]) + strange

    return load(min((*serve, *NAMES), key=far))


def _shares(instruments: tuple[str, ...]) -> dict[str, float]:
    """How well each family seats some instruments, in its best line-up."""
    return {name: max(_share(instruments, lineup) for lineup in load(name).lineups) for name in NAMES}


def _share(instruments: tuple[str, ...], lineup: Lineup) -> float:
    """How many of them play in a line-up; who is not in the role he suits best counts less, who is extra half."""
    return sum(_weight(name, lineup) for name in set(instruments) & set(lineup.names))


def _weight(name: str, lineup: Lineup) -> float:
    if getattr(lineup, TABLE[name].roles[0], None) == name:
        return 1.0
    return 0.75 if name in lineup.names[:5] else 0.5


def _nearest(families: list[Style] | tuple[Style, ...], felt: Feeling) -> Style:
    """The family one of whose homes is nearest, the first of equals."""
    return min(families, key=lambda style: _distance(style, felt))


def _distance(style: Style, felt: Feeling) -> float:
    """How far a feeling is from the nearest of a family's homes."""
    return min(dist(home, (felt.valence, felt.arousal)) for home in style.homes)
