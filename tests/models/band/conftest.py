from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from twopop_models.composers.band import write
from twopop_models.controls import Controls
from twopop_models.score import Score
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Shot, SourceFacts

FACTS = SourceFacts("video", 64, 64, Fraction(25), False, 0, "", "test")


def a_picture(seconds: float, rate: Fraction = Fraction(25), first: int = 0) -> Frames:
    """Frames of a picture whose motion rises and falls once."""
    count = round(seconds * rate)
    curve = np.sin(np.linspace(0, np.pi, count)).astype(np.float32)
    clip = Clip(None, first, first + count, rate)
    images = np.zeros((1, 4, 4, 3), np.uint8)
    return Frames(clip, FACTS, images, (first,), curve, curve, (Shot(first, first + count),), ())


def some_hits(frames: Frames, count: int, seed: int = 0) -> tuple[Hit, ...]:
    """Hits on random frames with random weights."""
    rng = np.random.default_rng(seed)
    places = sorted(rng.choice(np.arange(frames.clip.first, frames.clip.stop), count, replace=False))
    return tuple(
        Hit(int(frame), float(weight)) for frame, weight in zip(places, rng.uniform(0.2, 1, count), strict=True)
    )


Compose = Callable[..., Score]


@pytest.fixture
def cue() -> Compose:
    """Writes a cue: ``cue(seconds, hits=..., bridges=..., seed=..., variation=..., **controls)``."""

    def compose(seconds: float = 30.0, **wanted: object) -> Score:
        frames = wanted.pop("frames", None) or a_picture(seconds)
        bridges = wanted.pop("bridges", Bridges(Description("x"), None, None))
        hits = wanted.pop("hits", None)
        seed, variation = wanted.pop("seed", 0), wanted.pop("variation", 0)
        if hits is None:
            hits = some_hits(frames, max(1, round(seconds / 4)))
        return write(frames.clip, frames, bridges, hits, Controls(**wanted), seed=seed, variation=variation)

    return compose


@pytest.fixture
def picture() -> Callable[..., Frames]:
    """Makes frames: ``picture(seconds, rate)``."""
    return a_picture


@pytest.fixture
def hits_of() -> Callable[..., tuple[Hit, ...]]:
    """Makes random hits: ``hits_of(frames, count, seed)``."""
    return some_hits
