from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from twopop.demo.footage import clip_path
from twopop_models import picture
from twopop_models.cache import StageCache
from twopop_models.gate import Limits
from twopop_models.types import Clip, Description


@pytest.fixture(scope="module")
def bikes():
    path = clip_path("bikes.mp4").resolve()
    return Clip(path, 20, 60, Fraction(25)), Limits(roots=(path.parent,))


@pytest.fixture(scope="module")
def frames(bikes):
    return picture.look(*bikes)


def test_frames_come_back_as_they_were_kept(tmp_path, bikes, frames):
    clip, limits = bikes
    cache = StageCache(tmp_path)
    assert cache.frames(clip, limits) is None
    assert cache.keep_frames(frames, limits) is frames
    again = cache.frames(clip, limits)
    for name in ("images", "motion", "brightness"):
        assert np.array_equal(getattr(again, name), getattr(frames, name))
    for name in ("clip", "facts", "image_frames", "shots", "hits"):
        assert getattr(again, name) == getattr(frames, name)


def test_another_range_or_rate_is_another_picture(tmp_path, bikes, frames):
    clip, limits = bikes
    cache = StageCache(tmp_path)
    cache.keep_frames(frames, limits)
    assert cache.frames(replace(clip, stop=59), limits) is None
    assert cache.frames(replace(clip, rate=Fraction(24)), limits) is None


def test_the_same_content_under_another_name_is_the_same_picture(tmp_path, bikes, frames):
    clip, _ = bikes
    copied = tmp_path / "copy.mp4"
    copied.write_bytes(clip.media.read_bytes())
    limits = Limits(roots=(clip.media.parent, tmp_path))
    cache = StageCache(tmp_path / "cache")
    cache.keep_frames(frames, limits)
    assert cache.frames(replace(clip, media=copied), limits) is not None


def test_a_description_comes_back_and_belongs_to_its_author(tmp_path, bikes):
    clip, limits = bikes
    cache = StageCache(tmp_path)
    said = Description("A calm tune.", ("calm",), ("folk",), ("piano",), 80.0, "a test", ("dark",))
    cache.keep_description(clip, "one", limits, said)
    assert cache.description(clip, "one", limits) == said
    assert cache.description(clip, "other", limits) is None


def test_a_broken_entry_counts_as_absent_and_is_cleared(tmp_path, bikes, frames):
    clip, limits = bikes
    cache = StageCache(tmp_path)
    cache.keep_frames(frames, limits)
    (entry,) = tmp_path.glob("*.npz")
    entry.write_bytes(entry.read_bytes()[:100])
    assert cache.frames(clip, limits) is None
    assert not entry.exists()


def test_only_the_latest_entries_are_kept(tmp_path, bikes):
    clip, limits = bikes
    cache = StageCache(tmp_path, limit=3)
    for number in range(6):
        cache.keep_description(clip, f"author {number}", limits, Description("A tune."))
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path, bikes, frames):
    clip, limits = bikes
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert StageCache(blocked).keep_frames(frames, limits) is frames
    assert StageCache(blocked).frames(clip, limits) is None
