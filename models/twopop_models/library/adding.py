"""Walking a folder of music: what may be music, and what became of each file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from twopop_models.errors import LibraryError

SUFFIXES = frozenset(
    {".wav", ".aif", ".aiff", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wma", ".caf", ".w64", ".wv"}
)


@dataclass(frozen=True)
class Refused:
    """A file or folder that was passed over, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class AddReport:
    """What became of a folder: files added, files known before (or copies of such), and what was refused."""

    added: int
    skipped: int
    failed: tuple[Refused, ...]


def music_files(place: Path) -> tuple[list[Path], list[Refused]]:
    """Audio files below a folder (or the file itself) in order, and the folders that cannot be read.

    Links are followed, but a folder that can be reached in two ways, or through itself, is walked
    once. Hidden files are no music: macOS leaves one beside every song on foreign disks.

    Raises:
        LibraryError: ``track_missing`` when there is nothing at that place.

    """
    place = Path(os.path.realpath(place.expanduser()))  # unlike resolve(), bears links in a ring
    if place.is_file():
        return [place], []
    if not place.is_dir():
        raise LibraryError("track_missing", f"There is no folder {place}", "Check its name")
    refused: list[Refused] = []
    found: list[Path] = []
    seen: set[str] = set()
    for folder, inner, names in os.walk(place, onerror=lambda error: refused.append(_refusal(error)), followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            inner.clear()
            continue
        seen.add(real)
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        found += [Path(folder, name) for name in names if _is_music(folder, name)]
    return sorted(found), refused


def _is_music(folder: str, name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES and Path(folder, name).is_file()


def _refusal(error: OSError) -> Refused:
    return Refused(Path(str(error.filename)), error.strerror or str(error))
