import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from twopop.cli.commands import app

COMMANDS = ("bridges", "controls", "tempo", "following", "copying", "against")


@pytest.fixture
def environment(tmp_path):
    names = ("CONFIG_DIR", "LIBRARY_FOLDER", "CACHE_FOLDER", "JOBS_FOLDER")
    return {**os.environ, "COLUMNS": "200"} | {f"TWOPOP_{name}": str(tmp_path / name.lower()) for name in names}


def twopop(environment, *words):
    command = [sys.executable, "-m", "twopop", "evaluate", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_evaluation_has_help(environment, command):
    done = twopop(environment, command, "--help")
    assert done.returncode == 0
    assert all(f"--{name}" in done.stdout for name in ("composer", "count", "seeds", "seconds", "seed", "json"))


def test_tables_are_json_and_say_what_was_run(environment):
    words = ("--count", "1", "--seeds", "2", "--seed", "7", "--seconds", "6", "--json")
    done = twopop(environment, "tempo", "--composer", "band", *words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["composer"], found["seeds"], found["cues"]) == ("band", [7, 8], 6)
    assert [row["asked"] for row in found["tables"][0]["rows"]] == ["fast", "medium", "slow"]
    assert "6 cues" in done.stderr


def here(environment, monkeypatch, *words):
    """The same within this process, which has loaded networks already."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["evaluate", *words])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


FEW = ("--composer", "band", "--count", "2", "--seeds", "1", "--seconds", "6", "--json")


@pytest.mark.slow
@pytest.mark.parametrize("tell", ["all", "mood"])
def test_bridges_of_the_library_are_a_table(environment, monkeypatch, tell):
    found = here(environment, monkeypatch, "bridges", *FEW, "--tell", tell)
    table, differences = found["tables"]
    assert any(f"told: {tell}" in note for note in table["notes"])
    assert found["cues"] == 8
    names = ["both", "broad only", "targeted only", "none", "the piece itself", "any other piece"]
    assert [row["references"] for row in table["rows"]] == names
    assert all(row["FD"]["value"] > 0 for row in table["rows"][:4])
    assert table["rows"][5]["KL x100"]["value"] > 0
    assert len(differences["rows"]) == 5


@pytest.mark.slow
def test_what_is_copied_and_followed_is_measured(environment, monkeypatch, tmp_path):
    from twopop_models.grid.lanes import CHANNELS

    latents = np.random.default_rng(0).choice([-127, 127], (200, CHANNELS), p=[0.98, 0.02]).astype(np.int8)
    np.save(tmp_path / "latents.npy", latents)
    rows = [{"name": f"p{n}", "track": f"t{n}", "first": 50 * n, "cells": 50, "held": n == 3} for n in range(4)]
    (tmp_path / "pieces.json").write_text(json.dumps(rows))
    copied = here(environment, monkeypatch, "copying", "--training", str(tmp_path), *FEW)
    assert [row["count"] for row in copied["tables"][0]["rows"][:2]] == [1, 2]
    followed = here(environment, monkeypatch, "following", *FEW, "--levels", "0,1")
    assert [len(table["rows"]) for table in followed["tables"]] == [12, 6, 3, 2]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tempo", "--composer", "nobody"), 1, "[bad_control]"),
        (("bridges", "--composer", "band", "--held", "absent.json"), 1, "[held_unreadable]"),
        (("copying", "--training", "absent"), 1, "[held_unreadable]"),
        (("against", "--composer", "band", "--other", "band"), 1, "itself"),
        (("following", "--levels", "1,0"), 2, "rising"),
        (("following", "--levels", "0,nan"), 2, "rising"),
        (("following", "--levels", "0,inf"), 2, "rising"),
        (("tempo", "--composer", "musicgen"), 1, "twopop: "),
        (("tempo", "--seconds", "1"), 2, "4"),
    ],
)
def test_mistakes_are_told_with_a_remedy(environment, words, code, said):
    done = twopop(environment, *words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another matter there")
def test_an_evaluation_can_be_stopped(environment, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    words = ["tempo", "--composer", "band", "--count", "21", "--seeds", "9", "--seconds", "30"]
    running = subprocess.Popen(
        [sys.executable, "-m", "twopop", "evaluate", *words],
        env=environment | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not any(scratch.glob("twopop-evaluate-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert running.returncode != 0
    assert out == ""
    assert "Traceback" not in err
    assert list(scratch.glob("twopop-evaluate-*")) == []
