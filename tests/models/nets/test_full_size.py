"""The shape of Stable Audio Open: sizes on the meta device, which holds no numbers, and bits in bfloat16."""

import pytest
import torch
from tests.models.nets.small import control, inputs

from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.control import ControlInput
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.events import CHANNELS
from twopop_models.nets.stylizer import Stylizer


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def shapes(rows, frames):
    """Arguments of the full-size base, without numbers."""
    return {
        "hidden_states": torch.empty(rows, 64, frames, device="meta"),
        "timestep": torch.empty(rows, device="meta"),
        "encoder_hidden_states": torch.empty(rows, 130, 768, device="meta"),
        "global_hidden_states": torch.empty(rows, 1, 1536, device="meta"),
        "rotary_embedding": tuple(torch.empty(frames + 1, 32, device="meta") for _ in range(2)),
    }


@pytest.fixture(scope="module")
def full():
    with torch.device("meta"):
        return ControlledDiT()


def test_the_base_has_the_size_of_stable_audio_open(full):
    assert round(count(full) / 1e6) == 1_057


@pytest.mark.parametrize(("blocks", "millions"), [(6, 276), (12, 552), (24, 1_104)])
def test_what_copies_cost(full, blocks, millions):
    with torch.device("meta"):
        made = MusicControlFormer.copy_of(full, blocks)
    assert abs(count(made) / 1e6 - millions) < 2


def test_what_stylization_costs():
    with torch.device("meta"):
        assert count(Stylizer()) < 8_000_000


@pytest.mark.parametrize("frames", [1, 215, 1_024])
def test_shapes_on_every_boundary(full, frames):
    with torch.device("meta"):
        made = MusicControlFormer.copy_of(full, 12)
        latents, events = torch.empty(1, 64, frames), torch.empty(1, len(CHANNELS), frames)
        asked = ControlInput(latents, events, torch.ones(1).long())
        result = full(**shapes(2, frames), controlformer=made, control=asked).sample
    assert result.shape == (2, 64, frames)


def test_a_new_branch_changes_no_bit_in_bfloat16_at_full_width():
    """Width, heads and context of the full size; two of 24 blocks, so that it fits a test."""
    torch.manual_seed(0)
    model = ControlledDiT(num_layers=2).to(torch.bfloat16).eval().requires_grad_(False)
    made = MusicControlFormer.copy_of(model, 2).eval()
    given = inputs(1, 5, 130, 768, 1_536, 64, head=64)
    half = {name: item.bfloat16() if isinstance(item, torch.Tensor) else item for name, item in given.items()}
    with torch.inference_mode():
        plain = model(**half).sample
        steered = model(**half, controlformer=made, control=control(1, 5, 64)).sample
    assert plain.dtype == torch.bfloat16
    assert torch.equal(plain, steered)
