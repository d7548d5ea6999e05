"""Train Stylization: ``python -m recipes.train_stylizer --data D --packs P --out O``.

The base is frozen. The style is that of another track which shares an attribute with the target, and the text ends
with that attribute's sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from recipes.training import bases, loop
from recipes.training.config import Training, from_arguments
from recipes.training.data import Data
from recipes.training.trainee import Trainee
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.stylizer import Stylizer
from twopop_models.packs.cards import Role


@dataclass(frozen=True)
class Style(Training):
    """Settings; a piece becomes ``tokens`` style tokens by way of ``hidden`` features."""

    tokens: int = 8
    hidden: int = 1_024


def make(config: Style) -> Trainee:
    """The base with style tokens that are nothing yet."""
    base, projection = bases.load(config)
    made = stylizer(base, Data(config.data), config.tokens, config.hidden, config.seed)
    return Trainee(base, projection, stylizer=made, kind=config.objective)


def stylizer(base: ControlledDiT, data: Data, tokens: int, hidden: int, seed: int) -> Stylizer:
    """A new stylizer for the embeddings of the data, the same for the same seed."""
    size = len(data.whole(data.index.pieces[0].name, "embedding"))
    shape = {"latent": base.config.in_channels, "width": base.config.cross_attention_input_dim}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = Stylizer(tokens=tokens, embedding=size, hidden=hidden, **shape)
    made.train()
    return made


def main(arguments: Sequence[str] | None = None, stop: int | None = None) -> None:
    """Train, and write the pack."""
    config = from_arguments(Style, __doc__ or "", arguments)

    def deliver(trainee: Trainee) -> None:
        bases.deliver(config, Role.STYLIZER, "stylizer", trainee.stylizer, "Stylization")

    loop.train(config, make(config), deliver, stop)


if __name__ == "__main__":
    main()
