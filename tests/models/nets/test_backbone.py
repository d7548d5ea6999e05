"""The base with a door: its parent's bits, checkpoints and masks."""

import diffusers
import pytest
import torch
from tests.models.nets.small import TINY, base, branch, control, inputs, masks

from twopop_models.nets.backbone import ControlledDiT


def parent(of):
    model = diffusers.StableAudioDiTModel(**TINY).eval()
    model.load_state_dict(of.state_dict())
    return model


@pytest.fixture
def model():
    return base()


@pytest.mark.parametrize("masked", [{}, masks()], ids=["plain", "masked"])
def test_without_a_branch_it_is_its_parent_to_the_bit(model, masked):
    (expected,) = parent(model)(**inputs(), **masked, return_dict=False)
    assert torch.equal(model(**inputs(), **masked).sample, expected)
    assert torch.equal(model(**inputs(), **masked, return_dict=False)[0], expected)


def test_a_published_checkpoint_loads_and_the_names_are_its_own(model, tmp_path):
    plain = parent(model)
    plain.save_pretrained(tmp_path)
    loaded, report = ControlledDiT.from_pretrained(tmp_path, local_files_only=True, output_loading_info=True)
    assert not any(report.values())
    assert torch.equal(loaded(**inputs()).sample, plain(**inputs(), return_dict=False)[0])


@pytest.mark.parametrize("blocks", [1, 2, 3, 4])
@pytest.mark.parametrize("frames", [1, 8, 9])
@pytest.mark.parametrize("masked", [False, True])
def test_a_new_branch_changes_no_bit(model, blocks, frames, masked):
    given = inputs(frames=frames) | (masks(frames=frames) if masked and frames > 2 else {})
    steered = model(**given, controlformer=branch(model, blocks), control=control(frames=frames)).sample
    assert torch.equal(steered, model(**given).sample)


def test_residuals_are_added_after_each_of_the_first_blocks(model):
    """By hand: the paper's figure, block by block."""
    made, asked, given = branch(model, 2, seed=5), control(), inputs()
    hidden = model._embed(given["hidden_states"], given["timestep"], given["global_hidden_states"])
    seen = {
        "encoder_hidden_states": model.cross_attention_proj(given["encoder_hidden_states"]),
        "rotary_embedding": given["rotary_embedding"],
    }
    side = hidden.clone()
    side[:, 1:] += asked.latents.transpose(1, 2) @ made.latent_gate.weight.T + made.event_gate(asked.events)
    for number, block in enumerate(model.transformer_blocks):
        hidden = block(hidden_states=hidden, **seen)
        if number < 2:
            side = made.blocks[number](hidden_states=side, **seen)
            hidden = hidden + side @ made.out_gates[number].weight.T
    latents = model.proj_out(hidden).transpose(1, 2)[:, :, 1:]
    expected = model.postprocess_conv(latents) + latents
    assert torch.allclose(model(**given, controlformer=made, control=asked).sample, expected, atol=1e-6)


def test_rows_without_conditions_stay_as_they_are(model):
    """A batch with mixed conditions: guidance's unconditional half costs nothing and changes nothing."""
    made, given = branch(model, seed=5), inputs(rows=3)
    rows = torch.tensor([2])
    asked = control(rows=1)
    mixed = model(**given, controlformer=made, control=type(asked)(asked.latents, asked.events, rows)).sample
    plain = model(**given).sample
    assert torch.equal(mixed[:2], plain[:2])
    alone = {name: value[2:] if isinstance(value, torch.Tensor) else value for name, value in given.items()}
    expected = model(**alone, controlformer=made, control=asked).sample
    assert torch.allclose(mixed[2:], expected, atol=1e-6)
    assert not torch.allclose(mixed[2:], plain[2:], atol=1e-4)


def test_scale_is_of_each_row(model):
    made, given, asked = branch(model, seed=5), inputs(), control()
    kind = type(asked)
    off = model(**given, controlformer=made, control=kind(asked.latents, asked.events, None, 0.0)).sample
    assert torch.equal(off, model(**given).sample)
    mixed = kind(asked.latents, asked.events, None, torch.tensor([0.0, 1.0]))
    both = model(**given, controlformer=made, control=mixed).sample
    assert torch.allclose(both[0], off[0], atol=1e-6)
    full = model(**given, controlformer=made, control=asked).sample
    assert torch.allclose(both[1], full[1], atol=1e-6)
    assert not torch.allclose(full[0], off[0], atol=1e-4)


def test_latents_and_events_are_switched_apart(model):
    made, given, asked = branch(model, seed=5), inputs(), control()
    kind = type(asked)
    results = [
        model(**given, controlformer=made, control=kind(latents, events)).sample
        for latents in (None, asked.latents)
        for events in (None, asked.events, torch.zeros_like(asked.events))
    ]
    nothing, events, zero_events, latents, both, latents_zero = results
    assert torch.equal(nothing, model(**given).sample)
    assert torch.allclose(latents, latents_zero, atol=1e-6), "curves that are zero add nothing"
    assert not torch.allclose(events, zero_events, atol=1e-4)
    assert not torch.allclose(both, latents, atol=1e-4)


def test_float_masks_are_refused(model):
    given = inputs()
    with pytest.raises(ValueError, match="bool"):
        model(**given, encoder_attention_mask=torch.ones(2, 6))


def test_padding_is_not_heard(model):
    made, given, hidden = branch(model, seed=5), inputs(), masks()
    told = given["encoder_hidden_states"].clone()
    told[1, -3:] = 100.0
    asked = control()
    one = model(**given, **hidden, controlformer=made, control=asked).sample
    other = model(**(given | {"encoder_hidden_states": told}), **hidden, controlformer=made, control=asked).sample
    assert torch.equal(one, other)


def test_more_copies_than_blocks_are_refused(model):
    made = branch(base(num_layers=6), 5, seed=5)
    with pytest.raises(ValueError, match="5 copied blocks for 4"):
        model(**inputs(), controlformer=made, control=control())
