"""Scenes as text: ``frame:mood[+mood...]``, comma between scenes, in order of frames.

>>> write_scenes(read_scenes("0:calm, 250:Tense+energetic"))
'0:calm,250:tense+energetic'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from twopop_models.errors import ControlError, closest
from twopop_models.vocabulary import MOODS

MOST: Final = 64
"""Scenes of a request."""

_FORM: Final = "It takes frame:mood[+mood] in order of frames, such as 0:calm,250:tense+energetic."
_ITEM: Final = re.compile(r"\s*([0-9]{1,9})(?:\.0*)?\s*:(.*)")


@dataclass(frozen=True)
class Scene:
    """From ``frame`` of the picture on, counted as in the range, these moods, of which the first weighs most."""

    frame: int
    moods: tuple[str, ...]


def read_scenes(text: str) -> tuple[Scene, ...]:
    """The scenes of a text, none for an empty one.

    Raises:
        ControlError: ``bad_control``: no frame, no or an unknown mood, frames out of order, or too many.

    """
    items = text.split(",") if text.strip() else []
    if len(items) > MOST:
        raise _bad(f"has {len(items)} scenes", f"It takes at most {MOST}.")
    scenes = tuple(_read(item) for item in items)
    for one, other in pairwise(scenes):
        if other.frame <= one.frame:
            raise _bad(f"has frame {other.frame} behind {one.frame}", _FORM)
    return scenes


def write_scenes(scenes: tuple[Scene, ...]) -> str:
    """``read_scenes``'s inverse."""
    return ",".join(f"{scene.frame}:{'+'.join(scene.moods)}" for scene in scenes)


def _read(item: str) -> Scene:
    found = _ITEM.fullmatch(item)
    if found is None:
        raise _bad(f"cannot have {item.strip()[:40]!r} in it", _FORM)
    moods = tuple(dict.fromkeys(word.strip().lower() for word in found[2].split("+")))
    for mood in moods:
        if mood not in MOODS:
            raise _bad(f"knows no {mood[:40]!r}", closest(mood, tuple(MOODS)))
    return Scene(int(found[1]), moods)


def _bad(what: str, remedy: str) -> ControlError:
    return ControlError("bad_control", f"Control 'scenes' {what}", remedy)
