"""The control branch: what is trained, in which order, and that it learns what only it is told."""

import pytest
import torch
from tests.models.nets.small import base, branch, control, inputs

from twopop_models.nets.control import ControlInput
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.events import CHANNELS


def lossy(model, made, **changes):
    output = model(**inputs(), controlformer=made, control=control(**changes)).sample
    return (output - torch.ones_like(output)).square().mean()


def reached(module):
    return {
        name for name, parameter in module.named_parameters() if parameter.grad is not None and parameter.grad.any()
    }


def test_only_the_last_gates_learn_at_first_and_everything_after():
    """The usual warm-up of zero-initialised branches: gates open first, copies and entrances follow."""
    model, made = base(), branch(base())
    optimiser = torch.optim.SGD(made.parameters(), 0.1)
    lossy(model, made).backward()
    assert reached(made) == {f"out_gates.{number}.weight" for number in range(2)}
    optimiser.step()
    optimiser.zero_grad()
    lossy(model, made).backward()
    everything = {name for name, _ in made.named_parameters()}
    asleep = everything - reached(made)
    assert asleep == {"event_gate.look.weight"}, "features are learned once their gates are open"
    optimiser.step()
    optimiser.zero_grad()
    lossy(model, made).backward()
    assert reached(made) == everything
    assert not reached(model)


def test_copies_are_the_bases_blocks():
    model, made = base(), branch(base(), 3)
    for copy, block in zip(made.blocks, model.transformer_blocks[:3], strict=True):
        for one, other in zip(copy.parameters(), block.parameters(), strict=True):
            assert torch.equal(one, other)
            assert one is not other
    assert not any(gate.weight.any() for gate in (*made.out_gates, made.latent_gate))


@pytest.mark.parametrize("blocks", [0, 5])
def test_impossible_numbers_of_copies_are_refused(blocks):
    with pytest.raises(ValueError, match="copied"):
        MusicControlFormer.copy_of(base(), blocks)


def test_saved_and_loaded_it_is_the_same(tmp_path):
    model, made = base(), branch(base(), seed=7)
    made.save_pretrained(tmp_path)
    assert (tmp_path / "diffusion_pytorch_model.safetensors").is_file()
    loaded = MusicControlFormer.from_pretrained(tmp_path, local_files_only=True)
    one, other = (model(**inputs(), controlformer=item, control=control()).sample for item in (made, loaded))
    assert torch.equal(one, other)


def test_gradients_are_the_same_when_activations_are_computed_again():
    model, made = base(), branch(base(), seed=7).train()
    lossy(model, made).backward()
    plain = {name: parameter.grad.clone() for name, parameter in made.named_parameters()}
    made.zero_grad()
    made.enable_gradient_checkpointing()
    model.enable_gradient_checkpointing()
    lossy(model, made).backward()
    for name, parameter in made.named_parameters():
        assert torch.allclose(parameter.grad, plain[name], atol=1e-6), name


def test_a_branch_without_event_curves_refuses_them():
    model = base()
    made = branch(model, events=0)
    assert made.event_gate is None
    with pytest.raises(ValueError, match="without event curves"):
        model(**inputs(), controlformer=made, control=control())


def test_a_wrong_number_of_curves_is_refused():
    model = base()
    with pytest.raises(ValueError, match=f"{len(CHANNELS)} wanted"):
        model(**inputs(), controlformer=branch(model), control=ControlInput(events=torch.rand(2, 3, 9)))


@pytest.mark.parametrize("curves", [False, True], ids=["latents", "events"])
def test_it_learns_what_only_the_control_tells(curves):
    """The target follows the control; the rest of the input says nothing of it."""
    model, made = base(), branch(base(), 4)
    optimiser = torch.optim.AdamW(made.parameters(), 1e-2)
    generator = torch.Generator().manual_seed(0)

    def loss(told):
        noise = torch.randn(16, 4, 9, generator=generator)
        asked = torch.randn(16, 4, 9, generator=generator)
        events = torch.rand(16, len(CHANNELS), 9, generator=generator)
        target = events[:, :4] - 0.5 if curves else asked
        given = ControlInput(None if curves else asked, events if curves else None)
        output = model(
            **(inputs(rows=16) | {"hidden_states": noise}), controlformer=made, control=given if told else None
        ).sample
        return (output - target).square().mean()

    with torch.no_grad():
        before = loss(True).item()
    for _ in range(150):
        optimiser.zero_grad()
        loss(True).backward()
        optimiser.step()
    with torch.no_grad():
        after, without = (sum(loss(told).item() for _ in range(8)) / 8 for told in (True, False))
    spread = 1 / 12 if curves else 1.0  # the target's own variance: what guessing its mean leaves
    assert after < 0.6 * spread < before
    assert without > 0.95 * spread
