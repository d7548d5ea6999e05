from fractions import Fraction

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from twopop_models.bwf import Stamp
from twopop_models.errors import Cancelled, EngineError
from twopop_models.loudness import measure
from twopop_models.mastering import limiter, master
from twopop_models.mastering.limiter import STEP, Detector
from twopop_models.types import RawStem, Stage

RATE = 48_000
STAMP = Stamp(48_048, Fraction(24_000, 1_001), title="cue", comment="seed=7")


def raw(folder, **waves):
    stems = []
    for name, wave in waves.items():
        soundfile.write(folder / f"{name}.raw.wav", wave.astype("f4"), RATE, "FLOAT")
        stems.append(RawStem(name, folder / f"{name}.raw.wav"))
    return tuple(stems)


def finished(folder, target, **waves):
    samples = len(next(iter(waves.values())))
    stems = raw(folder, **waves)
    return master(stems, target=target, samples=samples, sample_rate=RATE, folder=folder / "v1", stamp=STAMP)


def ints(path):
    wave, rate = soundfile.read(path, dtype="int32", always_2d=True)
    assert rate == RATE
    assert not (wave & 0xFF).any()  # soundfile puts 24 bits at the top of 32
    return wave >> 8


def music(seconds=4, seed=1):
    """Steady tone and beats of decaying noise, five to ten dB of crest more than a tone."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE))
    pad = 0.05 * np.sin(time[:, None] * np.array([[0.02, 0.021]]))
    beats = rng.standard_normal((len(time), 2)) * np.exp(-(time % (RATE // 2)) / 2_000)[:, None]
    return {"pads": pad, "drums": 0.1 * beats}


@pytest.mark.parametrize("target", [-40, -26, -23, -16, -14, -10])
def test_the_target_is_met_below_the_ceiling(tmp_path, target):
    done = finished(tmp_path, target, **music())
    judged = measure(done.mix)
    assert judged == done.loudness
    assert judged.integrated == pytest.approx(target, abs=0.5)
    assert judged.true_peak <= -1.0
    assert done.notes == ()


@pytest.mark.parametrize("target", [-23, -11])
def test_the_mix_is_exactly_the_sum_of_the_stems(tmp_path, target):
    done = finished(tmp_path, target, **music())
    assert [path.name for path in done.stems] == ["pads.wav", "drums.wav"]
    np.testing.assert_array_equal(sum(ints(path) for path in done.stems), ints(done.mix))


@pytest.mark.parametrize("target", [-23, -11])
def test_one_curve_for_all_stems(tmp_path, target):
    waves = music()
    done = finished(tmp_path, target, **waves)
    heard = np.logical_and(*(np.abs(wave) > 0.02 for wave in waves.values()))
    pads, drums = (ints(path)[heard] / 2**23 / waves[path.stem][heard] for path in done.stems)
    np.testing.assert_allclose(pads, drums, rtol=1e-4)
    flat = np.ptp(pads) < 1e-3
    assert flat == (target == -23)  # without need there is no limiter


def test_stems_that_cancel_each_other_do_not_clip(tmp_path):
    loud = np.sin(np.arange(2 * RATE) / 20)[:, None] * np.ones((1, 2))
    done = finished(tmp_path, -14, one=loud, two=-0.98 * loud)
    assert max(np.abs(ints(path)).max() for path in done.stems) < 2**23
    np.testing.assert_array_equal(sum(ints(path) for path in done.stems), ints(done.mix))
    assert "ceiling" in done.notes[0] or abs(done.loudness.integrated + 14) <= 0.5


def test_when_both_cannot_be_the_ceiling_wins_and_a_note_says_so(tmp_path):
    hit = np.zeros((2 * RATE, 2))
    hit[RATE, :] = 0.5
    hit[RATE + 50 : RATE + 90] = 0.3
    done = finished(tmp_path, -14, hit=hit)
    assert done.loudness.true_peak <= -1.0
    assert done.loudness.integrated < -14.5
    assert "ceiling of -1 dBTP" in done.notes[0]


@pytest.mark.parametrize("samples", [1, 31, 33, 480, 2002])
def test_the_shortest_ranges_are_finished_too(tmp_path, samples):
    done = finished(tmp_path, -23, tone=0.1 * np.ones((samples, 2)) * np.sin(np.arange(samples) / 5 + 1)[:, None])
    assert len(ints(done.mix)) == samples
    assert done.loudness.true_peak <= -1.0


def test_silence_stays_silence(tmp_path):
    done = finished(tmp_path, -23, nothing=np.zeros((RATE, 2)))
    assert not ints(done.mix).any()
    assert "silent" in done.notes[0]


def test_same_input_same_bytes_and_the_stamp_is_in_every_file(tmp_path):
    first = finished(tmp_path, -14, **music(2))
    before = [path.read_bytes() for path in (*first.stems, first.mix)]
    again = finished(tmp_path, -14, **music(2))
    assert [path.read_bytes() for path in (*again.stems, again.mix)] == before
    for path in (*first.stems, first.mix):
        assert WavInfoReader(str(path)).bext.time_reference == 48_048
    assert WavInfoReader(str(first.mix)).bext.loudness_value == pytest.approx(first.loudness.integrated, abs=0.01)


def test_a_raw_stem_that_is_not_as_promised_is_refused(tmp_path):
    stems = raw(tmp_path, short=np.zeros((100, 2)))
    keep = {"target": -23.0, "sample_rate": RATE, "folder": tmp_path / "v1", "stamp": STAMP}
    with pytest.raises(EngineError, match="short has 100 samples") as wrong:
        master(stems, samples=101, **keep)
    assert wrong.value.code == "render_failed"
    with pytest.raises(EngineError, match="no number"):
        master(raw(tmp_path, bad=np.full((100, 2), np.nan)), samples=100, **keep)
    with pytest.raises(EngineError, match="4 GiB"):
        master(stems, samples=2**30, **keep)


def test_progress_rises_to_one_and_may_cancel(tmp_path):
    waves = music(3)
    stems = raw(tmp_path, **waves)
    keep = {"target": -10.0, "samples": 3 * RATE, "sample_rate": RATE, "folder": tmp_path / "v1", "stamp": STAMP}
    shares = []
    master(stems, **keep, progress=lambda stage, share: shares.append(share) if stage is Stage.MASTER else None)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(stage, share):
        raise Cancelled

    with pytest.raises(Cancelled):
        master(stems, **keep, progress=stop)


def test_the_limiters_curve_does_not_depend_on_the_chunks_it_is_made_in(monkeypatch):
    over = np.random.default_rng(6).gamma(2.0, 0.4, 5_000).astype("f4")
    whole = limiter.Limiter(over, RATE).curve(1.5).steps
    monkeypatch.setattr(limiter, "_CHUNK", 700)
    np.testing.assert_allclose(limiter.Limiter(over, RATE).curve(1.5).steps, whole, rtol=1e-5)


def test_the_limiters_curve_is_below_need_and_smooth():
    rng = np.random.default_rng(5)
    wave = (0.3 * rng.standard_normal((4 * RATE, 2))).astype("f4")
    wave[RATE] = 3.0
    wave[RATE + 17] = -3.5
    detector = Detector(0.891)
    for start in range(0, len(wave), 4_096):
        detector.feed(wave[start : start + 4_096], [wave[start : start + 4_096]])
    curve = detector.limiter(RATE).curve(1.0)
    gains = np.concatenate([curve.over(start, 1_000) for start in range(0, len(wave), 1_000)])
    assert np.abs(wave * gains).max() <= 0.891 * (1 + 1e-6)
    assert np.abs(np.diff(gains[:, 0])).max() < 1 / STEP  # nowhere a step: the fall takes milliseconds
    assert gains.max() <= 1.0
