"""The measures that judge our files, judged by signals whose values are known."""

import numpy as np
import pytest
from tests.end_to_end.readers import decibels, loudness, true_peak


def tone(decibel, hertz=1_000, seconds=20, phase=0.0):
    """A stereo sine whose peaks are at that level."""
    time = np.arange(seconds * 48_000) / 48_000
    return np.repeat(10 ** (decibel / 20) * np.sin(2 * np.pi * hertz * time + phase)[:, None], 2, axis=1)


@pytest.mark.parametrize("level", [-23, -33])
def test_cases_1_and_2_of_ebu_tech_3341(level):
    assert loudness(tone(level)) == pytest.approx(level, abs=0.1)


def test_case_3_the_quiet_parts_are_gated():
    parts = [tone(-36, seconds=10), tone(-23, seconds=60), tone(-36, seconds=10)]
    assert loudness(np.concatenate(parts)) == pytest.approx(-23, abs=0.1)


def test_a_peak_between_two_samples_is_seen():
    audio = tone(0, hertz=12_000, phase=np.pi / 4)
    assert decibels(audio) == pytest.approx(-3.01, abs=0.01)
    assert true_peak(audio[480:-480] * np.hanning(len(audio) - 960)[:, None]) == pytest.approx(0, abs=0.2)
