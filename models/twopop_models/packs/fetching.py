"""``twopop models get``: from the hub, a folder or a bundle to an installed pack.

The order is the same everywhere: what is there and what of it is needed; the terms, before anything large moves; the
files; the checks; one rename.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from twopop_models.errors import EngineError
from twopop_models.packs import bundles, cards, catalogue, hub, licences, local, safety, staging
from twopop_models.packs.cards import Card, Licence, Source
from twopop_models.packs.catalogue import Known
from twopop_models.packs.shelf import Shelf


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
            revision: branch, tag or commit of the repository; another one than is installed replaces it.

        Raises:
            EngineError: ``pack_missing``, ``pack_corrupt``, ``pack_unsafe``, ``licence_not_accepted``, ``offline``,
                ``packs_unwritable``. What was installed before then stays.

        """
        packs, waiting = self.shelf.folder, Progress(name, "waiting for another twopop")
        with staging.staging(packs, name, lambda: self.on_progress(waiting)) as staged:
            there = self._installed(name)
            if there is not None and not revision:
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

    def _stage(self, name: str, origin: Path | None, revision: str, staged: Path) -> Card:
        """Everything but the rename; the card has the hashes of what lies in the staging folder."""
        known = catalogue.known(name)
        if origin is not None and (origin.is_file() or (origin / cards.FILE).is_file()):
            return self._from_pack(name, origin, staged)
        if known is None:
            raise catalogue.unknown(name)
        fetched = self._from_folder(known, origin, staged) if origin else self._from_hub(known, revision, staged)
        staging.check(staged)
        return _card(known, *fetched, staged)

    def _agree(self, name: str, licence: Licence) -> None:
        folder = self.shelf.folder
        if licences.needed(licence, folder):
            if not self.agree(name, licence):
                raise licences.refused(name, licence)
            licences.accept(licence, folder)

    def _from_hub(self, known: Known, revision: str, staged: Path) -> tuple[Licence, str]:
        if known.preparation:
            remedy = f"{known.preparation}, then run: twopop models get {known.name} --from FOLDER"
            raise EngineError("pack_missing", f"{known.title} cannot be downloaded as it is", remedy)
        listing = hub.listing(known, revision, self.endpoint)
        files = {file.path: file for file in listing.files}
        wanted = _select(tuple(files), known, known.repo)
        total, done = sum(files[path].bytes for path in wanted), 0

        def bring(path: str) -> None:
            def tell(count: int) -> None:
                self.on_progress(Progress(known.name, path, done + count, total))

            hub.fetch(known, listing.commit, files[path], staged, tell, self.endpoint)

        for path in (papers := _papers(wanted)):
            bring(path)
        licence = _terms(known, papers, staged)
        self._agree(known.name, licence)
        staging.check_space(self.shelf.folder, _needed({path: files[path].bytes for path in wanted}, staged))
        for path in wanted:
            bring(path)
            done += files[path].bytes
        staging.keep_only(staged, wanted)
        return licence, listing.commit

    def _from_folder(self, known: Known, folder: Path, staged: Path) -> tuple[Licence, str]:
        place = local.locate(folder, known)
        wanted = _select(local.listing(place), known, str(folder))
        sizes = {path: local.size(place, path) for path in wanted}
        total, done = sum(sizes.values()), 0

        def bring(path: str) -> None:
            local.copy(place, path, staged, lambda count: self._tell(known.name, path, done + count, total))

        for path in (papers := _papers(wanted)):
            bring(path)
        licence = _terms(known, papers, staged)
        self._agree(known.name, licence)
        staging.check_space(self.shelf.folder, _needed(sizes, staged))
        for path in wanted:
            bring(path)
            done += sizes[path]
        staging.keep_only(staged, wanted)
        return licence, place.commit

    def _from_pack(self, name: str, origin: Path, staged: Path) -> Card:
        """A pack with its card, in a bundle or a folder: nothing is taken that is not as the card says."""
        bundled = origin.is_file()
        card = bundles.card_of(origin, name, staged) if bundled else cards.read(origin)
        if card.name != name:
            raise EngineError("pack_missing", f"{origin} holds the pack {card.name}, not {name}", "Ask for that one")
        card = _as_published(card)
        self._agree(name, card.licence)
        staging.check_space(self.shelf.folder, card.bytes)
        paths = tuple(file.path for file in card.files)
        if bundled:
            bundles.unpack(origin, card, staged, lambda done: self._tell(name, "", done, card.bytes))
        else:
            self._copy(card, origin, staged)
        staging.keep_only(staged, paths)
        for path in paths:
            safety.check_kind(path)  # a pack is converted already
        staging.check(staged)
        cards.verify(staged, card)
        return card

    def _copy(self, card: Card, origin: Path, staged: Path) -> None:
        place, done = local.Place(origin.resolve(), origin.resolve()), 0
        safety.check_names(file.path for file in card.files)
        for file in card.files:
            local.copy(place, file.path, staged, lambda _: None)
            done += file.bytes
            self._tell(card.name, file.path, done, card.bytes)

    def _tell(self, pack: str, file: str, done: int, total: int) -> None:
        self.on_progress(Progress(pack, file, done, total))


def _select(paths: tuple[str, ...], known: Known, where: str) -> tuple[str, ...]:
    wanted = safety.select(paths, known.patterns)
    if not set(wanted) - set(_papers(wanted)):
        text = f"{where} holds nothing of the pack {known.name}"
        raise EngineError("pack_missing", text, f"It must have {', '.join(known.patterns)}, as {known.repo} has")
    return wanted


def _papers(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of the terms among the files."""
    return safety.select((path for path in paths if "/" not in path), ())


def _terms(known: Known, papers: tuple[str, ...], staged: Path) -> Licence:
    """The terms as published: what we say of them, then every text that comes with the files."""
    texts = [(staged / path).read_text("utf-8", "replace").strip() for path in papers]
    return replace(known.licence, text="\n\n".join(filter(None, (known.licence.text, *texts))))


def _needed(sizes: dict[str, int], staged: Path) -> int:
    """Bytes that are still to come, and those of a conversion."""
    there = sum(path.stat().st_size for path in staged.rglob("*") if path.is_file())
    twice = sum(size for path, size in sizes.items() if Path(path).suffix in safety.CONVERTIBLE)
    return max(0, sum(sizes.values()) - there) + twice


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


def _as_published(card: Card) -> Card:
    """A card from elsewhere cannot talk a published pack's terms away."""
    known = catalogue.known(card.name)
    if known is None:
        return card
    terms = replace(known.licence, text=card.licence.text or known.licence.text)
    return replace(card, licence=terms, role=known.role, family=known.family)
