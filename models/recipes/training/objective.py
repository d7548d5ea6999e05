"""What the network learns: a velocity between music and noise.

With music x, noise e and time t from 0 (music) to 1 (noise):

- ``v``: z = cos(a) x + sin(a) e with a = t pi / 2, target cos(a) e - sin(a) x. Stable Audio's own; diffusers'
  ``CosineDPMSolverMultistepScheduler`` and ``EDMDPMSolverMultistepScheduler`` with ``v_prediction`` sample it.
- ``flow``: z = (1 - t) x + t e, target e - x. Rectified flow; ``FlowMatchEulerDiscreteScheduler`` samples it.

The loss is the squared error of the velocity, averaged over channels and frames, all times alike.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

KINDS = ("v", "flow")


def noisy(music: Tensor, noise: Tensor, times: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """What the network is given and what it should say, both (B, C, T).

    Raises:
        ValueError: an unknown kind.

    """
    at = times.reshape(-1, 1, 1)
    if kind == "v":
        angle = at * (math.pi / 2)
        return angle.cos() * music + angle.sin() * noise, angle.cos() * noise - angle.sin() * music
    if kind == "flow":
        return (1 - at) * music + at * noise, noise - music
    raise ValueError(f"the objective {kind!r} is not one of {', '.join(KINDS)}")


def error(said: Tensor, target: Tensor) -> Tensor:
    """Squared error of each row, (B,)."""
    return (said.float() - target.float()).square().mean((1, 2))


def a_time(dice: np.random.Generator, how: str) -> float:
    """A time inside (0, 1).

    Raises:
        ValueError: an unknown way of drawing.

    """
    if how == "uniform":
        return float(dice.uniform(1e-4, 1 - 1e-4))
    if how == "logit-normal":
        return float(torch.sigmoid(torch.tensor(dice.standard_normal(), dtype=torch.float64)))
    raise ValueError(f"times are drawn uniform or logit-normal, not {how!r}")
