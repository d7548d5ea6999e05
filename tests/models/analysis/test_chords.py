from itertools import pairwise

import numpy as np
import pytest

from twopop_models.analysis import chords, keys, pitch
from twopop_models.types import ChordSpan

PROGRESSION = ((0, "maj"), (9, "min"), (5, "maj"), (7, "7"), (2, "min7"), (0, "maj"))
STEPS = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "min7": (0, 3, 7, 10)}


def tone(note: int, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * pitch.SAMPLE_RATE)) / pitch.SAMPLE_RATE
    frequency = 440 * 2 ** ((note - 69) / 12)
    return sum(np.sin(2 * np.pi * frequency * k * time) / k**1.5 for k in range(1, 7)) * np.exp(-0.7 * time)


def play(progression: tuple[tuple[int, str], ...], seconds: float = 2.0) -> np.ndarray:
    parts = [
        tone(36 + root, seconds) + sum(tone(60 + root + step, seconds) for step in STEPS[quality])
        for root, quality in progression
    ]
    return (0.05 * np.concatenate(parts)).astype(np.float32)


@pytest.fixture(scope="module")
def magnitudes() -> np.ndarray:
    return pitch.spectrum(play(PROGRESSION))


def test_a_played_progression_is_named(magnitudes: np.ndarray) -> None:
    found = chords.find_chords(magnitudes, tuple(np.arange(0, 12, 0.5)), 12.0)
    assert [chord.root for chord in found] == [root for root, _ in PROGRESSION]
    thirds = [chord.quality.startswith("min") for chord in found]
    assert thirds == [quality.startswith("min") for _, quality in PROGRESSION]
    assert [chord.start for chord in found] == [0, 2, 4, 6, 8, 10]
    assert found[-1].stop == 12.0


def test_without_beats_a_grid_stands_in(magnitudes: np.ndarray) -> None:
    found = chords.find_chords(magnitudes, (), 12.0)
    assert [chord.root for chord in found] == [root for root, _ in PROGRESSION]


def test_spans_are_in_order_and_never_overlap(magnitudes: np.ndarray) -> None:
    found = chords.find_chords(magnitudes, (0.3, 1.7, 3.1, 4.4, 9.9), 12.0)
    for one, two in pairwise(found):
        assert one.start < one.stop <= two.start
        assert (one.root, one.quality) != (two.root, two.quality) or one.stop < two.start


def test_posteriors_are_probabilities(magnitudes: np.ndarray) -> None:
    found = chords.posteriors(magnitudes)
    assert found.shape == (len(magnitudes), 170)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-4)


def test_silence_has_no_chords() -> None:
    assert chords.find_chords(pitch.spectrum(np.zeros(44_100, np.float32)), (), 1.0) == ()


def test_blocks_leave_no_seam(magnitudes: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pitch, "_BLOCK", 50)
    np.testing.assert_allclose(pitch.spectrum(play(PROGRESSION)), magnitudes, atol=1e-4 * magnitudes.max())


def test_chroma_folds_octaves(magnitudes: np.ndarray) -> None:
    first = pitch.chroma(magnitudes)[5]
    assert set(np.argsort(first)[-3:]) == {0, 4, 7}


def cadence(tonic: int, mode: str) -> tuple[ChordSpan, ...]:
    third = "maj" if mode == "major" else "min"
    steps = ((0, third), (5, third), (7, "7"), (0, third))
    return tuple(ChordSpan(at, at + 1.0, (tonic + step) % 12, quality) for at, (step, quality) in enumerate(steps))


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_a_cadence_names_its_key(tonic: int, mode: str) -> None:
    assert keys.find_key(cadence(tonic, mode), np.zeros((1, 12), np.float32)) == keys.key_name(tonic, mode)


def test_the_spectrum_stands_in_for_chords() -> None:
    scale = np.array([[3, 0, 1, 0, 2, 1, 0, 2, 0, 1, 0, 1]], np.float32)
    assert keys.find_key((), scale) == "C major"
    assert keys.find_key((), np.roll(scale, 3, axis=1)) == "Eb major"


def test_silence_is_c_major() -> None:
    assert keys.find_key((), np.zeros((4, 12), np.float32)) == "C major"
