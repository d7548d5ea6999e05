"""Noise of stochastic schedulers without a tree that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True, eq=False)
class Drawn:
    """Noise of a stochastic scheduler, drawn when a step asks.

    Brownian increments over intervals that do not overlap are independent, and a schedule never goes over one twice:
    divided by the root of their length they are standard normal. A tree that can be asked again is not needed.
    """

    shape: tuple[int, ...]
    generator: Generator

    def __call__(self, _sigma: Tensor, _next: Tensor) -> Tensor:
        """(1, C, T) for the step between two noise levels, on the generator's device."""
        import torch

        return torch.randn(self.shape, generator=self.generator)
