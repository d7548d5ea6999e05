from pathlib import Path

import numpy as np
import pytest
import soundfile

from twopop_models.analysis import decode, decoding
from twopop_models.assets import find
from twopop_models.errors import LibraryError


def tone(seconds: float, rate: int) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 441 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.aiff"])
def test_a_tone_survives_every_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    left = tone(2.0, 44_100)
    soundfile.write(path, np.stack([left, left], 1), 44_100)
    samples = decode(path, 22_050)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * 22_050, rel=0.05)
    middle = samples[11_025:33_075]
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.03)
    assert np.abs(np.fft.rfft(middle)).argmax() == 441


def test_stereo_keeps_its_channels_and_mono_is_their_mean(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    left = tone(1.0, 44_100)
    soundfile.write(path, np.stack([left, -0.5 * left], 1), 44_100, subtype="FLOAT")
    both = decode(path, 44_100, mono=False)
    np.testing.assert_allclose(both[:, 1], -0.5 * both[:, 0], atol=1e-6)
    np.testing.assert_allclose(decode(path, 44_100), 0.25 * left, atol=1e-6)


def test_opus_of_the_starter_library() -> None:
    samples = decode(find("starter-tracks") / "calm" / "calm_acoustic_1.opus", 16_000)
    assert len(samples) / 16_000 == pytest.approx(32.3, abs=0.1)


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    for path in (tmp_path / "no.wav", tmp_path):
        with pytest.raises(LibraryError) as caught:
            decode(path, 16_000)
        assert caught.value.code == "track_missing"


@pytest.mark.parametrize("content", [b"", b"hello, this is no music" * 100, bytes(5_000)])
def test_what_is_no_music_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    with pytest.raises(LibraryError) as caught:
        decode(path, 16_000)
    assert caught.value.code == "track_unreadable"
    assert "broken.mp3" in str(caught.value)


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "secret.wav", tone(1.0, 16_000), 16_000)
    for name, text in (
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n"),
        ("list.ffconcat", "ffconcat version 1.0\nfile secret.wav\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(LibraryError) as caught:
            decode(tmp_path / name, 16_000)
        assert caught.value.code == "track_unreadable"


def test_a_picture_without_sound_is_unreadable() -> None:
    with pytest.raises(LibraryError, match="no audio stream"):
        decode(find("footage") / "bikes.mp4", 16_000)


def test_damage_is_an_error_or_skipped_but_never_anything_else(tmp_path: Path) -> None:
    whole = (find("starter-tracks") / "calm" / "calm_acoustic_1.opus").read_bytes()[:60_000]
    rng = np.random.default_rng(3)
    path = tmp_path / "hurt.opus"
    outcomes = set()
    for _ in range(12):
        hurt = np.frombuffer(whole, np.uint8).copy()
        hurt[rng.integers(0, len(hurt), 200)] = rng.integers(0, 256, 200)
        path.write_bytes(hurt[: rng.integers(10, len(hurt))].tobytes())
        try:
            outcomes.add("finite" if np.isfinite(decode(path, 16_000)).all() else "not finite")
        except LibraryError as error:
            outcomes.add(error.code)
    assert outcomes <= {"finite", "track_unreadable"}


def test_what_is_not_finite_becomes_silence(tmp_path: Path) -> None:
    samples = tone(1.0, 16_000)
    samples[100:200] = np.nan
    samples[300] = np.inf
    soundfile.write(tmp_path / "nan.wav", samples, 16_000, subtype="FLOAT")
    assert np.isfinite(decode(tmp_path / "nan.wav", 16_000)).all()


def test_no_more_than_the_longest_piece_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "long.wav", tone(5.0, 16_000), 16_000)
    monkeypatch.setattr(decoding, "MAX_SECONDS", 2)
    assert len(decode(tmp_path / "long.wav", 8_000)) == 16_000
