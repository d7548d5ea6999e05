"""The starter library: tracks that ship inside a package, analysed beforehand.

The analysis lies in ``packs/starter`` and was made by ``models/recipes/make_starter_pack.py``, which
runs the very analysis that ``twopop library add`` runs; a test does one track again and compares.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twopop_models.library.rows import from_json

if TYPE_CHECKING:
    from twopop_models.library.shelf import Library

PACK = Path(__file__).parent.parent / "packs" / "starter" / "tracks.json"


def starter(library: Library) -> int:
    """Put the starter tracks on the shelf, where they lie; returns how many were new.

    Raises:
        EngineError: ``asset_missing`` when their package is not installed.

    """
    from twopop_models import assets

    folder = assets.find("starter-tracks")
    known = library.hashes()
    new = 0
    for entry in _entries():
        path = folder / entry["file"]
        if known.get(str(path)) == entry["sha256"]:
            continue
        library.put(replace(from_json(entry["track"]), path=path), entry["sha256"])
        new += 1
    return new


def _entries() -> list[dict[str, Any]]:
    pack: list[dict[str, Any]] = json.loads(PACK.read_text("utf-8"))
    return pack
