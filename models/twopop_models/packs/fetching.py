"""``twopop models get``: from the hub, a folder or a bundle to an installed pack.

The order is the same everywhere: what is there and what of it is needed; the terms, before anything large moves; the
files; the checks; one rename.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from twopop_models.errors import EngineError
from twopop_models.packs import bundles, cards, catalogue, hub, licences, local, safety, sources, staging
from twopop_models.packs.cards import Card, Licence, Source
from twopop_models.packs.catalogue import Known
from twopop_models.packs.shelf import Shelf
from twopop_models.packs.sources import Found

_LONGEST_TERMS: Final = 400_000
"""Characters of a licence file that are shown."""


@dataclass(frozen=True)
class Progress:
    """How far a pack is. ``done`` and ``total`` are bytes of all its files; both 0 while another process has it."""

    pack: str
    file: str
    done: int = 0
    total: int = 0


def _ignore(_: Progress) -> None:
    """Nobody watches."""


def _disagree(_name: str, _licence: Licence) -> bool:
    """Nobody is there to be asked."""
    return False


@dataclass(frozen=True)
class Fetcher:
    """How packs are fetched.

    Attributes:
        shelf: where they are installed.
        agree: shown the name of a pack and its terms, says whether they are accepted; asked once per text.
        on_progress: told now and then; may raise, as ``Cancelled``, to stop. What has arrived stays for next time.
        endpoint: address of the hub; None for the usual one.

    """

    shelf: Shelf
    agree: Callable[[str, Licence], bool] = _disagree
    on_progress: Callable[[Progress], None] = _ignore
    endpoint: str | None = None

    def get(self, name: str, origin: Path | None = None, revision: str = "") -> Card:
        """Install a pack, or find that it is installed and whole.

        Args:
            name: of the pack, not of a group: see ``catalogue.members``.
            origin: folder or bundle; None for the hub.
            revision: branch, tag or commit of the repository; another one than is installed replaces it, and so does
                a bundle or the folder of a pack with other files.

        Raises:
            EngineError: ``pack_missing``, ``pack_corrupt``, ``pack_unsafe``, ``licence_not_accepted``, ``offline``,
                ``packs_unwritable``. What was installed before then stays.

        """
        packs, waiting = self.shelf.folder, Progress(name, "waiting for another twopop")
        with staging.staging(packs, name, lambda: self.on_progress(waiting)) as staged:
            there = self._installed(name)
            if there is not None and not self._another(there, origin, revision, staged):
                staging.discard(staged)
                self._agree(name, there.licence)
                return there
            with staging.tidy(staged, keep=origin is None):
                card = self._stage(name, origin, revision, staged)
            staging.publish(staged, card, packs)
            return card

    def _installed(self, name: str) -> Card | None:
        try:
            return self.shelf.whole(name).card
        except EngineError:
            return None

    def _another(self, there: Card, origin: Path | None, revision: str, staged: Path) -> bool:
        """Whether something else than what is installed is asked for; files without a card are not compared."""
        if origin is not None:
            return _carded(origin) and _card_in(origin, there.name, staged).files != there.files
        known = catalogue.known(there.name)
        if known is None or not revision:
            return False
        return hub.listing(known, revision, self.endpoint).commit != there.source.revision

    def _stage(self, name: str, origin: Path | None, revision: str, staged: Path) -> Card:
        """Everything but the rename; the card has the hashes of what lies in the staging folder."""
        if origin is not None and _carded(origin):
            return self._from_pack(_card_in(origin, name, staged), origin, staged)
        known = catalogue.known(name)
        if known is None:
            raise catalogue.unknown(name)
        found = sources.in_folder(known, origin) if origin else sources.on_hub(known, revision, self.endpoint)
        licence = self._gather(known, found, staged)
        staging.check(staged)
        return _card(known, licence, found.commit, staged)

    def _agree(self, name: str, licence: Licence) -> None:
        folder = self.shelf.folder
        if licences.needed(licence, folder):
            if not self.agree(name, licence):
                raise licences.refused(name, licence)
            licences.accept(licence, folder)

    def _gather(self, known: Known, found: Found, staged: Path) -> Licence:
        """The terms first; when they are accepted, everything else."""
        paths = tuple(path for path, _ in found.sizes)
        staging.keep_only(staged, (*paths, *found.parts))  # room is needed, and another revision's files are not
        licence, done = None, 0
        for path, size in found.sizes:
            if licence is None and path not in found.papers:
                licence = _terms(known, found, staged)
                self._agree(known.name, licence)
                staging.check_space(self.shelf.folder, _needed(found, staged))
            found.bring(path, staged, self._teller(known.name, path, done, found.bytes))
            done += size
        staging.keep_only(staged, paths)
        return licence or known.licence

    def _from_pack(self, card: Card, origin: Path, staged: Path) -> Card:
        """A pack with its card, in a bundle or a folder: nothing is taken that is not as the card says."""
        self._agree(card.name, card.licence)
        staging.check_space(self.shelf.folder, card.bytes)
        paths = tuple(file.path for file in card.files)
        safety.check_names(paths)
        for path in paths:
            safety.check_kind(path)  # a pack is converted already
        if origin.is_file():
            bundles.unpack(origin, card, staged, self._teller(card.name, "", 0, card.bytes))
        else:
            self._copy(card, origin, staged)
        staging.keep_only(staged, paths)
        staging.check(staged)
        cards.verify(staged, card)
        return card

    def _copy(self, card: Card, origin: Path, staged: Path) -> None:
        place, done = local.Place(origin.resolve(), origin.resolve()), 0
        for file in card.files:
            local.copy(place, file.path, staged, self._teller(card.name, file.path, done, card.bytes))
            done += file.bytes

    def _teller(self, pack: str, file: str, before: int, total: int) -> Callable[[int], None]:
        """Tells of one file as a part of all."""
        return lambda count: self.on_progress(Progress(pack, file, before + count, total))


def _carded(origin: Path) -> bool:
    """Whether a place holds packs with their cards: a bundle, or the folder of one."""
    return origin.is_file() or (origin / cards.FILE).is_file()


def _card_in(origin: Path, name: str, staged: Path) -> Card:
    """The card at such a place; a published pack's terms cannot be talked away by it."""
    card = bundles.card_of(origin, name, staged) if origin.is_file() else cards.read(origin)
    if card.name != name:
        raise EngineError("pack_missing", f"{origin} holds the pack {card.name}, not {name}", "Ask for that one")
    known = catalogue.known(name)
    if known is None:
        return card
    terms = replace(known.licence, text=card.licence.text or known.licence.text)
    return replace(card, licence=terms, role=known.role, family=known.family)


def _terms(known: Known, found: Found, staged: Path) -> Licence:
    """The terms as published: what we say of them, then every text that comes with the files."""
    texts = [_text(staged / path) for path in found.papers]
    return replace(known.licence, text="\n\n".join(filter(None, (known.licence.text, *texts))))


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST_TERMS).strip()


def _needed(found: Found, staged: Path) -> int:
    """Bytes that are still to come, and those of a conversion."""
    there = sum(path.stat().st_size for path in staged.rglob("*") if path.is_file())
    twice = sum(size for path, size in found.sizes if Path(path).suffix in safety.CONVERTIBLE)
    return max(0, found.bytes - there) + twice


def _card(known: Known, licence: Licence, commit: str, staged: Path) -> Card:
    files = cards.files_of(staged)
    weights = sum(file.bytes for file in files if file.path.endswith(safety.WEIGHTS))
    return Card(
        known.name,
        known.title,
        known.role,
        known.family,
        licence,
        Source(known.repo, commit),
        files,
        known.vram_mb or -(-weights // 1_000_000),
        known.training,
    )
