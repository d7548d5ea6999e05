"""What a colour of the mode does to chords: the degrees by which one hears it.

Dorian has the major subdominant, phrygian and its neighbour the flat second, harmonic minor the leading
tone, mixolydian the flat seventh, lydian the major second degree. One bar in four is touched and the last bar
of a progression keeps its chords, so that the way home stays plain and the key is heard.
"""

from __future__ import annotations

import re

SWAPS: dict[str, dict[str, str]] = {
    "dorian": {"iv": "IV", "iv7": "IV7", "VI": "IV", "VImaj7": "IV7", "iim7b5": "ii7", "iio": "ii"},
    "phrygian": {"iv": "bII", "iv7": "bIImaj7", "iim7b5": "bIImaj7", "iio": "bII", "III": "bII", "IIImaj7": "bIImaj7"},
    "harmonic": {"v": "V", "v7": "V7", "VII": "V", "VII7": "V7"},
    "mixolydian": {"V": "bVII", "V7": "bVII", "iii": "bVII", "iii7": "bVIImaj7"},
    "lydian": {"IV": "II", "IVmaj7": "II7", "ii": "II", "ii7": "II7"},
}
"""By colour: the chords that are taken for others."""

_TOKEN = re.compile(r"(?P<chord>[^/]+)(?P<member>/[357])?")


def coloured(text: str, colour: str) -> str:
    """A progression in a colour of its mode; colours without swaps ("major", "minor") leave it as it is.

    >>> coloured("i iv VI V", "dorian"), coloured("I IV/3 V7 V", "mixolydian")
    ('i IV VI V', 'I IV/3 bVII V')
    """
    swaps = SWAPS.get(colour, {})
    bars = text.split()
    for place in range(0, len(bars), 4):
        for bar in range(place, min(place + 4, len(bars) - 1)):
            if (fresh := _bar(bars[bar], swaps)) != bars[bar]:
                bars[bar] = fresh
                break
    return " ".join(bars)


def _bar(bar: str, swaps: dict[str, str]) -> str:
    return ",".join(_chord(token, swaps) for token in bar.split(","))


def _chord(token: str, swaps: dict[str, str]) -> str:
    """A chord and the member in its bass; a swapped chord keeps the member when that is its third or fifth."""
    found = _TOKEN.fullmatch(token)
    if found is None or found["chord"] not in swaps:
        return token
    member = found["member"] or ""
    return swaps[found["chord"]] + ("" if member == "/7" else member)
