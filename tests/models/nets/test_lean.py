"""Blocks that leave out what is the same at every step: the same answers."""

import pytest
import torch
from tests.models.nets import small

from twopop_models.nets.control import ControlInput
from twopop_models.nets.lean import Recalled, silent


def both(net, given, **more):
    """Latents without and with what is recalled, the latter at its second use."""
    with torch.inference_mode():
        plain = net(**given, return_dict=False, **more)[0]
        recalled = Recalled()
        found = [net(**given, return_dict=False, recalled=recalled, **more)[0] for _ in range(2)]
    assert torch.equal(*found)
    return plain, found[1]


@pytest.mark.parametrize("quiet", [0, 1, 2])
@pytest.mark.parametrize("steered", [None, [1], [0, 1]])
def test_the_same_as_every_block_in_full(quiet, steered):
    net, given = small.base(), small.inputs()
    given["encoder_hidden_states"][:quiet] = 0
    more = {}
    if steered:
        latents = torch.randn((len(steered), 4, 9), generator=torch.Generator().manual_seed(4))
        rows = None if len(steered) == 2 else torch.tensor(steered)
        more = {"controlformer": small.branch(net, 3, seed=5), "control": ControlInput(latents, rows=rows)}
    plain, found = both(net, given, **more)
    assert torch.allclose(plain, found, atol=1e-5, rtol=0)


def test_a_new_branch_changes_no_bit():
    net, given = small.base(), small.inputs()
    control = {
        "controlformer": small.branch(net, 3),
        "control": ControlInput(torch.ones(1, 4, 9), rows=torch.tensor([1])),
    }
    assert torch.equal(both(net, given)[1], both(net, given, **control)[1])


def test_a_silent_context_is_read_by_nobody():
    net, given = small.base(), small.inputs()
    given["encoder_hidden_states"][0] = 0
    assert silent(given["encoder_hidden_states"]) == 1
    rows = []
    for block in net.transformer_blocks:
        block.attn2.to_q.register_forward_hook(lambda _part, inputs, _out: rows.append(len(inputs[0])))
        block.attn2.to_k.register_forward_hook(lambda _part, inputs, _out: rows.append(-len(inputs[0])))
    recalled = Recalled()
    with torch.inference_mode():
        net(**given, recalled=recalled)
        assert sorted(rows) == [-1] * 4 + [1] * 4  # one row of two, keys before queries
        rows.clear()
        net(**given, recalled=recalled)
        assert rows == [1] * 4  # and no keys a second time


def test_masks_and_gradients_are_refused():
    net, given = small.base(), small.inputs()
    with pytest.raises(ValueError, match="inference"):
        net(**given, recalled=Recalled())
    with torch.inference_mode(), pytest.raises(ValueError, match="masks"):
        net(**given, attention_mask=torch.ones(2, 9, dtype=torch.bool), recalled=Recalled())
