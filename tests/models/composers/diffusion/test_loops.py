"""Loops: the end flows into the beginning, in latents, in sound and in the file."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from tests.models.composers.diffusion.test_composer import both, compose, sound
from tests.models.composers.diffusion.test_sampling import given_by, noise_of

from twopop_models.composers.diffusion import decoding, windows
from twopop_models.composers.diffusion.conditions import Conditions
from twopop_models.composers.diffusion.guidance import Scales, guide
from twopop_models.composers.diffusion.sampling import Denoiser
from twopop_models.control_values import Bar


def click(audio, at):
    """Energy above 5 kHz in 256 samples around a place, where sound made at 8 kHz has next to none."""
    around = np.take(audio[:, 0], np.arange(at - 128, at + 128), mode="wrap") * np.hanning(256)
    return float((np.abs(np.fft.rfft(around))[27:] ** 2).sum())


def seam(audio):
    """The click at the joint against the loudest of 200 places elsewhere."""
    elsewhere = np.linspace(512, len(audio) - 512, 200).astype(int)
    return click(audio, 0) / max(click(audio, place) for place in elsewhere)


@pytest.mark.parametrize("seconds", [1.0, 1.96, 4.0])
def test_no_click_where_a_loop_begins_again(packs, tmp_path, seconds):
    looped = compose(packs, tmp_path / "a", seconds=seconds, ending="loop")
    cut = compose(packs, tmp_path / "b", seconds=seconds, ending="cut")
    audio = sound(looped.stems[0])
    assert len(audio) == round(seconds * 48_000)
    assert seam(audio) < 2
    assert seam(sound(cut.stems[0])) > 20, "the measure would hear one"
    said = " ".join(looped.notes)
    assert "A seamless loop: a ring of" in said
    assert "not a bar line" not in said


def test_a_hosts_bars_that_do_not_fit_are_said(packs, tmp_path):
    music = compose(packs, tmp_path / "a", seconds=1.5, ending="loop", host_tempo=(Bar(None, 120.0),))
    assert "the loop's seam is not a bar line" in " ".join(music.notes)


def test_full_windows_and_all_bridges_loop_too(plain_packs, packs, tmp_path):
    full = compose(plain_packs, tmp_path / "a", seconds=1.0, ending="loop")
    assert "1 windows of 256 that go round" in " ".join(full.notes)
    steered = compose(packs, tmp_path / "b", bridges=both(tmp_path), ending="loop")
    assert seam(sound(full.stems[0])) < 2
    assert seam(sound(steered.stems[0])) < 2


@pytest.mark.parametrize("chunk", [17, 1_000])
def test_a_ring_decodes_the_same_wherever_it_begins(models, chunk):
    latents = torch.randn((1, models.channels, 150), generator=torch.Generator().manual_seed(1))
    more = decoding.lead(models.hop) * models.hop

    def period(some):
        return np.concatenate(list(decoding.decode_round(models.autoencoder, some, chunk)))[more:-more]

    one, other = period(latents), period(latents.roll(-40, -1))
    assert one.shape == (150 * models.hop, 2)
    assert np.abs(np.roll(one, -40 * models.hop, 0) - other).max() < 1e-6 * max(1, np.abs(one).max())


@pytest.mark.parametrize("period", [5, 100, 192, 193, 256, 900])
@pytest.mark.parametrize("any_length", [True, False])
def test_windows_of_a_ring_share_every_frame(period, any_length):
    plan = windows.ring(period, 256, any_length)
    for step in range(5):
        spans, total = plan.at(step), torch.zeros(period)
        for span, weight in zip(spans, windows.ring_weights(spans, period), strict=True):
            total.index_add_(0, span.places(period), weight)
        assert torch.allclose(total, torch.ones(period), atol=1e-5)
        assert all(0 < len(span) <= 256 for span in spans)
    edges = {span.first for step in range(5) for span in plan.at(step)}
    assert len(edges) > 3


@pytest.mark.parametrize("frames", [100, 600])
def test_the_velocity_does_not_know_where_a_ring_begins(models, frames):
    """Music turned round by as far as the windows moved is the same music turned round."""
    plan = windows.ring(frames, 256, True)
    conditions: Conditions = given_by(models, frames, looped=True)
    denoiser = Denoiser(models, conditions, guide(Scales(1.0), conditions.there), plan)
    noisy, moment = noise_of(models, frames), torch.tensor([0.5])
    with torch.inference_mode():
        first = denoiser.velocity(noisy, moment, 0, lambda: None)
        moved = plan.at(3)[0].first
        turned = denoiser.velocity(noisy.roll(moved, -1), moment, 3, lambda: None)
    assert moved
    assert torch.allclose(first.roll(moved, -1), turned, atol=1e-4)


def test_a_loop_is_the_nearest_whole_number_of_frames():
    assert decoding.period_for(480_000, 44_100, 2_048) == round(Fraction(480_000 * 44_100, 48_000 * 2_048))
