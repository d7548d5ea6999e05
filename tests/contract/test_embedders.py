"""What every embedder must keep, whoever it is."""

import numpy as np
import pytest
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
def embedder(request):
    found = embedders.load(request.param)
    found.warm()
    found.warm()
    return found


def test_it_says_what_it_is(embedder):
    assert embedder.name in embedders.NAMES
    assert embedder.version >= 1
    assert embedder.dimensions >= 1


@pytest.mark.parametrize(("kind", "items"), [("texts", SENTENCES), ("tracks", TRACKS)])
def test_vectors_are_float32_rows_of_norm_one(embedder, kind, items):
    vectors = getattr(embedder, kind)(items)
    assert vectors.shape == (len(items), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(("kind", "items"), [("texts", SENTENCES), ("tracks", TRACKS)])
def test_a_vector_is_the_same_bits_alone_in_company_and_again(embedder, kind, items):
    embed = getattr(embedder, kind)
    together = embed(items)
    assert np.array_equal(embed(items), together)
    assert np.array_equal(np.concatenate([embed([item]) for item in items]), together)


@pytest.mark.parametrize("kind", ["texts", "tracks"])
def test_nothing_gives_no_rows(embedder, kind):
    assert getattr(embedder, kind)([]).shape == (0, embedder.dimensions)


def test_words_and_music_meet(embedder):
    words = embedder.texts(["acoustic guitar folk", "electronic techno dance"])
    music = embedder.tracks(TRACKS[:2])
    likeness = words @ music.T
    assert likeness[0, 0] > likeness[0, 1]
    assert likeness[1, 1] > likeness[1, 0]


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        embedders.load("clap")
    assert embedders.load("auto").name == embedders.NAMES[0]
