"""Cases of EBU Tech 3341 (loudness) and ITU-R BS.1770-5 (true peak), with signals made from their formulas."""

import math

import numpy as np
import pytest
import soundfile

from twopop_models.loudness import Meter, measure

RATE = 48_000


def tone(level, seconds, hertz=1_000.0, phase=0.0):
    """A stereo sine of that peak level in dBFS."""
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase)
    return np.stack([wave, wave], axis=1).astype("f4")


def heard(*pieces, block=7_001):
    meter = Meter(RATE)
    signal = np.concatenate(pieces)
    for start in range(0, len(signal), block):
        meter.feed(signal[start : start + block])
    return meter.result()


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([(-23, 20)], -23.0),  # case 1
        ([(-33, 20)], -33.0),  # case 2
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),  # case 3, relative gate
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),  # case 4, both gates
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),  # case 5
    ],
)
def test_integrated_loudness_of_the_reference_signals(pieces, expected):
    assert heard(*(tone(*piece) for piece in pieces)).integrated == pytest.approx(expected, abs=0.1)


def test_true_peak_between_the_samples_is_found():
    # a quarter of the sample rate at 45 degrees: every sample lies 3 dB below the peak
    wave = tone(-6, 2, RATE / 4, math.pi / 4)
    assert np.abs(wave).max() == pytest.approx(10 ** (-9.01 / 20), abs=1e-3)
    edges = np.minimum(1, np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / 4_800)  # no overshoot there
    assert heard(wave * edges[:, None]).true_peak == pytest.approx(-6, abs=0.2)


def test_a_peak_in_the_last_milliseconds_counts():
    wave = tone(-30, 1.05)
    wave[-200] = 0.9
    assert heard(wave).true_peak == pytest.approx(20 * math.log10(0.9), abs=0.6)


def test_blocks_do_not_matter():
    wave = tone(-20, 3) * np.linspace(0, 1, 3 * RATE, dtype="f4")[:, None]
    assert heard(wave, block=333) == heard(wave, block=10**6)


def test_silence_has_no_loudness():
    assert heard(tone(-200, 1)).integrated == -math.inf
    assert Meter(RATE).result().integrated == -math.inf


def test_the_shortest_material_is_still_measured():
    assert heard(tone(-10, 0.04)).integrated == pytest.approx(-20, abs=0.5)  # a tenth of a gating block


def test_a_file_is_measured(tmp_path):
    soundfile.write(tmp_path / "tone.wav", tone(-23, 5), RATE, "PCM_24")
    assert measure(tmp_path / "tone.wav").integrated == pytest.approx(-23, abs=0.1)
