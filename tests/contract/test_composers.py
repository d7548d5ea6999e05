"""What every composer promises, whichever it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.contract.composing import PROMISES, resources

from twopop_models import composers
from twopop_models.clock import SAMPLE_RATE
from twopop_models.controls import Bar, Controls
from twopop_models.errors import Cancelled, ControlError, EngineError
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Music, Shot, SourceFacts, Stage
from twopop_models.vocabulary import ENDINGS, STEMS

WHOLE = (12, 15, 24, 25, 30, 48, 50, 60, 100, 120)
RATES = (
    *map(Fraction, WHOLE),
    *(Fraction(1_000 * rate, 1_001) for rate in (24, 30, 48, 60, 120)),
    Fraction(2_997, 125),
)
"""Those of film, television and screens, and one that is nobody's."""


def a_picture(seconds: float, rate: Fraction, first: int) -> Frames:
    count = round(seconds * rate)
    clip = Clip(None, first, first + count, rate)
    facts = SourceFacts("video", 64, 64, rate, False, 0, "", "test")
    curve = np.linspace(0, 1, count, dtype=np.float32)
    return Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (first,), curve, curve, (Shot(first, clip.stop),), ())


@pytest.fixture(params=composers.NAMES)
def compose(request, tmp_path):
    """Composes with one back end: ``compose(seconds, rate, first, hits=..., progress=..., **controls)``."""
    composer = composers.load(request.param, resources(request.param))
    composer.warm()
    calls = iter(range(1_000))

    def run(
        seconds=4.0, rate=Fraction(25), first=0, *, hits=(), seed=0, variation=0, progress=None, **controls
    ) -> Music:
        folder = tmp_path / str(next(calls))
        folder.mkdir()
        frames = a_picture(seconds, rate, first)
        return composer.compose(
            frames.clip,
            frames,
            Bridges(Description("music for a picture"), None, None),
            hits,
            Controls(**dict(PROMISES[request.param].quick) | controls),
            seed=seed,
            variation=variation,
            folder=folder,
            progress=progress or (lambda stage, fraction: None),
        )

    run.name, run.promise = request.param, PROMISES[request.param]
    return run


@pytest.fixture
def written(compose):
    """``compose`` of composers that write a score."""
    if not compose.promise.writes:
        pytest.skip("it writes no score")
    return compose


@pytest.fixture(params=composers.NAMES)
def rework(request, tmp_path):
    """Composes 16 seconds and then some stems again: ``rework(stems, ...)`` gives both as music."""
    composer = composers.load(request.param, resources(request.param))
    if not isinstance(composer, composers.Reworker):
        pytest.skip("a composer need not be able to write some stems anew")
    composer.warm()
    calls = iter(range(1_000))

    def run(*stems, seed=3, generation=1, again_variation=0, **controls) -> tuple[Music, Music]:
        frames = a_picture(16.0, Fraction(25), 0)
        bridges, hits = Bridges(Description("music for a picture"), None, None), (Hit(90, 0.9), Hit(201, 0.5))
        places = [tmp_path / str(next(calls)) for _ in range(2)]
        for place in places:
            place.mkdir()
        asked = (frames.clip, frames, bridges, hits, Controls(**dict(PROMISES[request.param].quick) | controls))
        again = composers.Again(stems, seed, again_variation, generation)
        return (
            composer.compose(*asked, seed=3, variation=0, folder=places[0]),
            composer.compose_again(*asked, again, seed=3, variation=0, folder=places[1]),
        )

    run.promise = PROMISES[request.param]
    return run


def sound(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("first", [0, 86_399])
def test_stems_are_exactly_as_long_as_the_range(compose, rate, first):
    music = compose(3.3, rate, first)
    count = Clip(None, first, first + round(3.3 * rate), rate).samples()
    assert (music.samples, music.sample_rate) == (count, SAMPLE_RATE)
    fewest, most = compose.promise.stems
    assert fewest <= len(music.stems) <= most
    for stem in music.stems:
        assert stem.name in STEMS
        assert sound(stem.path).shape == (count, 2)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_is_music(compose, ending):
    music = compose(6.0, ending=ending)
    mix = sum(sound(stem.path) for stem in music.stems)
    assert np.isfinite(mix).all()
    loud = np.sqrt((mix.reshape(-1, 4_800, 2) ** 2).mean(axis=(1, 2)))  # tenths of a second
    assert loud.max() > 0.01
    assert loud[:40].min() > 1e-4
    assert music.score is None or music.score.ending.kind == ending


def test_one_frame_is_enough(compose):
    music = compose(0.04)
    assert music.samples == 1_920
    assert music.stems


def test_the_same_arguments_give_the_same_bits(compose):
    hits = (Hit(40, 0.9), Hit(63, 0.4))
    one, other = compose(hits=hits, seed=5), compose(hits=hits, seed=5)
    for stem, again in zip(one.stems, other.stems, strict=True):  # a float WAV's header may hold the time of day
        assert sound(stem.path).tobytes() == sound(again.path).tobytes()
    assert (one.score, one.notes, one.tempo) == (other.score, other.notes, other.tempo)


def test_seeds_and_variations_differ(compose):
    plain, seeded, varied = compose(), compose(seed=1), compose(variation=1)
    assert not np.array_equal(sound(plain.stems[0].path), sound(seeded.stems[0].path))
    assert any(not np.array_equal(sound(a.path), sound(b.path)) for a, b in zip(plain.stems, varied.stems, strict=True))
    assert varied.tempo == plain.tempo


def test_stems_asked_for_are_there(written):
    assert {"bass", "melody"} <= {stem.name for stem in written(stems=("bass", "melody")).stems}


def test_a_stem_that_cannot_be_made_is_refused(compose):
    if compose.promise.writes:
        pytest.skip("it makes them all")
    with pytest.raises(ControlError) as caught:
        compose(stems=("bass",))
    assert caught.value.code == "bad_control"


def test_every_composer_is_tried():
    assert tuple(PROMISES) == composers.NAMES


def test_without_its_packs_a_composer_says_what_to_install(compose, tmp_path):
    if compose.promise.packs is None:
        pytest.skip("it needs none")
    for packs in (None, tmp_path / "empty"):
        with pytest.raises(EngineError) as caught:
            composers.load(compose.name, composers.Resources(packs=packs)).warm()
        assert caught.value.code == "pack_missing"
        assert "twopop models" in caught.value.remedy


def test_progress_is_told_often_and_cancels(compose):
    told: list[tuple[Stage, float]] = []
    compose(progress=lambda stage, fraction: told.append((stage, fraction)))
    assert {stage for stage, _ in told} >= {Stage.COMPOSE, Stage.RENDER}
    renders = [fraction for stage, fraction in told if stage is Stage.RENDER]
    assert renders == sorted(renders)
    assert 0 <= renders[0] <= renders[-1] == 1

    def stop(stage: Stage, fraction: float) -> None:
        if stage is Stage.RENDER and fraction > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        compose(progress=stop)


def test_forbidding_everything_is_refused(compose):
    from twopop_models.vocabulary import INSTRUMENTS

    with pytest.raises(ControlError) as caught:
        compose(instruments=tuple(f"-{name}" for name in INSTRUMENTS))
    assert caught.value.code == "bad_control"


def test_what_gave_way_is_said(written):
    said = " ".join(written(hits=(Hit(50),), host_tempo=(Bar(None, 97.0),), tempo=120.0, ending="loop").notes)
    assert "1 hits lie within one frame" in said
    assert "host" in said
    assert "seam" in said
    assert "was asked" in " ".join(written(tempo=100.0, ending="loop").notes)


def notes_of(music: Music, stem: str) -> list:
    return [part.notes for part in music.score.parts if part.stem == stem]


@pytest.mark.parametrize("genre", ["rock", "jazz"])
def test_stems_played_again_are_other_notes_over_the_same_plan(rework, genre):
    first, again = rework("drums", "melody", genre=genre)
    assert [stem.name for stem in again.stems] == ["drums", "melody"]
    assert set(again.score.stems) == {"drums", "melody"}
    assert replace(again.score, parts=()) == replace(first.score, parts=())
    assert again.samples == first.samples
    for stem in ("drums", "melody"):
        assert notes_of(again, stem) != notes_of(first, stem)  # though the seed is the same
        players = [
            [(part.instrument, part.program) for part in music.score.parts if part.stem == stem]
            for music in (first, again)
        ]
        assert players[0] == players[1]


def test_chance_of_stems_played_again(rework):
    _, one = rework("drums")
    for other in (
        rework("drums", seed=4)[1],
        rework("drums", generation=2)[1],
        rework("drums", again_variation=1)[1],
    ):
        assert notes_of(other, "drums") != notes_of(one, "drums")
    _, same = rework("drums", "bass")
    if not rework.promise.together:
        assert notes_of(same, "drums") == notes_of(one, "drums")  # what else is asked for moves nothing


def test_unknown_back_ends_are_said():
    with pytest.raises(KeyError):
        composers.load("kazoo")


def test_what_could_not_be_heard_is_said(compose):
    """A reference or a refusal that a composer has no ear for is never passed over in silence."""
    if compose.promise.writes:
        pytest.skip("it hears all of them")
    said = " ".join(compose(2.0, instruments=("-drums",), guidance=1.0).notes)
    assert "Nothing keeps drums out" in said
