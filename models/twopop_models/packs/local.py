"""Packs from a folder of this machine: a copy of a repository, a folder of the hub's cache, or a pack itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twopop_models.errors import EngineError
from twopop_models.packs import safety
from twopop_models.packs.catalogue import Known

_BLOCK: Final = 4 << 20
_POINTER: Final = b"version https://git-lfs"


@dataclass(frozen=True)
class Place:
    """Where the files of a repository lie.

    Attributes:
        root: their folder.
        border: links may lead to anything below it, and nowhere else: the cache keeps files under their hashes.
        commit: of the repository, where the layout tells it; else "".

    """

    root: Path
    border: Path
    commit: str = ""


def locate(folder: Path, known: Known) -> Place:
    """Find the files of a repository in a folder, in its snapshot in the hub's cache, or in a whole cache.

    Raises:
        EngineError: ``pack_missing`` where the cache holds no snapshot of it, or several.

    """
    cached = folder / f"models--{known.repo.replace('/', '--')}"
    if cached.is_dir():
        return locate(cached, known)
    if folder.resolve().parent.name == "snapshots":
        root = folder.resolve()
        return Place(root, root.parent.parent, root.name)
    if (folder / "snapshots").is_dir():
        return locate(_snapshot(folder), known)
    if not folder.is_dir():
        raise EngineError("pack_missing", f"{folder} is no folder", "Give a folder, or a bundle of twopop models")
    return Place(folder.resolve(), folder.resolve())


def _snapshot(cached: Path) -> Path:
    """The one that ``main`` is, or the only one."""
    found = sorted(path for path in (cached / "snapshots").iterdir() if path.is_dir())
    main = cached / "refs" / "main"
    if main.is_file():
        found = [path for path in found if path.name == main.read_text("utf-8").strip()] or found
    if len(found) != 1:
        text = f"{cached} holds {len(found)} snapshots"
        raise EngineError("pack_missing", text, f"Name one of the folders in {cached / 'snapshots'}")
    return found[0]


def listing(place: Place) -> tuple[str, ...]:
    """Every file below a place, "/" between; folders that are links are not entered."""
    found = []
    for folder, _, names in os.walk(place.root):
        found += [(Path(folder) / name).relative_to(place.root).as_posix() for name in names]
    return tuple(sorted(found))


def size(place: Place, path: str) -> int:
    """Bytes of a file, after its link was followed.

    Raises:
        EngineError: ``pack_unsafe`` where it leads out of the place or is no file, ``pack_corrupt`` where it leads
            nowhere.

    """
    return _real(place, path).stat().st_size


def _real(place: Place, path: str) -> Path:
    try:
        real = (place.root / path).resolve(strict=True)
    except (OSError, RuntimeError) as error:  # a circle of links is one or the other
        raise safety.broken(f"{path} is a link that leads nowhere") from error
    if not real.is_relative_to(place.border.resolve()):
        raise safety.refuse(f"{path} is a link that leads out of its folder")
    if not stat.S_ISREG(real.stat().st_mode):
        raise safety.refuse(f"{path} is no file")
    return real


def copy(place: Place, path: str, staged: Path, on_bytes: Callable[[int], None]) -> None:
    """Copy one file into a staging folder; what a link points to, not the link.

    Raises:
        EngineError: as ``size``; ``pack_corrupt`` for what Git LFS leaves instead of a file.
        OSError: the disk.

    """
    real = _real(place, path)
    target = staged / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source = real.open("rb")
    except OSError as error:
        raise safety.broken(f"{path} cannot be read: {error.strerror}") from error
    with source, target.open("wb") as copied:
        while block := source.read(_BLOCK):
            if copied.tell() == 0 and block.startswith(_POINTER):
                raise safety.broken(f"{path} only points to a file; run git lfs pull in its repository")
            copied.write(block)
            on_bytes(copied.tell())
