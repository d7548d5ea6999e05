"""Scenes: another mood from some bar on, as words of its own for what is denoised there.

What the network says under each scene's words is blended cell by cell, at every step. So the scenes of a window are
written for each other, and only those that touch it are computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.scenes import Placed
from twopop_models.composers.diffusion.conditions import Conditions
from twopop_models.composers.diffusion.guidance import Guide, Row
from twopop_models.composers.diffusion.sampling import Denoiser, Guided
from twopop_models.composers.score.wishes import Passage, Wish
from twopop_models.controls import Scene
from twopop_models.score import PPQ
from twopop_models.types import Clip

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.floating[Any]]

FADE: Final = 2
"""Cells before a scene in which it comes in: on its bar line it stands alone."""


def passages(scenes: tuple[Placed, ...], say: Callable[[Scene], str], first: int, cells: int) -> tuple[Passage, ...]:
    """What ``say`` says of each scene, from the cell that is nearest to its bar line; cell 0 begins at tick ``first``.

    The scene that begins the range rules what a pick-up's cell 0 has before it, too.
    """
    found = {}
    for placed in scenes:
        cell = 0 if placed.tick == 0 else min(cells - 1, max(0, round((placed.tick - first) / PPQ)))
        found[cell] = Passage(cell, say(placed.scene))
    return tuple(found.values())


def weights(wish: Wish, stop: int) -> NDArray[np.float32]:
    """(scenes + 1, stop) how much each counts in a cell, the words before the first scene first; they sum to 1."""
    edges = [0, *(passage.first for passage in wish.passages), stop]
    found = np.zeros((len(edges) - 1, stop), np.float32)
    for number in range(len(found)):
        found[number, edges[number] : edges[number + 1]] = 1
    for number in range(1, len(found)):
        fade = min(FADE, (edges[number] - edges[number - 1]) // 2)
        for place in range(fade):
            share, cell = (place + 1) / (fade + 1), edges[number] - fade + place
            found[number - 1, cell], found[number, cell] = 1 - share, share
    return found


@dataclass(frozen=True, eq=False)
class Weighed(Guide):
    """Rows of guidance that count differently in each cell: ``weights`` are (R, window)."""

    weights: Tensor

    def combine(self, velocities: Tensor) -> Tensor:
        """See ``Guide``."""
        return (velocities * self.weights[:, None]).sum(0, keepdim=True)


@dataclass(frozen=True)
class Blend:
    """Several parts of what says where music lies, see ``diffusion.sampling.Guided``; their sum is the whole."""

    parts: tuple[Guided, ...]

    def velocity(self, noisy: Tensor, moment: Tensor, step: int, breathe: Callable[[], None]) -> Tensor:
        """What they say together; one after the other, and between two it can be cancelled."""
        result = self.parts[0].velocity(noisy, moment, step, breathe)
        for part in self.parts[1:]:
            breathe()
            result = result + part.velocity(noisy, moment, step, breathe)
        return result


def blended(whole: Denoiser, spoken: tuple[Conditions, ...], shares: Floats, kept: NDArray[np.bool_]) -> Guided:
    """A denoiser under several conditions in turn, by their ``shares`` (conditions, window); one alone is itself.

    Who counts only where everything is ``kept`` (C, window) is left out, as what is said there is not heard. What
    guidance goes away from, the row without words, is one for all of them.
    """
    import torch

    heard = shares * ~kept.all(0)
    some = np.flatnonzero((heard if heard.any() else shares).any(1))
    if len(some) == 1:
        return replace(whole, conditions=spoken[some[0]])
    counts, parts = _counts(whole.guide), []
    for number, place in enumerate(some):
        share = torch.from_numpy(shares[place].copy())
        rows = [row for row in whole.guide.rows if row.text or not number]
        if rows:
            weights = [counts[row] * (share if row.text else torch.ones_like(share)) for row in rows]
            plan = Weighed(tuple(rows), (), torch.stack(weights))
            parts.append(replace(whole, conditions=spoken[place], guide=plan))
    return Blend(tuple(parts))


def _counts(guide: Guide) -> dict[Row, float]:
    """How much each row counts in the end: guidance is linear."""
    import torch

    unit = torch.eye(len(guide.rows))[..., None]
    return dict(zip(guide.rows, guide.combine(unit).flatten().tolist(), strict=True))


def said(asked: tuple[Scene, ...], scenes: tuple[Placed, ...], clip: Clip) -> tuple[str, ...]:
    """What a person should know: which bar each scene begins with, how far that is from its frame, and what is lost."""
    told = [f"bar {one.bar + 1} {' and '.join(one.scene.moods)}{_off(one, clip)}" for one in scenes]
    lost = [scene for scene in asked if scene not in {one.scene for one in scenes}]
    return (
        *([f"Scenes, from bar lines on: {', '.join(told)}."] if told else []),
        *(f"The scene at frame {scene.frame} is not heard: the next begins with the same bar." for scene in lost),
    )


def _off(placed: Placed, clip: Clip) -> str:
    """How far a bar line is from a scene's frame, where that is a frame or more."""
    frames = round(placed.late * clip.rate)
    many = "frame" if abs(frames) == 1 else "frames"
    return f" ({abs(frames)} {many} {'after' if frames > 0 else 'before'} frame {placed.scene.frame})" if frames else ""
