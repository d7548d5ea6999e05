"""Sound and latents in chunks: the same as in one piece, and of exact length."""

import numpy as np
import pytest
import soundfile
import torch

from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers.diffusion import decoding
from twopop_models.errors import Cancelled


@pytest.fixture
def latents(models):
    return torch.randn((1, models.channels, 150), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("chunk", [7, 40, 149, 150, 1_000])
def test_chunks_give_what_the_whole_gives(models, latents, chunk):
    with torch.inference_mode():
        whole = models.autoencoder.decode(latents).sample[0].T.numpy()
    pieces = np.concatenate(list(decoding.decode(models.autoencoder, latents, chunk)))
    assert pieces.shape == whole.shape == (150 * models.hop, 2)
    assert np.abs(pieces - whole).max() < 1e-6 * max(1, np.abs(whole).max())


def test_less_than_the_reach_is_not_enough(models, latents, monkeypatch):
    """The reach is not just large: a third of it is heard."""
    with torch.inference_mode():
        whole = models.autoencoder.decode(latents).sample[0].T.numpy()
    monkeypatch.setattr(decoding, "reach", lambda ratios: 3)
    pieces = np.concatenate(list(decoding.decode(models.autoencoder, latents, 40)))
    assert np.abs(pieces - whole).max() > 1e-4


def test_the_reach_of_stable_audio_open_is_what_was_measured():
    assert 10 <= decoding.reach((8, 8, 4, 4, 2)) <= 12  # docs: 12 frames are exact, 8 are not


@pytest.mark.parametrize("chunk", [30, 1_000])
@pytest.mark.parametrize("samples", [64 * 90, 64 * 90 - 17])
def test_encoding_in_chunks_is_encoding(models, chunk, samples):
    sound = np.random.default_rng(2).standard_normal((samples, 2)).astype(np.float32) * 0.1
    padded = np.zeros((90 * 64, 2), np.float32)
    padded[:samples] = sound
    with torch.inference_mode():
        whole = models.autoencoder.encode(torch.from_numpy(padded.T.copy())[None]).latent_dist.mode()
    found = decoding.encode(models.autoencoder, sound, chunk)
    assert found.shape == (1, models.channels, 90)
    assert torch.allclose(found, whole, atol=1e-5)


def ones(count, rate=8_000):
    yield np.ones((count // 2, 2), np.float32)
    yield np.ones((count - count // 2, 2), np.float32)


@pytest.mark.parametrize("samples", [1, 1_920, 48_048, 96_001])
def test_a_file_is_exactly_as_long_as_asked(tmp_path, samples):
    frames = decoding.frames_for(samples, 44_100, 2_048)
    assert frames * 2_048 * SAMPLE_RATE >= samples * 44_100
    decoding.write(ones(frames * 2_048), 44_100, tmp_path / "a.wav", samples, "cut", lambda done: None)
    sound, rate = soundfile.read(tmp_path / "a.wav")
    assert (sound.shape, rate) == ((samples, 2), 48_000)
    assert abs(sound[samples // 3].mean() - 1) < 0.05 or samples == 1


@pytest.mark.parametrize(
    ("ending", "seconds"), [("fade", 1.0), ("ring", 1.0), ("button", 0.01), ("cut", 0.01), ("loop", 0)]
)
def test_the_end_is_shaped(tmp_path, ending, seconds):
    decoding.write(ones(8_000 * 4), 8_000, tmp_path / "a.wav", 4 * 48_000 - 100, ending, lambda done: None)
    level = soundfile.read(tmp_path / "a.wav")[0][:, 0]
    faded = np.flatnonzero(level < 0.98)
    first = faded[faded > 1_000][0] if (faded > 1_000).any() else len(level)
    assert (len(level) - first) / 48_000 == pytest.approx(seconds, abs=0.2 * seconds + 0.002)
    assert (level[-1] < 1e-3) == (ending != "loop")


def test_cancelling_stops_within_a_piece(tmp_path):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield np.zeros((8_000, 2), np.float32)

    def stop(done):
        raise Cancelled

    with pytest.raises(Cancelled):
        decoding.write(endless(), 8_000, tmp_path / "a.wav", 10**9, "ring", stop)
    assert len(taken) <= 2


def test_what_a_model_should_never_make_is_silence(tmp_path):
    broken = iter([np.full((8_000, 2), np.nan, np.float32)])
    decoding.write(broken, 8_000, tmp_path / "a.wav", 24_000, "ring", lambda done: None)
    assert np.isfinite(soundfile.read(tmp_path / "a.wav")[0]).all()
