"""The networks of ``score``, tiny and random; every gate is open, so that each condition does something."""

import torch
from diffusers.pipelines.stable_audio import StableAudioProjectionModel

from twopop_models.composers.score.networks import Networks
from twopop_models.embedders.sentences import WIDTH
from twopop_models.grid.lanes import CHANNELS
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.stylizer import Stylizer
from twopop_models.packs.cards import Card, Licence, Role, Source

WINDOW = 32


def networks() -> Networks:
    """Two blocks of 32 channels."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        base = ControlledDiT(
            sample_size=WINDOW,
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            num_key_value_attention_heads=1,
            cross_attention_dim=32,
            cross_attention_input_dim=WIDTH,
            time_proj_dim=32,
            global_states_input_dim=2 * WIDTH,
        )
        branch = MusicControlFormer.copy_of(base, 1)
        style = Stylizer(2, WIDTH, CHANNELS, WIDTH, 16)
        for network in (branch, style):
            for parameter in network.parameters():
                if not parameter.any():
                    torch.nn.init.normal_(parameter, std=0.3)
        projection = StableAudioProjectionModel(WIDTH, WIDTH, 0.0, 1024.0)
    card = Card("score", "tiny", Role.SCORE, "score", Licence("MIT"), Source(), ())
    for network in (base, branch, style, projection):
        network.eval().requires_grad_(False)
    return Networks(card, base, projection, branch, style)
