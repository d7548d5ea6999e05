"""Style tokens: nothing at first, learned by themselves, never over the words."""

import pytest
import torch
from tests.models.nets.small import base, inputs, opened

from twopop_models.nets.stylizer import Stylizer, place, pool


def made(**changes):
    torch.manual_seed(3)
    return Stylizer(**({"tokens": 2, "embedding": 10, "latent": 4, "width": 12, "hidden": 32} | changes))


def a_text(rows=2, slots=6, words=(3, 4), width=12):
    mask = torch.zeros(rows, slots, dtype=torch.bool)
    text = torch.randn(rows, slots, width, generator=torch.Generator().manual_seed(6))
    for row, count in enumerate(words):
        mask[row, :count] = True
    return text * mask[..., None], mask


def a_piece(rows=2, seed=8):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, 10, generator=generator), pool(torch.randn(rows, 4, 7, generator=generator))


def test_at_first_nothing_changes_by_a_bit():
    model, (text, mask) = base(), a_text()
    styled = place(text, mask, made()(*a_piece()))
    assert torch.equal(styled, text)
    given = inputs()
    one, other = (model(**(given | {"encoder_hidden_states": context})).sample for context in (text, styled))
    assert torch.equal(one, other)


def test_tokens_stand_behind_the_words():
    text, mask = a_text()
    style = torch.full((2, 2, 12), 7.0)
    styled = place(text, mask, style)
    assert torch.equal(styled[mask], text[mask])
    assert (styled[0, 3:5] == 7).all()
    assert (styled[1, 4:6] == 7).all()
    assert not styled[0, 5:].any()


def test_only_the_rows_that_are_meant_are_styled():
    text, mask = a_text()
    styled = place(text, mask, torch.full((1, 2, 12), 7.0), torch.tensor([1]))
    assert torch.equal(styled[0], text[0])
    assert (styled[1, 4:6] == 7).all()


def test_words_are_never_overwritten():
    text, mask = a_text(words=(3, 5))
    with pytest.raises(ValueError, match="leaves 1 slots, 2 style tokens"):
        place(text, mask, torch.zeros(2, 2, 12))


def test_the_gate_learns_at_once():
    model, stylizer, (text, mask) = base(), made(), a_text()
    output = model(**(inputs() | {"encoder_hidden_states": place(text, mask, stylizer(*a_piece()))})).sample
    output.square().mean().backward()
    reached = {
        name for name, parameter in stylizer.named_parameters() if parameter.grad is not None and parameter.grad.any()
    }
    assert reached == {"out.weight", "out.bias"}


def test_pooling_knows_level_and_movement_and_no_order():
    latents = torch.randn(2, 4, 7, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(pool(latents), pool(latents.flip(-1)), atol=1e-6)
    assert torch.allclose(pool(latents)[:, :4], latents.mean(-1))
    assert not pool(latents[..., :1])[:, 4:].any()


def test_saved_and_loaded_it_is_the_same(tmp_path):
    stylizer = opened(made(), 4)
    stylizer.save_pretrained(tmp_path)
    loaded = Stylizer.from_pretrained(tmp_path, local_files_only=True)
    assert torch.equal(loaded(*a_piece()), stylizer(*a_piece()))


def test_it_learns_what_only_the_style_tells():
    """The target's level is a property of the piece; noise and words know nothing of it."""
    model, stylizer, (text, mask) = base(), made(), a_text(16, words=(3,) * 16)
    optimiser = torch.optim.AdamW(stylizer.parameters(), 1e-2)
    generator = torch.Generator().manual_seed(0)

    def loss(told):
        embedding, level = torch.randn(16, 10, generator=generator), torch.randn(16, 4, 7, generator=generator)
        target = torch.sign(embedding[:, :1, None]).expand(16, 4, 9)
        style = stylizer(embedding, pool(level))
        context = place(text, mask, style if told else torch.zeros_like(style))
        noise = torch.randn(16, 4, 9, generator=generator)
        given = inputs(rows=16) | {"hidden_states": noise, "encoder_hidden_states": context}
        return (model(**given).sample.mean((1, 2)) * 3 - target.mean((1, 2))).square().mean()

    for _ in range(300):
        optimiser.zero_grad()
        loss(True).backward()
        optimiser.step()
    with torch.no_grad():
        with_style, without = (sum(loss(told).item() for _ in range(8)) / 8 for told in (True, False))
    assert with_style < 0.6
    assert without > 0.9
