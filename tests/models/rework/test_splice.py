"""Fades keep power whatever the two sides have in common, and nothing outside them changes."""

import numpy as np
import pytest

from twopop_models.rework.splice import Fade, Window, correlation

SIZE = 48_000


def two(correlated, seed=0):
    """Noise and noise that has so much in common with it."""
    rng = np.random.default_rng(seed)
    one, other = rng.standard_normal((2, SIZE, 2))
    return one, correlated * one + np.sqrt(1 - correlated**2) * other


@pytest.mark.parametrize("correlated", [-0.2, 0.0, 0.5, 0.9, 1.0])
def test_a_fade_keeps_the_power(correlated):
    old, new = two(correlated)
    measured = correlation(old, new)
    assert measured == pytest.approx(correlated, abs=0.02)
    a, b = Window(Fade(0, SIZE, measured)).over(0, SIZE)
    tenths = ((old * a + new * b).reshape(10, -1) ** 2).mean(axis=1)
    assert np.abs(10 * np.log10(tenths)).max() < 0.3


def test_without_the_correlation_there_would_be_a_bump():
    old, new = two(1.0)
    a, b = Window(Fade(0, SIZE, 0.0)).over(0, SIZE)
    assert 10 * np.log10(((old * a + new * b)[SIZE // 2 - 50 : SIZE // 2 + 50] ** 2).mean()) > 2.5


def test_outside_the_window_the_old_is_untouched_and_inside_the_new():
    window = Window(Fade(100, 200, 0.3), Fade(500, 600, -0.9))
    old, new = (gains[:, 0] for gains in window.over(0, 1_000))
    assert (old[:101] == 1).all()
    assert (new[:101] == 0).all()
    assert (new[200:501] == 1).all()
    assert (old[200:501] == 0).all()
    assert (old[600:] == 1).all()
    assert (new[600:] == 0).all()
    assert (np.diff(new[100:201]) > 0).all()
    pieces = [window.over(start, 77) for start in range(0, 770, 77)]
    assert np.array_equal(np.concatenate([piece[1] for piece in pieces])[:, 0], new[:770])


def test_a_loop_goes_round():
    window = Window(Fade(700, 800), Fade(1_000, 1_100), period=1_000)
    old, new = (gains[:, 0] for gains in window.over(0, 1_000))
    assert new[0] == pytest.approx(1.0)
    assert new[50] == pytest.approx(np.sqrt(0.5))
    assert (new[101:700] == 0).all()
    assert (old[100:700] == 1).all()
    assert (new[800:] == 1).all()


def test_silence_has_nothing_in_common_with_anything():
    assert correlation(np.zeros((10, 2)), np.ones((10, 2))) == 0.0
