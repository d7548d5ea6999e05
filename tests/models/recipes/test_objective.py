"""The objectives are what diffusers' schedulers take for granted."""

import numpy as np
import pytest
import torch
from diffusers import EDMDPMSolverMultistepScheduler, FlowMatchEulerDiscreteScheduler

from recipes.training import objective


def some(seed=0):
    dice = torch.Generator().manual_seed(seed)
    return torch.randn(3, 4, 5, generator=dice), torch.randn(3, 4, 5, generator=dice)


def test_v_is_what_stable_audios_scheduler_turns_into_music():
    music, noise = some()
    scheduler = EDMDPMSolverMultistepScheduler(
        sigma_min=0.3, sigma_max=500, sigma_data=1.0, prediction_type="v_prediction"
    )
    for sigma in (0.3, 1.0, 40.0):
        at = torch.full((3,), 2 / np.pi * np.arctan(sigma))
        seen, target = objective.noisy(music, noise, at, "v")
        sample = music + sigma * noise
        assert torch.allclose(scheduler.precondition_inputs(sample, sigma), seen, atol=1e-5)
        assert torch.allclose(scheduler.precondition_outputs(sample, target, sigma), music, atol=1e-4)


def test_flow_is_what_euler_follows_to_the_music():
    music, noise = some()
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1_000)
    scheduler.set_timesteps(4)
    sample = noise
    for time, sigma in zip(scheduler.timesteps, scheduler.sigmas, strict=False):
        seen, target = objective.noisy(music, noise, torch.full((3,), float(sigma)), "flow")
        assert torch.allclose(seen, sample, atol=1e-5)
        sample = scheduler.step(target, time, sample).prev_sample
    assert torch.allclose(sample, music, atol=1e-5)


def test_what_is_said_as_music_is_the_velocity_of_flow_after_division():
    music, noise = some()
    times = torch.tensor([0.2, 0.5, 0.9])
    seen, target = objective.noisy(music, noise, times, "x")
    velocity = (seen - target) / times.reshape(-1, 1, 1)
    assert torch.allclose(velocity, objective.noisy(music, noise, times, "flow")[1], atol=1e-5)


def test_an_error_of_music_counts_less_in_noise():
    music, _ = some()
    said = music + 0.1
    errors = objective.error(said, music, torch.tensor([0.05, 0.5, 1.0]), "x")
    assert errors[0] > errors[1] > errors[2]
    assert torch.allclose(objective.error(said, music, torch.ones(3), "flow"), torch.full((3,), 0.01), atol=1e-5)


def test_late_times_lie_on_the_noisy_side():
    drawn = [objective.a_time(np.random.default_rng(number), "late") for number in range(2_000)]
    assert 0 < min(drawn) < 0.4
    assert 0.69 < np.mean(drawn) < 0.76
    assert max(drawn) < 1


@pytest.mark.parametrize("kind", objective.KINDS)
def test_ends_are_music_and_noise(kind):
    music, noise = some()
    assert torch.allclose(objective.noisy(music, noise, torch.zeros(3), kind)[0], music)
    assert torch.allclose(objective.noisy(music, noise, torch.ones(3), kind)[0], noise, atol=1e-6)


@pytest.mark.parametrize("how", ["uniform", "logit-normal"])
def test_times_are_inside(how):
    drawn = [objective.a_time(np.random.default_rng(number), how) for number in range(2_000)]
    assert min(drawn) > 0
    assert max(drawn) < 1
    assert abs(np.mean(drawn) - 0.5) < 0.03
    assert abs(np.std(drawn) - (0.289 if how == "uniform" else 0.208)) < 0.02


def test_what_is_unknown_is_refused():
    with pytest.raises(ValueError, match="objective"):
        objective.noisy(*some(), torch.zeros(3), "epsilon")
    with pytest.raises(ValueError, match="drawn"):
        objective.a_time(np.random.default_rng(0), "x")
