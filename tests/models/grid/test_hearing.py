"""A rendered cue is heard as it was written, as far as a recording lets it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from twopop_models.analysis import analyse
from twopop_models.assets import soundfont
from twopop_models.composers.band import write
from twopop_models.controls import Controls
from twopop_models.errors import LibraryError
from twopop_models.grid import encoding, following, hearing
from twopop_models.grid.lanes import LANES, heard, styled
from twopop_models.library.rows import track_of
from twopop_models.rendering import render
from twopop_models.types import Bridges, Clip, Description, Frames, Shot, SourceFacts, Track
from twopop_models.vocabulary import parse_key

RATE, SECONDS = 48_000, 16


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """What ``band`` wrote, and its recording as a track."""
    folder = tmp_path_factory.mktemp("song")
    clip = Clip(None, 0, SECONDS * 25, Fraction(25))
    facts = SourceFacts("video", 8, 8, Fraction(25), False, 0, "", "test")
    curve = np.linspace(0.3, 1, clip.frames).astype(np.float32)
    frames = Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, curve, (Shot(0, clip.frames),), ())
    bridges = Bridges(Description("x"), None, None)
    score = write(clip, frames, bridges, (), Controls(genre="pop"), seed=1, variation=0, straight=True)
    stems = render(score, SECONDS * RATE, RATE, folder, soundfont=soundfont(None))
    mix = sum(soundfile.read(stem.path, dtype="float32")[0] for stem in stems)
    path = folder / "mix.wav"
    soundfile.write(path, mix / max(1, np.abs(mix).max()), RATE)
    return score, track_of(analyse(path), path, "song", "0" * 64)


def test_chords_and_drums_are_heard_as_written(song):
    score, track = song
    home = parse_key(score.key)[0]
    found, truth = hearing.encode(track, home), heard(encoding.encode(score, home))
    late = round((hearing.cells(track)[0] - float(score.tempo_map.seconds(score.tempo_map.pickup))) * track.tempo / 60)
    found, truth = found[:, max(0, -late) :], truth[:, max(0, late) :]
    assert following.roots(found, truth) >= 0.75
    assert following.chroma(found, truth) >= 0.8
    assert following.pattern(found, truth) >= 0.5
    assert following.energy(found, truth) > 0.3


def test_only_what_can_be_heard_is_known(song):
    found = hearing.encode(song[1])
    assert np.array_equal(styled(found)[LANES["root"].channels], found[LANES["root"].channels])
    for name in ("bass", "bass+", "harmony", "melody", "pads"):
        assert not found[LANES[name].channels].any()
    assert set(np.unique(found[LANES["players"].channels])) <= {0.0, 1.0}
    strokes = LANES["drums"].read(found)
    assert ((strokes == -1) | ((strokes >= 0.2) & (strokes <= 1))).all()


def test_another_tonic_turns_the_chords(song):
    home, above = (hearing.encode(song[1], tonic)[LANES["root"].channels] for tonic in (0, 2))
    assert np.array_equal(np.roll(home, -2, axis=0), above)


def test_what_is_given_away_is_not_what_is_remembered(song):
    first = hearing.encode(song[1])
    again = first.copy()
    first[:] = 0
    assert np.array_equal(hearing.encode(song[1]), again)


def test_without_a_beat_cells_are_half_seconds_and_without_a_file_nothing_is_heard():
    track = Track("a", Path("/nowhere.wav"), "", 5.2, 0, (), (), "C major", (), (), -70, (), (), (), (), "")
    assert hearing.cells(track).tolist() == [number / 2 for number in range(11)]
    with pytest.raises(LibraryError) as caught:
        hearing.encode(track)
    assert caught.value.code == "track_missing"
