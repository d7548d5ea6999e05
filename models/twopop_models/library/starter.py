"""The starter library: tracks that ship inside a package, analysed beforehand.

The analysis lies in ``packs/starter`` and was made by ``models/recipes/make_starter_pack.py``, which
runs the very analysis that ``twopop library add`` runs; a test does one track again and compares.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from twopop_models.library.rows import from_json
from twopop_models.types import Track

if TYPE_CHECKING:
    from twopop_models.library.shelf import Library

PACK = Path(__file__).parent.parent / "packs" / "starter" / "tracks.json"


@dataclass(frozen=True)
class Packed:
    """A track of the pack: its file below the package's folder, the file's SHA-256, and what was heard."""

    file: str
    sha256: str
    track: Track


def packed() -> tuple[Packed, ...]:
    """The pack, in its order."""
    pack = json.loads(PACK.read_text("utf-8"))
    return tuple(Packed(entry["file"], entry["sha256"], from_json(entry["track"])) for entry in pack)


def starter(library: Library) -> int:
    """Put the starter tracks on the shelf, where they lie; returns how many were put.

    A track that was removed from the library stays away.

    Raises:
        EngineError: ``asset_missing`` when their package is not installed.
        LibraryError: as ``Library.put``.

    """
    from twopop_models import assets

    folder, gone = assets.find("starter-tracks"), library.removed()
    new = 0
    for entry in packed():
        path = folder / entry.file
        if entry.sha256 in gone or library.knows(entry.sha256, path):
            continue
        library.put(replace(entry.track, path=path), entry.sha256)
        new += 1
    return new
