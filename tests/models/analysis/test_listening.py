from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from twopop_models.analysis import Analysis, analyse, decode, describe_track, warm, words
from twopop_models.assets import find
from twopop_models.errors import Cancelled, LibraryError

TRACK = "tender/tender_acoustic_2.opus"  # its makers asked for 90 BPM, G major, acoustic


@pytest.fixture(scope="module")
def path() -> Path:
    return find("starter-tracks") / TRACK


@pytest.fixture(scope="module")
def heard(path: Path) -> Analysis:
    warm()
    return analyse(path)


def test_a_real_track_is_understood(heard: Analysis) -> None:
    assert heard.tempo == pytest.approx(90, rel=0.02)
    assert heard.key == "G major"
    assert heard.beats_per_bar == 4
    assert heard.tags[0][0] == "guitar"
    assert heard.loudness == pytest.approx(-13.4, abs=0.3)  # ffmpeg's ebur128 says -13.4


def test_everything_lies_inside_the_piece(heard: Analysis) -> None:
    assert len(heard.energy) == np.ceil(heard.seconds * 2)
    assert 0 <= heard.beats[0] < heard.beats[-1] <= heard.seconds
    assert set(heard.downbeats) <= set(heard.beats)
    assert all(one.stop <= two.start for one, two in pairwise(heard.chords))
    assert heard.chords[-1].stop <= heard.seconds
    assert heard.embedding.shape == (400,)
    assert heard.logits.shape == (100,)


def test_it_can_be_put_in_words(heard: Analysis) -> None:
    found = words(heard.tags, heard.tempo, heard.key, heard.energy)
    assert "folk" in found.genres
    assert "acoustic-guitar" in found.instruments
    sentence = describe_track(found, heard.tempo, heard.key)
    assert "acoustic guitar" in sentence
    assert "at about 90 BPM in G major" in sentence


def test_the_level_of_the_file_changes_nothing_but_its_loudness(path: Path, heard: Analysis, tmp_path: Path) -> None:
    quiet = 0.1 * decode(path, 48_000, mono=False)[: 48_000 * 12]
    soundfile.write(tmp_path / "quiet.wav", quiet, 48_000, subtype="FLOAT")
    soundfile.write(tmp_path / "loud.wav", 10 * quiet, 48_000, subtype="FLOAT")
    one, two = analyse(tmp_path / "quiet.wav"), analyse(tmp_path / "loud.wav")
    assert two.loudness - one.loudness == pytest.approx(20, abs=0.05)
    np.testing.assert_allclose(one.logits, two.logits, atol=0.01)
    assert one.key == two.key
    assert one.energy == pytest.approx(two.energy, abs=0.001)


def test_twice_the_same(path: Path, heard: Analysis) -> None:
    again = analyse(path)
    assert again.logits.tobytes() == heard.logits.tobytes()
    assert (again.beats, again.chords, again.energy) == (heard.beats, heard.chords, heard.energy)


def test_progress_rises_to_one_and_may_stop_it(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).standard_normal((48_000, 2)) * 0.1
    soundfile.write(tmp_path / "noise.wav", noise, 48_000)
    seen: list[float] = []
    analyse(tmp_path / "noise.wav", progress=seen.append)
    assert seen[0] == 0
    assert seen[-1] == 1
    assert seen == sorted(seen)

    def stop(fraction: float) -> None:
        if fraction >= 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        analyse(tmp_path / "noise.wav", progress=stop)


@pytest.mark.parametrize("seconds", [0.4, 1.0, 5.0])
def test_silence_and_short_pieces_are_no_error(tmp_path: Path, seconds: float) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(round(44_100 * seconds)), 44_100)
    found = analyse(tmp_path / "silence.wav")
    assert (found.tempo, found.beats, found.chords, found.key, found.loudness) == (0.0, (), (), "C major", -70.0)
    assert "without a steady beat" in describe_track(words(found.tags, 0.0, found.key, found.energy), 0.0, found.key)


def test_too_short_to_be_music(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tick.wav", np.ones(441) * 0.1, 44_100)
    with pytest.raises(LibraryError, match=r"shorter than 0\.4 seconds") as caught:
        analyse(tmp_path / "tick.wav")
    assert caught.value.code == "track_unreadable"
