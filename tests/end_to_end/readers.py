"""What others say of our files: readers and measures that share no code with twopop."""

import math

import numpy as np
import soundfile
from scipy.signal import lfilter, resample_poly

SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of ITU-R BS.1770-4, tables 1 and 2, at 48 kHz."""


def samples(path):
    """A WAV as float64 shaped (samples, channels); 24-bit values are exact."""
    audio, rate = soundfile.read(path, dtype="float64", always_2d=True)
    assert rate == 48_000
    return audio


def loudness(audio):
    """Integrated loudness in LUFS, by the text of ITU-R BS.1770-4: K weighting, 400 ms blocks, two gates."""
    weighted = lfilter(*HIGH_PASS, lfilter(*SHELF, audio, axis=0), axis=0)
    power = np.cumsum(np.vstack([np.zeros((1, audio.shape[1])), weighted**2]), axis=0)
    starts = np.arange(0, len(audio) - 19_200 + 1, 4_800)
    blocks = ((power[starts + 19_200] - power[starts]) / 19_200).sum(axis=1)
    loud = blocks[blocks > _power(-70.0)]
    return _lufs(loud[loud > _power(_lufs(loud.mean()) - 10.0)].mean())


def true_peak(audio):
    """True peak in dBTP, four times oversampled as in BS.1770-4, annex 2."""
    return 20 * math.log10(np.abs(resample_poly(audio, 4, 1, axis=0)).max())


def decibels(audio):
    """The largest sample in dBFS; -inf for silence."""
    peak = np.abs(audio).max()
    return 20 * math.log10(peak) if peak else -math.inf


def _lufs(power):
    return -0.691 + 10 * math.log10(power)


def _power(lufs):
    return 10 ** ((lufs + 0.691) / 10)
