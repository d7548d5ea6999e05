"""The small networks: the very classes of full size, a cell of music in the place of a latent frame."""

from __future__ import annotations

import torch
from diffusers.pipelines.stable_audio import StableAudioProjectionModel
from torch import nn

from recipes.training.trainee import Trainee
from twopop_models.embedders.sentences import WIDTH
from twopop_models.grid.lanes import CHANNELS
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.stylizer import Stylizer

WINDOW = 64
"""Cells that are written at once: sixteen bars of 4/4."""
LONGEST = 1_024.0
"""Cells of a piece that its length can tell."""


def new_base(width: int, layers: int, seed: int) -> ControlledDiT:
    """A base transformer that knows nothing; heads are 32 wide."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return ControlledDiT(
            sample_size=WINDOW,
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=layers,
            attention_head_dim=32,
            num_attention_heads=width // 32,
            num_key_value_attention_heads=max(1, width // 64),
            cross_attention_dim=width,
            cross_attention_input_dim=WIDTH,
            time_proj_dim=256,
            global_states_input_dim=2 * WIDTH,
        )


def new_projection(seed: int) -> StableAudioProjectionModel:
    """Beginning and length of a piece, in cells, as parts of the context; drawn by chance and never trained."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return StableAudioProjectionModel(WIDTH, WIDTH, 0.0, LONGEST).eval().requires_grad_(False)


def new_branch(base: ControlledDiT, blocks: int, seed: int) -> MusicControlFormer:
    """Music ControlFormer, copied of the base's first blocks."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MusicControlFormer.copy_of(base, blocks).train()


def new_stylizer(tokens: int, hidden: int, seed: int) -> Stylizer:
    """Stylization out of a sentence vector and pooled lanes."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Stylizer(tokens, WIDTH, CHANNELS, WIDTH, hidden).train()


class BaseTrainee(Trainee):
    """The base itself under training, without the modules of the bridges."""

    def __init__(self, base: ControlledDiT, projection: nn.Module, kind: str) -> None:
        super().__init__(base, projection, kind=kind)
        self.base.train().requires_grad_(True)
