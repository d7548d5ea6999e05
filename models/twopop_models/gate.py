"""The gate: which files the engine may read, and how much of them.

Every media path of a request, and every path that a timeline names, passes ``admit`` before it is
opened. What lies outside the roots is refused before anything is said of its existence.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from twopop_models.errors import MediaError

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_MOVE = "Move it below a media folder, or start the server with another one: --media-root FOLDER"


@dataclass(frozen=True)
class Limits:
    """What one request may ask of the decoder.

    Attributes:
        roots: folders below which media may be read; none means that nothing may.
        max_bytes: largest file.
        max_pixels: largest width times height; 50 million holds 8K.
        max_seconds: longest range; ``max_frames`` likewise at the client's rate (an hour at 120 fps).

    """

    roots: tuple[Path, ...]
    max_bytes: int = 256 << 30
    max_pixels: int = 50_000_000
    max_seconds: float = 3600.0
    max_frames: int = 450_000


def admit(path: Path, roots: tuple[Path, ...]) -> Path:
    """The real path of a regular file below one of the roots, symbolic links resolved.

    Raises:
        MediaError: ``media_forbidden`` for a relative, network or device path, for anything outside
            the roots and for what is no regular file; ``media_missing`` when there is nothing.

    """
    _refuse_strange(path)
    try:
        real = path.resolve()
        inside = any(real.is_relative_to(root.resolve()) for root in roots)
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a null character, a dead drive
        raise MediaError("media_missing", f"{_name(path)} cannot be found", "Check the path") from error
    if not inside:
        raise MediaError("media_forbidden", f"{_name(path)} is outside the media folders", _MOVE)
    _refuse_irregular(real)
    return real


def _refuse_strange(path: Path) -> None:
    """Only plain absolute paths of this machine's file systems."""
    text = str(path)
    if text.startswith(("\\\\", "//")) or (os.name == "nt" and _names_device(path)):
        raise MediaError("media_forbidden", f"{_name(path)} is a network or device path", "Use a local file")
    if not path.is_absolute():
        raise MediaError("media_forbidden", f"{_name(path)} is not an absolute path", "Send the whole path")


def _names_device(path: Path) -> bool:
    return any(part.split(".")[0].strip().lower() in _DEVICES for part in path.parts)


def _refuse_irregular(real: Path) -> None:
    """Directories, pipes, sockets and devices are no media; a pipe would hang whoever opens it."""
    try:
        mode = real.stat().st_mode
    except OSError as error:
        raise MediaError("media_missing", f"There is no file {_name(real)}", "Check the path") from error
    if not stat.S_ISREG(mode):
        raise MediaError("media_forbidden", f"{_name(real)} is no regular file", "Name a video, a still or a timeline")


def _name(path: Path) -> str:
    return repr(str(path)[-300:])
