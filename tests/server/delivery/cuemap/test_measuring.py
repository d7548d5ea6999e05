import numpy as np
import pytest
import soundfile

from twopop.delivery.cuemap.measuring import MOMENTARY, SHORT_TERM, correlation, grid, loudness, smoothed, window_for
from twopop_models.loudness import measure

RATE = 48_000


def tone(path, parts):
    """A 1 kHz stereo tone of (seconds, dBFS) parts."""
    gains = np.concatenate([np.full(round(seconds * RATE), 10 ** (level / 20)) for seconds, level in parts])
    wave = gains * np.sin(2 * np.pi * 1000 * np.arange(len(gains)) / RATE)
    soundfile.write(path, np.stack([wave, wave], 1), RATE, "PCM_24")
    return path


def test_a_steady_tone_is_as_loud_as_the_meter_of_ebu_r128_says(tmp_path):
    path = tone(tmp_path / "tone.wav", [(20, -23)])
    curve = loudness(path, SHORT_TERM)
    assert len(curve) == 200
    assert curve == pytest.approx(np.full(200, -23.0), abs=0.1)  # EBU Tech 3341, case 1
    assert curve.mean() == pytest.approx(measure(path).integrated, abs=0.1)


def test_a_step_is_seen_where_it_is_and_as_wide_as_the_window(tmp_path):
    path = tone(tmp_path / "step.wav", [(6, -36), (6, -20)])
    curve, times = loudness(path, SHORT_TERM), grid(12.0)
    assert curve[times < 4.4] == pytest.approx(-36, abs=0.1)
    assert curve[times > 7.6] == pytest.approx(-20, abs=0.1)
    half = 10 * np.log10((10**-3.6 + 10**-2.0) / 2)
    assert np.interp(6.0, times, curve) == pytest.approx(half, abs=0.3)


def test_silence_is_the_lowest_loudness_and_no_infinity(tmp_path):
    soundfile.write(tmp_path / "quiet.wav", np.zeros((RATE, 2)), RATE, "PCM_24")
    assert (loudness(tmp_path / "quiet.wav", MOMENTARY) == -70).all()


def test_the_mean_of_a_window_is_that_of_numpy_and_is_cut_off_at_the_ends():
    values = np.random.default_rng(1).random(100)
    centres = 0.1 * (np.arange(100) + 0.5)
    means = smoothed(values, 0.1, centres, 0.5)
    assert means[50] == pytest.approx(values[48:53].mean())
    assert means[0] == pytest.approx((values[:3].sum()) / 3)
    assert smoothed(values, 0.1, centres, 0.1) == pytest.approx(values)


def test_correlation_is_pearsons_and_nothing_for_what_stands_still():
    one, two = np.random.default_rng(2).random((2, 50))
    assert correlation(one, two) == pytest.approx(np.corrcoef(one, two)[0, 1])
    assert correlation(one, 3 - 2 * one) == pytest.approx(-1)
    assert correlation(one, np.full(50, 0.3)) is None
    assert correlation(one[:2], two[:2]) is None


@pytest.mark.parametrize(
    ("seconds", "window"), [(2, MOMENTARY), (11.9, MOMENTARY), (12, SHORT_TERM), (600, SHORT_TERM)]
)
def test_short_cues_are_measured_by_the_shorter_window(seconds, window):
    assert window_for(seconds) == window
    assert len(grid(seconds)) == round(seconds * 10)
