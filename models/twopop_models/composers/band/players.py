"""Who plays: a style's line-up, amended by instruments that are asked for, liked or forbidden."""

from __future__ import annotations

from dataclasses import dataclass

from twopop_models.composers.band.instruments import TABLE, Instrument
from twopop_models.composers.band.styles.sheet import Style
from twopop_models.errors import ControlError

SUBSTITUTES: dict[str, tuple[str, ...]] = {
    "harmony": ("piano", "electric-piano", "acoustic-guitar", "harp", "organ", "marimba", "strings", "synth", "brass"),
    "pads": ("strings", "pad", "choir", "organ", "horn", "clarinet"),
    "melody": ("violin", "flute", "clarinet", "piano", "synth", "trumpet", "celesta", "marimba"),
    "bass": ("bass", "double-bass", "synth-bass", "cello"),
    "drums": ("drums", "percussion", "timpani"),
    "accents": ("piano", "brass", "timpani", "harp", "synth", "strings", "celesta", "marimba", "acoustic-guitar"),
}
"""Who steps in when a style's own player is forbidden, in this order."""

ROLES: tuple[str, ...] = ("drums", "bass", "harmony", "pads", "melody")


@dataclass(frozen=True)
class Player:
    """An instrument in a role; ``stem`` is the role's name, and two players may share one."""

    role: str
    instrument: Instrument
    program: int

    @property
    def span(self) -> tuple[int, int]:
        """Lowest and highest pitch, inclusive."""
        return self.instrument.low, self.instrument.high


def line_up(
    style: Style, *, wanted: tuple[str, ...], liked: tuple[str, ...], forbidden: tuple[str, ...], variation: int
) -> tuple[Player, ...]:
    """The players, one per role at least, unless all that could play it are forbidden.

    ``wanted`` instruments always play, doubling a role when theirs are taken; ``liked`` ones only when one
    of their roles is free.

    Raises:
        ControlError: ``bad_control``, nobody is left to play.

    """
    cast = _cast(style, variation)
    taken: dict[str, str] = {}
    doubles: list[tuple[str, str]] = []
    for name in dict.fromkeys((*wanted, *liked)):
        free = [role for role in _roles(name) if role not in taken and name not in forbidden]
        if name in forbidden or (name not in wanted and (not free or name in taken.values())):
            continue
        if free:
            taken[free[0]] = name
        else:
            doubles.append((_roles(name)[0], name))
    for role in ROLES:
        options = (taken.get(role, cast[role]), cast[role], *SUBSTITUTES[role])
        found = next((name for name in options if name not in forbidden), None)
        if found is not None:
            taken[role] = found
    if not taken:
        raise ControlError("bad_control", "Every instrument is forbidden", "Forbid fewer of them.")
    pairs = [(role, taken[role]) for role in ROLES if role in taken] + doubles
    return tuple(player(style, role, name, variation) for role, name in pairs)


def _roles(name: str) -> tuple[str, ...]:
    """The roles of an instrument that the line-up knows: accents have players of their own."""
    return tuple(role for role in TABLE[name].roles if role in ROLES)


def _cast(style: Style, variation: int) -> dict[str, str]:
    lineup = style.lineups[variation % len(style.lineups)]
    return {
        "harmony": lineup.harmony,
        "pads": lineup.pads,
        "melody": lineup.melody,
        "bass": lineup.bass,
        "drums": lineup.drums,
    }


def player(style: Style, role: str, name: str, variation: int) -> Player:
    """An instrument in a role with the family's sound for it."""
    row = TABLE[name]
    kit = style.lineups[variation % len(style.lineups)].kit
    return Player(role, row, kit if row.drums else style.program(name, row.program))


def accent_players(style: Style, heavy: bool, forbidden: tuple[str, ...], variation: int) -> tuple[Player, ...]:
    """Pitched instruments that mark a hit; a substitute when the family's own are all forbidden."""
    own = [name for name in (style.accents.heavy if heavy else style.accents.light) if name not in forbidden]
    names = own or [name for name in SUBSTITUTES["accents"] if name not in forbidden][:1]
    return tuple(player(style, "accents", name, variation) for name in names)
