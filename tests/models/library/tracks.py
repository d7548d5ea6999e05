"""Tracks and sounds made up for the tests of the music bridge."""

import hashlib
from pathlib import Path

import numpy as np
import soundfile

from twopop_models.types import ChordSpan, Track


def key_of(title):
    return hashlib.sha256(title.encode()).hexdigest()


def track(title="one", **changes):
    values = {
        "id": key_of(title)[:12],
        "path": Path("/music") / f"{title}.wav",
        "title": title,
        "seconds": 30.0,
        "tempo": 100.0,
        "beats": (0.5, 1.1),
        "downbeats": (0.5,),
        "key": "A minor",
        "chords": (ChordSpan(0.0, 2.0, 9, "min"),),
        "energy": (0.5, 1.0),
        "loudness": -14.0,
        "tags": (("guitar", 0.5), ("slow", 0.2)),
        "moods": ("sad",),
        "genres": ("folk",),
        "instruments": ("acoustic-guitar",),
        "description": "A sad folk piece with acoustic guitar.",
        "licence": "",
    }
    return Track(**{**values, **changes})


def put(library, title="one", **changes):
    made = track(title, **changes)
    library.put(made, key_of(title))
    return made


def sound(path, pitch=220.0, seconds=1.0):
    """A second of plucked fifths; another pitch is another content."""
    time = np.arange(int(22_050 * seconds)) / 22_050
    wave = sum(np.sin(2 * np.pi * pitch * ratio * time) for ratio in (1, 1.5, 2)) * np.exp(-4 * (time % 0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.2 * wave, 22_050)
    return path


class Letters:
    """An embedder that needs no network: how often each letter occurs."""

    name, version, dimensions = "letters", 1, 26

    def __init__(self):
        self.embedded = []

    def warm(self):
        pass

    def texts(self, sentences):
        rows = np.array([[text.lower().count(chr(97 + n)) + 1e-3 for n in range(26)] for text in sentences])
        rows = rows.reshape(-1, 26)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def tracks(self, tracks):
        self.embedded += [item.title for item in tracks]
        return self.texts([item.title for item in tracks])
