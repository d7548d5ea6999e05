"""What a cue should be, as the network is told it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.diffusion.guidance import Scales
from twopop_models.composers.score.returns import Return
from twopop_models.grid.lanes import Latents

Curves = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Style:
    """The targeted reference: its vector (384,) and mean and deviation of its styled lanes (2 C,)."""

    vector: NDArray[np.float32]
    pooled: NDArray[np.float32]


@dataclass(frozen=True)
class Passage:
    """From cell ``first`` on the text bridge is ``words``."""

    first: int
    words: str


@dataclass(frozen=True, eq=False)
class Wish:
    """What ``cells`` cells of music should be.

    Attributes:
        cells: quarter notes.
        words: the text bridge, "" for none.
        events: (8, cells) curves, see ``nets.events``; their phases tell where bars begin.
        broad: (C, cells) what is heard of the broad reference, laid over the cue; None for none.
        style: of the targeted reference; None for none.
        scales: of guidance.
        strength: of the control branch, 1 as trained.
        steps: of denoising.
        seed: of the noise.
        returns: themes that come back.
        passages: where the words change, in order; before the first of them ``words`` hold.

    """

    cells: int
    words: str
    events: Curves
    broad: Latents | None = None
    style: Style | None = None
    scales: Scales = Scales(text=2.0)  # noqa: RUF009  it is frozen
    strength: float = 1.0
    steps: int = 24
    seed: int = 0
    returns: tuple[Return, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, eq=False)
class Known:
    """Music that stays: ``mask`` (C, cells) is True where ``latents`` (C, cells) are kept."""

    latents: Latents
    mask: NDArray[np.bool_]
