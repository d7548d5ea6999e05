"""Chords: from roman numerals to pitches, with voice leading.

Conventions: roman numerals count from the scale of the cue's mode (in minor "VI" is the flat sixth);
upper case is major, lower case minor; suffixes 7, maj7, m7b5, o, sus4, sus2, 6, add9, 5; "/3", "/5" or "/7"
put that member into the bass; spaces part bars, commas part chords within a bar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from twopop_models.vocabulary import PITCH_CLASSES

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)

_DEGREES = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "VI": 5, "VII": 6}
_QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "o": (0, 3, 6),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "5": (0, 7),
}
_ROMAN = re.compile(r"(?P<flat>b?)(?P<numeral>[IV]+|[iv]+)(?P<suffix>[a-z0-9]*)(?:/(?P<member>[357]))?")


@dataclass(frozen=True)
class Chord:
    """A chord in pitch classes: root, intervals above it, the class in the bass, and its name."""

    root: int
    intervals: tuple[int, ...]
    bass: int
    name: str

    @property
    def classes(self) -> tuple[int, ...]:
        """Its pitch classes, the root first."""
        return tuple((self.root + interval) % 12 for interval in self.intervals)


COLOURS: dict[str, tuple[int, ...]] = {
    "major": MAJOR,
    "minor": MINOR,
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "harmonic": (0, 2, 3, 5, 7, 8, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
"""Scales that tunes take: the two modes of keys, and their colours."""


def scale(mode: str) -> tuple[int, ...]:
    """Semitones of the seven degrees of a mode, or of a colour of it, above the tonic.

    Raises:
        KeyError: there is no such mode.

    """
    return COLOURS[mode]


def suffix_of(chord: Chord) -> str:
    """The suffix with which ``named`` makes such a chord: "" is a major triad.

    >>> suffix_of(named(9, "m7", 1))
    'm7'
    """
    return next(name for name, intervals in _QUALITIES.items() if intervals == chord.intervals)


def named(root: int, quality: str, member: int = 0) -> Chord:
    """A chord by its root's pitch class and quality ("", "m", "7", "maj7", ...); ``member`` of it in the bass.

    Raises:
        KeyError: unknown quality.

    """
    intervals = _QUALITIES[quality]
    bass = (root + intervals[min(member, len(intervals) - 1)]) % 12
    name = PITCH_CLASSES[root % 12] + quality + (f"/{PITCH_CLASSES[bass]}" if bass != root % 12 else "")
    return Chord(root % 12, intervals, bass, name)


def roman(token: str, tonic: int, mode: str) -> Chord:
    """A chord from a roman numeral.

    Raises:
        ValueError: it is none.

    """
    found = _ROMAN.fullmatch(token)
    if found is None or found["numeral"].upper() not in _DEGREES:
        raise ValueError(f"{token!r} is no roman numeral")
    root = tonic + scale(mode)[_DEGREES[found["numeral"].upper()]] - bool(found["flat"])
    small, suffix = found["numeral"].islower(), found["suffix"]
    kind = f"m{suffix}" if small and f"m{suffix}" in _QUALITIES else suffix
    return named(root % 12, kind, {"3": 1, "5": 2, "7": 3}.get(found["member"] or "", 0))


def progression(text: str, tonic: int, mode: str) -> tuple[tuple[Chord, ...], ...]:
    """Bars of chords, see the conventions.

    >>> [chord.name for bar in progression("I vi,IV V7/3", 0, "major") for chord in bar]
    ['C', 'Am', 'F', 'G7/B']
    """
    return tuple(tuple(roman(token, tonic, mode) for token in bar.split(",")) for bar in text.split())


def voicing(chord: Chord, before: Sequence[int], low: int, high: int, voices: int = 4) -> tuple[int, ...]:
    """Pitches in [low, high] that move as little as possible from ``before``, lowest first.

    Chord members are stacked without gaps; with fewer voices than members the fifth is left out first.
    Without a chord before it stands in the middle of the range.
    """
    classes = _members(chord, voices)
    stacks = [
        stack for start in range(low, high + 1) if (stack := _stack(start, classes, voices)) and stack[-1] <= high
    ]
    if not stacks:  # a range under an octave and a half: as many voices as fit
        return voicing(chord, before, low, high, voices - 1) if voices > 1 else (low + (chord.root - low) % 12,)
    middle = (low + high) / 2
    return min(stacks, key=lambda stack: (_motion(stack, before), abs(sum(stack) / len(stack) - middle), stack))


def _members(chord: Chord, voices: int) -> tuple[int, ...]:
    classes = chord.classes
    if voices < len(classes) and 7 in chord.intervals and len(classes) > 2:
        classes = tuple(pc for pc in classes if pc != (chord.root + 7) % 12)
    return classes[:voices] if voices < len(classes) else classes


def _stack(start: int, classes: tuple[int, ...], voices: int) -> tuple[int, ...]:
    """The next ``voices`` chord members from ``start`` upwards, () when it is no member itself."""
    if start % 12 not in classes:
        return ()
    rising = sorted((pc - start) % 12 for pc in set(classes))
    return tuple(start + rising[index % len(rising)] + 12 * (index // len(rising)) for index in range(voices))


def _motion(stack: Sequence[int], before: Sequence[int]) -> float:
    """Semitones moved by all voices, counted both ways so that unequal sizes compare."""
    if not before:
        return 0.0
    there = sum(min(abs(pitch - other) for other in before) for pitch in stack)
    back = sum(min(abs(pitch - other) for pitch in stack) for other in before)
    return float(there + back)


def scale_under(chord: Chord, tonic: int, mode: str) -> tuple[int, ...]:
    """Pitch classes that sing over a chord: its members, and the key's where they do not grate on them."""
    members = set(chord.classes)
    key = {(tonic + step) % 12 for step in scale(mode)}
    quiet = {pc for pc in key if pc in members or not {(pc - 1) % 12, (pc + 1) % 12} & (members - key)}
    return tuple(sorted(members | quiet))
