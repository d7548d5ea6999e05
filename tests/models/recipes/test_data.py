"""Batches: whose control it is, what is left out, and that chance depends on seed, step and row alone."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tests.models.recipes.small import a_place

from recipes.training import data, dropout
from recipes.training.config import Training, from_arguments
from twopop_models.plain import to_plain


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return a_place(tmp_path_factory.mktemp("place"))


@pytest.fixture
def config(place, tmp_path):
    return from_arguments(Training, "", place.arguments(tmp_path))


ALL = dict.fromkeys(("drop_text", "drop_broad", "drop_style", "drop_events", "drop_all"), 0.0)


def same(one, other):
    return all(torch.equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def test_every_piece_comes_once_before_any_comes_again(config):
    order = [data.chosen(config, 8, step, row) for step in range(4) for row in range(4)]
    assert sorted(order[:8]) == sorted(order[8:]) == list(range(8))
    assert order[:8] != order[8:]


def test_the_control_is_a_neighbour_at_the_same_place_and_never_of_the_same_track(place, config):
    """Each control is found again in exactly one of the piece's neighbours, where the target is in the piece."""
    config = replace(config, **ALL, shortest=4, frames=5)
    read = data.Data(place.data)
    pieces, seen = read.index.pieces, set()
    for step in range(30):
        made = data.batch(read, config, step, range(4))
        for row in range(4):
            target = pieces[data.chosen(config, len(pieces), step, row)]
            latents = load_file(place.data / f"{target.name}.safetensors")["latents"]
            laid = load_file(place.data / data.CONTROLS / f"{target.name}.safetensors")
            window = made.latents.shape[-1]
            (first,) = (
                start
                for start in range(target.frames - window + 1)
                if torch.equal(latents[:, start : start + window], made.latents[row])
            )
            owners = [
                name for name, there in laid.items() if torch.equal(there[:, first : first + window], made.broad[row])
            ]
            assert len(owners) == 1
            assert pieces[read.places[owners[0]]].track != target.track
            assert owners[0] in target.broad
            seen.add((target.name, owners[0]))
    assert len(seen) > len(pieces), "not always the nearest"


def test_each_row_is_blurred_by_its_own_width(place, config):
    read, config = data.Data(place.data), replace(config, **ALL)
    sharp = data.batch(read, config, 0, range(4)).broad
    soft = data.batch(read, replace(config, blur=3.0), 0, range(4)).broad
    rough = [
        (one.diff(dim=-1).norm() / other.diff(dim=-1).norm()).item() for one, other in zip(soft, sharp, strict=True)
    ]
    assert max(rough) < 1
    assert len({round(ratio, 3) for ratio in rough}) == 4


def test_a_folder_without_controls_says_how_to_get_them(place, tmp_path):
    (tmp_path / data.INDEX).write_text((place.data / data.INDEX).read_text())
    with pytest.raises(ValueError, match="cache_latents again"):
        _ = data.Data(tmp_path).index


def test_an_index_that_would_control_a_piece_by_its_own_track_is_refused(place, tmp_path):
    index = data.Data(place.data).index
    spoiled = replace(index.pieces[0], broad=(index.pieces[1].name,))
    assert spoiled.track == index.pieces[1].track
    (tmp_path / data.INDEX).write_text(json.dumps(to_plain(replace(index, pieces=(spoiled, *index.pieces[1:])))))
    with pytest.raises(ValueError, match="same track"):
        _ = data.Data(tmp_path).index


def test_rates_of_what_is_left_out():
    rates = dropout.Rates(0.1, 0.2, 0.3, 0.4, 0.1)
    drawn = [dropout.draw(np.random.default_rng([7, number]), rates) for number in range(20_000)]
    for name, expected in (("text", 0.1), ("broad", 0.2), ("style", 0.3), ("events", 0.4)):
        left_out = np.mean([not getattr(kept, name) for kept in drawn])
        assert abs(left_out - (1 - 0.9 * (1 - expected))) < 0.012
    kept = np.array([[item.text, item.broad, item.style, item.events] for item in drawn])
    alone = kept[kept.any(1)]
    together = np.corrcoef(alone.T)[np.triu_indices(4, 1)]
    assert np.abs(together).max() < 0.03, "each by itself"
    assert abs((~kept).all(1).mean() - 0.1) < 0.01


@pytest.mark.parametrize("name", ["text", "broad", "style", "events"])
def test_what_is_left_out_is_not_in_the_batch(place, config, name):
    read = data.Data(place.data)
    told = data.batch(read, replace(config, **ALL), 0, range(4), 2)
    without = data.batch(read, replace(config, **(ALL | {f"drop_{name}": 1.0})), 0, range(4), 2)
    assert told.styled.all()
    assert told.told.all()
    assert told.there.any(1).all()
    assert bool(without.words.any()) == (name != "text")
    assert bool(without.there.any()) == (name != "text")
    assert bool(without.broad.any()) == (name != "broad")
    assert bool(without.events.any()) == (name != "events")
    assert bool(without.styled.any()) == (name != "style")
    assert without.steered.all(), "the other of broad and events is still told"
    assert torch.equal(told.latents, without.latents)
    assert torch.equal(told.noise, without.noise)


def test_without_both_the_branch_is_not_heard(place, config):
    told = replace(config, **(ALL | {"drop_broad": 1.0, "drop_events": 1.0}))
    assert not data.batch(data.Data(place.data), told, 0, range(4)).steered.any()


def test_style_brings_the_sentence_of_its_attribute(place, config):
    read = data.Data(place.data)
    styled = data.batch(read, replace(config, **ALL), 0, range(4))
    plain = data.batch(read, replace(config, **(ALL | {"drop_style": 1.0})), 0, range(4))
    assert (styled.there.sum(1) == 5).all()
    assert (plain.there.sum(1) == 3).all()
    short = data.batch(read, replace(config, **ALL), 0, range(4), 2)
    assert (short.there.sum(1) == 4).all(), "words give way to style tokens"


def test_batches_depend_on_seed_step_and_row_alone(place, config):
    read = data.Data(place.data)
    whole = data.batch(read, config, 3, range(4))
    again = data.batch(data.Data(place.data), config, 3, range(4))
    assert same(whole, again)
    half = data.batch(read, config, 3, range(2, 4))
    for field in fields(whole):
        assert torch.equal(getattr(whole, field.name)[2:], getattr(half, field.name))
    assert not torch.equal(whole.noise, data.batch(read, config, 4, range(4)).noise)
    assert not torch.equal(whole.noise, data.batch(read, replace(config, seed=1), 3, range(4)).noise)
    assert not torch.equal(whole.noise[0], whole.noise[1])


def test_windows_of_other_lengths(config):
    lengths = {data.length(replace(config, shortest=3), step) for step in range(200)}
    assert lengths == set(range(3, 9))
    assert data.length(config, 5) == 8


def test_blur_keeps_what_is_constant_and_takes_what_moves():
    constant = torch.ones(4, 12)
    assert torch.allclose(data.blurred(constant, 2.0), constant)
    moving = torch.tensor([[1.0, -1.0] * 6])
    assert data.blurred(moving, 2.0)[:, 3:-3].abs().max() < 0.1
    assert data.blurred(moving, 0.0) is moving


def test_an_empty_index_is_refused(tmp_path):
    (tmp_path / data.INDEX).write_text('{"pieces": [], "frame_rate": 2.0}')
    with pytest.raises(ValueError, match="no pieces"):
        _ = data.Data(tmp_path).index
