import numpy as np
import pytest

from twopop_models.analysis import beats


def rhythm(bpm: float, bar: int, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Kick and a new chord on one, snare on even beats, hats on half beats; and the times of the beats."""
    rate, rng = beats.SAMPLE_RATE, np.random.default_rng(0)
    fade = np.exp(-np.arange(4_000) / 600)
    kick = np.sin(2 * np.pi * 60 * np.arange(4_000) / rate) * fade
    snare = rng.standard_normal(4_000) * fade * 0.4
    hat = np.diff(rng.standard_normal(4_001)) * np.exp(-np.arange(4_000) / 150) * 0.1
    times = np.arange(0, seconds - 0.5, 60 / bpm)
    sounds = []
    for number, time in enumerate(times):
        sounds += [(time, hat), (time + 30 / bpm, hat), (time, snare if number % 2 else 0.5 * kick)]
        if number % bar == 0:
            sounds += [(time, kick), (time, chord((0, 5, 7, 0)[number // bar % 4], bar * 60 / bpm))]
    out = np.zeros(round(seconds * rate), np.float32)
    for time, sound in sounds:
        part = out[round(time * rate) :][: len(sound)]
        part += sound[: len(part)]
    return out * 0.5, times


def chord(root: int, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * beats.SAMPLE_RATE)) / beats.SAMPLE_RATE
    notes = [220 * 2 ** ((root + step) / 12) for step in (-12, 0, 4, 7)]
    return 0.15 * sum(np.sin(2 * np.pi * note * time) for note in notes) * np.exp(-time)


@pytest.mark.parametrize("bpm", [72.0, 84.0, 100.0, 127.0, 140.0])
def test_the_tempo_of_a_rhythm(bpm: float) -> None:
    samples, times = rhythm(bpm, 4, 16)
    found = beats.track_beats(samples)
    assert found.tempo == pytest.approx(bpm, rel=0.02)
    nearest = np.abs(np.array(found.beats)[:, None] - times).min(axis=1)
    assert np.median(nearest) < 0.03


def test_downbeats_are_a_bar_apart_and_are_beats() -> None:
    samples, times = rhythm(110, 4, 20)
    found = beats.track_beats(samples)
    assert found.beats_per_bar == 4
    assert set(found.downbeats) <= set(found.beats)
    np.testing.assert_allclose(np.diff(found.downbeats), 4 * 60 / 110, atol=0.05)
    assert np.median(np.abs(np.array(found.downbeats)[:, None] - times[::4]).min(axis=1)) < 0.03


def test_silence_has_no_beat() -> None:
    assert beats.track_beats(np.zeros(22_050, np.float32)) == beats.Beats(0.0, (), (), 4)


def test_a_very_short_piece() -> None:
    found = beats.track_beats(np.random.default_rng(0).standard_normal(8_820).astype(np.float32))
    assert found.tempo >= 0


def test_the_filterbank_is_the_published_one() -> None:
    bank = beats.filterbank()
    assert bank.shape == (705, 136)
    np.testing.assert_allclose(bank.sum(axis=0), 1, atol=1e-6)
    assert (bank >= 0).all()
    peaks = bank.argmax(axis=0)
    assert (np.diff(peaks) > 0).all()
    ratios = peaks[80:] / peaks[79:-1]  # where bins are finer than bands
    np.testing.assert_allclose(ratios, 2 ** (1 / 24), atol=0.02)


def test_features_hold_bands_and_their_rise() -> None:
    samples = np.zeros(22_050, np.float32)
    samples[11_025:] = np.random.default_rng(0).standard_normal(11_025) * 0.1
    heard = beats.features(samples)
    assert heard.shape == (50, 272)
    bands, rise = heard[:, :136], heard[:, 136:]
    np.testing.assert_allclose(rise[1:], np.maximum(np.diff(bands, axis=0), 0), atol=1e-6)
    assert not rise[0].any()
    assert rise.sum(axis=1).argmax() in (24, 25, 26)


def test_blocks_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.random.default_rng(4).standard_normal(22_050 * 3).astype(np.float32)
    whole = beats.features(samples)
    monkeypatch.setattr(beats, "_AT_ONCE", 37)
    np.testing.assert_allclose(beats.features(samples), whole, atol=1e-6)
