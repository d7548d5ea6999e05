"""What the network learns: a velocity between music and noise.

With music x, noise e and time t from 0 (music) to 1 (noise):

- ``v``: z = cos(a) x + sin(a) e with a = t pi / 2, target cos(a) e - sin(a) x. Stable Audio's own; diffusers'
  ``CosineDPMSolverMultistepScheduler`` and ``EDMDPMSolverMultistepScheduler`` with ``v_prediction`` sample it.
- ``flow``: z = (1 - t) x + t e, target e - x. Rectified flow; ``FlowMatchEulerDiscreteScheduler`` samples it.
- ``x``: z as in ``flow``, target x itself: where a frame has more channels than the network is wide, noise cannot
  pass through it but music can (Li and He, "Back to Basics: Let Denoising Generative Models Denoise",
  arXiv 2511.13720). The velocity is (z - x) / t.

The loss is the squared error of what is said, averaged over channels (which may weigh differently) and frames.
For ``v`` and ``flow`` all times count alike; for ``x`` they count 1 / (t^2 + 0.1), nearly what the velocity's error
would be, but bounded.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

KINDS = ("v", "flow", "x")


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
    if kind == "x":
        return (1 - at) * music + at * noise, music
    raise ValueError(f"the objective {kind!r} is not one of {', '.join(KINDS)}")


def error(said: Tensor, target: Tensor, times: Tensor, kind: str, weights: Tensor | None = None) -> Tensor:
    """Squared error of each row, (B,), as it counts at that row's time; ``weights`` (C,) of channels have mean 1."""
    squared = (said.float() - target.float()).square()
    found = (squared if weights is None else squared * weights[:, None]).mean((1, 2))
    return found / (times.float().square() + 0.1) if kind == "x" else found


def a_time(dice: np.random.Generator, how: str) -> float:
    """A time inside (0, 1).

    Raises:
        ValueError: an unknown way of drawing.

    """
    if how == "uniform":
        return float(dice.uniform(1e-4, 1 - 1e-4))
    if how == "logit-normal":
        return float(torch.sigmoid(torch.tensor(dice.standard_normal(), dtype=torch.float64)))
    if how == "late":  # logit-normal, then moved to the noisy side by 3, as few-step samplers step
        drawn = a_time(dice, "logit-normal")
        return 3 * drawn / (1 + 2 * drawn)
    raise ValueError(f"times are drawn uniform, logit-normal or late, not {how!r}")
