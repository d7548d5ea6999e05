"""The packs folder: what is installed, found by name or by role, and opened only when whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from twopop_models.errors import EngineError
from twopop_models.packs import cards, licences
from twopop_models.packs.cards import Card, Role


@dataclass(frozen=True)
class Pack:
    """An installed pack whose files were compared with its card."""

    card: Card
    folder: Path


@dataclass(frozen=True)
class Standing:
    """What a look at names and sizes tells of a folder of packs: its card if it can be read, and what is wrong."""

    name: str
    card: Card | None
    fault: EngineError | None


@dataclass(frozen=True)
class Shelf:
    """Packs below a folder, each in a folder of its name; the folder need not exist."""

    folder: Path

    @classmethod
    def at(cls, folder: Path | None) -> Shelf:
        """The shelf in a folder; an empty one for None."""
        return cls(Path(os.devnull) if folder is None else folder)

    def installed(self) -> tuple[Card, ...]:
        """The cards that can be read, in order of name."""
        found = []
        for path in sorted(self.folder.glob(f"*/{cards.FILE}")):
            try:
                card = cards.read(path.parent)
            except EngineError:
                continue  # ``twopop models verify`` and opening it say what is wrong
            if card.name == path.parent.name:
                found.append(card)
        return tuple(found)

    @property
    def names(self) -> tuple[str, ...]:
        """Of everything that lies here as a pack, in order; nothing is opened."""
        return tuple(sorted(path.parent.name for path in self.folder.glob(f"[!.]*/{cards.FILE}")))

    def standings(self) -> tuple[Standing, ...]:
        """Everything that lies here as a pack, whole or not, in order of name; nothing is hashed."""
        return tuple(self._standing(name) for name in self.names)

    def _standing(self, name: str) -> Standing:
        card = None
        try:
            card = self._card(name)
            cards.verify(self.folder / name, card, quick=True)
            licences.demand(card, self.folder)
        except EngineError as error:
            return Standing(name, card, error)
        return Standing(name, card, None)

    def open(self, name: str) -> Pack:
        """A pack by name, whole and its terms accepted.

        Raises:
            EngineError: ``pack_missing``, ``pack_corrupt`` or ``licence_not_accepted``.

        """
        pack = self.whole(name)
        licences.demand(pack.card, self.folder)
        return pack

    def whole(self, name: str) -> Pack:
        """A pack by name, verified once per process and state of its files; its terms are not looked at.

        Raises:
            EngineError: ``pack_missing`` or ``pack_corrupt``.

        """
        card, folder = self._card(name), self.folder / name
        paths = (*(file.path for file in card.files), *cards.strangers(folder, card))
        state = tuple((path, _state(folder / path)) for path in paths)
        if _VERIFIED.get(folder) != (card, state):
            cards.verify(folder, card)
            _VERIFIED[folder] = (card, state)
        return Pack(card, folder)

    def _card(self, name: str) -> Card:
        folder = self.folder / name
        if not (folder / cards.FILE).is_file():
            raise EngineError("pack_missing", f"The pack {name} is not installed", f"Run: twopop models get {name}")
        card = cards.read(folder)
        if card.name != name:
            raise cards.corrupt(f"The folder {folder} holds the pack {card.name}", name)
        return card

    def of_role(self, role: Role, family: str = "") -> tuple[Card, ...]:
        """Installed packs of a role, of one family if it is given, in order of name."""
        return tuple(card for card in self.installed() if card.role is role and (not family or card.family == family))


def shipped() -> Shelf:
    """The packs that come inside twopop; nobody fetches or removes them by themselves."""
    return Shelf(Path(__file__).parent)


_VERIFIED: dict[Path, tuple[Card, tuple[tuple[str, tuple[int, int]], ...]]] = {}
"""What was hashed by this process, with size and time of each file: whoever changes one is noticed."""


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (-1, -1)
    return (status.st_size, status.st_mtime_ns)
