"""CLAP from a pack: what it hears, and packs that are none."""

import numpy as np
import pytest
import soundfile
from tests import tiny
from tests.models.library.tracks import track

from twopop_models.embedders import clap
from twopop_models.errors import EngineError, LibraryError
from twopop_models.packs.cards import Role


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    tiny.clap(folder)
    return folder


@pytest.fixture
def embedder(packs):
    return clap.Embedder(packs)


def a_sound(path, seconds, seed=0, rate=48_000):
    samples = np.random.default_rng(seed).standard_normal((round(seconds * rate), 2)) * 0.1
    soundfile.write(path, samples, rate)
    return path


@pytest.mark.parametrize(("seconds", "count"), [(3, 1), (10, 1), (10.5, 2), (25, 3), (300, 6)])
def test_windows_cover_a_piece_evenly(seconds, count):
    sound = np.arange(round(seconds * 100), dtype=np.float32)
    found = clap.windows(sound, 1_000)
    assert len(found) == count
    assert found[0][0] == 0
    assert found[-1][-1] == sound[-1]
    assert all(len(window) == min(1_000, len(sound)) for window in found)


def test_different_sounds_are_different_vectors(embedder, tmp_path):
    one = embedder.sound(a_sound(tmp_path / "a.wav", 2.0))
    quiet = tmp_path / "b.wav"
    soundfile.write(quiet, np.sin(np.arange(96_000) * 0.05), 48_000)
    other = embedder.sound(quiet)
    assert one.shape == (16,)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-6)
    assert not np.allclose(one, other, atol=1e-3)


def test_a_track_is_what_it_sounds_like(embedder, tmp_path):
    path = a_sound(tmp_path / "a.wav", 1.0)
    one, other = track("one", path=path, tags=()), track("other", path=path, description="something else")
    assert np.array_equal(*embedder.tracks([one, other]))


def test_a_missing_file_is_said(embedder, tmp_path):
    with pytest.raises(LibraryError) as caught:
        embedder.sound(tmp_path / "none.wav")
    assert caught.value.code == "track_missing"


def test_without_a_pack_it_says_what_to_get(tmp_path):
    for folder in (None, tmp_path):
        with pytest.raises(EngineError) as caught:
            clap.Embedder(folder).warm()
        assert (caught.value.code, caught.value.remedy) == ("pack_missing", "Run: twopop models get clap-music")


def test_an_empty_tokenizer_is_noticed(tmp_path):
    tiny.clap(tmp_path)
    folder = tmp_path / "tiny-clap"
    for path in folder.glob("tokenizer*"):
        path.unlink()
    tiny.card_of(folder, Role.EMBEDDER, "clap")
    with pytest.raises(EngineError) as caught:
        clap.Embedder(tmp_path).warm()
    assert caught.value.code == "pack_corrupt"
