"""Tracks as JSON and back: one form for the database and for the starter pack."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from twopop_models.analysis import Analysis, describe_track, words
from twopop_models.types import ChordSpan, Track

_BLOCK = 1 << 20


def content_hash(path: Path) -> str:
    """SHA-256 of a file, read in blocks.

    Raises:
        OSError: it cannot be read.

    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def track_of(heard: Analysis, path: Path, title: str, key: str, licence: str = "") -> Track:
    """A track as analysis heard it; its id is the first 12 digits of the content hash ``key``."""
    found = words(heard.tags, heard.tempo, heard.key, heard.energy)
    return Track(
        id=key[:12],
        path=path,
        title=title,
        seconds=heard.seconds,
        tempo=heard.tempo,
        beats=heard.beats,
        downbeats=heard.downbeats,
        key=heard.key,
        chords=heard.chords,
        energy=heard.energy,
        loudness=heard.loudness,
        tags=heard.tags,
        moods=found.moods,
        genres=found.genres,
        instruments=found.instruments,
        description=describe_track(found, heard.tempo, heard.key),
        licence=licence,
    )


def to_json(track: Track) -> dict[str, Any]:
    """A JSON object with times to the millisecond and probabilities to four digits."""
    plain = asdict(track)
    plain["path"] = str(track.path)
    plain["chords"] = [[round(c.start, 3), round(c.stop, 3), c.root, c.quality] for c in track.chords]
    plain["tags"] = [[name, round(value, 4)] for name, value in track.tags]
    for name in ("beats", "downbeats", "energy"):
        plain[name] = [round(value, 3) for value in plain[name]]
    return plain


def from_json(plain: dict[str, Any]) -> Track:
    """``to_json``'s inverse, but for the rounding.

    Raises:
        KeyError, TypeError, ValueError: it is no track.

    """
    lists: dict[str, Any] = {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
    lists["chords"] = tuple(ChordSpan(*span) for span in plain["chords"])
    lists["tags"] = tuple((str(name), float(value)) for name, value in plain["tags"])
    return replace(Track(**plain), **lists, path=Path(plain["path"]))
