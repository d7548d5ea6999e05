"""Music that grows from music: variations, ranges made anew, longer cues."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers import Kept
from twopop_models.composers.diffusion import decoding
from twopop_models.composers.diffusion.lineup import Models
from twopop_models.composers.diffusion.sampling import Hold

if TYPE_CHECKING:
    from torch import Tensor

RAMP: Final = 4
"""Latent frames over which what is kept gives way: inside the kept part, so that all that is new is free."""


def hold(
    models: Models,
    kept: Kept,
    frames: int,
    strength: float,
    breathe: Callable[[], None] = decoding.at_ease,
    looped: bool = False,
) -> Hold:
    """Sound that is kept, as latents of ``frames`` frames; what lies after its end is free.

    ``looped``: they are a ring. Sound of that length, to a frame, is brought to exactly that and read round its
    joint.
    """
    import torch
    from torch.nn import functional

    known = _latents(models, kept, breathe, frames if looped else 0)[..., :frames]
    count = known.shape[-1]
    latents = functional.pad(known, (0, frames - count))
    if kept.fresh is None:
        return Hold(latents, torch.zeros(frames, device=latents.device), strength)
    first, stop = _in_frames(models, kept.fresh)
    keep = ramp(frames, first, stop)
    if looped:
        keep = torch.minimum(keep, ramp(frames, first - frames, stop - frames))
        keep = torch.minimum(keep, ramp(frames, first + frames, stop + frames))
    keep[count:] = 0
    return Hold(latents, keep.to(latents.device), strength if stop <= count else 1.0)


def from_reference(latents: Tensor, strength: float) -> Hold:
    """Music that is only the beginning."""
    import torch

    return Hold(latents, torch.zeros(latents.shape[-1], device=latents.device), strength)


def ramp(frames: int, first: int, stop: int) -> Tensor:
    """How much of each frame is kept: nothing of [first, stop), and less and less towards it."""
    import torch

    place = torch.arange(frames) + 0.5
    return torch.maximum((first - place) / RAMP, (place - stop) / RAMP).clamp(0, 1)


def _in_frames(models: Models, samples: tuple[int, int]) -> tuple[int, int]:
    """Latent frames that hold samples [first, stop) at 48 kHz."""
    hop = models.hop * SAMPLE_RATE / models.sample_rate
    return int(samples[0] / hop), int(np.ceil(samples[1] / hop))


def _latents(models: Models, kept: Kept, breathe: Callable[[], None], ring: int = 0) -> Tensor:
    import soundfile
    import soxr

    sound, rate = soundfile.read(kept.path, dtype="float32", always_2d=True)
    loud, hop = sound / np.float32(kept.gain), models.hop
    length = len(loud) * models.sample_rate / rate
    if not ring or abs(length - ring * hop) > hop:
        plain = soxr.resample(loud, rate, models.sample_rate)
        return decoding.encode(models.autoencoder, np.ascontiguousarray(plain, np.float32), breathe=breathe)
    more = decoding.lead(hop) + decoding.reach(tuple(models.autoencoder.upsampling_ratios))
    samples = -(-more * len(loud) // ring)  # that many frames, or a little more, of the sound's other end on each side
    around = np.take(loud, np.arange(-samples, len(loud) + samples), axis=0, mode="wrap")
    plain = soxr.resample(around, len(loud), ring * hop)[round(samples * ring * hop / len(loud)) - more * hop :]
    found = decoding.encode(models.autoencoder, np.ascontiguousarray(plain, np.float32), breathe=breathe)
    return found[..., more : more + ring]
