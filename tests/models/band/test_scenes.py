"""Scenes on bar lines, and how full they make a form."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.band.conftest import a_picture

from twopop_models.composers.band.moods import feeling
from twopop_models.composers.band.scenes import fullness, placed
from twopop_models.composers.band.writing import open_desk
from twopop_models.controls import Controls, Scene
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap
from twopop_models.types import Bridges, Clip, Description

CLIP = Clip(None, 100, 500, Fraction(25))


@pytest.fixture
def two_seconds_a_bar():
    return TempoMap((TempoChange(0, 500_000),), (Meter(0, 4, 4),))


def scenes(*frames):
    return tuple(Scene(frame, ("tense",)) for frame in frames)


def test_each_begins_on_the_nearest_bar_line_and_says_how_far_that_is(two_seconds_a_bar):
    found = placed(scenes(100, 160, 289), CLIP, two_seconds_a_bar, 8 * 4 * PPQ)
    assert [(one.bar, one.tick, one.late * 25) for one in found] == [(0, 0, 0), (1, 4 * PPQ, -10), (4, 16 * PPQ, 11)]


def test_of_two_in_a_bar_the_later_is_heard_and_none_begins_behind_the_end(two_seconds_a_bar):
    found = placed(scenes(150, 152, 499), CLIP, two_seconds_a_bar, 4 * 4 * PPQ)
    assert [(one.bar, one.scene.frame) for one in found] == [(1, 152), (3, 499)]
    assert placed(scenes(150), CLIP, two_seconds_a_bar, 0) == ()


@given(st.sets(st.integers(100, 499), max_size=9))
def test_they_keep_their_order(frames):
    tempo_map = TempoMap((TempoChange(0, 618_557),), (Meter(0, 3, 4),))
    found = placed(scenes(*sorted(frames)), CLIP, tempo_map, 20 * PPQ)
    assert [one.bar for one in found] == sorted({one.bar for one in found})
    assert [one.scene.frame for one in found] == sorted(one.scene.frame for one in found)
    assert bool(found) == bool(frames)


def test_each_bar_is_as_full_as_its_mood(two_seconds_a_bar):
    found = placed((Scene(200, ("calm",)), Scene(300, ("epic",))), CLIP, two_seconds_a_bar, 8 * 4 * PPQ)
    quiet, loud = feeling(("calm",)).energy, feeling(("epic",)).energy
    assert list(fullness(0.5, 6, found)) == [0.5, 0.5, quiet, quiet, loud, loud]
    assert quiet < 0.5 < loud


def test_a_form_is_another_from_its_scene_on_only():
    frames = a_picture(40.0)

    def bars(**more):
        controls = Controls(genre="pop", tempo=100.0, ending="cut", key="C major", mood=("calm",), **more)
        bridges = Bridges(Description("A pop track"), None, None)
        desk = open_desk(frames.clip, frames, bridges, (), controls, seed=1, variation=0)
        _, _, stop = desk.edges(())
        return desk.bars((), stop)

    plain, turned = bars(), bars(scenes=(Scene(480, ("energetic",)),))
    (scene,) = {bar.start for bar in turned if abs(bar.start - 32 * PPQ) <= 2 * PPQ}
    for one, other in zip(plain, turned, strict=True):
        assert (other.energy > one.energy) if other.start >= scene else (other.energy == one.energy)
