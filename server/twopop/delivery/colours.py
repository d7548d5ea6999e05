"""Colours of the stems: the same on REAPER's tracks and on the cue map."""

from __future__ import annotations

from typing import Final

RGB = tuple[int, int, int]

STEMS: Final[dict[str, RGB]] = {
    "drums": (0xD9, 0x78, 0x4A),
    "bass": (0x4C, 0x86, 0xD8),
    "harmony": (0x4F, 0xA8, 0x6A),
    "pads": (0x9A, 0x8C, 0xC4),
    "melody": (0xE8, 0xB8, 0x3F),
    "accents": (0xD8, 0x5A, 0x5A),
    "music": (0x8F, 0xA9, 0xB8),
}
OTHER: Final[RGB] = (0x80, 0x80, 0x80)
"""A stem of a name that no composer of ours uses."""


def of_stem(name: str) -> RGB:
    """Red, green and blue, 0 to 255, of a stem."""
    return STEMS.get(name, OTHER)
