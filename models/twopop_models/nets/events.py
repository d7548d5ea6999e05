"""Event curves: what happens in picture and music, frame by frame of the latent.

Beyond the paper, which leaves local rhythm out. A model is trained on the curves of music and given those
of a picture at inference (the idea of V2M-Zero, arXiv 2603.11042), so no paired data are needed.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS: Final = ("cut", "motion", "brightness", "bar_cos", "bar_sin", "beat_cos", "beat_sin", "loudness")
"""One curve each, in this order. Cuts, motion, brightness and loudness are 0 to 1; phases are cosine and sine
of the place in the bar and in the beat, both 0 where there is no tempo."""


class EventGate(nn.Module):
    """Event curves as something to add to a transformer's sequence; nothing at first.

    Each curve has features of its own, looked at ``reach`` frames around, and a gate of its own: a curve that
    is zero all along adds exactly nothing, so each can be switched off.
    """

    def __init__(self, channels: int, width: int, features: int = 8, reach: int = 4) -> None:
        super().__init__()
        self.channels = channels
        self.look = nn.Conv1d(channels, channels * features, 2 * reach + 1, padding=reach, groups=channels, bias=False)
        self.gates = nn.Parameter(torch.zeros(channels, features, width))

    def forward(self, events: Tensor) -> Tensor:
        """(B, E, T) curves to (B, T, D)."""
        if events.shape[1] != self.channels:
            raise ValueError(f"{events.shape[1]} event curves, {self.channels} wanted")
        seen = functional.silu(self.look(events))
        seen = seen.reshape(len(events), self.channels, -1, events.shape[-1])
        return torch.einsum("bcft,cfd->btd", seen, self.gates)
