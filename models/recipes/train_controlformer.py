"""Train Music ControlFormer: ``python -m recipes.train_controlformer --data D --packs P --out O``.

The base is frozen. The control is a *retrieved neighbour* of the target, never the target or another part of its
track: else the branch would learn to copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from recipes.training import bases, loop
from recipes.training.config import Training, from_arguments
from recipes.training.trainee import Trainee
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.events import CHANNELS
from twopop_models.packs.cards import Role


@dataclass(frozen=True)
class ControlFormer(Training):
    """Settings; ``blocks`` of the base are copied, ``events`` says whether curves are a condition too."""

    blocks: int = 12
    events: bool = True


def make(config: ControlFormer) -> Trainee:
    """The base with a branch that changes nothing yet."""
    base, projection = bases.load(config)
    return Trainee(base, projection, branch(base, config.blocks, config.events, config.seed), kind=config.objective)


def branch(base: torch.nn.Module, blocks: int, events: bool, seed: int) -> MusicControlFormer:
    """A new branch in float32, the same for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = MusicControlFormer.copy_of(base, blocks, len(CHANNELS) if events else 0)
    torch.nn.Module.to(made, torch.float32).train()  # the model's own ``to`` only adds a warning
    return made


def main(arguments: Sequence[str] | None = None, stop: int | None = None) -> None:
    """Train, and write the pack."""
    config = from_arguments(ControlFormer, __doc__ or "", arguments)

    def deliver(trainee: Trainee) -> None:
        bases.deliver(config, Role.CONTROLFORMER, "controlformer", trainee.controlformer, "Music ControlFormer")

    loop.train(config, make(config), deliver, stop)


if __name__ == "__main__":
    main()
