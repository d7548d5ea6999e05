"""Walking a folder of music: what to analyse, what is there already, what cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twopop_models.errors import LibraryError

SUFFIXES = frozenset(
    {".wav", ".aif", ".aiff", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".mp4a", ".aac", ".wma", ".caf", ".w64"}
)


@dataclass(frozen=True)
class Refused:
    """A file that was not added, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class AddReport:
    """What became of a folder: how many were added, how many were known, which were refused."""

    added: int
    skipped: int
    failed: tuple[Refused, ...]


def music_files(folder: Path) -> list[Path]:
    """Audio files below a folder (or the file itself), in order; folders linked in a ring are seen once.

    Raises:
        LibraryError: ``track_missing`` when there is nothing at that place.

    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise LibraryError("track_missing", f"There is no folder {folder}", "Check its name")
    return sorted(path for path in _walk(folder, set()) if path.suffix.lower() in SUFFIXES)


def _walk(folder: Path, seen: set[Path]) -> Iterator[Path]:
    real = folder.resolve()
    if real in seen:
        return
    seen.add(real)
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if path.is_dir():
            yield from _walk(path, seen)
        elif path.is_file():
            yield path
