"""Kept files stay, new ones give way to the ceiling, and the mix is the sum of what is written."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile

from twopop_models.bwf import FULL_SCALE, Stamp, Writer
from twopop_models.errors import BaseError, Cancelled
from twopop_models.loudness import measure
from twopop_models.mastering.limiter import STEP, Curve
from twopop_models.rework.mixdown import LEAST_DB, Console
from twopop_models.rework.splice import Fade, Window
from twopop_models.types import RawStem

RATE, SAMPLES = 48_000, 150_000
STAMP = Stamp(0, Fraction(25))
NAMES = ("drums", "bass", "pads")


def tone(hertz, level):
    wave = level * np.sin(2 * np.pi * hertz * np.arange(SAMPLES) / RATE)
    return np.column_stack([wave, wave]).astype(np.float32)


@pytest.fixture
def console(tmp_path):
    """Makes a console: levels of the three old stems, and the sound of the new ones by name."""

    def make(levels, window=None, curve=None, **new):
        old, raw = [], []
        for name, hertz, level in zip(NAMES, (800, 100, 440), levels, strict=True):
            old.append(tmp_path / f"old-{name}.wav")
            with Writer(old[-1], STAMP, track=name, sample_rate=RATE) as file:
                file.write(np.rint(tone(hertz, level) * (FULL_SCALE - 1)).astype(np.int32))
        for name, sound in new.items():
            raw.append(RawStem(name, tmp_path / f"{name}.raw.wav"))
            soundfile.write(raw[-1].path, sound, RATE, "FLOAT")
        return Console(
            NAMES, tuple(old), tuple(raw), curve or Curve(1.0), window or Window(), SAMPLES, RATE, ceiling=-1.0
        )

    return make


def finish(console, tmp_path):
    return console.finish(tmp_path / "new", STAMP, lambda stage, fraction: None)


def ints(path):
    return soundfile.read(path, dtype="int32", always_2d=True)[0] >> 8


def assert_sums(down):
    assert np.array_equal(ints(down.mix), sum(ints(path) for path in down.stems))


def test_kept_files_are_copies_and_the_rest_is_new(console, tmp_path):
    table = console((0.2, 0.2, 0.2), drums=tone(1_000, 0.3))
    down = finish(table, tmp_path)
    assert [path.name for path in down.stems] == ["drums.wav", "bass.wav", "pads.wav"]
    for old, new in zip(table.old[1:], down.stems[1:], strict=True):
        assert old.read_bytes() == new.read_bytes()
    assert np.abs(ints(down.stems[0]) / FULL_SCALE - tone(1_000, 0.3)).max() < 1e-6
    assert down.given_way == 0.0
    assert_sums(down)
    assert down.loudness == measure(down.mix)


def test_new_stems_get_the_gain_of_the_old_ones(console, tmp_path):
    steps = np.linspace(1, 0.5, SAMPLES // STEP, dtype=np.float32)
    curve = Curve(0.8, steps)
    down = finish(console((0.1, 0.1, 0.1), curve=curve, bass=tone(60, 0.4)), tmp_path)
    assert np.abs(ints(down.stems[1]) / FULL_SCALE - tone(60, 0.4) * curve.over(0, SAMPLES)).max() < 1e-6


def test_in_a_window_only_the_window_changes(console, tmp_path):
    window = Window(Fade(40_000, 60_000), Fade(90_000, 100_000))
    table = console((0.2, 0.2, 0.2), window, drums=tone(1_000, 0.3), pads=tone(440, 0.2))
    down = finish(table, tmp_path)
    for number in (0, 2):
        old, new = ints(table.old[number]), ints(down.stems[number])
        assert np.array_equal(old[:40_001], new[:40_001])
        assert np.array_equal(old[100_000:], new[100_000:])
    assert (ints(down.stems[0])[60_000:90_000] != ints(table.old[0])[60_000:90_000]).any()
    assert down.window.fade_in is not None
    assert down.window.fade_in.correlation == pytest.approx(0.2**2 / np.hypot(0.2, 0.2) / np.hypot(0.3, 0.2), abs=0.05)
    assert_sums(down)


@pytest.mark.parametrize("level", [0.4, 0.9, 3.0])
def test_new_sound_gives_way_to_the_ceiling(console, tmp_path, level):
    down = finish(console((0.1, 0.3, 0.3), drums=tone(900, level)), tmp_path)
    assert down.given_way > 1
    assert down.loudness.true_peak <= -1.0
    assert down.loudness.true_peak > -1.5  # and no more than it must
    assert_sums(down)


def test_it_gives_way_only_where_it_must(console, tmp_path):
    loud = tone(900, 0.1)
    loud[70_000:80_000] *= 5
    down = finish(console((0.1, 0.35, 0.35), drums=loud), tmp_path)
    new = ints(down.stems[0]) / FULL_SCALE
    assert down.loudness.true_peak <= -1.0
    assert np.abs(new[:69_000] - loud[:69_000]).max() < 1e-6
    assert np.abs(new[120_000:] - loud[120_000:]).max() < 1e-6  # it is back after a second
    assert np.abs(new[70_000:80_000]).max() < 0.3


def test_a_base_at_its_ceiling_does_not_press_new_sound_elsewhere(console, tmp_path):
    """Peaks outside the window are none of the new sound's business."""
    curve = Curve(1.0)
    table = console(
        (0.1, 0.395, 0.395), Window(Fade(40_000, 60_000), Fade(90_000, 100_000)), curve, drums=tone(900, 0.1)
    )
    down = finish(table, tmp_path)
    assert down.given_way == 0.0


def test_what_is_kept_may_pass_the_ceiling_but_not_clip(console, tmp_path):
    down = finish(console((0.1, 0.47, 0.47), drums=tone(900, 0.01)), tmp_path)
    assert down.given_way == pytest.approx(-LEAST_DB, abs=3)
    assert -1.0 < down.loudness.true_peak < 0
    with pytest.raises(BaseError) as caught:
        finish(console((0.1, 0.6, 0.6), drums=tone(900, 0.01)), tmp_path)
    assert caught.value.code == "base_too_loud"


def test_a_base_that_was_changed_is_refused(console, tmp_path):
    table = console((0.1, 0.1, 0.1), drums=tone(900, 0.1))
    soundfile.write(table.old[1], tone(100, 0.1)[:-1], RATE, "PCM_24")
    with pytest.raises(BaseError, match="not as it was"):
        finish(table, tmp_path)
    table.old[1].write_bytes(b"no sound at all")
    with pytest.raises(BaseError, match="not as it was"):
        finish(table, tmp_path)


def test_a_cancel_is_heard(console, tmp_path):
    def stop(stage, fraction):
        raise Cancelled

    with pytest.raises(Cancelled):
        console((0.1, 0.1, 0.1), drums=tone(900, 0.1)).finish(tmp_path / "new", STAMP, stop)
