"""Keys away from home: where a cue is long enough, some sections stand elsewhere, and the last is at home.

Theme C stands in the relative key, D and F a third away, G on the subdominant. Bright and excited moods, and
very excited ones, lift the peak by a whole tone. Where a broad reference gives the chords nothing is moved.
How a key is reached (by its dominant) is written in ``changes``.
"""

from __future__ import annotations

from twopop_models.composers.band.moods import Feeling

Key = tuple[int, str]
"""Tonic 0..11 and "major" or "minor"."""

LIFT_FROM, RELATIVE_FROM, THIRDS_FROM = 32, 40, 96
"""Bars that a cue needs for each of these."""


def regions(names: list[str], home: Key, felt: Feeling) -> list[Key]:
    """The key of each bar, given its section's name; themes of a letter share theirs.

    >>> regions(["theme C2"] * 50, (0, "major"), Feeling())[0]
    (9, 'minor')
    """
    return [_region(name, home, felt, len(names)) for name in names]


def _region(name: str, home: Key, felt: Feeling, count: int) -> Key:
    tonic, mode = home
    major = mode == "major"
    letter = name[6:7] if name.startswith("theme") else ""
    if name == "peak" and count >= LIFT_FROM and lifts(felt):
        return (tonic + 2) % 12, mode
    if letter == "C" and count >= RELATIVE_FROM:
        return ((tonic + 9) % 12, "minor") if major else ((tonic + 3) % 12, "major")
    if letter in ("D", "F", "G") and count >= THIRDS_FROM:
        step = {"D": 4 if major else 8, "F": 8 if major else 3, "G": 5}[letter]
        return (tonic + step) % 12, mode
    return home


def lifts(felt: Feeling) -> bool:
    """Whether a mood asks for a lift: uplifting, adventure, energetic; epic and powerful."""
    return (felt.valence >= 0.45 and felt.arousal >= 0.5) or felt.arousal >= 0.75
