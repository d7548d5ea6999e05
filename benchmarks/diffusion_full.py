"""Full size on this machine: a 10-second cue by our sampler against diffusers' StableAudioPipeline.

Stable Audio Open's shapes with random weights in bfloat16, the same scheduler, the same words, guidance 7. Few
steps are run: the seconds of one step are the median of those after the first, and a cue is extrapolated as

    100 steps x seconds of a step + decoding (measured: theirs the full window at once, ours the cue in chunks)

Ours computes the frames of the cue (a pack trained on any length), without and with ControlFormer (12 blocks) and
events; style tokens stand where padding stood and cost nothing. Each way runs in a process of its own, so that
memory can be told apart; the product of two bfloat16 matrices of the model's shapes, timed before and after, says
what the machine could do at that moment.

    OMP_NUM_THREADS=1 python benchmarks/diffusion_full.py [--steps 3] [--seconds 10]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

WAYS = ("stock", "ours", "ours with control and style")
FULL_STEPS = 100


def random_weights(network, dtype) -> object:
    """Memory for a network that was made on the meta device, filled with small numbers."""

    network = network.to_empty(device="cpu").to(dtype).eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.normal_(std=0.02)
    for buffer in network.buffers():
        buffer.normal_(std=1.0)
    return network


def base():
    """Stable Audio Open's transformer in bfloat16."""
    import torch

    from twopop_models.nets.backbone import ControlledDiT

    with torch.device("meta"):
        network = ControlledDiT()
    return random_weights(network, torch.bfloat16)


def one_step(way: str, frames: int, steps: int) -> tuple[list[float], float]:
    """Seconds of each step, and floating point operations of one."""
    import torch
    from diffusers import CosineDPMSolverMultistepScheduler, StableAudioDiTModel
    from diffusers.models.embeddings import get_1d_rotary_pos_embed

    from twopop_models.nets.lean import Recalled

    network = base()
    if way == "stock":
        network.forward = StableAudioDiTModel.forward.__get__(network)
        frames = int(network.config.sample_size)
    told, found = scheduled(CosineDPMSolverMultistepScheduler(), steps), []
    generator = torch.Generator().manual_seed(0)
    words = torch.randn((2, 130, 768), generator=generator, dtype=torch.bfloat16)
    words[0] = 0
    lengths = torch.randn((2, 1, 1536), generator=generator, dtype=torch.bfloat16)
    rotary = get_1d_rotary_pos_embed(32, frames + 1, use_real=True, repeat_interleave_real=False)
    latents = torch.randn((1, 64, frames), generator=generator) * told.init_noise_sigma
    more = steering(frames) if way.endswith("style") else {}
    if way != "stock":
        more["recalled"] = Recalled()
    with torch.inference_mode():
        for moment in told.timesteps:
            began = time.perf_counter()
            noisy = told.scale_model_input(latents, moment).expand(2, -1, -1).to(torch.bfloat16)
            both = network(noisy, moment.unsqueeze(0), words, lengths, rotary, return_dict=False, **more)[0].float()
            velocity = both[:1] + 7 * (both[1:] - both[:1])
            latents = told.step(velocity, moment, latents, generator=generator).prev_sample
            found.append(time.perf_counter() - began)
    return found, operations(way, frames)


def steering(frames: int) -> dict[str, object]:
    """A control branch of 12 blocks with broad reference and events, for the conditional row; style costs no length."""
    import torch

    from twopop_models.nets.control import ControlInput
    from twopop_models.nets.controlformer import MusicControlFormer

    with torch.device("meta"):
        branch = MusicControlFormer()
    branch = random_weights(branch, torch.bfloat16)
    latents, events = torch.randn((1, 64, frames)), torch.rand((1, 8, frames))
    return {"controlformer": branch, "control": ControlInput(latents, events, torch.tensor([1]))}


def operations(way: str, frames: int) -> float:
    """Multiplications and additions of a step, from engine.md's count: linear in frames, 53 % more for 12 blocks."""
    per_row = 0.461e12 * frames / 216
    return per_row * (2 + (0.53 if way.endswith("style") else 0))


def scheduled(scheduler, steps: int):
    """A scheduler set to so many steps, its warnings about rounding kept quiet."""
    warnings.filterwarnings("ignore", "Should have t[ab]", UserWarning)
    scheduler.set_timesteps(steps)
    return scheduler


def ceiling() -> float:
    """Operations a second of bfloat16 matrices of the feed-forward's shape."""
    import torch

    left, right = torch.randn(432, 1536, dtype=torch.bfloat16), torch.randn(1536, 12_288, dtype=torch.bfloat16)
    times = []
    for _ in range(12):
        began = time.perf_counter()
        left @ right
        times.append(time.perf_counter() - began)
    return 2 * 432 * 1536 * 12_288 / statistics.median(times)


def others():
    """Text encoder and autoencoder of the pipeline, which wait in memory: T5-base in bfloat16, Oobleck in float32."""
    import torch
    from diffusers import AutoencoderOobleck
    from transformers import T5Config, T5EncoderModel

    with torch.device("meta"):
        text = T5EncoderModel(T5Config(vocab_size=32_128, d_model=768, d_ff=3_072, num_layers=12, num_heads=12))
    warnings.filterwarnings("ignore", ".*weight_norm.* is deprecated", FutureWarning)
    return random_weights(text, torch.bfloat16), AutoencoderOobleck().eval().requires_grad_(False)


def decoded(way: str, vae, frames: int) -> float:
    """Seconds that decoding takes: the stock pipeline's full window at once, or the cue in chunks."""
    import torch

    from twopop_models.composers.diffusion import decoding

    latents = torch.randn((1, 64, 1_024 if way == "stock" else frames))
    began = time.perf_counter()
    if way == "stock":
        with torch.inference_mode():
            vae.decode(latents)
    else:
        for _ in decoding.decode(vae, latents, 64):
            pass
    return time.perf_counter() - began


def run(way: str, seconds: float, steps: int) -> None:
    """One way, in this process; a line of JSON."""
    frames = -(-int(seconds * 44_100) // 2_048)
    before, (_text, vae) = ceiling(), others()
    found, cost = one_step(way, frames, steps)
    after, sound = ceiling(), decoded(way, vae, frames)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    step = statistics.median(found[1:])
    reached = cost / step / statistics.mean((before, after))
    print(json.dumps({"step": step, "peak": peak, "reached": reached, "sound": sound}))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--way")
    given = parser.parse_args()
    if given.way:
        run(given.way, given.seconds, given.steps)
        return
    first = None
    for way in WAYS:
        words = [sys.executable, str(Path(__file__)), "--way", way, "--steps", str(given.steps)]
        done = subprocess.run([*words, "--seconds", str(given.seconds)], check=True, capture_output=True, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        cue = FULL_STEPS * found["step"] + found["sound"]
        first = first or (cue, found["peak"])
        times = f"{found['step']:6.2f} s a step, {found['sound']:5.1f} s decoding, {cue / 60:5.1f} min a cue"
        more = f"{found['peak']:6.0f} MB ({found['peak'] / first[1]:.2f} x), {found['reached']:.2f} of the ceiling"
        print(f"{way:28s} {times} ({first[0] / cue:4.1f} x), {more}")


if __name__ == "__main__":
    main()
