"""The built-in describer on real footage, and on pictures that differ in one thing only."""

import itertools
import time
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from twopop_models import assets
from twopop_models.describers import load
from twopop_models.describers._palette import palette_of
from twopop_models.describers.wording import read_text
from twopop_models.errors import Cancelled
from twopop_models.gate import Limits
from twopop_models.picture import look
from twopop_models.types import Clip, Frames, Shot, SourceFacts, Stage
from twopop_models.vocabulary import MOODS

BIKES_CUTS = (29, 75, 136, 186, 241)


def frames_of(images, *, shots, motion, brightness, frames, kind="video", rate=Fraction(25)):
    """``Frames`` around (n, h, w, 3) images; ``shots`` are cuts or a number of equal parts, curves may be constants."""
    facts = SourceFacts(kind, images.shape[2], images.shape[1], rate, False, 0, "", "")
    borders = shots if isinstance(shots, tuple) else tuple(np.linspace(0, frames, shots + 1).astype(int)[1:-1].tolist())
    edges = (0, *borders, frames)
    return Frames(
        clip=Clip(None, 0, frames, rate),
        facts=facts,
        images=images,
        image_frames=tuple(np.linspace(0, frames - 1, len(images)).astype(int).tolist()),
        motion=np.broadcast_to(np.float32(motion), (frames,)).copy(),
        brightness=np.broadcast_to(np.float32(brightness), (frames,)).copy(),
        shots=tuple(Shot(first, stop) for first, stop in itertools.pairwise(edges)),
        hits=(),
    )


def clip_frames(name, cuts=(), count=12):
    """A shipped clip, decoded here; motion is the mean luma difference between neighbours."""
    with av.open(str(assets.find("footage") / f"{name}.mp4")) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    luma = np.stack([picture[::4, ::4].mean(axis=2) for picture in pictures]) / 255
    motion = np.concatenate(([0.0], np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))))
    chosen = np.linspace(0, len(pictures) - 1, count).astype(int)
    images = np.stack([pictures[index] for index in chosen])
    return frames_of(images, shots=cuts, motion=motion, brightness=luma.mean(axis=(1, 2)), frames=len(pictures))


@pytest.fixture(scope="module")
def bikes():
    return clip_frames("bikes", BIKES_CUTS)


@pytest.fixture(scope="module")
def bunny():
    return clip_frames("bigbuckbunny")


@pytest.fixture(scope="module")
def carphone():
    return clip_frames("carphone_pristine")


def painted(colour, *, shots=1, motion=0.0, frames=250, count=4, kind="video", seed=1):
    """Frames of one colour (0..1 RGB) with a little texture; the brightness curve is the images' own luma."""
    grain = np.random.default_rng(seed).normal(0, 6, (count, 96, 160, 1))
    images = np.clip(np.array(colour) * 255 + grain, 0, 255).astype(np.uint8)
    luma = float((images / 255 @ np.array([0.2126, 0.7152, 0.0722])).mean())
    return frames_of(images, shots=shots, motion=motion, brightness=luma, frames=frames, kind=kind)


@pytest.fixture(scope="module")
def describer():
    found = load("picture")
    found.warm()
    return found


def thinned(frames):
    """The same footage with every fourth image, for tests that describe it many times."""
    return replace(frames, images=frames.images[::4], image_frames=frames.image_frames[::4])


def dimmed(frames, factor):
    """The same footage in a darker grade."""
    return replace(
        frames,
        images=(frames.images * factor).astype(np.uint8),
        brightness=(frames.brightness * factor).astype(np.float32),
    )


def recut(frames, shots):
    """The same footage, cut into equal shots."""
    edges = np.linspace(0, frames.clip.frames, shots + 1).astype(int).tolist()
    return replace(frames, shots=tuple(Shot(*pair) for pair in itertools.pairwise(edges)))


def test_a_street_with_bicycles(describer, bikes):
    said = describer.describe(bikes)
    assert "6 shots in 10.0 s, 30 cuts per minute" in said.evidence[0]
    assert any(fact.startswith("mountain bike 0.4") for fact in said.evidence)
    assert "busy traffic" in said.sentence
    assert "quick cuts" in said.sentence
    assert said.tempo > 110


def test_a_cartoon_meadow_is_calmer_and_happier_than_the_street(describer, bikes, bunny):
    street, meadow = describer.describe(bikes), describer.describe(bunny)
    assert meadow.tempo < street.tempo - 20
    assert MOODS[meadow.moods[0]][0] > MOODS[street.moods[0]][0]
    assert MOODS[meadow.moods[0]][1] < MOODS[street.moods[0]][1]
    assert "living creatures" in meadow.sentence


def test_through_the_picture_room(describer, bikes):
    """What the picture room sees of the clip leads to the same words as the decoding of this test."""
    media = assets.find("footage") / "bikes.mp4"
    seen = look(Clip(media, 0, 250, Fraction(25)), Limits(roots=(media.parent,)))
    said, ours = describer.describe(seen), describer.describe(bikes)
    assert said.moods == ours.moods
    assert said.tempo == pytest.approx(ours.tempo, abs=4)
    assert "busy traffic" in said.sentence


def test_people_are_not_claimed_but_their_clothes_are_seen(describer, carphone):
    said = describer.describe(carphone)
    assert any(fact.startswith("bow tie") for fact in said.evidence)
    assert "long takes" in said.sentence


def test_its_own_sentence_reads_back_as_its_own_tags(describer, bikes, bunny, carphone):
    for frames in (bikes, bunny, carphone, painted((0.9, 0.6, 0.2)), painted((0, 0, 0.3), shots=9, motion=0.2)):
        said = describer.describe(frames)
        read = read_text(said.sentence)
        assert (read.moods, read.instruments, read.tempo) == (said.moods, said.instruments, said.tempo)
        assert read.genres == said.genres[:1]
        assert not read.refused


def test_the_same_frames_give_the_same_description(describer, bikes):
    assert describer.describe(bikes) == load("picture").describe(clip_frames("bikes", BIKES_CUTS))


@pytest.mark.parametrize("clip", ["bikes", "bunny", "carphone"])
def test_a_darker_grade_is_never_happier(describer, clip, request):
    frames = thinned(request.getfixturevalue(clip))
    valences = [MOODS[describer.describe(dimmed(frames, factor)).moods[0]][0] for factor in (1.0, 0.6, 0.3, 0.1)]
    assert valences == sorted(valences, reverse=True)
    assert valences[-1] < valences[0]


@pytest.mark.parametrize("clip", ["bikes", "bunny"])
def test_more_cuts_are_never_slower_nor_calmer(describer, clip, request):
    frames = thinned(request.getfixturevalue(clip))
    said = [describer.describe(recut(frames, shots)) for shots in (1, 2, 4, 8, 16)]
    tempos = [one.tempo for one in said]
    arousals = [MOODS[one.moods[0]][1] for one in said]
    assert tempos == sorted(tempos)
    assert arousals == sorted(arousals)
    assert tempos[-1] > tempos[0] + 20


def test_more_motion_is_never_slower(describer, bunny):
    few = thinned(bunny)
    tempos = [describer.describe(replace(few, motion=few.motion * gain)).tempo for gain in (0, 0.5, 1, 3, 8)]
    assert tempos == sorted(tempos)
    assert tempos[-1] > tempos[0]


def test_the_clients_rate_does_not_matter(describer, bunny):
    """The same seconds at 50 frames per second, every frame held for two: the same music."""
    doubled = replace(
        bunny,
        clip=Clip(None, 0, 2 * bunny.clip.frames, Fraction(50)),
        motion=np.stack([bunny.motion, np.zeros_like(bunny.motion)], axis=1).ravel(),
        brightness=np.repeat(bunny.brightness, 2),
        shots=(Shot(0, 2 * bunny.clip.frames),),
    )
    one, other = describer.describe(bunny), describer.describe(doubled)
    assert (one.sentence, one.tempo, one.genres) == (other.sentence, other.tempo, other.genres)


def test_dark_and_fast_against_bright_and_slow(describer):
    chase = describer.describe(painted((0.05, 0.05, 0.12), shots=10, motion=0.15))
    meadow = describer.describe(painted((0.75, 0.85, 0.45)))
    assert chase.moods[0] in ("tense", "dark")
    assert MOODS[meadow.moods[0]][0] > 0.2
    assert chase.tempo > 120 > 80 > meadow.tempo
    assert "drums" in chase.instruments
    assert "drums" not in meadow.instruments


def test_nothing_is_claimed_to_be_seen_in_an_empty_picture(describer):
    for colour in ((0, 0, 0), (1, 1, 1), (0.5, 0.5, 0.5), (0.8, 0.1, 0.1)):
        said = describer.describe(painted(colour))
        assert "passing pictures" in said.sentence
        assert not any("in frame" in fact or "over all" in fact for fact in said.evidence)


def test_a_still_says_so(describer):
    said = describer.describe(painted((0.2, 0.3, 0.8), kind="still", count=1))
    assert "framed imagery held in stillness" in said.sentence
    assert said.evidence[0] == "one still image"
    assert said.tempo == 64


@pytest.mark.parametrize("frames", [1, 2, 24])
def test_a_range_of_few_frames(describer, frames):
    said = describer.describe(painted((0.3, 0.3, 0.3), frames=frames, count=1, shots=min(frames, 2)))
    assert 18 <= len(said.sentence.split()) <= 22
    assert said.tempo <= 130  # one cut in a twelfth of a second is no pace


def test_odd_shapes_of_images(describer):
    for height, width in ((8, 8), (720, 16), (9, 1280)):
        images = np.full((2, height, width, 3), 90, np.uint8)
        assert describer.describe(frames_of(images, shots=1, motion=0.0, brightness=0.35, frames=50)).sentence


def test_progress_is_told_and_may_cancel(describer, bunny):
    told = []
    describer.describe(bunny, lambda stage, done: told.append((stage, done)))
    assert {stage for stage, _ in told} == {Stage.DESCRIBE}
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert len(told) >= 12
    assert told[-1][1] == 1.0

    def stop(stage, done):
        if done > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        describer.describe(bunny, stop)


def test_without_an_image_there_is_nothing_to_describe(describer, bunny):
    with pytest.raises(ValueError, match="no image"):
        describer.describe(replace(bunny, images=bunny.images[:0], image_frames=()))


def test_warming_again_costs_nothing(describer):
    start = time.perf_counter()
    for _ in range(1000):
        describer.warm()
    assert time.perf_counter() - start < 0.1


def test_colours_are_named_as_people_name_them():
    swatches = {
        "red": (200, 30, 30),
        "orange": (240, 150, 40),
        "brown": (110, 70, 30),
        "yellow": (230, 220, 50),
        "green": (50, 150, 60),
        "teal": (30, 150, 150),
        "blue": (40, 70, 200),
        "purple": (130, 50, 180),
        "pink": (240, 130, 190),
        "grey": (128, 128, 128),
        "white": (250, 250, 250),
        "black": (5, 5, 5),
    }
    for name, colour in swatches.items():
        assert palette_of(np.full((1, 10, 10, 3), colour, np.uint8)).colours == ((name, 1.0),)


def test_palette_measures_on_pictures_with_known_answers():
    halves = np.zeros((1, 64, 64, 3), np.uint8)
    halves[:, :, 32:] = 255
    palette = palette_of(halves)
    assert dict(palette.colours) == {"black": 0.5, "white": 0.5}
    assert palette.contrast == pytest.approx(0.5)
    assert palette.saturation == palette.warmth == palette.colourfulness == 0
    warm = palette_of(np.full((1, 8, 8, 3), (255, 0, 0), np.uint8))
    assert (warm.saturation, warm.warmth) == (1, 1)
    assert palette_of(np.zeros((2, 8, 8, 3), np.uint8)).saturation == 0
