"""Scenes in what is denoised, by tiny networks with open gates."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from tests.models.composers.score import small
from tests.models.composers.score.test_sampling import events

from twopop_models.composers.band.scenes import Placed
from twopop_models.composers.diffusion.guidance import Scales
from twopop_models.composers.score import scenes
from twopop_models.composers.score.sampling import beginnings, sample
from twopop_models.composers.score.wishes import Known, Passage, Style, Wish
from twopop_models.controls import Scene
from twopop_models.errors import Cancelled
from twopop_models.grid.lanes import CHANNELS
from twopop_models.score import PPQ
from twopop_models.types import Clip

WILD = "a wild techno track"


@pytest.fixture(scope="module")
def networks():
    return small.networks()


@pytest.fixture
def calm():
    return Wish(32, "a calm track", events(32), scales=Scales(2.0), steps=3)


def turned(wish, *firsts, words=WILD):
    return replace(wish, passages=tuple(Passage(first, words) for first in firsts))


@dataclass
class Counting:
    """The base, how often it is asked, and in how many rows."""

    network: object
    passes: int = 0
    rows: int = 0

    def __getattr__(self, name):
        return getattr(self.network, name)

    def __call__(self, *args, **named):
        self.passes += 1
        self.rows += len(args[0])
        return self.network(*args, **named)


def counting(networks, wish):
    counted = replace(networks, transformer=Counting(networks.transformer))
    sample(counted, wish)
    return counted.transformer


def passes(networks, wish):
    return counting(networks, wish).passes / wish.steps


def rows(networks, wish):
    return counting(networks, wish).rows / wish.steps


def test_weights_sum_to_one_and_a_scene_stands_alone_from_its_bar_on(calm):
    shares = scenes.weights(turned(calm, 8, 20), 40)
    assert np.allclose(shares.sum(0), 1)
    assert shares[:, [0, 5, 8, 17, 20, 39]].argmax(0).tolist() == [0, 0, 1, 1, 2, 2]
    assert (shares[:, [5, 8, 17, 20]].max(0) == 1).all()
    assert np.allclose(shares[1, 5:9], [0, 1 / 3, 2 / 3, 1])
    assert scenes.weights(turned(calm, 0), 8)[1].all()
    close = scenes.weights(turned(calm, 8, 9), 12)
    assert np.allclose(close.sum(0), 1)
    assert close[1, 8] == 1


def test_words_change_where_a_scene_begins(networks, calm):
    plain, wild = sample(networks, calm), sample(networks, replace(calm, words=WILD))
    both = sample(networks, turned(calm, 16))
    assert np.array_equal(both, sample(networks, turned(calm, 16)))
    assert not np.allclose(both, plain)
    for part, own, other in ((slice(0, 14), plain, wild), (slice(16, 32), wild, plain)):
        assert np.abs(both - own)[:, part].mean() < np.abs(both - other)[:, part].mean()


def test_a_scene_from_the_beginning_on_is_its_words_to_the_bit_at_no_more_cost(networks, calm):
    whole = turned(calm, 0)
    assert np.array_equal(sample(networks, whole), sample(networks, replace(calm, words=WILD)))
    assert passes(networks, whole) == passes(networks, calm)


def test_a_window_before_a_scene_is_what_it_is_without_to_the_bit(networks, calm):
    long = replace(calm, cells=75, events=events(75))
    plain, both = sample(networks, long), sample(networks, turned(long, 40))
    assert np.array_equal(both[:, :32], plain[:, :32])
    assert not np.allclose(both[:, 44:], plain[:, 44:])


def test_only_scenes_that_are_heard_in_a_window_are_computed(networks, calm):
    long = replace(calm, cells=75, events=events(75))
    starts = beginnings(long.events, 75, networks.window)
    per_window = passes(networks, long) / len(starts)
    assert (rows(networks, calm), rows(networks, turned(calm, 16))) == (2, 3), "the row without words is one"
    assert starts == [0, 16, 32, 48]
    # of the third window the words before the scene rule only what is known from the second
    assert passes(networks, turned(long, 36)) == (len(starts) + 1) * per_window
    everything = Known(np.zeros((CHANNELS, 32), np.float32), np.ones((CHANNELS, 32), bool))
    assert not sample(networks, turned(calm, 16), everything).any()


@pytest.mark.parametrize("scales", [Scales(2.0, 1.5, 0.5, 3.0), Scales(2.0), Scales(1.0), Scales(1.0, 2.0)])
def test_scenes_of_the_same_words_are_the_cue_without_them(networks, calm, scales):
    dice = np.random.default_rng(3)
    full = replace(
        calm,
        broad=dice.standard_normal((CHANNELS, 32)).astype(np.float32),
        style=Style(np.ones(384, np.float32), np.ones(2 * CHANNELS, np.float32)),
        scales=scales,
    )
    whole = sample(networks, full)
    same, other = (sample(networks, turned(full, 8, 20, words=words)) for words in (full.words, WILD))
    assert np.abs(same - whole).max() < 0.2 * np.abs(other - whole).max()


def test_every_scene_has_its_own_words(networks, calm):
    """What blocks read of words is kept from step to step, but not for another scene whose rows look alike."""
    places = (8, 16, 24)
    three = sample(networks, replace(calm, passages=tuple(map(Passage, places, (WILD, "slow", "sad strings")))))
    one = sample(networks, turned(calm, *places))
    assert np.abs(three - one).max() > 1e-4
    swapped = sample(networks, replace(calm, passages=tuple(map(Passage, places, (WILD, "sad strings", "slow")))))
    assert np.abs(three - swapped).max() > 1e-4


def test_without_text_guidance_scenes_change_nothing(networks, calm):
    deaf = replace(calm, scales=Scales(0.0))
    assert np.allclose(sample(networks, turned(deaf, 16)), sample(networks, deaf), atol=1e-5)


def test_it_can_be_cancelled_between_two_scenes(networks, calm):
    calls = []

    def stop(done):
        calls.append(done)
        if len(calls) == 2:
            raise Cancelled

    counted = replace(networks, transformer=Counting(networks.transformer))
    with pytest.raises(Cancelled):
        sample(counted, turned(calm, 16), report=stop)
    assert counted.transformer.passes == 1, "in the first step, behind the first scene"


def test_a_scene_begins_with_the_cell_nearest_to_its_bar_line():
    def at(tick, mood="sad"):
        return Placed(Scene(1, (mood,)), 0, tick, Fraction())

    found = scenes.passages((at(0), at(7 * PPQ // 2), at(90 * PPQ)), lambda scene: scene.moods[0], 0, 16)
    assert found == (Passage(0, "sad"), Passage(4, "sad"), Passage(15, "sad"))
    assert scenes.passages((at(0), at(PPQ)), str, -3 * PPQ, 16)[0].first == 0, "with what is before a pick-up"
    later = scenes.passages((at(PPQ), at(PPQ + 1, "calm")), lambda scene: scene.moods[0], 0, 16)
    assert later == (Passage(1, "calm"),)


def test_where_scenes_begin_is_said():
    clip, asked = Clip(None, 0, 500, Fraction(25)), tuple(Scene(frame, ("sad", "dark")) for frame in (0, 98, 150))
    told = (
        Placed(asked[0], 0, 0, Fraction()),
        Placed(asked[2], 3, 9, Fraction(-1, 25)),
    )
    assert scenes.said(asked, told, clip) == (
        "Scenes, from bar lines on: bar 1 sad and dark, bar 4 sad and dark (1 frame before frame 150).",
        "The scene at frame 98 is not heard: the next begins with the same bar.",
    )
    assert scenes.said((), (), clip) == ()
