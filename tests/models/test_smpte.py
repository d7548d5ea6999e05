"""Labels of frames, drop-frame ones too."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import twopop_models.smpte
from twopop_models.smpte import LabelError, Labels, is_label

RATES = [Fraction(n) for n in (24, 25, 30, 48, 50, 60, 100)]
RATES += [Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)]
ALL = [*(Labels(rate) for rate in RATES), *(Labels(Fraction(n * 1000, 1001), drop=True) for n in (30, 60, 120))]


def test_the_examples():
    assert doctest.testmod(twopop_models.smpte).failed == 0


@given(st.sampled_from(ALL), st.integers(0, 30_000_000))
def test_a_label_names_one_frame(labels, frame):
    assert labels.frame(labels.label(frame)) == frame % labels.day


@given(st.sampled_from(ALL), st.integers(0, 2_000_000))
def test_drop_frame_keeps_up_with_the_clock(labels, frame):
    hours, minutes, rest = labels.label(frame).split(":", 2)
    seconds, frames = map(int, rest.replace(";", ":").split(":"))
    shown = 3600 * int(hours) + 60 * int(minutes) + seconds + Fraction(frames, labels.nominal)
    real = frame / labels.rate % (24 * 3600)
    if labels.drop:
        assert abs(shown - real) < Fraction(1, 10)


@pytest.mark.parametrize(
    "text", ["", "1:00:00:00", "01:00:00", "01:00:60:00", "24:00:00:00", "01:00:00:25", "１１:00:00:00"]
)
def test_what_is_no_label_has_a_remedy(text):
    with pytest.raises(LabelError) as caught:
        Labels(Fraction(25)).frame(text)
    assert caught.value.remedy.endswith(".")


def test_the_shape_of_a_label():
    assert is_label(" 01:00:00;02 ")
    assert not is_label("1:02.5")
