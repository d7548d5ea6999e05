"""Rotary embeddings that are kept."""

import torch
from tests.models.nets import small

from twopop_models.nets.rotary import rotary


def test_what_was_made_while_sampling_serves_training():
    base = small.base()
    with torch.inference_mode():
        tables = rotary(base, 41)
    assert rotary(base, 41) is tables
    assert not any(table.is_inference() for table in tables)
    weight = torch.ones(42, tables[0].shape[1], requires_grad=True)
    (weight * tables[0] + weight * tables[1]).sum().backward()
    assert torch.allclose(weight.grad, tables[0] + tables[1])
