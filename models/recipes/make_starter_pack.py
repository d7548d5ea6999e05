"""Analyse the starter tracks into ``models/twopop_models/packs/starter``.

Run from the repository's root: ``python models/recipes/make_starter_pack.py``. Takes a few minutes.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from twopop_models import assets
from twopop_models.analysis import VERSION, analyse
from twopop_models.library.rows import content_hash, to_json, track_of
from twopop_models.library.starter import PACK
from twopop_models.types import Track
from twopop_models.vocabulary import MOODS

LICENCE = "MIT (immich-memories-music)"


def main() -> None:
    """Write the pack and its card."""
    folder = assets.find("starter-tracks")
    entries = [entry(path, folder) for path in sorted(folder.rglob("*.opus"))]
    PACK.parent.mkdir(parents=True, exist_ok=True)
    PACK.write_text(json.dumps(entries, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    card = (
        'what = "analysis of the 28 tracks of immich-memories-music; no audio"\n'
        'made_by = "models/recipes/make_starter_pack.py"\n'
        f"analysis_version = {VERSION}\ntracks = {len(entries)}\n"
        f'licence = "{LICENCE}"\n'
    )
    (PACK.parent / "card.toml").write_text(card, "utf-8")


def entry(path: Path, folder: Path) -> dict[str, object]:
    """One track: its file below ``folder``, the file's hash, and what was heard."""
    key = content_hash(path)
    title = re.sub(r" s(\d+)$", r" take \1", path.stem.replace("_", " "))
    track = labelled(track_of(analyse(path), Path(path.name), title, key, LICENCE), path.parent.name)
    return {"file": path.relative_to(folder).as_posix(), "sha256": key, "track": to_json(track)}


def labelled(track: Track, mood: str) -> Track:
    """The track with the mood that its makers gave it, where the vocabulary has it, before what was heard."""
    heard = tuple(word for word in track.moods if word != mood)
    return replace(track, moods=(mood, *heard)) if mood in MOODS else track


if __name__ == "__main__":
    main()
