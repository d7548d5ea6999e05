"""The broad reference on the cue's own time."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch

from twopop_models.composers.diffusion import decoding, references
from twopop_models.composers.diffusion.references import Encoder, Timing
from twopop_models.types import Track


def a_track(path, seconds=4.0, tempo=120.0, downbeats=(0.5, 2.5), rate=8_000):
    """A rising tone, so that every moment sounds different."""
    time = np.arange(round(seconds * rate)) / rate
    tone = 0.3 * np.sin(2 * np.pi * (200 + 150 * time) * time)
    soundfile.write(path, np.stack([tone, 0.5 * tone], 1), rate)
    more = {"chords": (), "energy": (0.1, 0.9), "loudness": -20.0, "tags": (), "moods": (), "genres": ()}
    return Track("t", path, "T", seconds, tempo, (), downbeats, "C major", instruments=(), description="", **more)


@pytest.mark.parametrize(
    ("track", "cue", "ratio"),
    [
        (120, 120, 1),
        (60, 120, 1),
        (120, 60, 1),
        (100, 110, 1.1),
        (100, 90, 0.9),
        (100, 136, 1),
        (0, 100, 1),
        (100, 0, 1),
        (70, 126, 0.9),
    ],
)
def test_octaves_of_tempo_are_free_and_far_ones_are_left(track, cue, ratio):
    assert references.stretch(track, cue) == pytest.approx(ratio)


@pytest.mark.parametrize("ratio", [0.8, 1.25])
def test_stretching_changes_the_length_and_not_the_pitch(ratio):
    time = np.arange(24_000) / 8_000
    tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    found = references.stretched(np.stack([tone, tone], 1), ratio)
    assert len(found) == pytest.approx(24_000 / ratio, rel=0.02)
    spectrum = np.abs(np.fft.rfft(found[:, 0] * np.hanning(len(found))))
    assert np.argmax(spectrum) * 8_000 / len(found) == pytest.approx(440, abs=5)


def test_whole_bars_go_round_on_the_cues_downbeat(models, tmp_path):
    track = a_track(tmp_path / "a.wav")
    found = references.laid(Encoder.of(models), track, Timing(700, 13, 120.0))
    bars = 2 * models.sample_rate // models.hop
    sound = soundfile.read(track.path, dtype="float32")[0][4_000 : 4_000 + bars * models.hop]
    whole = decoding.encode(models.autoencoder, sound)
    assert found.shape == (1, models.channels, 700)
    assert torch.allclose(found[..., 13 : 13 + bars], whole, atol=0.05)
    assert torch.equal(found[..., 13:100], found[..., 13 + bars : 100 + bars]), "it goes round in bars"
    assert torch.equal(found[..., :13], found[..., bars : bars + 13]), "before the downbeat is the end of a round"


def test_a_track_without_bars_is_taken_whole(tmp_path):
    assert references.bars(a_track(tmp_path / "a.wav", downbeats=())) == (0.0, 4.0)


def test_blurring_keeps_the_mean_and_takes_away_detail():
    latents = torch.randn((1, 4, 400), generator=torch.Generator().manual_seed(1))
    little, much = references.blurred(latents, 1.0), references.blurred(latents, 6.0)
    assert references.blurred(latents, 0) is latents
    assert float(latents.var()) > float(little.var()) > float(much.var())
    assert torch.allclose(references.blurred(torch.ones(1, 4, 50), 3.0), torch.ones(1, 4, 50), atol=1e-6)
    assert references.blurred(latents[..., :1], 2.0).shape == (1, 4, 1)


def test_pooling_gives_mean_and_deviation(models, tmp_path):
    found = references.pooled(Encoder.of(models), a_track(tmp_path / "a.wav").path)
    assert found.shape == (1, 2 * models.channels)
    assert torch.isfinite(found).all()


def test_style_tokens_tell_pieces_apart(models, tmp_path):
    one = references.style(models, a_track(tmp_path / "a.wav"))
    other = references.style(models, a_track(tmp_path / "c.wav", seconds=1.0))
    assert one.shape == (1, 2, 24)
    assert not torch.allclose(one, other, atol=1e-4)


def test_without_ears_there_is_no_style(models, tmp_path):
    assert references.style(replace(models, ears=None), a_track(tmp_path / "a.wav")) is None
