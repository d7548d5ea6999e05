"""Tracks as JSON and back, one form for the database and for the starter pack; and what ranking needs of one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from twopop_models.analysis import Analysis, describe_track, words
from twopop_models.analysis.wording import feeling
from twopop_models.types import ChordSpan, Track


@dataclass(frozen=True)
class Entry:
    """What ranking needs of a track: a library of thousands is held in memory as these.

    ``feeling`` is (valence, arousal), each -1 to 1.
    """

    id: str
    tempo: float
    moods: tuple[str, ...]
    genres: tuple[str, ...]
    instruments: tuple[str, ...]
    feeling: tuple[float, float]


def content_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.

    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def id_of(key: str) -> str:
    """The id of the track whose file has the content hash ``key``."""
    return key[:12]


def track_of(heard: Analysis, path: Path, title: str, key: str, licence: str = "") -> Track:
    """A track as analysis heard it, of a file with the content hash ``key``."""
    found = words(heard.tags, heard.tempo, heard.key, heard.energy)
    return Track(
        id=id_of(key),
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
        onsets=round(heard.onsets, 3),
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


def entry_of(body: str) -> Entry:
    """What ranking needs, straight from a row's text; the rest is not built.

    Raises:
        KeyError, TypeError, ValueError: it is no track.

    """
    plain = json.loads(body)
    tags = tuple((name, value) for name, value in plain["tags"])
    felt = feeling(tags, plain["tempo"], plain["key"], tuple(plain["energy"]))
    moods, genres, instruments = (tuple(plain[name]) for name in ("moods", "genres", "instruments"))
    return Entry(plain["id"], plain["tempo"], moods, genres, instruments, felt)


def from_json(plain: dict[str, Any]) -> Track:
    """``to_json``'s inverse, but for the rounding.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: it is no track.

    """
    lists: dict[str, Any] = {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
    lists["chords"] = tuple(ChordSpan(*span) for span in plain["chords"])
    lists["tags"] = tuple((str(name), float(value)) for name, value in plain["tags"])
    return replace(Track(**plain), **lists, path=Path(plain["path"]))
