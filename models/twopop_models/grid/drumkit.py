"""General MIDI percussion as the nine voices of a latent, and back."""

from __future__ import annotations

from typing import Final

from twopop_models.grid.lanes import VOICES

KEYS: Final = {
    "kick": (36, 35),
    "snare": (38, 40, 37, 39),
    "hat": (42, 44),
    "open hat": (46,),
    "low tom": (43, 41, 45, 61, 64, 66, 68, 79, 86, 87),
    "high tom": (48, 47, 50, 60, 62, 63, 65, 67, 78),
    "crash": (49, 57, 52, 55),
    "ride": (51, 59, 53),
    "shaker": (70, 82, 54, 69, 56, 58, 71, 72, 73, 74, 75, 76, 77, 80, 81, 83, 84, 85),
}
"""Percussion keys of each voice; the first is what it is played with."""

_VOICE: Final = {key: VOICES.index(name) for name, keys in KEYS.items() for key in keys}


def voice(key: int) -> int:
    """The voice that stands for a percussion key; keys that nobody knows are shakers."""
    return _VOICE.get(key, VOICES.index("shaker"))


def key(voice: int) -> int:
    """What a voice is played with."""
    return KEYS[VOICES[voice]][0]
