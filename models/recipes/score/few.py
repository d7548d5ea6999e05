"""The last stage: few steps of sampling that say what many would.

Progressive distillation (Salimans and Ho, arXiv 2202.00512), all at once: of each step of a coarse schedule the
teacher, who is the student as it began, makes ``parts`` finer ones, and the student learns to say at its beginning
the music that leads as far in one. Teacher and student are told the same, rows without conditions included, so
that guidance with its scales stays what it was.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from recipes.training import objective
from recipes.training.data import Batch
from recipes.training.trainee import Trainee
from twopop_models.composers.score.sampling import schedule

KIND = "x"


def levels(steps: int) -> Tensor:
    """(steps + 1,) noise before each step as the composer samples, falling from 1 to 0."""
    scheduler = schedule()
    scheduler.set_timesteps(steps)
    found: Tensor = scheduler.sigmas
    return found


class Hurried(Trainee):
    """All networks of the pack under training, and beside them the pack as it was.

    Args:
        known: what the pack says now, the teacher; a copy of it is trained from there.
        steps: of the coarse schedule.
        parts: steps of the teacher in each of them.

    Raises:
        ValueError: the networks do not say the music itself.

    """

    def __init__(self, known: Trainee, steps: int, parts: int) -> None:
        if known.kind != KIND:
            raise ValueError(f"only networks of the objective {KIND} can be hurried, not {known.kind}")
        student = copy.deepcopy((known.base, known.projection, known.controlformer, known.stylizer))
        super().__init__(*student, KIND)
        self.levels: Tensor
        self.register_buffer("levels", levels(steps), persistent=False)
        self.parts = parts
        self.teacher = known.requires_grad_(False).eval()
        for network in (self.base, self.controlformer, self.stylizer):
            if network is not None:
                network.train().requires_grad_(True)

    def forward(self, batch: Batch) -> Tensor:
        """Squared error of each row, (B,), at the beginning of the step that its time, 0 to 1, draws."""
        steps = len(self.levels) - 1
        places = (batch.times * steps).long().clamp(0, steps - 1)
        high, low = self.levels[places], self.levels[places + 1]
        noisy, _ = objective.noisy(batch.latents, batch.noise, high, KIND)
        with torch.no_grad():
            after = led(self.teacher, noisy, high, low, self.parts, batch)
        above, below = high[:, None, None], low[:, None, None]
        target = (above * after - below * noisy) / (above - below)
        return objective.error(self.said(noisy, high, batch), target, high, KIND)


def led(teacher: Trainee, noisy: Tensor, high: Tensor, low: Tensor, parts: int, batch: Batch) -> Tensor:
    """(B, C, T): noisy music of the levels ``high``, (B,), led down to ``low`` in even Euler steps."""
    for part in range(parts):
        before = (high + (low - high) * part / parts)[:, None, None]
        after = (high + (low - high) * (part + 1) / parts)[:, None, None]
        said = teacher.said(noisy, before[:, 0, 0], batch).float()
        noisy = said + (noisy - said) * after / before
    return noisy
