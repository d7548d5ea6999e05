"""A recording as latents: what of a track can be heard, on the grid of its own beat.

A cell is one of the track's beats, from its first downbeat on. Known are the chords as the chord network
named them, how loud and full it is, the drums (``strokes``), and which of the
track's instruments surely play. All else is unknown, as ``lanes.heard`` leaves it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import decode
from twopop_models.analysis.energy import PER_SECOND
from twopop_models.analysis.keys import NOTES
from twopop_models.grid import files, strokes
from twopop_models.grid.lanes import LANES, Latents, unknown
from twopop_models.types import ChordSpan, Track
from twopop_models.vocabulary import INSTRUMENTS, parse_key

Floats = NDArray[np.floating[Any]]

VERSION: Final = 1
"""Goes up whenever the same track would be heard differently."""

_SLOW: Final = 0.5  # seconds of a cell where no beat was found
_LIFT, _SPREAD = -0.39, 0.88  # a contour lies high; fitted to the fullness of scores that were rendered
_REMEMBERED: Final = 64  # tracks; 0.1 MB each


def encode(track: Track, tonic: int | None = None) -> Latents:
    """(``CHANNELS``, cells) of a track of the library; ``tonic`` 0..11 is moved to C, None for that of its key.

    A track whose file holds notes and no sound is read, not heard, and lies on its own tonic.
    What was heard lately is remembered in this process, so that the next cue has it at once.

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``, ``held_unreadable`` for notes.

    """
    if track.path.suffix.lower() in files.WRITTEN:
        return files.read(track.path)
    return _heard(track, parse_key(track.key)[0] if tonic is None else tonic % 12).copy()


@lru_cache(maxsize=_REMEMBERED)
def _heard(track: Track, home: int) -> Latents:
    edges = cells(track)
    latents = unknown(len(edges) - 1)
    if len(edges) < 2:
        return latents
    samples = decode(track.path, strokes.SAMPLE_RATE)
    _chords(latents, track.chords, edges, home)
    latents[LANES["energy"].first] = _energy(track.energy, edges)
    struck = strokes.hear(samples, edges)
    drums = np.zeros((len(struck), LANES["drums"].rows), np.float32) - 1
    drums[:, : struck.shape[1]] = struck
    LANES["drums"].write(latents, drums)
    for name in track.instruments:
        if name in INSTRUMENTS:
            latents[LANES["players"].first + INSTRUMENTS.index(name)] = 1.0
    return latents


def cells(track: Track) -> Floats:
    """(cells + 1,) seconds on which the cells of a track begin, and where the last ends.

    Beats from the first downbeat on; half seconds from the beginning where no beat was found.
    """
    beats = np.asarray(track.beats, float)
    if track.downbeats:
        beats = beats[beats >= track.downbeats[0] - 1e-3]
    if len(beats) < 2:
        return np.arange(int(track.seconds / _SLOW) + 1) * _SLOW
    last = float(np.median(np.diff(beats)))
    whole = beats[-1] + last / 2 <= track.seconds  # a beat of which most is beyond the end is none
    return np.append(beats, beats[-1] + last) if whole else beats


def beats_per_bar(track: Track) -> int:
    """How many cells a bar of the track has; 4 where that cannot be told."""
    places = np.searchsorted(np.asarray(track.beats) + 1e-3, np.asarray(track.downbeats))
    return int(np.median(np.diff(places))) if len(places) > 1 else 4


def _chords(latents: Latents, chords: tuple[ChordSpan, ...], edges: Floats, home: int) -> None:
    """Root and chroma of each cell from the chord in its middle."""
    starts = [chord.start for chord in chords]
    for cell, middle in enumerate((edges[:-1] + edges[1:]) / 2):
        place = bisect_right(starts, middle) - 1
        if place < 0 or chords[place].stop <= middle:
            continue
        chord = chords[place]
        latents[LANES["root"].channels, cell] = -1
        latents[LANES["chroma"].channels, cell] = -1
        latents[LANES["root"].first + (chord.root - home) % 12, cell] = 1
        for step in NOTES[chord.quality]:
            latents[LANES["chroma"].first + (chord.root + step - home) % 12, cell] = 1


def _energy(contour: tuple[float, ...], edges: Floats) -> Floats:
    """(T,) -1 to 1."""
    middles = (edges[:-1] + edges[1:]) / 2
    level = np.interp(middles * PER_SECOND, np.arange(max(len(contour), 1)), contour or (0.0,))
    return np.clip(_LIFT + _SPREAD * (2 * level - 1), -1, 1)
