"""Who plays: a style's line-up, amended by instruments that are asked for, liked or forbidden."""

from __future__ import annotations

from dataclasses import dataclass, replace

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


CHORUS: tuple[str, ...] = ("harmony", "pads", "melody")
"""Roles of which somebody who is asked for may have two."""

DRUMLIKE: tuple[str, ...] = ("percussion", "timpani", "taiko")
"""What is heard as drums, though it is no kit."""

FORWARD_DB, BACK_DB = 4.0, -4.0
"""How much louder somebody plays who was asked for, and how everybody else makes room."""
KIND = 8
"""Programs of a General MIDI family: who is asked for is heard as such, not as the family's far cousin of it."""


@dataclass(frozen=True)
class Player:
    """An instrument in a role; ``stem`` is the role's name, and two players may share one.

    ``asked`` is who the user asked for; see ``soloing``.
    """

    role: str
    instrument: Instrument
    program: int
    asked: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Lowest and highest pitch, inclusive."""
        return self.instrument.low, self.instrument.high


def line_up(
    style: Style, *, wanted: tuple[str, ...], liked: tuple[str, ...], forbidden: tuple[str, ...], variation: int
) -> tuple[Player, ...]:
    """The players, one per role at least, unless all that could play it are forbidden.

    ``wanted`` instruments always play and stand in front: each takes a role of its own, then a second one
    while any is free, and who is asked for alone all that suit; it doubles a role when theirs are taken. The
    family's extra players of harmony, pads and melody then rest. ``liked`` ones play when one of their roles
    is free. Who forbids the drums hears nothing like them, unless something like them is wanted.

    Raises:
        ControlError: ``bad_control``, nobody is left to play.

    """
    lineup = style.lineups[variation % len(style.lineups)]
    banned = unheard(wanted, forbidden)
    taken, doubles = _seats(wanted, liked, banned)
    for role in ROLES:
        own = getattr(lineup, role)
        options = (taken.get(role, own), own, *SUBSTITUTES[role])
        found = next((name for name in options if name not in banned), None)
        if found is not None:
            taken[role] = found
    if not taken:
        raise ControlError(
            "bad_control", "No instrument that could play is left", "Forbid fewer of them, or ask for some."
        )
    leads = any(taken.get(role) in wanted for role in CHORUS)
    extras = [
        (role, name)
        for role, name in lineup.extras
        if name not in banned and taken.get(role) != name and not (role in CHORUS and leads) and name not in wanted
    ]
    pairs = [(role, taken[role]) for role in ROLES if role in taken] + doubles + extras
    return tuple(_forward(player(style, role, name, variation), wanted) for role, name in pairs)


def unheard(wanted: tuple[str, ...], forbidden: tuple[str, ...]) -> tuple[str, ...]:
    """All that must not be heard: with the drums goes what sounds like drums and is not asked for."""
    like = [name for name in DRUMLIKE if name not in wanted] if "drums" in forbidden else []
    return tuple(dict.fromkeys((*forbidden, *like)))


def _seats(
    wanted: tuple[str, ...], liked: tuple[str, ...], banned: tuple[str, ...]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Roles of those asked for or liked, and the doublings of those whose roles are taken."""
    taken: dict[str, str] = {}
    doubles: list[tuple[str, str]] = []
    for name in dict.fromkeys(name for name in (*wanted, *liked) if name not in banned):
        free = [role for role in _roles(name) if role not in taken]
        if free and (name in wanted or name not in taken.values()):
            taken[free[0]] = name
        elif name in wanted:
            doubles.append((_roles(name)[0], name))
    for name in (name for name in wanted if name not in banned):
        more = [role for role in _roles(name) if role not in taken and role in CHORUS]
        taken.update((role, name) for role in (more if len(wanted) == 1 else more[:1]))
    return taken, doubles


def _roles(name: str) -> tuple[str, ...]:
    """The roles of an instrument that the line-up knows: accents have players of their own."""
    return tuple(role for role in TABLE[name].roles if role in ROLES)


def _forward(who: Player, wanted: tuple[str, ...]) -> Player:
    """A player who was asked for, louder and with a sound of the instrument's own kind; the others make room."""
    if not wanted:
        return who
    row, own = who.instrument, TABLE[who.instrument.name]
    if row.name not in wanted:
        return replace(who, instrument=replace(row, gain_db=row.gain_db + BACK_DB))
    moved = replace(row, gain_db=max(row.gain_db, own.gain_db) + FORWARD_DB)
    like = row.drums or who.program // KIND == own.program // KIND
    return replace(who, instrument=moved, program=who.program if like else own.program, asked=True)


def player(style: Style, role: str, name: str, variation: int) -> Player:
    """An instrument in a role with the family's sound for it."""
    row = TABLE[name]
    gain = row.gain_db + dict(style.gains).get(name, 0.0)
    row = replace(row, gain_db=gain, pan=dict(style.pans).get(name, row.pan))
    kit = style.lineups[variation % len(style.lineups)].kit
    return Player(role, row, kit if row.drums else style.program(name, row.program))


def accent_players(style: Style, heavy: bool, forbidden: tuple[str, ...], variation: int) -> tuple[Player, ...]:
    """Pitched instruments that mark a hit; a substitute when the family's own are all forbidden."""
    own = [name for name in (style.accents.heavy if heavy else style.accents.light) if name not in forbidden]
    names = own or [name for name in SUBSTITUTES["accents"] if name not in forbidden][:1]
    return tuple(player(style, "accents", name, variation) for name in names)
