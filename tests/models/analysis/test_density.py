"""Onsets per second, of sounds whose onsets are known."""

import numpy as np
import pytest

from twopop_models.analysis.beats import SAMPLE_RATE
from twopop_models.analysis.density import density


def strokes(per_second: float, seconds: float = 12.0, fall: float = 25.0, seed: int = 0) -> np.ndarray:
    """Notes of random pitch that die away, over a little noise."""
    rng = np.random.default_rng(seed)
    sound = 1e-4 * rng.standard_normal(int(seconds * SAMPLE_RATE))
    length = int(0.4 * SAMPLE_RATE)
    time = np.arange(length) / SAMPLE_RATE
    for at in np.arange(0.1, seconds - 0.5, 1 / per_second):
        pitch = 110 * 2 ** (rng.integers(0, 36) / 12)
        start = int(at * SAMPLE_RATE)
        tone = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 9))
        sound[start : start + length] += 0.1 * tone * np.exp(-fall * time) * np.minimum(1, time * 500)
    return sound.astype(np.float32)


@pytest.mark.parametrize("per_second", [1.0, 2.0, 4.0, 8.0])
def test_notes_are_counted(per_second):
    assert density(strokes(per_second)) == pytest.approx(per_second * 11.4 / 12, rel=0.12)


def test_level_does_not_matter():
    sound = strokes(3)
    assert density(sound * np.float32(0.05)) == pytest.approx(density(sound), rel=0.05)


def test_silence_and_a_held_tone_have_none():
    assert density(np.zeros(SAMPLE_RATE, np.float32)) == 0
    time = np.arange(10 * SAMPLE_RATE) / SAMPLE_RATE
    assert density((0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)) <= 0.2


@pytest.mark.parametrize("samples", [0, 1, 500, 9000])
def test_what_is_short_is_no_trouble(samples):
    assert np.isfinite(density(np.ones(samples, np.float32)))
