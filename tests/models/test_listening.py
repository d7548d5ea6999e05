from fractions import Fraction

import numpy as np
import pytest
import soundfile
from tests.models.rendering.scores import BAR, font, score

from twopop_models.listening import landings
from twopop_models.rendering import render
from twopop_models.score import PPQ, Accent, Note, Part
from twopop_models.types import Clip, Hit

RATE = 48_000
FRAME_RATES = [Fraction(24_000, 1_001), Fraction(25), Fraction(60_000, 1_001), Fraction(120)]


def click(length=480, level=0.5):
    ramp = np.arange(length)
    return (level * np.exp(-ramp / 80) * np.sin(0.4 * ramp + 1))[:, None]


@pytest.mark.parametrize("rate", FRAME_RATES)
def test_clicks_at_known_samples_are_found_within_a_tenth_of_a_frame(tmp_path, rate):
    dice = np.random.default_rng(1)
    clip = Clip(None, 100, 100 + int(12 * rate), rate)
    wave = 1e-3 * dice.standard_normal((clip.samples(), 2))
    hits = tuple(Hit(100 + int(second * rate)) for second in range(12))
    late = [0.0, *dice.uniform(-3, 3, 11)]  # frames; the first falls on the first sample
    for hit, frames in zip(hits, late, strict=True):
        at = round((float(hit.frame - 100) + frames) / float(rate) * RATE)
        wave[at : at + 480] += click()
    soundfile.write(tmp_path / "mix.wav", wave, RATE, "PCM_24")
    found = landings(tmp_path / "mix.wav", clip, hits)
    assert [landing.hit for landing in found] == list(hits)
    assert [landing.error_frames for landing in found] == pytest.approx(late, abs=0.1)


def test_where_nothing_begins_nothing_is_found(tmp_path):
    clip = Clip(None, 0, 100, Fraction(25))
    time = np.arange(clip.samples())
    tone = 0.2 * np.sin(time[:, None] * np.array([[0.03, 0.0301]]))
    soundfile.write(tmp_path / "mix.wav", tone, RATE, "PCM_24")
    hits = (Hit(40), Hit(70), Hit(99), Hit(150), Hit(-30))
    assert {landing.error_frames for landing in landings(tmp_path / "mix.wav", clip, hits)} == {None}
    soundfile.write(tmp_path / "mix.wav", 0 * tone, RATE, "PCM_24")
    assert {landing.error_frames for landing in landings(tmp_path / "mix.wav", clip, hits)} == {None}


def test_what_nobody_can_hear_is_no_event(tmp_path):
    clip = Clip(None, 0, 100, Fraction(25))
    for level, heard in ((0.05, True), (0.0005, False)):
        wave = np.zeros((clip.samples(), 2))
        wave[96_000 : 96_000 + 480] += click(level=level)
        soundfile.write(tmp_path / "mix.wav", wave, RATE, "PCM_24")
        (landing,) = landings(tmp_path / "mix.wav", clip, (Hit(50),))
        assert (landing.error_frames is not None) is heard


def test_a_click_too_far_away_is_not_meant(tmp_path):
    clip = Clip(None, 0, 100, Fraction(25))
    wave = np.zeros((clip.samples(), 2))
    wave[RATE : RATE + 480] += click()
    soundfile.write(tmp_path / "mix.wav", wave, RATE, "PCM_24")
    near, far = landings(tmp_path / "mix.wav", clip, (Hit(28), Hit(30)))
    assert near.error_frames == pytest.approx(-3, abs=0.1)
    assert far.error_frames is None


PLAYERS = {
    "timpani": (47, 45, False),
    "piano": (0, 48, False),
    "brass": (61, 60, False),
    "crash": (0, 49, True),
}


@pytest.mark.parametrize("name", PLAYERS)
def test_rendered_accents_over_a_pad_are_heard_where_they_are_written(tmp_path, name):
    program, pitch, drums = PLAYERS[name]
    beats = (2, 5, 9, 12)
    accents = Part("accents", name, program, tuple(Note(n * PPQ, PPQ, pitch, 120) for n in beats), drums=drums)
    pad = Part("pads", "pad", 89, tuple(Note(0, 4 * BAR, key, 70) for key in (57, 64)), gain_db=-14)
    music = score(accents, pad, bars=4, accents=tuple(Accent(n * PPQ, 1.0) for n in beats))
    clip = Clip(None, 0, 200, Fraction(25))
    stems = render(music, clip.samples(), RATE, tmp_path, soundfont=font())
    mix = sum(soundfile.read(stem.path)[0] for stem in stems)
    soundfile.write(tmp_path / "mix.wav", mix, RATE, "PCM_24")
    hits = tuple(Hit(round(n * 12.5)) for n in beats)
    wanted = [n * 12.5 - hit.frame for n, hit in zip(beats, hits, strict=True)]
    for sheet in (music, None):
        heard = [landing.error_frames for landing in landings(tmp_path / "mix.wav", clip, hits, sheet)]
        assert heard == pytest.approx(wanted, abs=0.6)  # 24 ms: brass takes half of that to speak


def test_the_score_says_which_of_two_onsets_was_meant(tmp_path):
    clip = Clip(None, 0, 100, Fraction(25))
    wave = np.zeros((clip.samples(), 2))
    for at in (47_000, 52_800):  # 0.5 frames early, and 2.5 late on beat 2.2
        wave[at : at + 480] += click()
    soundfile.write(tmp_path / "mix.wav", wave, RATE, "PCM_24")
    music = score(accents=(Accent(round(2.2 * PPQ), 1.0),))
    (by_ear,) = landings(tmp_path / "mix.wav", clip, (Hit(25),))
    (by_score,) = landings(tmp_path / "mix.wav", clip, (Hit(25),), music)
    assert by_ear.error_frames == pytest.approx(-0.52, abs=0.1)
    assert by_score.error_frames == pytest.approx(2.5, abs=0.1)
    assert (by_ear.event, by_score.event) == ("", "accent")


def test_a_landing_says_what_the_music_does_there(tmp_path):
    clip = Clip(None, 0, 100, Fraction(25))
    soundfile.write(tmp_path / "mix.wav", np.zeros((clip.samples(), 2)), RATE, "PCM_24")
    music = score(accents=(Accent(2 * PPQ, 1.0, "stop"), Accent(4 * PPQ, 1.0, "fill")))
    found = landings(tmp_path / "mix.wav", clip, (Hit(25), Hit(27), Hit(49), Hit(70)), music)
    assert [landing.event for landing in found] == ["stop", "stop", "fill", ""]
    assert [landing.error_frames for landing in found] == [None] * 4
