"""``twopop score --json`` as a program, through a server that runs and without one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

WORDS = ("--frames", "25:75", "--rate", "25", "--set", "mood=tense", "--set", "tempo=100", "--seed", "7", "--json")


def twopop(environment, *words):
    command = [sys.executable, "-m", "twopop", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def alone(served, tmp_path):
    """An environment in which no server is found."""
    return served.environment | {"TWOPOP_CONFIG_DIR": str(tmp_path), "TWOPOP_JOBS_FOLDER": str(tmp_path / "jobs")}


def checked(done):
    """The take as printed, looked over; nothing but JSON may stand on standard output."""
    assert done.returncode == 0, done.stderr
    take = json.loads(done.stdout)
    assert take.keys() >= {"folder", "stems", "description", "references", "hits", "tempo", "seconds_per_stage"}
    for stem in take["stems"]:
        found = soundfile.info(stem["path"])
        assert (found.frames, found.samplerate) == (stem["samples"], stem["sample_rate"]) == (96_000, 48_000)
        assert stem["first_sample"] == 48_000
    assert {"frame", "weight", "error_frames"} <= take["hits"][0].keys()
    assert {"role", "title", "path", "score", "why"} <= take["references"][0].keys()
    assert set(take["seconds_per_stage"]) >= {"picture", "describe", "retrieve", "compose", "master"}
    assert take["tempo"] == pytest.approx(100, rel=0.02)
    return take


def test_through_the_server_that_runs_and_copied_to_a_folder(served, footage, tmp_path):
    out = tmp_path / "out"
    take = checked(twopop(served.environment, "score", footage.clip, *WORDS, "--job", "command", "--out", out))
    assert Path(take["folder"]) == out
    assert all(Path(stem["path"]).is_relative_to(out) for stem in take["stems"])
    assert (out / "cue.rpp").is_file()
    assert (served.jobs / "command" / "take" / "take.json").is_file()
    listed = json.loads(twopop(served.environment, "status", "--json").stdout)
    assert ("command", "done") in {(line["job"], line["state"]) for line in listed}


def test_without_a_server_one_is_started_for_the_call(alone, footage, tmp_path):
    take = checked(twopop(alone, "score", footage.clip, *WORDS))
    assert Path(take["folder"]).is_relative_to(tmp_path / "jobs")
    assert not (tmp_path / "server.json").exists()  # it does not announce itself


def test_a_take_is_kept_but_for_its_drums(served, footage):
    out = footage.folder / "mine"
    words = (*WORDS, "--set", "genre=rock", "--job", "mine", "--out", out)
    checked(twopop(served.environment, "score", footage.clip, *words))
    for number, base in enumerate(("mine", out)):
        words = ("--base", base, "--stems", "drums", "--redo", "40:60", "--job", f"again-{number}", "--json")
        card = checked(twopop(served.environment, "score", *words))  # the picture and its range are the take's
        for stem in card["stems"]:
            same = Path(stem["path"]).read_bytes() == (out / "v1" / Path(stem["path"]).name).read_bytes()
            assert same == (stem["name"] != "drums")
    assert "base_missing" in twopop(served.environment, "score", "--base", "nobody").stderr


def test_an_error_is_one_line_and_a_status(served, footage):
    done = twopop(served.environment, "score", footage.folder / "missing.mp4", *WORDS)
    assert done.returncode != 0
    assert "media_missing" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_edit_list_says_which_moments_count(alone, footage, tmp_path):
    table = "#,Name,Start,End,Length\nM1,door [0.5 2],01:00:01:15,,\nM2,far away,01:00:59:00,,\n"
    (tmp_path / "markers.csv").write_text(table)
    done = twopop(alone, "score", footage.clip, *WORDS, "--set", f"hits={tmp_path / 'markers.csv'}")
    assert done.returncode == 0, done.stderr
    take = json.loads(done.stdout)
    (hit,) = take["hits"]
    assert (hit["frame"], hit["weight"], hit["tolerance"], hit["label"]) == (40, 0.5, 2.0, "door")
    assert hit["event"] in {"accent", "chord", "fill", "stop", "swell"}
    rows = json.loads(twopop(alone, "hits", take["folder"], "--json").stdout)
    assert [(row["frame"], row["timecode"], row["error_frames"]) for row in rows] == [
        (40, "00:00:01:15", hit["error_frames"])
    ]
    again = twopop(alone, "hits", f"{take['folder']}/hits/hits.edl", "--rate", "25", "--json")
    assert [row["frame"] for row in json.loads(again.stdout)] == [40]
    gone = twopop(alone, "score", footage.clip, *WORDS, "--set", f"hits={tmp_path / 'gone.edl'}")
    assert (gone.returncode, gone.stderr.count("[media_missing]")) == (1, 1)
