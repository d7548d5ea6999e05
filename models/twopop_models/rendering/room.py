"""The room: a convolution with decaying noise, so it is linear, does not modulate, and is the same every time.

FluidSynth's reverb moves with time, so stems rendered apart would not sum to the mix. This one is an
impulse response of seeded noise: silence for the pre-delay, then an exponential decay in which highs
die sooner than lows, as in a hall with people in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]

_CROSSOVER = 2_500  # Hz between slow and fast decay
_RUMBLE = 140  # Hz below which a room only muddies


@dataclass(frozen=True)
class Room:
    """``seconds`` for lows to fall by 60 dB, ``brightness`` as the highs' share of that time, pre-delay in seconds."""

    seconds: float = 1.4
    brightness: float = 0.5
    pre_delay: float = 0.018
    seed: int = 7


class Reverb:
    """A room that answers a mono send in stereo, in blocks of at most ``block`` samples (overlap-add)."""

    def __init__(self, room: Room, sample_rate: int, block: int) -> None:
        from scipy.fft import next_fast_len

        self._length = len(impulse(room, sample_rate))
        self._size = next_fast_len(block + self._length - 1, real=True)
        self._spectrum = _spectrum(room, sample_rate, self._size)
        self._ringing = np.zeros((2, self._length - 1), np.float32)

    def play(self, send: NDArray[np.float32]) -> Block:
        """What is heard of the room while (samples,) is sent into it: (samples, 2)."""
        from scipy.fft import irfft, rfft

        count = len(send)
        if send.any():
            wet = irfft(rfft(send, self._size) * self._spectrum, self._size)  # a side a row: faster than in columns
        else:
            wet = np.zeros((2, count + self._length - 1), np.float32)
        wet[:, : self._length - 1] += self._ringing
        self._ringing = wet[:, count : count + self._length - 1].copy()
        answer: Block = wet[:, :count].T
        return answer


@lru_cache(maxsize=8)
def impulse(room: Room, sample_rate: int) -> Block:
    """The impulse response, (samples, 2) float32, each side of energy 1."""
    from scipy.signal import butter, sosfilt

    count = max(1, round(room.seconds * sample_rate))
    time = np.arange(count)[:, None] / sample_rate
    noise = np.random.default_rng(room.seed).standard_normal((count, 2))
    lows = sosfilt(butter(2, _CROSSOVER, fs=sample_rate, output="sos"), noise, axis=0)
    decays = lows * _decay(time, room.seconds) + (noise - lows) * _decay(time, room.seconds * room.brightness)
    decays = sosfilt(butter(2, _RUMBLE, "highpass", fs=sample_rate, output="sos"), decays, axis=0)
    decays /= np.sqrt((decays**2).sum(axis=0))
    delay = round(room.pre_delay * sample_rate)
    response: Block = np.concatenate((np.zeros((delay, 2)), decays)).astype(np.float32)
    return response


@lru_cache(maxsize=8)
def _spectrum(room: Room, sample_rate: int, size: int) -> NDArray[np.complex64]:
    from scipy.fft import rfft

    spectrum: NDArray[np.complex64] = rfft(np.ascontiguousarray(impulse(room, sample_rate).T), size)
    return spectrum


def _decay(time: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    return 10 ** (-3 * time / seconds)
