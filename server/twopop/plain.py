"""JSON files that survive a kill; how values become plain JSON is ``twopop_models.plain``'s."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from twopop_models.plain import from_plain, to_plain

__all__ = ["from_plain", "read_json", "sync_file", "sync_folder", "to_plain", "write_json"]


def read_json(path: Path) -> Any:
    """The JSON value in a file.

    Raises:
        OSError: as ``open`` does.
        ValueError: it is not UTF-8 JSON.

    """
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, data: object, *, durable: bool = True) -> None:
    """Write a file that is, at any moment, either the old one or the new one, whole.

    With ``durable`` it also survives a power cut once this returns.

    Raises:
        OSError: as ``open`` does; the old file then stands.

    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Bring a file's content safely to disk.

    Raises:
        OSError: the disk would not, for instance because it is full.

    """
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; does nothing where a folder cannot be synced (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
