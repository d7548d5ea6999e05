"""Event curves: picture, hits and bars at the latent's rate."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.models.composers.diffusion.conftest import a_picture
from tests.models.composers.diffusion.test_references import a_track

from twopop_models.composers.diffusion.curves import curves
from twopop_models.nets.events import CHANNELS
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap
from twopop_models.types import Hit

STEP = 0.008
MAP = TempoMap((TempoChange(0, 500_000),), (Meter(0, 1, 4), Meter(PPQ, 4, 4)), PPQ)  # 120 bpm after a pick-up of a beat


def rows(frames, hits=(), tempo=MAP, track=None, count=500):
    return dict(zip(CHANNELS, curves(frames, hits, tempo, track, count, STEP), strict=True))


def test_there_is_one_row_for_each_channel_in_range():
    made = curves(a_picture(4.0), (), MAP, None, 600, STEP)
    assert made.shape == (len(CHANNELS), 600)
    assert made.dtype == np.float32
    assert np.abs(made).max() <= 1


def test_a_hit_is_an_impulse_in_its_own_latent_frame():
    found = rows(a_picture(4.0, Fraction(24_000, 1_001), 100), (Hit(124, 0.7), Hit(150, 0.3)))["cut"]
    where = np.flatnonzero(found)
    moments = [24 * 1_001 / 24_000, 50 * 1_001 / 24_000]
    assert list(where) == [int(moment / STEP) for moment in moments]
    assert list(found[where]) == pytest.approx([0.7, 0.3])


def test_motion_and_brightness_are_the_pictures():
    frames = a_picture(4.0)
    found = rows(frames)
    assert found["motion"][0] == pytest.approx(0, abs=0.01)
    assert found["brightness"][-1] == pytest.approx(1, abs=0.02)
    assert (np.diff(found["motion"]) >= 0).all()


def test_phases_are_nought_on_their_lines():
    found = rows(a_picture(4.0))
    beats = np.arange(8) * 0.5
    bars = np.array([0.5, 2.5])
    for name, lines in (("beat", beats), ("bar", bars)):
        places = np.round(lines / STEP - 0.5).astype(int).clip(0)
        assert np.allclose(found[f"{name}_cos"][places], 1, atol=0.02)
        assert np.allclose(found[f"{name}_sin"][places], 0, atol=0.12)
    assert found["bar_cos"][round(1.5 / STEP)] == pytest.approx(-1, abs=0.01), "half a bar"


def test_bars_go_on_after_the_cue():
    found = rows(a_picture(1.0), count=2_000)
    assert np.allclose(found["beat_cos"] ** 2 + found["beat_sin"] ** 2, 1, atol=1e-5)
    assert found["beat_cos"][-60:].std() > 0.1


def test_the_references_energy_is_half_of_the_loudness(tmp_path):
    frames = replace(a_picture(4.0), motion=np.zeros(100, np.float32))
    alone = rows(frames)["loudness"]
    led = rows(frames, track=a_track(tmp_path / "a.wav"))["loudness"]
    assert np.allclose(alone, 0)
    assert led[0] == pytest.approx(0.05, abs=0.01)
    assert led[-1] == pytest.approx(0.45, abs=0.01)
