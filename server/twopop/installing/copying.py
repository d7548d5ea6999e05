"""Files put into somebody else's folder, with a list of them, so that nothing else is ever touched.

The list, ``twopop-installed.json``, lies among the files. A file that was changed since it was put there
belongs to its user: putting a new version there keeps the changed one beside it as ``.mine``, and taking
away leaves it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twopop.plain import read_json, write_json

LIST: Final = "twopop-installed.json"
MINE: Final = ".mine"


@dataclass(frozen=True)
class Copied:
    """What was done in ``folder``: ``files`` put there or taken away, ``kept`` because their user changed them."""

    folder: Path
    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def put(source: Path, names: Iterable[Path], folder: Path) -> Copied:
    """Copy ``names``, relative to ``source``, into ``folder``; files of an older version go.

    Raises:
        OSError: as ``open`` does; what was copied by then is on the list.

    """
    before = _listed(folder)
    wanted = tuple(names)
    kept = [_spared(folder / name) for name in wanted if _changed(folder / name, before.get(name.as_posix()))]
    folder.mkdir(parents=True, exist_ok=True)
    now = dict(before)
    try:
        for name in wanted:
            _copy(source / name, folder / name)
            now[name.as_posix()] = _digest(folder / name)
        old = [Path(name) for name in before if Path(name) not in wanted]
        kept += [folder / name for name in old if not _remove(folder / name, before[name.as_posix()])]
        now = {name: digest for name, digest in now.items() if Path(name) not in old}
    finally:
        write_json(folder / LIST, now, durable=False)
    return Copied(folder, wanted, tuple(kept))


def take_away(folder: Path) -> Copied:
    """Remove from ``folder`` what ``put`` left there, and folders that are empty then.

    Raises:
        OSError: as ``unlink`` does.

    """
    listed = _listed(folder)
    gone = {Path(name): _remove(folder / name, digest) for name, digest in listed.items()}
    (folder / LIST).unlink(missing_ok=True)
    for place in sorted({folder, *((folder / name).parent for name in gone)}, key=lambda path: -len(path.parts)):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    kept = tuple(folder / name for name, done in gone.items() if not done)
    return Copied(folder, tuple(name for name, done in gone.items() if done), kept)


def is_installed(folder: Path) -> bool:
    """Whether ``put`` has been here."""
    return (folder / LIST).is_file()


def _listed(folder: Path) -> dict[str, str]:
    """Digest by relative name; names that lead out of the folder were not written by us and are passed over."""
    try:
        data = read_json(folder / LIST)
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {name: str(digest) for name, digest in data.items() if _inside(Path(name))}


def _inside(name: Path) -> bool:
    return not name.is_absolute() and ".." not in name.parts


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _changed(path: Path, digest: str | None) -> bool:
    """Whether a file of ours was changed; one that we never put there counts as changed too."""
    return path.is_file() and _digest(path) != digest


def _spared(path: Path) -> Path:
    """Move a user's file aside; where it is then."""
    return path.replace(path.with_name(path.name + MINE))


def _copy(source: Path, target: Path) -> None:
    """Copy so that a host that looks on sees the old file or the new one, whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.fresh")
    shutil.copyfile(source, fresh)
    fresh.replace(target)


def _remove(path: Path, digest: str) -> bool:
    """Remove a file unless its user changed it; whether it is gone."""
    if _changed(path, digest):
        return False
    path.unlink(missing_ok=True)
    return True
