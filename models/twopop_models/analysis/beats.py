"""Beats, downbeats and tempo: BeatNet's recurrent network heard by metricon's bar model.

The network (Heydari, Cwitkowitz & Duan, "BeatNet", ISMIR 2021) gives, 50 times a second, how likely
a beat, a downbeat or neither is; a hidden Markov model over tempo and place in the bar makes a steady
beat of it. The network's input is the one of the 2016 downbeat trackers: log magnitudes in 24 bands per
octave, and how much each grew. It is written here anew from the published definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.assets import verify

Floats = NDArray[np.float32]

SAMPLE_RATE: Final = 22_050
FRAMES_PER_SECOND: Final = 50

_FRAME, _HOP = 1411, 441  # 64 ms and 20 ms
_BINS: Final = _FRAME // 2  # the bin at half the sample rate is left out
_LOWEST, _HIGHEST, _PER_OCTAVE, _TUNING = 30.0, 17_000.0, 24, 440.0
_FASTEST, _SLOW = 215.0, 110.0  # BPM up to which a beat is looked for
_SUSPECT, _LIMP = 130.0, 0.75  # above this tempo, and below this alternation, the beat is half as fast
_AT_ONCE: Final = 4_096  # frames per block, which bounds the memory of long files


@dataclass(frozen=True)
class Beats:
    """A steady beat: times in seconds; ``tempo`` in BPM, 0 when fewer than two beats were found."""

    tempo: float
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    beats_per_bar: int


def track_beats(samples: Floats) -> Beats:
    """Beats of mono float32 ``samples`` at 22,050 Hz."""
    if not np.any(samples):
        return Beats(0.0, (), (), 4)
    beat, downbeat = activations(features(samples))
    either = beat + downbeat
    found = _tracker(_FASTEST).track(_logit(either), _logit(downbeat))
    if _tempo(found.times) > _SUSPECT and _alternation(either, found.times) < _LIMP:
        found = _tracker(_SLOW).track(_logit(either), _logit(downbeat))
    return Beats(
        _tempo(found.times),
        tuple(np.asarray(found.times, float).tolist()),
        tuple(np.asarray(found.downbeat_times, float).tolist()),
        int(max(found.numbers, default=4)),
    )


def _alternation(either: Floats, times: NDArray[np.float64]) -> float:
    """How strong the weaker of odd and even beats is, to the stronger: small when half of them are half-beats."""
    frames = np.clip(np.round(times * FRAMES_PER_SECOND).astype(int), 1, len(either) - 2)
    strength = np.maximum(either[frames], np.maximum(either[frames - 1], either[frames + 1]))
    even, odd = float(strength[::2].mean()), float(strength[1::2].mean())
    return min(even, odd) / max(even, odd, 1e-9)


def _tempo(times: NDArray[np.float64]) -> float:
    """From the median length of four beats: finer than the 20 ms grid allows one beat to be."""
    if len(times) < 2:
        return 0.0
    lag = min(4, len(times) - 1)
    return float(60 * lag / np.median(times[lag:] - times[:-lag]))


def _logit(probability: Floats) -> NDArray[np.float64]:
    clipped = np.clip(probability.astype(float), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)))


@cache
def _tracker(fastest: float) -> Any:
    from metricon import DownbeatTracker

    return DownbeatTracker(beats_per_bar=(3, 4), max_bpm=fastest, fps=FRAMES_PER_SECOND)


def features(samples: Floats) -> Floats:
    """(frames, 272): 136 log band magnitudes, then how much each rose since the frame before.

    Frame n is centred on sample 441 n; beyond the ends lies silence.
    """
    bank, window = filterbank(), np.hanning(_FRAME).astype(np.float32)
    half = _FRAME // 2
    frames = -(-len(samples) // _HOP)
    padded = np.concatenate([np.zeros(half, np.float32), samples, np.zeros(_FRAME, np.float32)])
    views = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP][:frames]
    blocks = [_bands(views[at : at + _AT_ONCE], window, bank) for at in range(0, frames, _AT_ONCE)]
    bands = np.concatenate(blocks)
    rise = np.maximum(np.diff(bands, axis=0, prepend=bands[:1]), 0)
    return np.hstack([bands, rise])


def _bands(frames: Floats, window: Floats, bank: Floats) -> Floats:
    magnitudes = np.abs(np.fft.rfft(frames * window, axis=1)[:, :_BINS])
    return np.log10(1 + magnitudes @ bank).astype(np.float32)


@cache
def filterbank() -> Floats:
    """(705, 136) triangles on a 24-per-octave scale tuned to A 440, each of unit sum.

    Band centres are rounded to transform bins and each bin is used once, so low octaves have
    fewer bands; a triangle reaches from the centre below to the centre above.
    """
    lowest = int(np.floor(_PER_OCTAVE * np.log2(_LOWEST / _TUNING)))
    highest = int(np.ceil(_PER_OCTAVE * np.log2(_HIGHEST / _TUNING)))
    pitches = _TUNING * 2.0 ** (np.arange(lowest, highest + 1) / _PER_OCTAVE)
    pitches = pitches[(pitches >= _LOWEST) & (pitches <= _HIGHEST)]
    grid = np.arange(_BINS) * SAMPLE_RATE / (2 * _BINS)
    centres = np.unique(np.abs(pitches[:, None] - grid).argmin(axis=1))
    bank = np.zeros((_BINS, len(centres) - 2), np.float32)
    for band, (left, middle, right) in enumerate(zip(centres, centres[1:], centres[2:], strict=False)):
        bank[left:middle, band] = np.linspace(0, 1, middle - left, endpoint=False)
        bank[middle:right, band] = np.linspace(1, 0, right - middle, endpoint=False)
    return np.asarray(bank / bank.sum(axis=0), np.float32)


def activations(heard: Floats) -> tuple[Floats, Floats]:
    """Probability of a beat that is no downbeat, and of a downbeat, per frame of ``features``."""
    import torch

    with torch.inference_mode():
        logits = _network()(torch.from_numpy(heard))
        probabilities = logits.softmax(1).numpy()
    return probabilities[:, 0], probabilities[:, 1]


@cache
def _network() -> Any:
    """Frames (T, 272) to logits (T, 3) of beat, downbeat, neither; read once per process.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    import torch
    from torch import nn

    class Network(nn.Module):
        """A convolution across bands, a dense layer, two LSTM layers; the names are the file's."""

        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv1d(1, 2, 10)
            self.linear0 = nn.Linear(262, 150)
            self.lstm = nn.LSTM(150, 150, 2, batch_first=True)
            self.linear = nn.Linear(150, 3)

        def forward(self, frames: torch.Tensor) -> torch.Tensor:
            bands = nn.functional.max_pool1d(self.conv1(frames[:, None]).relu(), 2).flatten(1)
            hidden, _ = self.lstm(self.linear0(bands)[None])
            return self.linear(hidden[0])  # type: ignore[no-any-return]

    network = Network()
    network.load_state_dict(torch.load(verify("beatnet"), map_location="cpu", weights_only=True))
    return network.eval()
