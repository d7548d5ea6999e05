from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from twopop_models.controls import Controls
from twopop_models.errors import ControlError
from twopop_models.spotting import choose_hits
from twopop_models.types import Clip, Frames, Hit, Shot, SourceFacts


@pytest.fixture
def frames() -> Frames:
    clip = Clip(None, 100, 200, Fraction(25))
    facts = SourceFacts("video", 8, 8, Fraction(25), False, 0, "", "x")
    curve = np.zeros(100, np.float32)
    found = (Hit(150, 0.5, "motion"), Hit(120, 0.9, "cut"), Hit(150, 0.8, "cut"))
    return Frames(clip, facts, np.zeros((1, 2, 2, 3), np.uint8), (100,), curve, curve, (Shot(100, 200),), found)


def test_auto_takes_what_the_picture_says_once_per_frame_in_order(frames):
    assert choose_hits(frames, Controls()) == (Hit(120, 0.9, "cut"), Hit(150, 0.8, "cut"))


def test_off_takes_none(frames):
    assert choose_hits(frames, Controls(hits="off")) == ()


def test_own_hits_replace_those_found(frames):
    own = (Hit(199, 1.0, "client"), Hit(100, 0.2, "client"))
    assert choose_hits(frames, Controls(hits=own)) == own[::-1]


@pytest.mark.parametrize("frame", [99, 200])
def test_an_own_hit_outside_the_range_is_refused_by_name(frames, frame):
    with pytest.raises(ControlError, match=f"frame {frame} is outside the range 100 to 199") as caught:
        choose_hits(frames, Controls(hits=(Hit(frame),)))
    assert caught.value.code == "bad_control"
