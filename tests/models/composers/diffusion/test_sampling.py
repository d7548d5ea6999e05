"""The sampler: stock where our modules are off, and what each of our own parts changes."""

import warnings
from dataclasses import replace

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, StableAudioPipeline

from twopop_models.composers.diffusion import lineup, sampling, words
from twopop_models.composers.diffusion.conditions import Conditions
from twopop_models.composers.diffusion.guidance import Scales, guide
from twopop_models.composers.diffusion.noise import Drawn
from twopop_models.composers.diffusion.sampling import Denoiser, Hold, denoise
from twopop_models.composers.diffusion.windows import layout
from twopop_models.errors import Cancelled

TEXT = "a calm piano piece"


def noise_of(models, frames, seed=5):
    return torch.randn((1, models.channels, frames), generator=torch.Generator().manual_seed(seed))


def given_by(models, frames, **more):
    seconds = frames * models.hop / models.sample_rate
    return Conditions(models, words.encode(models, TEXT), None, seconds, **more)


def run(models, frames, *, scales=None, steps=6, hold=None, batched=True, window=256, report=None, seed=5, **more):
    """Latents of so many frames under some conditions."""
    conditions = given_by(models, frames, **more)
    plan = layout(frames, window, any_length=True)
    denoiser = Denoiser(models, conditions, guide(scales or Scales(7.0), conditions.there), plan, batched)
    return denoise(
        denoiser,
        lineup.scheduler(models.schedule),
        steps=steps,
        noise=noise_of(models, plan.frames, seed),
        generator=torch.Generator().manual_seed(9),
        hold=hold,
        report=report or sampling.unheard,
    )


def steering(models, frames, seed=3):
    """Random latents and curves for the control branch."""
    generator = torch.Generator().manual_seed(seed)
    return {
        "broad": torch.randn((1, models.channels, frames), generator=generator),
        "events": torch.rand((1, 8, frames), generator=generator),
    }


@pytest.mark.parametrize("guidance", [7.0, 1.0])
@pytest.mark.parametrize("refused", [None, "drums"])
def test_without_our_modules_latents_are_those_of_the_stock_pipeline(models, guidance, refused):
    frames = models.window
    stock = StableAudioPipeline(
        models.autoencoder,
        models.text_encoder,
        models.projection,
        models.tokenizer,
        models.transformer,
        lineup.scheduler(models.schedule),
    )
    stock.set_progress_bar_config(disable=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = stock(
            TEXT,
            negative_prompt=refused,
            audio_end_in_s=frames * models.hop / models.sample_rate,
            num_inference_steps=8,
            guidance_scale=guidance,
            generator=torch.Generator().manual_seed(9),
            latents=noise_of(models, frames),
            output_type="latent",
        ).audios
    plain = replace(models, controlformer=None, stylizer=None)
    conditions = replace(given_by(plain, frames), refused=words.encode(plain, refused) if refused else None)
    denoiser = Denoiser(plain, conditions, guide(Scales(guidance), conditions.there), layout(frames, frames, False))
    ours = denoise(
        denoiser,
        lineup.scheduler(plain.schedule),
        steps=8,
        noise=noise_of(plain, frames),
        generator=torch.Generator().manual_seed(9),
    )
    assert torch.allclose(ours, theirs, atol=1e-5 * float(theirs.abs().max()), rtol=0)


@pytest.mark.parametrize("window", [64, 256])
def test_rows_one_by_one_are_rows_at_once(models, window):
    given = steering(models, 120)
    scales = Scales(5.0, broad=1.5)
    one = run(models, 120, scales=scales, window=window, **given)
    other = run(models, 120, scales=scales, window=window, batched=False, **given)
    assert torch.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("name", ["broad", "events"])
def test_each_condition_changes_the_music_and_can_be_switched_off(models, name):
    given = {name: steering(models, 60)[name]}
    without, with_it = run(models, 60), run(models, 60, **given)
    off = run(models, 60, scales=Scales(7.0, **{name: 0}), **given)
    assert not torch.allclose(without, with_it, atol=1e-3)
    assert torch.equal(without, off)


def test_strength_nought_is_without(models):
    assert torch.equal(run(models, 60), run(models, 60, strength=0.0, **steering(models, 60)))


def test_same_seed_same_bits(models):
    assert torch.equal(run(models, 50), run(models, 50))
    assert not torch.equal(run(models, 50), run(models, 50, seed=6))


def test_each_step_is_told_and_can_cancel(models):
    told = []
    run(models, 40, steps=5, report=told.append)
    assert told == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    computed = []

    def stop(done):
        computed.append(done)
        if done >= 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(models, 40, steps=5, report=stop)
    assert computed == pytest.approx([0, 0.2, 0.4])


def test_what_is_held_stays_and_the_rest_fits_it(models):
    music = run(models, 80)
    keep = torch.ones(80)
    keep[30:50] = 0
    found = run(models, 80, hold=Hold(music, keep), seed=8)
    assert torch.allclose(found[..., :30], music[..., :30], atol=1e-5)
    assert torch.allclose(found[..., 50:], music[..., 50:], atol=1e-5)
    assert not torch.allclose(found[..., 30:50], music[..., 30:50], atol=0.1)


class Still(torch.nn.Module):
    """A model that says nothing moves: what comes out is what denoising began with."""

    dtype = torch.float32

    def __init__(self, config):
        super().__init__()
        self.config = config

    def forward(self, noisy, moment, **more):
        return (torch.zeros_like(noisy),)


def test_strength_says_how_far_a_variation_goes(models, tmp_path):
    FlowMatchEulerDiscreteScheduler().save_pretrained(tmp_path)
    still = replace(models, schedule=tmp_path, transformer=Still(models.transformer.config))
    music, free, away, told = noise_of(models, 80, 1), torch.zeros(80), [], []
    for strength in (0.1, 0.5, 1.0):
        steps = []
        found = run(still, 80, steps=20, hold=Hold(music, free, strength), report=steps.append)
        away.append(float((found - music).square().mean()))
        told.append(len(steps) - 1)
    assert away[0] < away[1] < away[2]
    assert told == [2, 10, 20]


def test_a_flow_of_few_steps_runs(models, tmp_path):
    FlowMatchEulerDiscreteScheduler().save_pretrained(tmp_path)
    flowing = replace(models, schedule=tmp_path)
    music = run(flowing, 40, steps=4)
    assert torch.isfinite(music).all()
    held = run(flowing, 40, steps=4, hold=Hold(music, torch.ones(40)), seed=8)
    assert torch.allclose(held, music, atol=1e-5)


def test_windows_of_a_long_cue_are_one_music(models):
    """Where every window says the same, many windows are one: here the velocity does not look at its neighbours."""

    class Straight(torch.nn.Module):
        dtype = torch.float32
        config = models.transformer.config

        def forward(self, noisy, moment, **more):
            return (torch.tanh(noisy),)

    blind = replace(models, transformer=Straight())
    one, many = run(blind, 300, window=300), run(blind, 300, window=64)
    assert torch.allclose(one, many, atol=1e-4)


def stochastic(models, frames, tree, *, seed=9, steps=8):
    """Latents under the pack's stochastic scheduler, with its tree or without; and the scheduler after it."""
    conditions = given_by(models, frames)
    denoiser = Denoiser(models, conditions, guide(Scales(1.0), conditions.there), layout(frames, 64, any_length=True))
    scheduler = lineup.scheduler(models.schedule)
    latents = denoise(
        denoiser,
        scheduler,
        steps=steps,
        noise=noise_of(models, frames),
        generator=torch.Generator().manual_seed(seed),
        tree=tree,
    )
    return latents, scheduler


def test_noise_without_the_tree_keeps_no_copies_and_is_as_loud(models):
    still = replace(models, transformer=Still(models.transformer.config))
    (grown, with_tree), (drawn, without) = (stochastic(still, 2_000, tree) for tree in (True, False))
    assert isinstance(without.noise_sampler, Drawn)
    assert not isinstance(with_tree.noise_sampler, Drawn)
    assert float(drawn.std() / grown.std()) == pytest.approx(1, abs=0.05)
    again, _ = stochastic(still, 2_000, False)
    other, _ = stochastic(still, 2_000, False, seed=10)
    assert torch.equal(drawn, again)
    assert not torch.allclose(drawn, other, atol=0.01)


@pytest.mark.parametrize(("frames", "window", "kept"), [(60, 64, 1), (256, 256, 1), (100, 64, 2), (400, 64, 0)])
def test_words_are_read_once_for_a_window_that_stays_and_not_kept_for_one_that_moves(models, frames, window, kept):
    conditions = given_by(models, frames)
    denoiser = Denoiser(models, conditions, guide(Scales(7.0), conditions.there), layout(frames, window, True))
    with torch.inference_mode():
        for step in range(3):
            denoiser.velocity(noise_of(models, frames), torch.tensor([0.5]), step, lambda: None)
    assert len(denoiser.heard) == kept
