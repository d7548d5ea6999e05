import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from twopop_models.evaluating.statistics import (
    between,
    correlation,
    divergence,
    figure_of,
    frechet,
    mean_of,
    rank_correlation,
    softmax,
)


def cloud(seed, rows, width, shift=0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(shift, 1, (rows, width)) @ rng.normal(0, 1, (width, width))


@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_equal_clouds_have_no_distance_even_when_they_are_flat(seed, rows, width):
    one = cloud(seed, rows, width)
    assert frechet(one, one[::-1]) == pytest.approx(0, abs=1e-6 * max(1.0, np.trace(np.atleast_2d(np.cov(one.T)))))


@given(st.integers(0, 10**6), st.floats(-20, 20))
@settings(max_examples=30, deadline=None)
def test_a_shifted_cloud_is_as_far_as_its_shift_squared(seed, shift):
    one = cloud(seed, 40, 5)
    assert frechet(one, one + shift) == pytest.approx(5 * shift**2, rel=1e-6, abs=1e-4)


def test_the_distance_is_the_textbook_one_and_has_no_direction():
    one, other = cloud(1, 200, 6), cloud(2, 150, 6, 0.7)
    first, second = np.cov(one.T), np.cov(other.T)
    apart = one.mean(0) - other.mean(0)
    wanted = apart @ apart + np.trace(first + second - 2 * np.real(sqrtm(first @ second)))
    assert frechet(one, other) == pytest.approx(wanted, rel=1e-6)
    assert frechet(other, one) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("one", "other"), [((1, 4), (9, 4)), ((9, 4), (9, 3))])
def test_clouds_that_cannot_be_compared_are_refused(one, other):
    with pytest.raises(ValueError, match="cannot be compared"):
        frechet(np.zeros(one), np.zeros(other))


@given(st.lists(st.floats(-8, 8), min_size=2, max_size=20), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_divergence_is_never_below_zero_and_zero_only_for_equals(logits, seed):
    one = softmax(np.array(logits))
    other = softmax(np.random.default_rng(seed).normal(0, 1, len(logits)))
    assert one.sum() == pytest.approx(1)
    assert divergence(one, one) == pytest.approx(0, abs=1e-4)
    assert divergence(one, other) >= -1e-4


def test_divergence_is_that_of_the_made_against_the_wanted():
    made, wanted = np.array([1.0, 0.0]), np.array([0.25, 0.75])
    assert divergence(made, wanted) == pytest.approx(np.log(4), abs=1e-4)
    assert divergence(wanted, made) > 5  # the other way round it is nearly infinite


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_a_mean_lies_in_its_interval_and_the_same_seed_gives_the_same(values, seed):
    found = mean_of(values, seed=seed, draws=500)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert found == mean_of(values, seed=seed, draws=500)


def test_nothing_known_has_no_mean_and_no_sign():
    found = mean_of([float("nan")])
    assert np.isnan(found.value)
    assert (found.count, found.sign) == (0, 0)


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(4)
    found = [mean_of(rng.normal(3, 1, 30).tolist(), draws=300) for _ in range(200)]
    assert 0.88 <= np.mean([one.low <= 3 <= one.high for one in found]) <= 0.99


def test_paired_differences_are_surer_than_their_parts():
    rng = np.random.default_rng(5)
    one = rng.normal(0, 10, 25)
    other = one + 0.5 + rng.normal(0, 0.1, 25)
    first, second = (figure_of(lambda places, x=x: float(x[places].mean()), 25, draws=400) for x in (other, one))
    gap = between(first, second)
    assert gap.sign == 1
    assert gap.value == pytest.approx(0.5, abs=0.1)
    assert gap.high - gap.low < 0.2 < first[0].high - first[0].low


def test_correlations():
    assert correlation(np.arange(5), np.arange(5) * 2 + 1) == pytest.approx(1)
    assert correlation(np.arange(5), np.ones(5)) == 0
    assert rank_correlation([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert rank_correlation([1, 1, 2], [5, 5, 9]) == pytest.approx(1)
