"""A moving average of what is trained: the weights that are delivered."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Average:
    """Averages of some parameters, in float32; young ones follow faster."""

    def __init__(self, parameters: dict[str, nn.Parameter], decay: float) -> None:
        self.decay = decay
        self.values = {name: item.detach().clone().float() for name, item in parameters.items()}

    @torch.no_grad()
    def update(self, parameters: dict[str, nn.Parameter], step: int) -> None:
        """Take in the weights after ``step`` steps, counted from 1."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, item in parameters.items():
            self.values[name].lerp_(item.detach().float(), 1 - decay)

    @torch.no_grad()
    def load(self, values: dict[str, Tensor]) -> None:
        """Go on from averages that were kept."""
        for name, item in self.values.items():
            item.copy_(values[name])

    @torch.no_grad()
    def give(self, parameters: dict[str, nn.Parameter]) -> None:
        """Put the averages in the place of the weights."""
        for name, item in parameters.items():
            item.copy_(self.values[name])
