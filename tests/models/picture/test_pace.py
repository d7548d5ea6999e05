"""Timestamps as containers write them, fitted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.picture.pace import MILLISECOND, fit, snap

BROADCAST = [Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)] + [Fraction(n) for n in (24, 25, 30, 48, 50, 60)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *zip(("23.98", "23.976", "29.97"), (BROADCAST[0], BROADCAST[0], BROADCAST[1]), strict=True),
        *zip(("47.952", "59.94", "119.88"), BROADCAST[2:5], strict=True),
        ("24", Fraction(24)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_rounded_rates_are_understood(written, meant):
    assert snap(Fraction(written)) == meant


@pytest.mark.parametrize("rate", BROADCAST, ids=str)
def test_floats_of_broadcast_rates_come_back(rate):
    assert snap(Fraction(float(rate))) == rate


@given(
    rate=st.sampled_from(BROADCAST),
    tick=st.sampled_from([Fraction(1, 1000), Fraction(1, 90_000), Fraction(1, 12_800)]),
    start=st.integers(0, 10**6),
    late=st.integers(0, 3),
)
def test_rounding_to_ticks_is_no_variable_rate(rate, tick, start, late):
    times = [(start + (n / rate + late * tick / 4) // tick) * tick for n in range(200)]
    pace = fit(times, times[-20:], [rate], tick, None)
    assert (pace.rate, pace.variable) == (rate, False)
    assert pace.tolerance <= max(tick, MILLISECOND)
    assert all(times[0] + n / rate + pace.tolerance >= time for n, time in enumerate(times))


def test_exact_times_get_no_tolerance():
    times = [Fraction(n, 25) for n in range(100)]
    assert fit(times, (), [Fraction(25)], Fraction(1, 25), None).tolerance == 0


@pytest.mark.parametrize("times", [[0, 40, 80, 200, 240], [0, 33, 83, 116, 150, 200]])
def test_uneven_times_are_variable(times):
    assert fit([Fraction(t, 1000) for t in times], (), [Fraction(25)], Fraction(1, 1000), None).variable


def test_a_damaged_claim_of_a_frame_a_year_is_no_division_by_zero():
    claim = Fraction(5, 197_971_149)
    times = [Fraction(n, 25) for n in range(20)]
    assert fit(times, times[-5:], [claim], Fraction(1, 1000), None).rate == 25
    assert fit([Fraction(0), 1 / claim], (), [claim], Fraction(1, 1000), claim).rate > 0


def test_one_frame_and_no_claim_still_have_a_pace():
    assert fit([Fraction(0)], (), [], Fraction(1, 1000), None).rate == 25
