"""Chance for networks, the same on every device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Generator


def dice(seed: int, variation: int, *purpose: int) -> Generator:
    """A generator on the CPU for one purpose: another for every seed, variation and purpose."""
    import torch

    state = np.random.SeedSequence([seed, variation, *purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator("cpu").manual_seed(int(state >> np.uint64(1)))
