"""Where the files of a published pack can be brought from: the hub, or a folder of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from twopop_models.errors import EngineError
from twopop_models.packs import hub, local, safety
from twopop_models.packs.catalogue import Known


class Bring(Protocol):
    """Brings one file into a staging folder, telling how many bytes of it are there; what is told may raise."""

    def __call__(self, path: str, staged: Path, on_bytes: Callable[[int], None], /) -> None:
        """Bring it, or find that it is there."""


@dataclass(frozen=True)
class Found:
    """The files of a pack at a source.

    Attributes:
        commit: of the repository; "" where nobody knows.
        sizes: path and bytes of each file that the pack needs, those of its terms first.
        bring: fetches one of them.
        parts: names in the staging folder of what an earlier attempt may have left, to be gone on with.

    """

    commit: str
    sizes: tuple[tuple[str, int], ...]
    bring: Bring
    parts: tuple[str, ...] = ()

    @property
    def papers(self) -> tuple[str, ...]:
        """The texts of the terms."""
        return papers(path for path, _ in self.sizes)

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(size for _, size in self.sizes)


papers = partial(safety.select, patterns=())
"""The texts of the terms among some files."""


def on_hub(known: Known, revision: str = "", endpoint: str | None = None) -> Found:
    """A pack on the hub.

    Raises:
        EngineError: as ``hub.listing``; ``pack_missing`` where it must be converted first, or lacks its files;
            ``pack_unsafe`` where code lies among them.

    """
    if known.preparation:
        remedy = f"{known.preparation}, then run: twopop models get {known.name} --from FOLDER"
        raise EngineError("pack_missing", f"{known.title} cannot be downloaded as it is", remedy)
    listing = hub.listing(known, revision, endpoint)
    files = {file.path: file for file in listing.files}

    def bring(path: str, staged: Path, on_bytes: Callable[[int], None]) -> None:
        hub.fetch(known, listing.commit, files[path], staged, on_bytes, endpoint)

    wanted = _choose(tuple(files), known, known.repo)
    parts = tuple(hub.part_of(files[path]) for path in wanted)
    return Found(listing.commit, tuple((path, files[path].bytes) for path in wanted), bring, parts)


def in_folder(known: Known, folder: Path) -> Found:
    """A pack in a folder, see ``local.locate``.

    Raises:
        EngineError: as ``local.locate`` and ``local.size``; ``pack_missing``, ``pack_unsafe`` as ``on_hub``.

    """
    place = local.locate(folder, known)
    wanted = _choose(local.listing(place), known, str(folder))
    return Found(place.commit, tuple((path, local.size(place, path)) for path in wanted), partial(local.copy, place))


def _choose(paths: tuple[str, ...], known: Known, where: str) -> tuple[str, ...]:
    wanted = safety.select(paths, known.patterns)
    terms = papers(wanted)
    if len(wanted) == len(terms):
        text = f"{where} holds nothing of the pack {known.name}"
        raise EngineError("pack_missing", text, f"It must have {', '.join(known.patterns)}, as {known.repo} has")
    return (*terms, *(path for path in wanted if path not in terms))
