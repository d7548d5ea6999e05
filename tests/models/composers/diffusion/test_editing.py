"""Sound that is kept, as latents."""

import numpy as np
import pytest
import soundfile
import torch

from twopop_models.composers import Kept
from twopop_models.composers.diffusion import decoding, editing
from twopop_models.composers.diffusion.editing import RAMP, ramp


@pytest.fixture
def sound(tmp_path):
    """Two seconds at 48 kHz, mastered to a half."""
    samples = np.random.default_rng(1).standard_normal((96_000, 2)) * 0.1
    soundfile.write(tmp_path / "a.wav", samples * 0.5, 48_000, "FLOAT")
    return tmp_path / "a.wav"


def test_nothing_of_what_is_fresh_is_kept():
    keep = ramp(100, 40, 60)
    assert (keep[40:60] == 0).all()
    assert (keep[: 40 - RAMP] == 1).all()
    assert (keep[60 + RAMP :] == 1).all()
    assert (keep[:40].diff() <= 0).all()
    assert (keep[60:].diff() >= 0).all()


@pytest.mark.parametrize(("first", "stop", "kept"), [(0, 100, 0), (0, 50, 50 - RAMP), (50, 100, 50 - RAMP)])
def test_up_to_the_edges(first, stop, kept):
    assert int((ramp(100, first, stop) == 1).sum()) == kept


def test_the_gain_of_mastering_is_taken_back(models, sound):
    one, other = (editing.hold(models, Kept(sound, gain, None), 250, 0.4).latents for gain in (0.5, 1.0))
    quiet = decoding.encode(models.autoencoder, np.zeros((16_000, 2), np.float32))
    assert float((one - quiet[..., :250]).abs().mean()) > float((other - quiet[..., :250]).abs().mean())


def test_a_variation_keeps_nothing_and_begins_with_all(models, sound):
    held = editing.hold(models, Kept(sound, 0.5, None), 250, 0.4)
    assert held.strength == 0.4
    assert not held.keep.any()
    assert held.latents.shape == (1, models.channels, 250)


def test_after_the_end_of_what_is_known_all_is_free(models, sound):
    """Two seconds are 250 frames: a longer cue begins with them."""
    held = editing.hold(models, Kept(sound, 0.5, (96_000, 144_000)), 380, 1.0)
    assert (held.keep[: 250 - RAMP] == 1).all()
    assert (held.keep[250:] == 0).all()
    assert not held.latents[..., 250:].any()


def test_frames_that_are_touched_are_fresh(models, sound):
    held = editing.hold(models, Kept(sound, 0.5, (48_000 - 1, 72_001)), 250, 1.0)
    fresh = torch.nonzero(held.keep == 0).flatten()
    assert int(fresh[0]) <= 124
    assert int(fresh[-1]) >= 187


def test_a_loop_is_read_round_its_joint(models, sound, tmp_path):
    """Turned round by whole frames, sound has latents turned round: its ends are no ends."""
    samples, rate = soundfile.read(sound)
    soundfile.write(tmp_path / "b.wav", np.roll(samples, -100 * 96_000 // 250, 0), rate, "FLOAT")
    one, other = (
        editing.hold(models, Kept(path, 0.5, None), 250, 1.0, looped=True).latents
        for path in (sound, tmp_path / "b.wav")
    )
    assert torch.allclose(one.roll(-100, -1), other, atol=1e-3 * float(one.abs().max()))
    straight = editing.hold(models, Kept(sound, 0.5, None), 250, 1.0).latents
    assert torch.allclose(straight[..., 20:-20], one[..., 20:-20], atol=1e-3 * float(one.abs().max()))
    assert not torch.allclose(straight[..., :5], one[..., :5], atol=0.05 * float(one.abs().max()))


def test_what_is_kept_of_a_loop_gives_way_across_its_joint(models, sound):
    held = editing.hold(models, Kept(sound, 0.5, (80_000, 96_000)), 250, 1.0, looped=True)
    assert held.keep[0] < 0.5
    assert (held.keep[RAMP : 200 - RAMP] == 1).all()
