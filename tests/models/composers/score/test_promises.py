"""The whole composer with tiny networks: what must hold whatever a network says."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from tests.models.composers.score import small

from twopop_models.composers import Again
from twopop_models.composers.score import Composer, networks
from twopop_models.composers.score.job import Job
from twopop_models.controls import Bar, Controls
from twopop_models.errors import Cancelled
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Shot, SourceFacts, Stage

BRIDGES = Bridges(Description("a dark scene", ("dark",), ("cinematic",)), None, None)
HITS = (Hit(60, 1.0), Hit(133, 0.5), Hit(250, 0.8))


def a_picture(seconds, first=0):
    rate = Fraction(25)
    clip = Clip(None, first, first + round(seconds * rate), rate)
    facts = SourceFacts("video", 8, 8, rate, False, 0, "", "test")
    curve = np.linspace(0, 1, clip.frames).astype(np.float32)
    shot = (Shot(first, clip.stop),)
    return Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (first,), curve, curve, shot, ())


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    found = small.networks()
    monkeypatch.setattr(networks, "load", lambda: found)


def job(seconds=14.0, hits=HITS, *, seed=1, variation=0, again=None, **controls):
    frames = a_picture(seconds)
    asked = Controls(steps=2, **controls)
    return Job(frames.clip, frames, BRIDGES, hits, asked, seed, variation, again).score(lambda done: None)


def test_every_hit_has_its_event():
    score, _ = job()
    assert len(score.accents) == len(HITS)
    ticks = {tick for part in score.parts if part.stem == "accents" for tick in (note.tick for note in part.notes)}
    assert {accent.tick for accent in score.accents} <= ticks


def test_the_same_seed_gives_the_same_score():
    assert job() == job()
    assert job(seed=2)[0].parts != job()[0].parts


def test_variations_share_tempo_key_and_hits():
    one, other = job()[0], job(variation=1)[0]
    assert (one.tempo_map, one.key, one.stop) == (other.tempo_map, other.key, other.stop)
    assert [accent.tick for accent in one.accents] == [accent.tick for accent in other.accents]
    assert one.parts != other.parts


@pytest.mark.parametrize("wanted", ["flute", "piano", "taiko"])
def test_who_is_asked_for_plays_and_who_is_forbidden_does_not(wanted):
    score, _ = job(instruments=(wanted, "-drums", "-percussion", "-violin"))
    players = {part.instrument for part in score.parts}
    assert wanted in players
    assert not players & {"drums", "percussion", "violin"}


def test_a_stem_written_anew_leaves_the_lead_sheet_as_it_is():
    before, after = job()[0], job(again=Again(("melody",), 7, 0, 1))[0]
    assert {part.stem for part in after.parts} <= {"melody"}
    assert replace(before, parts=()) == replace(after, parts=())
    tune = tuple(part for part in before.parts if part.stem == "melody")
    assert tune != after.parts


@pytest.mark.parametrize("ending", ["button", "ring", "fade", "cut", "loop"])
def test_every_ending(ending):
    score, _ = job(ending=ending)
    assert score.ending.kind == ending
    assert all(
        note.tick < score.stop and note.tick + note.length <= score.stop for part in score.parts for note in part.notes
    )


@pytest.mark.parametrize("seconds", [0.04, 1.0, 2.0])
def test_short_ranges(seconds):
    score, _ = job(seconds, hits=())
    assert score.stop >= 1


def test_a_host_whose_meter_changes_is_followed():
    host = (Bar(0, 120.0, 4, 4), Bar(100, 90.0, 3, 4))
    score, _ = job(host_tempo=host)
    assert len({(meter.beats, meter.unit) for meter in score.tempo_map.meters}) == 2


def test_what_ran_is_said():
    _, (said, *_rest) = job()
    assert "score" in said
    assert "2 steps" in said
    assert "the text" in said
    assert "reference" not in said


def test_sound_is_as_long_as_the_range_and_sampling_can_be_cancelled(tmp_path):
    frames, composer = a_picture(6.0, 100), Composer()
    arguments = (frames.clip, frames, BRIDGES, (), Controls(steps=4))
    music = composer.compose(*arguments, seed=1, variation=0, folder=tmp_path)
    for stem in music.stems:
        assert soundfile.info(stem.path).frames == frames.clip.samples()
    told = []

    def stop(stage, done):
        told.append((stage, done))
        if stage is Stage.COMPOSE and done > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        composer.compose(*arguments, seed=1, variation=0, folder=tmp_path, progress=stop)
    assert all(stage is Stage.COMPOSE for stage, _ in told)
    assert [done for _, done in told] == sorted(done for _, done in told)
