"""Which conditions a row is trained without, so that each can be guided, and switched off, by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recipes.training.config import Training


@dataclass(frozen=True)
class Rates:
    """How often each condition is left out by itself, and all of them together."""

    text: float
    broad: float
    style: float
    events: float
    everything: float

    @classmethod
    def of(cls, config: Training) -> Rates:
        """Those of a run."""
        return cls(config.drop_text, config.drop_broad, config.drop_style, config.drop_events, config.drop_all)


@dataclass(frozen=True)
class Kept:
    """What one row is told."""

    text: bool
    broad: bool
    style: bool
    events: bool


def draw(dice: np.random.Generator, rates: Rates) -> Kept:
    """Five throws, whatever comes of them, so that the dice stand alike afterwards."""
    throws = dice.random(5)
    some = throws[4] >= rates.everything
    wanted = throws[:4] >= (rates.text, rates.broad, rates.style, rates.events)
    return Kept(*(bool(some and want) for want in wanted))
