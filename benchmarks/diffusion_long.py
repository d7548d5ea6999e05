"""Long cues by overlapping windows: memory, and whether a seam can be found.

Tiny random networks (tests/tiny.py) generate 1, 5 and 20 minutes, each in a process of its own.

A seam would be a place where the music changes more than elsewhere. The tiny transformer is first taught latents
that swell slowly, over more than a window, so that windows which do not know of each other disagree. Then the
distance between neighbouring latent frames is measured; how well it tells the windows' edges from other places is the
area under the ROC curve, 0.5 by chance, with a 95 % interval from 1,000 draws of what counts as an edge. The same
windows without overlap, set side by side, show that the measure notices a seam.

    python benchmarks/diffusion_long.py
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
MINUTES = (1, 5, 20)
STEPS = 8
WINDOW = 64
TRAINED, BATCH = 1_500, 16


def one(minutes: int, packs: Path) -> None:
    """Generate so many minutes and print what it took."""
    from tests.models.composers.diffusion.conftest import a_picture

    from twopop_models.composers import Resources, load
    from twopop_models.controls import Controls
    from twopop_models.types import Bridges, Description

    composer = load("diffusion", Resources(packs=packs, device="cpu"))
    composer.warm()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    frames = a_picture(60 * minutes, Fraction(25))
    with tempfile.TemporaryDirectory() as folder:
        composer.compose(
            frames.clip,
            frames,
            Bridges(Description("music"), None, None),
            (),
            Controls(steps=STEPS),
            seed=1,
            variation=0,
            folder=Path(folder),
        )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{minutes:3d} min: {took:6.1f} s, {after / 1024:6.0f} MB at most, {(after - before) / 1024:+.0f} MB since warm"
    )


def seams(packs: Path) -> None:
    """Five minutes of latents in windows: how well edges can be told from other places."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler

    from twopop_models.composers.diffusion import lineup, sampling, windows, words
    from twopop_models.composers.diffusion.conditions import Conditions
    from twopop_models.composers.diffusion.guidance import Scales, guide
    from twopop_models.devices import Device
    from twopop_models.packs.shelf import Shelf

    models = lineup.load(lineup.choose(Shelf(packs)), Device("cpu", "float32", "CPU"))
    frames = 300 * models.sample_rate // models.hop
    given = Conditions(models, words.encode(models, "music"), None, 300.0)
    loss = _learn(models, given)
    print(f"a model of slow swells, trained {TRAINED} steps, loss {loss:.3f}")
    noise = torch.randn((1, models.channels, frames), generator=torch.Generator().manual_seed(1))
    joined = windows.layout(frames, WINDOW, any_length=True)
    apart = windows.Layout(frames, frames, _apart(frames, WINDOW))
    for name, plan in (("overlapping windows", joined), ("the same without overlap", apart)):
        denoiser = sampling.Denoiser(models, given, guide(Scales(1.0), given.there), plan)
        generator = torch.Generator().manual_seed(3)
        scheduler = FlowMatchEulerDiscreteScheduler()
        made = sampling.denoise(denoiser, scheduler, steps=2 * STEPS, noise=noise, generator=generator)
        edges = sorted({place for span in plan.spans for place in (span.first, span.stop)} - {0, frames})
        print(f"{name}: {len(plan.spans)} windows, {_told(made[0].numpy(), np.array(edges))}")


def _learn(models, given) -> float:
    """Teach the tiny transformer latents that swell slowly, over more than a window; the last loss."""
    import torch

    from twopop_models.composers.diffusion.guidance import Row
    from twopop_models.composers.diffusion.windows import Span
    from twopop_models.nets.rotary import rotary

    generator = torch.Generator().manual_seed(7)
    context, lengths = given.context(Row(text=True), Span(0, WINDOW))
    net = models.transformer.requires_grad_(True)
    optimizer, losses = torch.optim.AdamW(net.parameters(), 2e-3), []
    for _ in range(TRAINED):
        music = _swells(BATCH, models.channels, generator)
        noise = torch.randn(music.shape, generator=generator)
        moment = torch.rand(BATCH, generator=generator)
        mixed = (1 - moment[:, None, None]) * music + moment[:, None, None] * noise
        found = net(
            mixed,
            moment,
            context.expand(BATCH, -1, -1),
            lengths.expand(BATCH, -1, -1),
            rotary_embedding=rotary(models.transformer, WINDOW),
            return_dict=False,
        )[0]
        loss = (found - (noise - music)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    net.requires_grad_(False)
    return float(np.mean(losses[-50:]))


def _swells(count: int, channels: int, generator):
    """Sines of 100 to 400 frames in random phases: (count, channels, WINDOW)."""
    import torch

    period = 100 + 300 * torch.rand((count, channels, 1), generator=generator)
    phase = 2 * torch.pi * torch.rand((count, channels, 1), generator=generator)
    return 1.4 * torch.sin(2 * torch.pi * torch.arange(WINDOW) / period + phase)


def _apart(frames: int, window: int):
    from twopop_models.composers.diffusion.windows import Span

    return tuple(Span(start, min(start + window, frames)) for start in range(0, frames, window))


def _told(latents: np.ndarray, edges: np.ndarray) -> str:
    """Area under the ROC curve of "an edge is here", and what chance would give."""
    change = np.linalg.norm(np.diff(latents, axis=1), axis=0)
    order = np.empty(len(change))
    order[np.argsort(change)] = np.arange(1, len(change) + 1)
    inside = edges - 1

    def area(some: np.ndarray) -> float:
        return float((order[some].sum() - len(some) * (len(some) + 1) / 2) / (len(some) * (len(order) - len(some))))

    rng = np.random.default_rng(4)
    chance = [area(rng.choice(len(order), len(inside), replace=False)) for _ in range(1_000)]
    low, high = np.quantile(chance, (0.025, 0.975))
    ratio = change[inside].mean() / np.delete(change, inside).mean()
    return (
        f"edges told at {area(inside):.3f} (by chance {low:.3f} to {high:.3f}), change there {ratio:.2f} of elsewhere"
    )


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seams", action="store_true", help="only look for seams")
    parser.add_argument("--one", nargs=2, metavar=("MINUTES", "PACKS"))
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if given.one:
        one(int(given.one[0]), Path(given.one[1]))
        return
    from tests import tiny

    with tempfile.TemporaryDirectory() as folder:
        packs = Path(folder)
        tiny.stable_audio(packs)
        tiny.branches(packs)
        for minutes in () if given.seams else MINUTES:
            subprocess.run([sys.executable, __file__, "--one", str(minutes), folder], check=True)
        seams(packs)


if __name__ == "__main__":
    main()
