import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop.delivery.card import HitLine, ReferenceLine, StemLine, TakeCard
from twopop.errors import DeskError, RequestError
from twopop.jobs import Failure, JobState
from twopop.messages import ScoreRequest
from twopop.takes import Memory, Takes, folder_name, request_from_plain, request_to_plain
from twopop_models.controls import Controls
from twopop_models.types import Clip, Hit


def a_request(job="one", media=Path("/media/film.mov")):
    controls = Controls(mood=("tense",), tempo=97.3, hits=(Hit(12, 0.3, "client"),), instruments=("-drums", "piano"))
    return ScoreRequest(job=job, clip=Clip(media, 10, 260, Fraction(24000, 1001)), controls=controls)


def a_card(folder, job="one"):
    return TakeCard(
        job,
        folder,
        "A tense cue",
        (ReferenceLine("broad", "Title", Path("/library/a.mp3"), 0.25, "near in mood"),),
        (HitLine(12, 0.3, None), HitLine(40, 1.0, -0.5)),
        (StemLine("drums", folder / "v0" / "drums.wav", 20020, 480480, 48000, 0),),
        97.3,
        "A minor",
        "cinematic",
        7,
        (("render", 1.5),),
        ("made by hand",),
    )


@pytest.fixture
def takes(tmp_path):
    shelf = Takes(tmp_path / "jobs")
    shelf.open()
    yield shelf
    shelf.close()


def finished(takes, job="one"):
    work = takes.work_folder(job)
    (work / "v0").mkdir()
    (work / "v0" / "drums.wav").write_bytes(b"RIFF")
    a_card(work, job).save()
    return takes.publish(job, work)


def test_an_accepted_job_is_remembered_whole(takes):
    takes.store(a_request("b"), 2.0)
    takes.store(a_request("a", media=None), 3.0)
    stored, problems = takes.scan()
    assert [item.request for item in stored] == [a_request("b"), a_request("a", media=None)]
    assert [item.submitted for item in stored] == [2.0, 3.0]
    assert {item.memory.state for item in stored} == {JobState.QUEUED}
    assert not problems


def test_an_id_whose_folder_is_taken_is_refused_and_nothing_is_left_behind(takes):
    takes.store(a_request())
    with pytest.raises(RequestError) as found:
        takes.store(replace(a_request(), controls=Controls()))
    assert found.value.code == "job_exists"
    assert takes.leftovers() == ()
    assert takes.scan()[0][0].request == a_request()


def test_a_take_appears_whole_with_its_paths_moved(takes):
    takes.store(a_request())
    card = finished(takes)
    assert card == a_card(takes.take("one"))
    assert card.stems[0].path.read_bytes() == b"RIFF"
    assert takes.scan()[0][0].memory.state is JobState.DONE
    assert takes.card("one") == card


def test_a_take_without_a_card_never_appears(takes):
    takes.store(a_request())
    work = takes.work_folder("one")
    (work / "take.json").write_text('{"format": 1, "job": "one"')
    with pytest.raises(DeskError) as found:
        takes.publish("one", work)
    assert found.value.code == "take_unreadable"
    assert not takes.take("one").exists()


def test_what_became_of_a_job_is_remembered(takes):
    takes.store(a_request())
    memory = Memory(JobState.FAILED, 2, Failure("worker_died", "It died", "Ask again."))
    takes.remember("one", memory)
    assert takes.scan()[0][0].memory == memory


@pytest.mark.parametrize("name", ["request.json", "state.json", "take/take.json"])
@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', "\x00\xff", "null"])
def test_a_damaged_folder_is_reported_and_does_not_hide_the_others(takes, name, text):
    for job in ("good", "bad"):
        takes.store(a_request(job))
        takes.remember(job, Memory())
        finished(takes, job) if "take" in name else None
    (takes.root / "bad" / name).write_bytes(text.encode("latin-1"))
    stored, problems = takes.scan()
    assert [item.request.job for item in stored] == ["good"]
    assert [problem.folder.name for problem in problems] == ["bad"]
    assert problems[0].text


def test_strangers_in_the_root_do_no_harm(takes):
    (takes.root / "notes.txt").write_text("mine")
    (takes.root / "empty").mkdir()
    takes.store(a_request())
    stored, problems = takes.scan()
    assert len(stored) == 1
    assert [problem.folder.name for problem in problems] == ["empty"]


def test_a_copied_job_folder_is_not_taken_for_the_job(takes):
    takes.store(a_request())
    (takes.root / "one").rename(takes.root / "two")
    assert "another job" in takes.scan()[1][0].text


def test_leftovers_are_swept_and_nothing_else(takes):
    takes.store(a_request())
    (takes.work_folder("one") / "half.wav").write_bytes(b"half")
    old = takes.leftovers()
    young = takes.work_folder("one")
    takes.sweep(old)
    assert takes.leftovers() == (young,)
    assert len(takes.scan()[0]) == 1


def test_one_server_at_a_time(takes):
    second = Takes(takes.root)
    with pytest.raises(DeskError) as found:
        second.open()
    assert found.value.code == "jobs_in_use"
    assert str(takes.root) in str(found.value)
    takes.close()
    second.open()
    second.close()


def test_the_lock_of_a_killed_server_is_free(tmp_path):
    script = (
        "import sys, os, signal; from pathlib import Path; from twopop.takes import Takes;"
        "Takes(Path(sys.argv[1])).open(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=False)
    shelf = Takes(tmp_path)
    shelf.open()
    shelf.close()


def test_a_full_disk_has_its_own_code(takes, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeskError) as found:
        takes.store(a_request())
    assert found.value.code == "disk_full"
    monkeypatch.undo()
    assert takes.scan() == ((), ())
    assert takes.leftovers() == ()
    takes.store(a_request())


@given(st.text(min_size=1, max_size=80))
def test_folder_names_are_safe_and_tell_jobs_apart(job):
    name = folder_name(job)
    assert name.isascii()
    assert len(name) <= 140
    assert "/" not in name
    assert "\\" not in name
    assert ":" not in name
    assert not name.startswith(".")
    assert name != folder_name(job + "x")
    assert Path("root", name).parent == Path("root")


@pytest.mark.parametrize("job", ["con", "NUL", "com1", "..", ".work", "history.json", "aux.wav", "end."])
def test_names_that_mean_something_to_a_system_are_written_otherwise(job):
    assert folder_name(job) not in (job, job.lower())
    assert folder_name("Cue-07_a.b") == "Cue-07_a.b"


controls = st.builds(
    Controls,
    text=st.sampled_from(["", "a dark sea, calm", "Ünïcode ✓"]),
    mood=st.lists(st.sampled_from(["tense", "calm"]), unique=True).map(tuple),
    tempo=st.one_of(st.none(), st.floats(40, 240), st.sampled_from(["slow", "fast"])),
    seed=st.integers(0, 2**31 - 1),
    variations=st.integers(1, 8),
    loudness=st.floats(-40, -10),
    hits=st.one_of(
        st.sampled_from(["auto", "off"]),
        st.builds(lambda frame, weight: (Hit(frame, weight, "client"),), st.integers(0, 10**6), st.floats(0.01, 1)),
    ),
)


@given(controls, st.fractions(min_value=1, max_value=120), st.integers(0, 10**6))
def test_a_request_survives_the_disk(values, rate, first):
    request = ScoreRequest(job="j", clip=Clip(Path("/a b/ü.mov"), first, first + 9, rate), controls=values)
    assert request_from_plain(json.loads(json.dumps(request_to_plain(request)))) == request


def test_a_card_survives_the_disk_and_a_move(tmp_path):
    card = a_card(tmp_path / "before")
    (tmp_path / "before").mkdir()
    card.save()
    assert TakeCard.load(tmp_path / "before") == card
    (tmp_path / "before").rename(tmp_path / "after")
    assert TakeCard.load(tmp_path / "after") == a_card(tmp_path / "after")


def test_a_card_from_the_future_is_refused_with_reason(tmp_path):
    (tmp_path / "take.json").write_text(json.dumps({**a_card(tmp_path).to_json(), "format": 2}))
    with pytest.raises(ValueError, match="it has format 2, this twopop knows formats up to 1"):
        TakeCard.load(tmp_path)


def test_a_card_with_an_unknown_field_is_read(tmp_path):
    (tmp_path / "take.json").write_text(json.dumps({**a_card(tmp_path).to_json(), "colour": "blue"}))
    assert TakeCard.load(tmp_path) == a_card(tmp_path)
