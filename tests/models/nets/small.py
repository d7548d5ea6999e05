"""Small transformers and conditions, the same every time."""

import torch
from diffusers.models.embeddings import get_1d_rotary_pos_embed

from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.control import ControlInput
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.events import CHANNELS

TINY = {
    "sample_size": 16,
    "in_channels": 4,
    "num_layers": 4,
    "attention_head_dim": 8,
    "num_attention_heads": 4,
    "num_key_value_attention_heads": 2,
    "out_channels": 4,
    "cross_attention_dim": 12,
    "time_proj_dim": 16,
    "global_states_input_dim": 20,
    "cross_attention_input_dim": 12,
}


def base(**changes):
    """A tiny base, frozen, as random as a checkpoint would be."""
    torch.manual_seed(1)
    return ControlledDiT(**(TINY | changes)).eval().requires_grad_(False)


def branch(of, blocks=2, seed=None, **changes):
    """A branch of it: as it is made, or with gates that are open when there is a ``seed``."""
    torch.manual_seed(2)
    made = MusicControlFormer.copy_of(of, blocks, **changes)
    if seed is not None:
        opened(made, seed)
    return made.eval()


def opened(module, seed):
    """A module whose zero parameters were learned."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            if not parameter.any():
                parameter.copy_(torch.randn(parameter.shape, generator=generator).to(parameter) * 0.2)
    return module


def inputs(rows=2, frames=9, tokens=6, width=12, lengths=20, channels=4, head=8, seed=3):
    """Arguments of the base's forward."""
    generator = torch.Generator().manual_seed(seed)
    return {
        "hidden_states": torch.randn(rows, channels, frames, generator=generator),
        "timestep": torch.rand(rows, generator=generator),
        "encoder_hidden_states": torch.randn(rows, tokens, width, generator=generator),
        "global_hidden_states": torch.randn(rows, 1, lengths, generator=generator),
        "rotary_embedding": get_1d_rotary_pos_embed(head // 2, frames + 1, use_real=True, repeat_interleave_real=False),
    }


def control(rows=2, frames=9, channels=4, seed=4, **changes):
    """Latents and event curves for every row."""
    generator = torch.Generator().manual_seed(seed)
    latents = torch.randn(rows, channels, frames, generator=generator)
    events = torch.rand(rows, len(CHANNELS), frames, generator=generator)
    return ControlInput(**({"latents": latents, "events": events} | changes))


def masks(rows=2, frames=9, tokens=6):
    """The last latent frames and tokens of each row but the first are padding."""
    time, words = torch.ones(rows, frames, dtype=torch.bool), torch.ones(rows, tokens, dtype=torch.bool)
    time[1:, -2:] = words[1:, -3:] = False
    return {"attention_mask": time, "encoder_attention_mask": words}
