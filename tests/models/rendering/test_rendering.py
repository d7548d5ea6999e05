import hashlib
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
import soundfile
from tests.models.rendering.scores import BAR, band, font, score

from twopop_models.errors import Cancelled, EngineError
from twopop_models.rendering import Room, render, warm
from twopop_models.rendering.room import Reverb, impulse
from twopop_models.score import PPQ, Ending, Note, Part
from twopop_models.types import Stage

RATE = 48_000
DRY = {"reverb": 0.0}


def played(music, samples, folder, **more):
    """Stems as arrays by name."""
    stems = render(music, samples, RATE, folder, soundfont=font(), **more)
    return {stem.name: soundfile.read(stem.path, dtype="float32")[0] for stem in stems}


def first_sound(wave):
    return int(np.flatnonzero(np.abs(wave).max(axis=1) > 1e-4)[0])


def digest(sounds):
    return hashlib.sha256(b"".join(sounds[name].tobytes() for name in sorted(sounds))).hexdigest()


@pytest.mark.parametrize("samples", [1, 479, 48_000, 131_072, 131_073, 200_201])
def test_every_stem_is_float_stereo_of_the_exact_length(tmp_path, samples):
    for stem in render(band(), samples, RATE, tmp_path, soundfont=font()):
        facts = soundfile.info(stem.path)
        assert (facts.frames, facts.samplerate, facts.channels, facts.subtype) == (samples, RATE, 2, "FLOAT")


@pytest.mark.parametrize("tick", [0, 1, 7, 960, 961, 2_003, 5_461, 5_462])  # 5461.33 is the edge of a block
def test_a_note_begins_on_its_exact_sample(tmp_path, tick):
    rim = Part("drums", "drums", 0, (Note(tick, 100, 37, 127),), drums=True, **DRY)
    music = score(rim)
    sound = played(music, 4 * RATE, tmp_path)["drums"]
    assert first_sound(sound) == music.tempo_map.sample(tick)


def test_notes_beyond_the_end_are_not_played(tmp_path):
    late = Part("melody", "piano", 0, (Note(BAR, PPQ, 60, 100),))
    assert not played(score(late), 2 * RATE, tmp_path)["melody"].any()
    assert played(score(late), 2 * RATE + 4800, tmp_path)["melody"].any()


def test_same_score_same_bits_whatever_was_played_before(tmp_path):
    fresh = digest(played(band(1), 2 * RATE, tmp_path))
    played(score(Part("melody", "organ", 16, (Note(0, 9 * BAR, 60, 127),))), RATE, tmp_path)
    assert digest(played(band(1), 2 * RATE, tmp_path)) == fresh
    code = (
        "import sys, pathlib; from tests.models.rendering.test_rendering import *;"
        "print(digest(played(band(1), 2 * RATE, pathlib.Path(sys.argv[1]))))"
    )
    other = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == fresh


def test_parts_do_not_steal_each_others_voices_and_stems_can_be_had_alone(tmp_path):
    together = played(band(2), 4 * RATE, tmp_path)
    alone = played(band(2), 4 * RATE, tmp_path, stems=("melody", "bass"))
    assert list(alone) == ["melody", "bass"]
    for name in alone:
        np.testing.assert_array_equal(alone[name], together[name])


def test_a_stem_that_nobody_plays_is_silent(tmp_path):
    sound = played(band(1), RATE, tmp_path, stems=("accents",))["accents"]
    assert sound.shape == (RATE, 2)
    assert not sound.any()


def test_a_hundred_voices_at_once_are_all_heard(tmp_path):
    few = [Note(0, 8 * PPQ, pitch, 100) for pitch in (50,)]
    many = few + [Note(PPQ + i, 6 * PPQ, 30 + i, 1) for i in range(80)]
    sound = {
        name: played(score(Part("pads", "organ", 16, tuple(notes), **DRY)), 4 * RATE, tmp_path)["pads"]
        for name, notes in (("few", few), ("many", many))
    }
    spectrum = {name: np.abs(np.fft.rfft(wave[2 * RATE : 3 * RATE, 0])) for name, wave in sound.items()}
    d3 = round(440 * 2 ** ((50 - 69) / 12))
    assert spectrum["many"][d3 - 1 : d3 + 2].max() == pytest.approx(spectrum["few"][d3 - 1 : d3 + 2].max(), rel=0.2)


def test_pan_gain_velocity_and_expression_are_heard(tmp_path):
    def level(sound):
        return np.sqrt((sound.astype("f8") ** 2).mean(axis=0))

    notes = (Note(0, 2 * PPQ, 60, 100),)
    middle = level(played(score(Part("melody", "flute", 73, notes, **DRY)), RATE, tmp_path)["melody"])
    left = level(played(score(Part("melody", "flute", 73, notes, pan=-1, **DRY)), RATE, tmp_path)["melody"])
    down = level(played(score(Part("melody", "flute", 73, notes, gain_db=-6, **DRY)), RATE, tmp_path)["melody"])
    soft = level(
        played(score(Part("melody", "flute", 73, (Note(0, 2 * PPQ, 60, 40),), **DRY)), RATE, tmp_path)["melody"]
    )
    assert left[1] < 1e-6
    assert left[0] > middle[0]
    np.testing.assert_allclose(20 * np.log10(down / middle), -6, atol=0.01)
    assert (soft < 0.6 * middle).all()


def test_what_still_rings_is_closed_on_the_last_sample(tmp_path):
    held = Part("pads", "organ", 16, (Note(0, 4 * BAR, 60, 100),), **DRY)
    for kind, release in (("ring", 480), ("button", 480), ("cut", 240)):
        sound = played(score(held, ending=Ending(kind)), RATE, tmp_path)["pads"]
        longer = played(score(held, ending=Ending(kind)), 2 * RATE, tmp_path)["pads"]
        np.testing.assert_array_equal(sound[:-release], longer[: RATE - release])
        assert np.abs(sound[-1]).max() < 1e-6
        assert np.abs(sound[-release // 2]).max() > 0


def test_a_fade_falls_steadily_to_silence(tmp_path):
    held = Part("pads", "organ", 16, (Note(0, 4 * BAR, 60, 100),), **DRY)
    sound = played(score(held, ending=Ending("fade", BAR)), 4 * RATE, tmp_path)["pads"]
    open_end = played(score(held), 4 * RATE, tmp_path)["pads"]
    np.testing.assert_array_equal(sound[: 2 * RATE], open_end[: 2 * RATE])
    gain = np.abs(sound[2 * RATE :]).reshape(20, -1).max(axis=1) / np.abs(open_end[2 * RATE :]).reshape(20, -1).max(
        axis=1
    )
    assert (np.diff(gain) < 0).all()
    assert gain[0] > 0.99
    assert gain[-1] < 0.01


def test_a_loop_goes_round_without_a_seam(tmp_path):
    notes = (Note(0, PPQ, 48, 100), Note(2 * PPQ - 200, 400, 60, 110))  # the last is held over the end
    music = score(Part("harmony", "piano", 0, notes, reverb=0.6), bars=1, ending=Ending("loop"))
    samples = RATE  # two beats
    loop = played(music, samples, tmp_path)["harmony"]
    assert loop.shape == (samples, 2)
    # the same two beats played again and again come to the same sound
    rounds = 8
    again = tuple(Note(n.tick + r * 2 * PPQ, n.length, n.pitch, n.velocity) for r in range(rounds) for n in notes)
    played_out = played(score(Part("harmony", "piano", 0, again, reverb=0.6), bars=rounds), rounds * samples, tmp_path)[
        "harmony"
    ]
    last = played_out[(rounds - 2) * samples : (rounds - 1) * samples]
    assert np.abs(loop - last).max() < 0.02 * np.abs(last).max()


def test_the_room_is_linear_and_does_not_move_with_time():
    rng = np.random.default_rng(3)
    one, two = rng.standard_normal((2, 3, 1000)).astype("f4")

    def answers(blocks):
        reverb = Reverb(Room(), RATE, 1000)
        return np.concatenate([reverb.play(block) for block in blocks])

    np.testing.assert_allclose(answers(one + two), answers(one) + answers(two), atol=1e-5)
    click = np.zeros((3, 1000), "f4")
    click[1, 10] = 1
    np.testing.assert_allclose(answers(click)[1010:], impulse(Room(), RATE)[:1990], atol=1e-6)


def test_highs_die_sooner_than_lows_in_the_room():
    from scipy.signal import butter, sosfilt

    def late_share(btype):
        band_only = sosfilt(butter(4, 2_500, btype, fs=RATE, output="sos"), impulse(Room(), RATE)[:, 0])
        energy = band_only.astype("f8") ** 2
        return energy[RATE // 2 :].sum() / energy.sum()

    assert late_share("highpass") < 0.1 * late_share("lowpass")


def test_memory_does_not_grow_with_length(tmp_path):
    def peak(seconds):
        music = band(seconds // 2)
        tracemalloc.start()
        render(music, seconds * RATE, RATE, tmp_path, soundfont=font(), stems=("drums", "harmony"))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(4)  # imports and caches
    assert peak(40) < 1.2 * peak(8)


def test_progress_rises_to_one_and_may_cancel(tmp_path):
    heard = []
    render(
        band(2), 4 * RATE, RATE, tmp_path, soundfont=font(), progress=lambda stage, share: heard.append((stage, share))
    )
    assert {stage for stage, _ in heard} == {Stage.RENDER}
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(stage, share):
        raise Cancelled

    with pytest.raises(Cancelled):
        render(band(1), RATE, RATE, tmp_path, soundfont=font(), progress=stop)


def test_errors_say_what_is_missing(tmp_path):
    with pytest.raises(EngineError) as missing:
        render(band(1), RATE, RATE, tmp_path, soundfont=tmp_path / "no.sf2")
    assert missing.value.code == "asset_missing"
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF\0\0\0\0sfbk")
    with pytest.raises(EngineError) as corrupt:
        render(band(1), RATE, RATE, tmp_path, soundfont=broken)
    assert corrupt.value.code == "asset_corrupt"
    strange = Part("drums", "glass kit", 77, (Note(0, 10, 40, 90),), drums=True)
    with pytest.raises(EngineError, match="no drum kit 77") as failed:
        render(score(strange), RATE, RATE, tmp_path, soundfont=font())
    assert failed.value.code == "render_failed"


def test_after_warming_up_the_first_cue_builds_no_room(tmp_path):
    impulse.cache_clear()
    warm(font(), RATE)
    built = impulse.cache_info().misses
    render(band(), 48_000, RATE, tmp_path, soundfont=font())
    assert built == 1
    assert impulse.cache_info().misses == built
