"""The key of a piece, from how long each pitch class sounds in its chords."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.types import ChordSpan
from twopop_models.vocabulary import key_name

_MAJOR: Final = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR: Final = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""Probe-tone ratings from the tonic upwards, Krumhansl & Kessler 1982."""

NOTES: Final[dict[str, tuple[int, ...]]] = {
    "7": (0, 4, 7, 10),
    "aug": (0, 4, 8),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "hdim7": (0, 3, 6, 10),
    "maj": (0, 4, 7),
    "maj6": (0, 4, 7, 9),
    "maj7": (0, 4, 7, 11),
    "min": (0, 3, 7),
    "min6": (0, 3, 7, 9),
    "min7": (0, 3, 7, 10),
    "minmaj7": (0, 3, 7, 11),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
}
"""Semitones above the root of each quality that the chord network names."""


def find_key(chords: tuple[ChordSpan, ...], chroma: NDArray[np.float32]) -> str:
    """The key whose profile correlates best with the piece's pitch classes; "C major" for silence.

    Args:
        chords: the piece's chords; their notes are cleaner evidence than the spectrum's overtones.
        chroma: (frames, 12), C first, as ``pitch.chroma`` gives it; used when there are no chords.

    """
    totals = _chord_notes(chords) if chords else chroma.sum(axis=0, dtype=float)
    if np.ptp(totals) == 0:
        return key_name(0, "major")
    scores = likeness(totals)
    return key_name(*max(scores, key=lambda key: scores[key]))


def likeness(totals: NDArray[np.floating[Any]]) -> dict[tuple[int, str], float]:
    """How much (12,) durations of pitch classes, not all alike, are like each key's: (tonic, mode) to correlation."""
    return {
        (tonic, mode): float(np.corrcoef(np.roll(profile, tonic), totals)[0, 1])
        for mode, profile in (("major", _MAJOR), ("minor", _MINOR))
        for tonic in range(12)
    }


def _chord_notes(chords: tuple[ChordSpan, ...]) -> NDArray[np.float64]:
    """Seconds that each pitch class sounds, roots counted twice because basses double them."""
    totals = np.zeros(12)
    for chord in chords:
        for step in (0, *NOTES[chord.quality]):
            totals[(chord.root + step) % 12] += chord.stop - chord.start
    return totals
