"""Event curves of a score, one value for each cell: what stands in for a picture's while training.

Cuts are the hits that a piece was written to, or where much begins at once; motion is how many notes begin;
brightness how high it lies; see ``nets.events`` for the channels. The phases are exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.score.happenings import struck
from twopop_models.grid.bars import phases
from twopop_models.grid.lanes import LANES, PITCHED, Latents
from twopop_models.score import Score
from twopop_models.types import Clip, Hit

Floats = NDArray[np.floating[Any]]


def curves(latents: Latents, score: Score, hits: tuple[Hit, ...], clip: Clip | None) -> NDArray[np.float32]:
    """(8, T) of a score and its latents (C, T)."""
    cells = latents.shape[1]
    first = score.tempo_map.pickup
    cut = surprises(latents) if clip is None else struck(clip, hits, score.tempo_map, first, cells)
    rows = (
        cut,
        motion(latents),
        height(latents),
        *phases(score.tempo_map, first, cells),
        (latents[LANES["energy"].first] + 1) / 2,
    )
    return np.stack(rows).astype(np.float32)


def surprises(latents: Latents) -> Floats:
    """1 where a cell begins fuller than its neighbourhood by far: a crash, or most stems at once after few."""
    struck = begun(latents)
    around = np.convolve(np.pad(struck, 4, mode="edge"), np.ones(9) / 9, "valid")
    crash = LANES["drums"].read(latents)[::4, 6] > 0
    return np.clip((struck > 1.8 * around + 2) | crash, 0, 1).astype(float)


def begun(latents: Latents) -> Floats:
    """(T,) how many strokes and notes begin in each cell."""
    total = (LANES["drums"].read(latents) > 0).sum(1).reshape(-1, 4).sum(1).astype(float)
    for stem in PITCHED:
        lane = LANES[stem]
        roll, struck = lane.read(latents) > 0, LANES[f"{stem}+"].read(latents)[:, 0] > 0
        total += (roll & struck[:, None]).sum(1).reshape(-1, lane.steps).sum(1)
    return total


def motion(latents: Latents) -> Floats:
    """0 to 1: how much begins around each cell, against the piece's own busiest stretches."""
    smooth = np.convolve(np.pad(begun(latents), 2, mode="edge"), np.array([1, 2, 3, 2, 1]) / 9, "valid")
    top = float(np.quantile(smooth, 0.98)) if len(smooth) else 0.0
    return np.clip(smooth / top, 0, 1) if top > 0 else np.zeros_like(smooth)


def height(latents: Latents) -> Floats:
    """0 to 1: the mean pitch of what sounds in each cell; 0 where nothing does."""
    weight, moment = np.zeros(latents.shape[1]), np.zeros(latents.shape[1])
    for stem in PITCHED:
        lane = LANES[stem]
        roll = (lane.read(latents) > 0).reshape(-1, lane.steps, lane.rows).mean(1)
        weight += roll.sum(1)
        moment += roll @ (lane.low + np.arange(lane.rows))
    return np.where(weight > 0, np.clip((moment / np.maximum(weight, 1e-9) - 36) / 48, 0, 1), 0.0)
