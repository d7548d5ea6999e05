"""The music bridge as conditions: the broad reference on the cue's own time, the targeted one as style.

Training lays its references by the same code (``recipes.training.caching``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from twopop_models.analysis.decoding import decode as read
from twopop_models.composers.diffusion import decoding
from twopop_models.composers.diffusion.decoding import Audio
from twopop_models.composers.diffusion.lineup import Models
from twopop_models.types import Track

if TYPE_CHECKING:
    from torch import Tensor

Breathe = Callable[[], None]
STRETCH: Final = (0.75, 4 / 3)
"""Slower or faster than this sounds broken: the tempo is halved or doubled first, and the rest stays off."""
STYLE_SECONDS: Final = 47
"""Of the targeted reference, from its beginning."""
MOST_BLUR: Final = 8.0
"""Latent frames by which a broad reference is smoothed at most; training sees all widths up to it."""


class Paced(Protocol):
    """A file with a beat: tempo in BPM, 0 for none; downbeats in seconds."""

    @property
    def path(self) -> Path:
        """The sound."""

    @property
    def seconds(self) -> float:
        """Its length."""

    @property
    def tempo(self) -> float:
        """Beats a minute."""

    @property
    def downbeats(self) -> tuple[float, ...]:
        """In order."""


@dataclass(frozen=True)
class Encoder:
    """Sound to latents: ``encode`` makes (1, C, T) of (samples, 2) at ``rate``, one frame for each ``hop``."""

    encode: Callable[[Audio], Tensor]
    rate: int
    hop: int

    @classmethod
    def of(cls, models: Models, breathe: Breathe = decoding.at_ease) -> Encoder:
        """The autoencoder of a line-up; ``breathe`` as in ``decoding.encode``."""
        return cls(
            lambda sound: decoding.encode(models.autoencoder, sound, breathe=breathe), models.sample_rate, models.hop
        )


@dataclass(frozen=True)
class Timing:
    """The cue's clock in latent frames: how many, which begins the first whole bar, and the tempo there."""

    frames: int
    downbeat: int
    tempo: float


def laid(encoder: Encoder, track: Paced, timing: Timing) -> Tensor:
    """Latents (1, C, frames) of a reference at the cue's tempo, its downbeat on the cue's.

    Played round in whole bars where it is shorter than the cue.
    """
    import torch

    ratio = stretch(track.tempo, timing.tempo)
    begin, stop = bars(track)
    sound = read(track.path, encoder.rate, mono=False)
    sound = sound[round(begin * encoder.rate) : round(stop * encoder.rate)]
    most = round((timing.frames + 1) * encoder.hop * ratio)  # no more than one round of it is ever needed
    latents = encoder.encode(stretched(sound[:most], ratio))
    place = (torch.arange(timing.frames) - timing.downbeat) % latents.shape[-1]
    return latents[..., place.to(latents.device)]


def bars(track: Paced) -> tuple[float, float]:
    """Seconds of a track from its first downbeat to its last, or the whole where it has none."""
    if len(track.downbeats) < 2:
        return 0.0, track.seconds
    return track.downbeats[0], track.downbeats[-1]


def stretch(track: float, cue: float) -> float:
    """How much faster a track must be played: octaves of tempo are free, and beyond ``STRETCH`` nothing is done."""
    if track <= 0 or cue <= 0:
        return 1.0
    ratio = cue / track
    while ratio < 2**-0.5:
        ratio *= 2
    while ratio >= 2**0.5:
        ratio /= 2
    return ratio if STRETCH[0] <= ratio <= STRETCH[1] else 1.0


def stretched(sound: Audio, ratio: float) -> Audio:
    """Sound (samples, 2) played ``ratio`` times as fast at the same pitch."""
    if abs(ratio - 1) < 1e-3 or len(sound) < 4_096:
        return sound
    import librosa

    return np.ascontiguousarray(librosa.effects.time_stretch(sound.T, rate=ratio).T, np.float32)


def blurred(latents: Tensor, blur: float) -> Tensor:
    """Latents (..., C, T) smoothed over time by a Gaussian of that deviation in frames; the ends count as going on.

    That takes away what could be copied note for note, and leaves harmony and energy.
    """
    import torch
    from torch.nn import functional

    if blur <= 0:
        return latents
    radius = min(round(3 * blur) or 1, latents.shape[-1] - 1)
    places = torch.arange(-radius, radius + 1, dtype=latents.dtype, device=latents.device)
    kernel = torch.exp(-0.5 * (places / blur) ** 2)
    kernel = (kernel / kernel.sum()).expand(latents.shape[-2], 1, -1)
    around = functional.pad(latents, (radius, radius), mode="replicate")
    return functional.conv1d(around, kernel, groups=latents.shape[-2])


def style(models: Models, track: Track, breathe: Breathe = decoding.at_ease) -> Tensor | None:
    """Style tokens (1, K, W) of a targeted reference; None without the networks for it."""
    import torch

    if models.stylizer is None or models.ears is None:
        return None
    heard = torch.from_numpy(models.ears.sound(track.path)).unsqueeze(0)
    numbers = {"device": models.device.name, "dtype": models.stylizer.dtype}
    with torch.inference_mode():
        tokens: Tensor = models.stylizer(
            heard.to(**numbers), pooled(Encoder.of(models, breathe), track.path).to(**numbers)
        )
    return tokens.clone()


def pooled(encoder: Encoder, path: Path) -> Tensor:
    """Mean and deviation of a track's latents, (1, 2 C)."""
    from twopop_models.nets.stylizer import pool

    return pool(encoder.encode(read(path, encoder.rate, mono=False)[: STYLE_SECONDS * encoder.rate]))
