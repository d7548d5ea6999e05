"""Windows: what goes through them unchanged comes out unchanged, to the sample."""

import numpy as np
import pytest
import soundfile
from tests.models.separators.small import a_mix

from twopop_models.separators.windows import Windows, read


def through(path, grid, hear=lambda block: block[None]):
    with soundfile.SoundFile(path) as file:
        pieces = list(grid.estimates(file, hear))
        mix = read(file, 0, file.frames)
    assert [first for first, _ in pieces] == [0, *np.cumsum([piece.shape[-1] for _, piece in pieces])[:-1]]
    return mix, np.concatenate([piece for _, piece in pieces], axis=-1)[0]


@pytest.mark.parametrize("seconds", [1 / 48_000, 0.1, 0.5, 1.7, 3.0])
def test_at_our_own_rate_nothing_changes(tmp_path, seconds):
    mix, heard = through(a_mix(tmp_path / "mix.wav", seconds), Windows.of(48_000, 24_000))
    assert heard.shape == mix.shape
    assert np.abs(heard - mix).max() < 1e-6


@pytest.mark.parametrize("rate", [44_100, 32_000])
def test_resampling_fits_together_at_the_seams(tmp_path, rate):
    """A tone that both rates hold comes back; a seam would click."""
    time = np.arange(72_013) / 48_000
    tone = (0.5 * np.sin(2 * np.pi * 997 * time)).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, -tone], 1), 48_000, "FLOAT")
    mix, heard = through(tmp_path / "tone.wav", Windows.of(rate, rate // 3))
    inner = slice(200, -200)
    assert np.abs(heard - mix)[:, inner].max() < 2e-3
    assert np.abs(np.diff(heard - mix, 2))[:, inner].max() < 1e-3


def test_estimates_that_differ_are_blended(tmp_path):
    """Each window says another number: the sum moves between them without a step."""
    numbers = iter(range(100))
    grid = Windows.of(48_000, 24_000)
    _, heard = through(
        a_mix(tmp_path / "mix.wav", 3.0), grid, lambda block: np.full((1, 2, block.shape[1]), next(numbers), np.float32)
    )
    steps = np.diff(heard[0])
    assert (steps >= -1e-5).all()
    assert steps.max() < 4 / (grid.size - grid.hop)


def test_memory_does_not_grow_with_the_length(tmp_path):
    longest = 0

    def hear(block):
        nonlocal longest
        longest = max(longest, block.shape[1])
        return block[None]

    for seconds in (1.0, 4.0):
        with soundfile.SoundFile(a_mix(tmp_path / "mix.wav", seconds)) as file:
            assert max(piece.shape[-1] for _, piece in Windows.of(44_100, 22_050).estimates(file, hear)) <= 24_000
    assert longest == 22_050


def test_a_window_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="too short"):
        Windows.of(44_100, 147)
