"""What every embedder must keep, whoever it is."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
from tests.models.library.tracks import track

from twopop_models import embedders

SENTENCES = ["calm piano music", "fast techno", "", "music " * 2_000, "música tranquila é 音楽 🎻", "calm piano music"]
TRACKS = [
    track("guitar"),
    track("techno", tags=(("techno", 0.6), ("electronic", 0.5)), description="A fast electronic piece."),
    track("nothing", tags=(), description=""),
    track("foreign", tags=(("no such tag", 0.9), ("guitar", 0.0))),
]


@pytest.fixture(scope="module", params=embedders.NAMES)
def embedder(request, tmp_path_factory):
    packs = None
    if request.param == "clap":
        from tests import tiny  # needs diffusers

        packs = tmp_path_factory.mktemp("packs")
        tiny.clap(packs)
    found = embedders.load(request.param, packs)
    found.warm()
    found.warm()
    return found


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    """Sentences, and tracks that can be heard."""
    folder, rng = tmp_path_factory.mktemp("music"), np.random.default_rng(1)
    tracks = []
    for number, item in enumerate(TRACKS):
        path = folder / f"{number}.wav"
        soundfile.write(path, rng.standard_normal((24_000, 2)) * 0.05 * number, 48_000)
        tracks.append(replace(item, path=path))
    return {"texts": SENTENCES, "tracks": tracks}


def test_it_says_what_it_is(embedder):
    assert embedder.name in embedders.NAMES
    assert embedder.version >= 1
    assert embedder.dimensions >= 1


@pytest.mark.parametrize("kind", ["texts", "tracks"])
def test_vectors_are_float32_rows_of_norm_one(embedder, kind, items):
    vectors = getattr(embedder, kind)(items[kind])
    assert vectors.shape == (len(items[kind]), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("kind", ["texts", "tracks"])
def test_a_vector_is_the_same_bits_alone_in_company_and_again(embedder, kind, items):
    embed = getattr(embedder, kind)
    together = embed(items[kind])
    assert np.array_equal(embed(items[kind]), together)
    assert np.array_equal(np.concatenate([embed([item]) for item in items[kind]]), together)


@pytest.mark.parametrize("kind", ["texts", "tracks"])
def test_nothing_gives_no_rows(embedder, kind):
    assert getattr(embedder, kind)([]).shape == (0, embedder.dimensions)


def test_words_and_music_meet(embedder):
    if embedder.name == "clap":
        pytest.skip("its tiny network was never taught")
    words = embedder.texts(["acoustic guitar folk", "electronic techno dance"])
    music = embedder.tracks(TRACKS[:2])
    likeness = words @ music.T
    assert likeness[0, 0] > likeness[0, 1]
    assert likeness[1, 1] > likeness[1, 0]


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        embedders.load("kazoo")
    assert embedders.load("auto").name == embedders.NAMES[0]
