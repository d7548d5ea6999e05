"""Exact time in Lua against the engine's own clock."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clients.reaper.lua import room

from twopop.timeline import FrameRange, timecode
from twopop_models.clock import SAMPLE_RATE
from twopop_models.types import Clip

PRESETS = {
    23.976: Fraction(24_000, 1_001),
    24.0: Fraction(24),
    25.0: Fraction(25),
    29.97: Fraction(30_000, 1_001),
    30.0: Fraction(30),
    47.952: Fraction(48_000, 1_001),
    48.0: Fraction(48),
    50.0: Fraction(50),
    59.94: Fraction(60_000, 1_001),
    60.0: Fraction(60),
    75.0: Fraction(75),
}
DAY = 24 * 3600
SLOW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def rates(lua):
    return room(lua, "rates")


@pytest.mark.parametrize("shown", PRESETS)
def test_reapers_presets_are_exact(rates, shown):
    for fps in (shown, float(PRESETS[shown])):
        rate = rates.of(fps, False)
        assert Fraction(rate.num, rate.den) == PRESETS[shown]


@given(shown=st.sampled_from(sorted(PRESETS)), frame=st.integers(0, DAY * 60))
@SLOW
def test_a_frames_beginning_is_that_frame(rates, shown, frame):
    """REAPER stores floats; rounding, not cutting off, finds the frame again."""
    rate = rates.of(shown, False)
    assert rates.frame_at(float(frame / PRESETS[shown]), rate) == frame


@given(
    shown=st.sampled_from(sorted(PRESETS)),
    frame=st.integers(0, DAY * 60),
    hertz=st.sampled_from([44_100, 48_000, 96_000]),
)
@SLOW
def test_samples_are_the_servers(rates, shown, frame, hertz):
    exact = PRESETS[shown]
    found = rates.sample_at(frame, rates.of(shown, False), hertz)
    assert found == Clip(None, frame, frame + 1, exact).first_sample(hertz)
    assert found == int(Fraction(frame) / exact * hertz + Fraction(1, 2))
    assert round(found / hertz * hertz) == found, "a double of seconds keeps the sample"


@given(frame=st.integers(0, 2_589_407), shown=st.sampled_from([29.97, 59.94]))
@SLOW
def test_drop_frame_labels_are_the_servers(rates, frame, shown):
    exact = PRESETS[shown]
    assert rates.label(frame, rates.of(shown, True)) == timecode(frame, exact, drop=True)


@given(frame=st.integers(0, DAY * 24 - 1), shown=st.sampled_from([23.976, 24.0, 25.0]))
@SLOW
def test_other_labels_are_the_servers(rates, frame, shown):
    assert rates.label(frame, rates.of(shown, False)) == timecode(frame, PRESETS[shown])


def test_lengths_add_up(rates):
    """A range's samples are what its two borders say, wherever it begins."""
    rate = rates.of(23.976, False)
    for first in (0, 1, 17, 86_399):
        count = rates.sample_at(first + 100, rate, SAMPLE_RATE) - rates.sample_at(first, rate, SAMPLE_RATE)
        clip = FrameRange(first, first + 100, PRESETS[23.976])
        assert count == Clip(None, clip.first, clip.stop, clip.rate).samples()
