"""Train Music ControlFormer and Stylization together: ``python -m recipes.train_both --data D --packs P --out O``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recipes.train_controlformer import ControlFormer, branch
from recipes.train_stylizer import stylizer
from recipes.training import bases, loop
from recipes.training.config import from_arguments
from recipes.training.data import Data
from recipes.training.trainee import Trainee
from twopop_models.packs.cards import Role


@dataclass(frozen=True)
class Both(ControlFormer):
    """Settings of both recipes."""

    tokens: int = 8
    hidden: int = 1_024


def make(config: Both) -> Trainee:
    """The base with both modules, which change nothing yet."""
    base, projection = bases.load(config)
    copies = branch(base, config.blocks, config.events, config.seed)
    style = stylizer(base, Data(config.data), config.tokens, config.hidden, config.seed)
    return Trainee(base, projection, copies, style, config.objective)


def main(arguments: Sequence[str] | None = None, stop: int | None = None) -> None:
    """Train, and write both packs."""
    config = from_arguments(Both, __doc__ or "", arguments)

    def deliver(trainee: Trainee) -> None:
        bases.deliver(config, Role.CONTROLFORMER, "controlformer", trainee.controlformer, "Music ControlFormer")
        bases.deliver(config, Role.STYLIZER, "stylizer", trainee.stylizer, "Stylization")

    loop.train(config, make(config), deliver, stop)


if __name__ == "__main__":
    main()
