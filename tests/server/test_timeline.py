import doctest
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import twopop.timeline
from twopop.errors import RequestError
from twopop.timeline import NAMED, FrameRange, FrameRate, frame_of, nearest_rate, rate_from, rate_named, timecode

rates = st.one_of(
    st.sampled_from([known.rate for known in NAMED.values()]),
    st.builds(Fraction, st.integers(1, 120_000), st.integers(1, 1001)).filter(lambda rate: rate <= 1000),
)


def labels_of_a_day(nominal, dropped):
    """Every label of 24 hours as a count of labels, by SMPTE 12M's own words: the first labels of each
    minute do not exist, but for every tenth minute. Knows nothing of the arithmetic under test."""
    shape = (24 * 60, 60, nominal)
    exists = np.ones(shape, bool)
    exists[:, 0, :dropped] = False
    exists[::10] = True
    return np.flatnonzero(exists)


@pytest.mark.parametrize(
    ("name", "dropped", "frames"),
    [
        ("29.97", 0, 2_592_000),
        ("29.97df", 2, 2_589_408),
        ("59.94df", 4, 5_178_816),
        ("119.88df", 8, 10_357_632),
        ("25", 0, 2_160_000),
    ],
)
def test_every_frame_of_a_day_has_the_label_that_comes_next(name, dropped, frames):
    rate = NAMED[name]
    assert rate.day == frames
    assert np.array_equal(rate.number(np.arange(rate.day)), labels_of_a_day(rate.nominal, dropped))


@pytest.mark.parametrize("name", NAMED)
def test_labels_are_written_and_read_around_every_minute(name):
    rate = NAMED[name]
    for minute in range(24 * 60 + 1):
        near = rate.day * minute // (24 * 60)
        for frame in range(max(0, near - 3), min(rate.day, near + 3)):
            assert rate.frame(rate.label(frame)) == frame


@pytest.mark.parametrize("name", ["29.97", "29.97df"])
def test_every_label_of_an_hour_is_written_as_a_tape_counts(name):
    rate, frame = NAMED[name], 0
    for minute, second, count in itertools.product(range(60), range(60), range(30)):
        if rate.drop and second == 0 and count < 2 and minute % 10:
            continue
        assert rate.label(frame) == f"00:{minute:02}:{second:02}{';' if rate.drop else ':'}{count:02}"
        frame += 1


def test_drop_frame_stays_beside_the_clock():
    rate = NAMED["29.97df"]
    for hour in range(1, 24):
        frame = rate.frame(f"{hour:02}:00:00;00")
        assert abs(float(frame / rate.rate) - 3600 * hour) < 0.1


@given(st.integers(0, 10**9), rates)
def test_labels_wrap_after_a_day(frame, rate):
    assert timecode(frame, rate) == timecode(frame + FrameRate(rate).day, rate)
    assert frame_of(timecode(frame, rate), rate) == frame % FrameRate(rate).day


def test_a_rate_above_a_hundred_takes_three_digits():
    assert timecode(119, Fraction(120)) == "00:00:00:119"
    assert timecode(-1, Fraction(25)) == "23:59:59:24"


@pytest.mark.parametrize("label", ["00:01:00;00", "00:01:00;01", "23:59:00;01"])
def test_a_dropped_label_is_refused_with_the_reason(label):
    with pytest.raises(RequestError, match="drop-frame leaves it out") as found:
        frame_of(label, NAMED["29.97"].rate)
    assert found.value.code == "bad_timecode"


@pytest.mark.parametrize(
    "label", ["", "1:00:00:00", "00:00:00:30", "00:60:00:00", "24:00:00:00", "00:00:00,00", "²²:00:00:00"]
)
def test_what_is_no_label_is_refused(label):
    with pytest.raises(RequestError) as found:
        frame_of(label, NAMED["29.97"].rate)
    assert found.value.code == "bad_timecode"


def test_a_label_of_the_other_kind_is_refused():
    with pytest.raises(RequestError, match="is non-drop"):
        NAMED["29.97df"].frame("00:00:10:00")
    with pytest.raises(RequestError, match=r"Only 29\.97, 59\.94 and 119\.88"):
        frame_of("00:00:10;00", Fraction(25))


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (23.976023976, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (47.952, Fraction(48000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (119.88, Fraction(120000, 1001)),
        (24.0, Fraction(24)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_floats_of_hosts_snap_to_exact_rates(value, rate):
    assert nearest_rate(value) == rate


@given(rates)
def test_the_float_of_any_named_rate_finds_it_again(rate):
    if rate in [known.rate for known in NAMED.values()]:
        assert nearest_rate(float(rate)) == rate
    assert rate_from(rate.numerator, rate.denominator) == rate


def test_rates_by_name():
    assert rate_named(" 29.97 DF") == FrameRate(Fraction(30000, 1001), drop=True)
    assert rate_named("29.97ndf") == rate_named("30000/1001") == FrameRate(Fraction(30000, 1001))
    assert rate_named("25 fps") == FrameRate(Fraction(25))


@pytest.mark.parametrize("name", ["", "fast", "25df", "nan", "inf", "0", "-25", "1e9", "24000/0", "2²/1", "1/1/1"])
def test_what_is_no_rate_is_refused(name):
    with pytest.raises(RequestError) as found:
        rate_named(name)
    assert found.value.code == "bad_rate"


@given(rates, st.integers(0, 10**7), st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from([44_100, 48_000]))
def test_neighbouring_ranges_neither_gap_nor_overlap(rate, first, length, more, sample_rate):
    here = FrameRange(first, first + length, rate)
    there = FrameRange(here.stop, here.stop + more, rate)
    both = FrameRange(first, there.stop, rate)
    assert here.samples(sample_rate).stop == there.first_sample(sample_rate) == there.samples(sample_rate).start
    assert len(here.samples(sample_rate)) + len(there.samples(sample_rate)) == len(both.samples(sample_rate))
    assert abs(len(here.samples(sample_rate)) - here.seconds * sample_rate) <= 1


@pytest.mark.parametrize(("first", "stop"), [(0, 0), (5, 4), (-1, 3)])
def test_what_is_no_range_is_refused(first, stop):
    with pytest.raises(RequestError) as found:
        FrameRange(first, stop, Fraction(25))
    assert found.value.code == "bad_range"


def test_the_examples_in_the_documentation():
    assert doctest.testmod(twopop.timeline).failed == 0
