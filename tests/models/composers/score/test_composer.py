"""Cues by tiny networks: what must be true whatever networks write."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from tests.models.band.conftest import a_picture, some_hits
from tests.models.composers.score import small

from twopop_models import picture
from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers import Again, Reworker
from twopop_models.composers import band as bands
from twopop_models.composers.score import Composer, networks
from twopop_models.composers.score import job as jobs
from twopop_models.composers.score.job import Job
from twopop_models.control_values import Bar
from twopop_models.controls import Controls, Scene
from twopop_models.errors import Cancelled, ControlError
from twopop_models.gate import Limits
from twopop_models.grid.sheet import Sheet
from twopop_models.rework.working import _lead_sheet
from twopop_models.score import PPQ
from twopop_models.types import Bridges, Clip, Description, Stage

TEXT = Bridges(Description("A calm pop track"), None, None)
FEW = {"steps": 2, "genre": "pop"}


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    net = small.networks()
    monkeypatch.setattr(networks, "load", lambda: net)


def a_job(seconds=12.0, *, frames=None, hits=None, bridges=TEXT, seed=1, variation=0, again=None, **controls):
    frames = frames or a_picture(seconds)
    hits = some_hits(frames, max(1, round(seconds / 4))) if hits is None else hits
    return Job(frames.clip, frames, bridges, hits, Controls(**FEW | controls), seed, variation, again)


def written(*args, **wanted):
    return a_job(*args, **wanted).score(lambda done: None)[0]


def names(score):
    return {part.instrument for part in score.parts}


def test_it_reworks():
    assert isinstance(Composer(), Reworker)


@pytest.mark.parametrize("ending", ["ring", "button", "fade", "cut", "loop"])
def test_every_hit_has_an_event_as_with_band(ending):
    job = a_job(12, ending=ending)
    ours, _ = job.score(lambda done: None)
    clip, frames, hits = job.clip, job.frames, job.hits
    theirs = bands.write(clip, frames, TEXT, hits, job.controls, seed=1, variation=0)
    assert [(event.tick, event.weight) for event in ours.accents] == [
        (event.tick, event.weight) for event in theirs.accents
    ]
    assert len(ours.accents) >= 1
    assert (ours.tempo_map, ours.stop, ours.key, ours.ending) == (
        theirs.tempo_map,
        theirs.stop,
        theirs.key,
        theirs.ending,
    )
    strokes = {note.tick for part in ours.parts if part.stem == "accents" for note in part.notes}
    assert {event.tick for event in ours.accents} <= strokes


@pytest.mark.parametrize("seconds", [0.04, 0.5, 2.0, 20.0])
@pytest.mark.parametrize("ending", ["ring", "button", "fade", "cut", "loop"])
def test_every_length_is_written_and_no_note_leaves_it(seconds, ending):
    score = written(seconds, ending=ending)
    notes = [note for part in score.parts for note in part.notes]
    assert notes
    assert all(0 <= note.tick < score.stop and note.length > 0 for note in notes)
    assert all(note.tick + note.length <= score.stop for note in notes)
    assert all(0 <= note.pitch <= 127 and 1 <= note.velocity <= 127 for note in notes)
    assert score.chords[0].tick == 0


@pytest.mark.parametrize("wanted", [("taiko",), ("flute",), ("celesta", "tuba"), ("drums", "violin", "organ")])
def test_who_is_asked_for_always_plays(wanted):
    assert set(wanted) <= names(written(16, instruments=wanted, ending="cut"))


def test_who_is_asked_for_plays_even_where_the_network_wrote_nothing(monkeypatch):
    from twopop_models.composers.score import job
    from twopop_models.grid.lanes import silence

    monkeypatch.setattr(job.sampling, "sample", lambda net, wish, *more, **named: silence(wish.cells))
    score = written(16, instruments=("flute", "timpani"), ending="cut", key="C major")
    assert {"flute", "timpani"} <= names(score)
    parts = {part.instrument: part for part in score.parts if part.stem != "accents"}
    assert set(parts) == {"flute", "timpani"}
    assert {chord.root for chord in score.chords} == {0}


def test_who_is_forbidden_never_plays():
    free = names(written(16))
    for name in sorted(free):
        score = written(16, instruments=(f"-{name}",))
        assert name not in names(score)
        assert score.parts
    refused = Bridges(Description("x", refused=("piano", "drums")), None, None)
    assert not {"piano", "drums", "percussion"} & names(written(16, bridges=refused))


def test_everybody_forbidden_is_an_error():
    from twopop_models.vocabulary import INSTRUMENTS

    with pytest.raises(ControlError):
        written(4, instruments=tuple(f"-{name}" for name in INSTRUMENTS))


def test_the_same_seed_is_the_same_music_and_variations_share_the_picture():
    first = written(12)
    assert first == written(12)
    other = written(12, variation=1)
    assert (first.tempo_map, first.key, first.stop) == (other.tempo_map, other.key, other.stop)
    assert [(event.tick, event.weight) for event in first.accents] == [
        (event.tick, event.weight) for event in other.accents
    ]
    assert first.parts != other.parts
    assert first.parts != written(12, seed=2).parts


@pytest.mark.parametrize("stems", [("melody",), ("bass", "drums"), ("accents",)])
@pytest.mark.parametrize("generation", [1, 2])
def test_stems_anew_stand_over_the_same_lead_sheet(stems, generation):
    before = written(12)
    after = written(12, stems=stems, again=Again(stems, 1, 0, generation))
    assert _lead_sheet(after) == _lead_sheet(before)
    assert after.stems
    assert set(after.stems) <= set(stems)
    old = [(part.stem, part.instrument) for part in before.parts if part.stem in stems]
    if stems != ("accents",):
        assert {(part.stem, part.instrument) for part in after.parts} <= set(old)
        assert after.parts != tuple(part for part in before.parts if part.stem in stems)


def test_scenes_are_placed_and_told_whatever_else_is_asked():
    turns = {"scenes": (Scene(0, ("calm",)), Scene(60, ("tense",)), Scene(170, ("happy", "fun"))), "ending": "ring"}
    job = a_job(12, meter="7/8", **turns)
    score, said = job.score(lambda done: None)
    assert said[1].startswith("Scenes, from bar lines on: bar 1 calm, bar ")
    assert score == a_job(12, meter="7/8", **turns).score(lambda done: None)[0]
    wish = job._wish(opened(job), 0)
    assert [passage.first for passage in wish.passages] == sorted({passage.first for passage in wish.passages})
    assert all(mood in passage.words for mood, passage in zip(("calm", "tense", "happy"), wish.passages, strict=True))
    stems = ("melody",)
    assert _lead_sheet(written(12, meter="7/8", stems=stems, again=Again(stems, 1, 0), **turns)) == _lead_sheet(score)


def test_generations_differ():
    one, two = (written(12, stems=("melody",), again=Again(("melody",), 1, 0, number)) for number in (1, 2))
    assert one.parts != two.parts


def test_text_alone_is_scored(tmp_path):
    clip = Clip(None, 0, 200, Fraction(25))
    frames = picture.look(clip, Limits(()))
    job = a_job(frames=frames, hits=())
    assert not job._wish(opened(job), 0).events[[1, 2]].any(), "nothing is said of a picture"
    assert job.score(lambda done: None)[0].stems


def opened(job):
    from twopop_models.composers.band.writing import open_desk

    return open_desk(job.clip, job.frames, job.bridges, job.hits, job.controls, seed=1, variation=0)


def test_the_hosts_bars_are_followed():
    host = (Bar(0, 100.0, 4, 4), Bar(120, 90.0, 7, 8), Bar(225, 90.0, 3, 4))
    score = written(16, host_tempo=host, hits=())
    assert [(meter.beats, meter.unit) for meter in score.tempo_map.meters] == [(4, 4), (7, 8), (3, 4)]
    lines = {tick for tick, _ in score.tempo_map.bars(score.stop)}
    assert {section.tick for section in score.sections} <= lines


@pytest.mark.parametrize("meter", ["3/4", "6/8", "5/4", "7/8"])
@pytest.mark.parametrize("genre", ["jazz", "heroic"])
def test_every_meter(meter, genre):
    score = written(14, meter=meter, genre=genre)
    beats, unit = (int(part) for part in meter.split("/"))
    assert score.tempo_map.meters[-1].beats == beats
    assert score.tempo_map.meters[-1].unit == unit
    assert len(score.stems) >= 3


def test_progress_rises_and_can_stop_it_between_two_steps():
    told = []
    a_job(30, steps=3).score(told.append)
    assert told == sorted(told)
    assert len(told) > 3
    again = []
    stems = ("bass",)
    a_job(30, steps=3, stems=stems, again=Again(stems, 1, 0)).score(again.append)
    assert again == sorted(again)
    assert again[-1] == 1
    steps = []

    def stop(done):
        steps.append(done)
        if len(steps) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        a_job(30, steps=3).score(stop)
    assert len(steps) == 3


def test_stems_are_as_long_as_the_range_and_the_same_bits(tmp_path):
    job = a_job(2.0, frames=a_picture(2.0, Fraction(24_000, 1_001), 7))
    clip, told = job.clip, []
    sounds = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        music = Composer().compose(
            clip,
            job.frames,
            TEXT,
            job.hits,
            replace(job.controls, ending="ring"),
            seed=1,
            variation=0,
            folder=tmp_path / name,
            progress=lambda stage, done: told.append((stage, done)),
        )
        sounds.append([soundfile.read(stem.path, dtype="float32")[0] for stem in music.stems])
    assert all(len(sound) == clip.samples(SAMPLE_RATE) for sound in sounds[0])
    assert all(np.array_equal(one, other) for one, other in zip(*sounds, strict=True))
    assert music.notes[0].startswith("Written by the pack score: ")
    half = told[: len(told) // 2]
    shares = [done for stage, done in half if stage is Stage.COMPOSE]
    assert shares == sorted(shares)
    assert half[0] == (Stage.COMPOSE, 0.0)


def test_made_again_only_what_is_asked_is_played(tmp_path):
    job, stems = a_job(2.0), ("bass", "accents")
    music = Composer().compose_again(
        job.clip,
        job.frames,
        TEXT,
        job.hits,
        job.controls,
        Again(stems, 1, 0),
        seed=1,
        variation=0,
        folder=tmp_path,
    )
    assert tuple(stem.name for stem in music.stems) == stems
    assert _lead_sheet(music.score) == _lead_sheet(job.score(lambda done: None)[0])


def test_what_ran_is_said():
    _, (said, *_rest) = a_job().score(lambda done: None)
    assert "the pack score" in said
    assert "2 steps" in said
    assert "it followed the text and the picture" in said


def test_a_part_that_the_family_wrote_is_said(monkeypatch):
    monkeypatch.setattr("twopop_models.composers.score.job.decode", lambda latents: Sheet(latents.shape[1], (), (), ()))
    _, said = a_job(instruments=("flute",)).score(lambda done: None)
    assert "Nothing was written for the flute: its part is the band's." in said


@pytest.mark.parametrize("within", [None, (8 * PPQ, 24 * PPQ)])
def test_of_the_bars_that_are_heard_as_many_are_free_as_was_asked(within):
    found = [set(jobs._fresh(Again(("bass",), 3, 0, 1, None, share, within), 0, 40)) for share in (0.0, 0.5, 1.0)]
    heard = set(range(40)) if within is None else set(range(8, 24))
    assert [len(cells & heard) for cells in found] == [4, len(heard) // 2, len(heard)]
    assert found[0] < found[1] < found[2]
    assert all(cells >= set(range(40)) - heard for cells in found)
