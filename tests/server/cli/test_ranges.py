import re
from fractions import Fraction

import pytest

from twopop.cli.ranges import clip_of, parse_frames
from twopop.demo.footage import clip_path
from twopop.errors import RequestError
from twopop_models.gate import Limits


@pytest.fixture
def bikes():
    path = clip_path("bikes.mp4")
    return path, Limits(roots=(path.parent,))


def test_what_is_left_out_is_the_sources_own(bikes):
    clip = clip_of(bikes[0], "", "", bikes[1])
    assert (clip.first, clip.stop, clip.rate) == (0, 250, 25)


def test_another_rate_covers_the_same_time(bikes):
    clip = clip_of(bikes[0], "", "24000/1001", bikes[1])
    assert (clip.stop, clip.rate) == (240, Fraction(24_000, 1_001))


def test_a_text_alone_gets_ten_seconds(bikes):
    clip = clip_of(None, "", "", bikes[1])
    assert (clip.media, clip.seconds) == (None, 10)


def test_a_range_is_two_numbers(bikes):
    assert parse_frames("24:250") == (24, 250)


@pytest.mark.parametrize("text", ["250", "250:24", "24:24", "a:b", "-1:5", "0:5:9"])
def test_anything_else_is_refused(text):
    with pytest.raises(RequestError, match=re.escape("FIRST:STOP")) as caught:
        parse_frames(text)
    assert caught.value.code == "bad_range"
