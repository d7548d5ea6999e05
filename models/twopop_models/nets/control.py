"""What the control branch is given, and layers that begin as nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor, nn

Layer = TypeVar("Layer", bound=nn.Module)


@dataclass(frozen=True)
class ControlInput:
    """Time-aligned conditions of some rows of a batch.

    Attributes:
        latents: (R, C, T) of the broad reference, in the autoencoder's own scale; None is no reference.
        events: (R, E, T) event curves, see ``events``; None is none.
        rows: (R,) long, the rows of the batch that the conditions are for; None is all of them. Rows that are
            left out get no residual and cost nothing, as the unconditional half of guidance.
        scale: of the residuals, 1 as trained; a number, or (R,) one for each row.

    """

    latents: Tensor | None = None
    events: Tensor | None = None
    rows: Tensor | None = None
    scale: float | Tensor = 1.0

    @property
    def empty(self) -> bool:
        """Whether nothing is asked, so that the branch need not run."""
        off = not isinstance(self.scale, Tensor) and self.scale == 0
        return off or (self.latents is None and self.events is None)


def zeroed(layer: Layer) -> Layer:
    """The layer with all its parameters at zero: the paper's "0-Init Conv"; a kernel of 1 is a Linear."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer
