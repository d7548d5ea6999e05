"""Style families as data. Adding one is adding a file with ``STYLE`` and its name to ``NAMES``.

Every word of ``vocabulary.GENRES`` is served by exactly one family; ``by_genre`` finds it.
"""

from __future__ import annotations

from dataclasses import astuple
from functools import cache
from importlib import import_module
from typing import cast

from twopop_models.composers.band.styles.sheet import Style

NAMES: tuple[str, ...] = ("orchestral", "ambient", "electronic", "folk", "rock", "jazz", "hiphop", "latin")


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
def by_genre(genre: str) -> Style:
    """The family that serves a genre of the control table.

    Raises:
        KeyError: no family serves it.

    """
    for name in NAMES:
        if genre in load(name).genres:
            return load(name)
    raise KeyError(genre)


def by_instruments(instruments: tuple[str, ...]) -> Style | None:
    """The family in one of whose line-ups most of some instruments play, the first of equals; None for strangers."""
    wanted = set(instruments)

    def share(name: str) -> int:
        return max(len(wanted & set(astuple(lineup)[:-1])) for lineup in load(name).lineups)

    best = max(NAMES, key=share)
    return load(best) if share(best) else None
