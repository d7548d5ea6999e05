"""Asking a composer for cues without the rest of the engine: bridges in, a mix and a score out.

Nothing is mastered: judges bring every mix to one level themselves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twopop_models import listening
from twopop_models.composers import Composer
from twopop_models.controls import Controls
from twopop_models.errors import ControlError
from twopop_models.score import Score
from twopop_models.types import (
    Bridges,
    Clip,
    Description,
    Frames,
    Hit,
    Landing,
    Music,
    Reference,
    Role,
    Shot,
    SourceFacts,
    Track,
)

Audio = NDArray[np.float32]
Told = Callable[[str, float], None]
"""Called before each cue or track with what is done and how much of all is, 0 to 1; it may raise to stop."""

RATE = Fraction(25)
_LEVEL = 0.5  # motion and brightness where a picture says nothing


def untold(what: str, fraction: float) -> None:
    """For those who do not care."""


@dataclass(frozen=True, eq=False)
class Order:
    """One cue to be made; its seed is that of its controls."""

    frames: Frames
    bridges: Bridges
    controls: Controls = field(default_factory=Controls)
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, eq=False)
class Played:
    """A cue: samples (n, 2) at ``sample_rate``, not mastered; ``landings`` of its hits, as heard."""

    order: Order
    music: Music
    mix: Audio
    sample_rate: int
    landings: tuple[Landing, ...]

    @property
    def score(self) -> Score:
        """What was written.

        Raises:
            ControlError: ``bad_control``, this composer writes no score.

        """
        if self.music.score is None:
            remedy = "Choose a composer that writes notes, such as band"
            raise ControlError("bad_control", "This is measured on notes, and this composer writes none", remedy)
        return self.music.score


@dataclass
class Studio:
    """A composer, and how many of the cues that are wanted of it are made."""

    composer: Composer
    wanted: int
    told: Told = untold
    made: int = 0

    def play(self, order: Order, what: str = "") -> Played:
        """One cue.

        Raises:
            EngineError: what the composer raises.

        """
        self.told(what or self.composer.name, min(1.0, self.made / max(1, self.wanted)))
        with tempfile.TemporaryDirectory(prefix="twopop-evaluate-") as folder:
            found = _played(self.composer, order, Path(folder))
        self.made += 1
        return found


def _played(composer: Composer, order: Order, folder: Path) -> Played:
    import soundfile

    clip, seed = order.frames.clip, order.controls.seed
    music = composer.compose(
        clip, order.frames, order.bridges, order.hits, order.controls, seed=seed, variation=0, folder=folder
    )
    mix = np.zeros((music.samples, 2), np.float32)
    for stem in music.stems:
        mix += soundfile.read(stem.path, dtype="float32", always_2d=True)[0]
    if not order.hits:
        return Played(order, music, mix, music.sample_rate, ())
    path = folder / "sum.wav"
    soundfile.write(path, mix, music.sample_rate, "FLOAT")
    return Played(order, music, mix, music.sample_rate, listening.landings(path, clip, order.hits, music.score))


def picture(seconds: float, motion: Sequence[float] = (_LEVEL,), cuts: Sequence[int] = ()) -> Frames:
    """A picture that is nothing but curves: motion spread evenly over the range, and cuts on frames (25 a second)."""
    count = max(1, round(seconds * RATE))
    clip = Clip(None, 0, count, RATE)
    curve = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(motion)), motion).astype(np.float32)
    edges = [0, *sorted(set(cuts) - {0}), count]
    shots = tuple(Shot(first, stop) for first, stop in pairwise(edges))
    facts = SourceFacts("video", 64, 64, RATE, False, 0, "", "evaluation")
    level = np.full(count, _LEVEL, np.float32)
    hits = tuple(Hit(cut, 1.0, "cut") for cut in edges[1:-1])
    return Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, level, shots, hits)


def bridged(text: Description, broad: Track | None = None, targeted: Track | None = None) -> Bridges:
    """The bridges with references that the evaluation chose."""
    return Bridges(text, _reference(Role.BROAD, broad), _reference(Role.TARGETED, targeted))


def _reference(role: Role, track: Track | None) -> Reference | None:
    return None if track is None else Reference(role, track, 1.0, "chosen by the evaluation")


def seeded(controls: Controls, seed: int) -> Controls:
    """The same controls with another seed."""
    return replace(controls, seed=seed)
