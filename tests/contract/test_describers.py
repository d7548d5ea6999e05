"""What every describer must keep, whoever it is."""

import itertools
from fractions import Fraction

import av
import numpy as np
import pytest

from twopop_models import assets, describers
from twopop_models.types import Clip, Frames, Shot, SourceFacts
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS


def frames_of(images, shots, motion):
    count = 100
    edges = np.linspace(0, count, shots + 1).astype(int).tolist()
    return Frames(
        clip=Clip(None, 0, count, Fraction(25)),
        facts=SourceFacts("video", images.shape[2], images.shape[1], Fraction(25), False, 0, "", ""),
        images=images,
        image_frames=tuple(np.linspace(0, count - 1, len(images)).astype(int).tolist()),
        motion=np.full(count, motion, np.float32),
        brightness=np.full(count, images.mean() / 255, np.float32),
        shots=tuple(Shot(*pair) for pair in itertools.pairwise(edges)),
        hits=(),
    )


def real():
    with av.open(str(assets.find("footage") / "bikes.mp4")) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return frames_of(np.stack(pictures[::40]), 6, 0.05)


PICTURES = {
    "street": real,
    "black": lambda: frames_of(np.zeros((2, 32, 32, 3), np.uint8), 1, 0.0),
    "white flicker": lambda: frames_of(np.full((3, 90, 160, 3), 255, np.uint8), 50, 1.0),
    "noise": lambda: frames_of(np.random.default_rng(2).integers(0, 255, (4, 64, 48, 3)).astype(np.uint8), 4, 0.4),
}


@pytest.fixture(scope="module", params=describers.NAMES)
def describer(request):
    found = describers.load(request.param)
    found.warm()
    found.warm()
    assert found.name == request.param
    return found


@pytest.mark.parametrize("picture", PICTURES)
def test_every_describer_says_one_honest_sentence_in_the_tables_words(describer, picture):
    said = describer.describe(PICTURES[picture]())
    assert 18 <= len(said.sentence.split()) <= 22
    assert said.sentence.endswith(".")
    assert said.sentence[:-1].count(". ") == 0
    assert said.sentence.isprintable()
    assert 1 <= len(said.moods) <= 4
    assert set(said.moods) <= set(MOODS)
    assert 1 <= len(said.genres) <= 3
    assert set(said.genres) <= set(GENRES)
    assert said.instruments
    assert set(said.instruments) <= set(INSTRUMENTS)
    assert said.tempo is None or 40 <= said.tempo <= 240
    assert describer.name in said.author
    assert said.evidence
    assert all(fact.strip() for fact in said.evidence)


def test_the_same_frames_give_the_same_description(describer):
    assert describer.describe(real()) == describer.describe(real())


def test_the_frames_are_left_as_they_were(describer):
    frames = real()
    kept = frames.images.copy(), frames.motion.copy(), frames.brightness.copy()
    describer.describe(frames)
    for before, after in zip(kept, (frames.images, frames.motion, frames.brightness), strict=True):
        np.testing.assert_array_equal(before, after)


def test_auto_is_the_preferred_one_and_strangers_are_refused():
    assert describers.load("auto").name == describers.NAMES[0]
    with pytest.raises(KeyError):
        describers.load("oracle")
