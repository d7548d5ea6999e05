"""Where the scenes of the control ``scenes`` begin: on bar lines, as moods do not change within a bar."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.moods import feeling
from twopop_models.controls import Scene
from twopop_models.score import TempoMap
from twopop_models.types import Clip


@dataclass(frozen=True)
class Placed:
    """A scene that begins with bar ``bar``, counted from 0, at tick ``tick``, ``late`` seconds behind its frame."""

    scene: Scene
    bar: int
    tick: int
    late: Fraction


def placed(scenes: tuple[Scene, ...], clip: Clip, tempo_map: TempoMap, end: int) -> tuple[Placed, ...]:
    """The scenes in order, each on the bar line before tick ``end`` that is nearest to its frame.

    Of several on one line only the last is there: the others are over before a bar is.
    """
    lines = [(tick, tempo_map.seconds(tick)) for tick, _ in tempo_map.bars(end)]
    found: dict[int, Placed] = {}
    for scene in scenes if lines else ():
        at = clip.offset_of(scene.frame)
        bar = min(range(len(lines)), key=lambda bar: (abs(lines[bar][1] - at), bar))
        found[bar] = Placed(scene, bar, lines[bar][0], lines[bar][1] - at)
    return tuple(found.values())


def fullness(level: float, bars: int, scenes: tuple[Placed, ...]) -> NDArray[np.float64]:
    """How full the music is on average, 0..1, in each bar: ``level`` before the first scene, then what moods say."""
    found = np.full(bars, level)
    for scene in scenes:
        found[scene.bar :] = feeling(scene.scene.moods).energy
    return found
