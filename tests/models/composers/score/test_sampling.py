"""Denoising on the grid, by tiny networks with open gates."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.models.composers.score import small

from twopop_models.composers.diffusion.guidance import Scales
from twopop_models.composers.score.sampling import SHARED, beginnings, sample
from twopop_models.composers.score.wishes import Known, Style, Wish
from twopop_models.errors import Cancelled
from twopop_models.grid.lanes import CHANNELS, LANES, stem_channels


def events(cells, bar=4):
    place = np.arange(cells) % bar / bar
    curves = np.zeros((8, cells), np.float32)
    curves[3], curves[4], curves[5] = np.cos(2 * np.pi * place), np.sin(2 * np.pi * place), 1
    curves[1] = 0.5
    return curves


@pytest.fixture(scope="module")
def networks():
    return small.networks()


@pytest.fixture
def wish():
    dice = np.random.default_rng(2)
    return Wish(
        32,
        "a dark track",
        events(32),
        broad=dice.standard_normal((CHANNELS, 32)).astype(np.float32),
        style=Style(np.ones(384, np.float32), np.ones(2 * CHANNELS, np.float32)),
        scales=Scales(2.0, 1.0, 1.0, 1.0),
        steps=3,
    )


def test_the_same_wish_gives_the_same_bits_and_another_seed_other_music(networks, wish):
    first = sample(networks, wish)
    assert first.shape == (CHANNELS, 32)
    assert np.array_equal(first, sample(networks, wish))
    assert not np.allclose(first, sample(networks, replace(wish, seed=1)))


@pytest.mark.parametrize(
    "other",
    [
        {"words": "a happy waltz"},
        {"broad": None},
        {"style": None},
        {"events": np.zeros((8, 32), np.float32)},
        {"strength": 0.5},
        {"scales": Scales(5.0, 1.0, 1.0, 1.0)},
    ],
)
def test_every_condition_is_heard(networks, wish, other):
    assert np.abs(sample(networks, wish) - sample(networks, replace(wish, **other))).max() > 1e-4


@pytest.mark.parametrize(("name", "field"), [("broad", "broad"), ("style", "style")])
def test_a_scale_of_nothing_is_the_condition_left_out(networks, wish, name, field):
    off = replace(wish, scales=replace(wish.scales, **{name: 0.0}))
    assert np.allclose(sample(networks, off), sample(networks, replace(off, **{field: None})), atol=1e-5)


def test_known_music_stays_to_the_bit(networks, wish):
    before = sample(networks, wish)
    mask = np.ones((CHANNELS, 32), bool)
    for channels in stem_channels("melody"):
        mask[channels] = False
    after = sample(networks, replace(wish, seed=9), Known(before, mask))
    assert np.array_equal(after[mask], before[mask])
    melody = LANES["melody"].channels
    assert not np.allclose(after[melody], before[melody])


def test_windows_begin_on_bars_and_share_some():
    for bar in (3, 4, 5):
        starts = beginnings(events(400, bar), 400, 64)
        assert all(start % bar == 0 for start in starts)
        assert starts[-1] + 64 >= 400
        assert all(SHARED <= one + 64 - other <= 32 for one, other in pairwise(starts))
    assert beginnings(events(64), 64, 64) == [0]


def test_a_long_cue_is_as_long_as_asked_and_its_shared_cells_are_written_once(networks, wish):
    long = replace(wish, cells=75, events=events(75), broad=None)
    told = []
    found = sample(networks, long, report=told.append)
    assert found.shape == (CHANNELS, 75)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert np.array_equal(found[:, :32], sample(networks, replace(long, cells=75))[:, :32])


def test_it_can_be_cancelled_at_every_step(networks, wish):
    steps = []

    def stop(done):
        steps.append(done)
        if len(steps) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        sample(networks, wish, report=stop)
    assert len(steps) == 2
