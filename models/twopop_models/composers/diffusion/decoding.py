"""Between sound and latents in bounded memory: chunks with as much overlap as the network can see.

A convolution far inside a chunk does not see the chunk's ends, so chunks that overlap by the network's reach
give what the whole would give, to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.clock import SAMPLE_RATE

if TYPE_CHECKING:
    from torch import Tensor

Audio = NDArray[np.float32]
CHUNK: Final = 128
"""Latent frames decoded at once: 6 seconds of Stable Audio Open's."""
UNIT: Final = 39
"""Samples that the three residual units of a block see to each side: kernels of 7, dilated by 1, 3 and 9."""

SEEN: Final = 4_096
"""Samples around a loop's joint that are resampled besides; the resampler's filter sees some hundred."""


def reach(ratios: tuple[int, ...]) -> int:
    """Latent frames that one sample of the decoder (or one frame of the encoder) sees to each side, at most.

    ``ratios`` are the factors of the decoder's blocks in its order. Counted are the first and last convolution
    (kernels of 7), each transposed convolution (one frame of its input) and the residual units.
    """
    seen, rate = Fraction(3), 1
    for ratio in ratios:
        seen += Fraction(1, rate)
        rate *= ratio
        seen += Fraction(UNIT, rate)
    return math.ceil(seen + Fraction(3, rate)) + 1


def decode(autoencoder: Any, latents: Tensor, chunk: int = CHUNK) -> Iterator[Audio]:
    """Sound of latents (1, C, T), piece by piece: (samples, channels) float32, T times the hop together."""
    import torch

    around, hop = reach(tuple(autoencoder.upsampling_ratios)), int(autoencoder.hop_length)
    frames = latents.shape[-1]
    for first in range(0, frames, chunk):
        stop = min(first + chunk, frames)
        left, right = max(0, first - around), min(frames, stop + around)
        with torch.inference_mode():
            piece = autoencoder.decode(latents[..., left:right].to(autoencoder.dtype)).sample
        kept = piece[0, :, (first - left) * hop : (stop - left) * hop]
        yield kept.T.float().cpu().numpy()


def decode_round(autoencoder: Any, latents: Tensor, chunk: int = CHUNK) -> Iterator[Audio]:
    """Sound of latents (1, C, T) whose end is followed by their beginning, ``lead`` frames more on both sides."""
    import torch

    around, hop = reach(tuple(autoencoder.upsampling_ratios)), int(autoencoder.hop_length)
    more, frames = lead(hop), latents.shape[-1]
    for first in range(-more, frames + more, chunk):
        stop = min(first + chunk, frames + more)
        places = torch.arange(first - around, stop + around, device=latents.device) % frames
        with torch.inference_mode():
            piece = autoencoder.decode(latents[..., places].to(autoencoder.dtype)).sample
        kept = piece[0, :, around * hop : (around + stop - first) * hop]
        yield kept.T.float().cpu().numpy()


def lead(hop: int) -> int:
    """Latent frames before a loop's beginning and behind its end, so that the resampler hears it go round."""
    return math.ceil(SEEN / hop)


def at_ease() -> None:
    """The ``breathe`` of those who need not be heard."""


def encode(autoencoder: Any, audio: Audio, chunk: int = CHUNK, breathe: Callable[[], None] = at_ease) -> Tensor:
    """Latents (1, C, T) of sound (samples, 2) at the autoencoder's own rate, the distribution's mean.

    The sound is padded with silence to whole frames. ``breathe`` is called before every chunk, which at full size
    takes a CPU as long as it sounds; it may raise ``Cancelled``.
    """
    import torch

    around, hop = reach(tuple(autoencoder.upsampling_ratios)), int(autoencoder.hop_length)
    frames = -(-len(audio) // hop)
    padded = np.zeros((frames * hop, audio.shape[1]), np.float32)
    padded[: len(audio)] = audio
    pieces = []
    for first in range(0, frames, chunk):
        breathe()
        stop = min(first + chunk, frames)
        left, right = max(0, first - around), min(frames, stop + around)
        sound = torch.from_numpy(padded[left * hop : right * hop].T.copy()).unsqueeze(0)
        with torch.inference_mode():
            found = autoencoder.encode(sound.to(autoencoder.device, autoencoder.dtype)).latent_dist.mode()
        pieces.append(found[..., first - left : stop - left].float())
    return torch.cat(pieces, dim=-1)


def frames_for(samples: int, sample_rate: int, hop: int) -> int:
    """Latent frames whose sound, brought to 48 kHz, is at least ``samples`` long."""
    return math.ceil(Fraction((samples + 1) * sample_rate, SAMPLE_RATE * hop))


def period_for(samples: int, sample_rate: int, hop: int) -> int:
    """Latent frames of a loop of ``samples`` at 48 kHz: the nearest whole number, at least 2."""
    return max(2, round(Fraction(samples * sample_rate, SAMPLE_RATE * hop)))


def write_round(
    pieces: Iterator[Audio], period: int, hop: int, path: Path, samples: int, report: Callable[[float], None]
) -> None:
    """Write a loop of exactly ``samples`` samples at 48 kHz from what ``decode_round`` gives.

    ``period`` whole latent frames are brought to that length, at most half a frame longer or shorter than they were,
    so the last sample is followed by the first as every sample is by the next. ``report`` as in ``write``.
    """
    import soundfile
    import soxr

    stream = soxr.ResampleStream(period * hop, samples, 2, dtype="float32")
    skipped, written = math.ceil(Fraction(lead(hop) * samples, period)), 0
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 2, "FLOAT") as file:
        for block in _resampled(pieces, stream):
            kept = block[skipped:][: samples - written]
            skipped = max(0, skipped - len(block))
            file.write(kept)
            written += len(kept)
            report(written / samples)
        if written != samples:
            raise RuntimeError(f"a loop of {samples} samples came out as {written}")


def write(
    pieces: Iterator[Audio], sample_rate: int, path: Path, samples: int, ending: str, report: Callable[[float], None]
) -> None:
    """Resample to 48 kHz, shape the end, and write a float stereo WAV of exactly ``samples`` samples.

    ``report`` is called after every piece with how much is written; it may raise ``Cancelled``.
    """
    import soundfile
    import soxr

    stream = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 2, dtype="float32")
    shape, written = Tail(samples, ending), 0
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 2, "FLOAT") as file:
        for block in _resampled(pieces, stream):
            kept = block[: samples - written]
            file.write(shape(kept, written))
            written += len(kept)
            report(written / samples)
        file.write(np.zeros((samples - written, 2), np.float32))


def _resampled(pieces: Iterator[Audio], stream: Any) -> Iterator[Audio]:
    for piece in pieces:
        stereo = piece if piece.shape[1] == 2 else np.repeat(piece[:, :1], 2, axis=1)
        yield stream.resample_chunk(np.nan_to_num(stereo))
    yield stream.resample_chunk(np.zeros((0, 2), np.float32), last=True)


class Tail:
    """How sound ends that no composer ended: faded over seconds, or over hundredths so that it does not click."""

    def __init__(self, samples: int, ending: str) -> None:
        length = {"fade": min(max(samples // 4, SAMPLE_RATE), 8 * SAMPLE_RATE), "ring": SAMPLE_RATE, "loop": 0}
        self.length = min(length.get(ending, SAMPLE_RATE // 100), samples // 2)
        self.first = samples - self.length

    def __call__(self, block: Audio, at: int) -> Audio:
        """The block that begins at sample ``at``, under the curve."""
        if at + len(block) <= self.first or not self.length:
            return block
        place = np.clip((np.arange(at, at + len(block)) - self.first) / self.length, 0, 1)
        faded: Audio = block * np.cos(place * np.pi / 2).astype(np.float32)[:, None] ** 2
        return faded
