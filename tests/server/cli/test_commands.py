import json
import os
import subprocess
import sys

import pytest

from twopop_models.controls import CONTROLS

COMMANDS = (
    "serve",
    "score",
    "status",
    "describe",
    "hits",
    "preview",
    "doctor",
    "controls",
    "settings",
    "demo",
    "library",
    "models",
    "evaluate",
)


def twopop(*words, **environment):
    command = [sys.executable, "-m", "twopop", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200", **environment}
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    done = twopop(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_help_lists_every_command():
    assert all(f" {command} " in twopop("--help").stdout for command in COMMANDS)


@pytest.mark.parametrize("words", [("--help",), ("controls", "--json"), ("settings", "--json"), ("models", "list")])
def test_light_commands_import_no_tensors(words):
    code = (
        "import sys; sys.argv[1:] = sys.argv[2:]\nfrom twopop.cli.commands import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('torch', 'transformers', 'librosa', 'av') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, "x", *words], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_controls_are_the_table():
    rows = json.loads(twopop("controls", "--json").stdout)
    assert [row["name"] for row in rows] == [control.name for control in CONTROLS]
    assert "tense" in twopop("controls").stdout


def test_settings_say_where_each_value_came_from(tmp_path):
    done = twopop("settings", "--json", TWOPOP_PORT="7999", TWOPOP_CONFIG_DIR=str(tmp_path))
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert (rows["port"]["value"], rows["port"]["origin"]) == ("7999", "TWOPOP_PORT")
    assert rows["host"]["origin"] == "default"


def test_an_error_is_one_line_with_its_code(tmp_path):
    done = twopop("describe", str(tmp_path / "absent.mp4"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().splitlines()[-1].endswith(("[media_missing]", "[media_forbidden]"))


def test_a_word_that_is_no_pair_is_refused():
    done = twopop("score", "--text", "calm", "--set", "mood")
    assert done.returncode == 2
    assert "KEY=VALUE" in done.stderr


def test_describe_says_what_is_seen():
    from twopop.demo.footage import clip_path

    path = clip_path("bikes.mp4").resolve()
    done = twopop("describe", str(path), "--frames", "0:100", "--json", TWOPOP_MEDIA_ROOTS=str(path.parent))
    said = json.loads(done.stdout)
    assert 18 <= len(said["sentence"].split()) <= 22
    assert [shot[0] for shot in said["shots"]] == [0, 30, 76]


def test_the_doctor_finds_this_installation_well(tmp_path):
    folders = {name: str(tmp_path / name) for name in ("TWOPOP_JOBS_FOLDER", "TWOPOP_CACHE_FOLDER")}
    done = twopop("doctor", "--json", **folders)
    bad = [check for check in json.loads(done.stdout) if not check["well"]]
    assert (done.returncode, bad) == (0, [])


def test_the_doctor_names_a_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = twopop("doctor", "--json", TWOPOP_JOBS_FOLDER=str(tmp_path / "file" / "jobs"))
    bad = [check for check in json.loads(done.stdout) if not check["well"]]
    assert done.returncode == 1
    assert [check["what"] for check in bad] == ["jobs_folder"]
    assert "TWOPOP_JOBS_FOLDER" in bad[0]["remedy"]
