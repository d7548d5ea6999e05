"""REAPER's folders, and the command that fills them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from twopop.errors import DeskError
from twopop.installing import reaper


@pytest.fixture
def config(tmp_path):
    return tmp_path / "config"


@pytest.fixture
def run(config):
    environment = os.environ | {"TWOPOP_CONFIG_DIR": str(config)}

    def call(*words):
        command = [sys.executable, "-m", "twopop", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    return call


@pytest.mark.parametrize(
    ("platform", "environ", "place"),
    [
        ("linux", {}, "~/.config/REAPER"),
        ("linux", {"XDG_CONFIG_HOME": "/conf"}, "/conf/REAPER"),
        ("darwin", {}, "~/Library/Application Support/REAPER"),
        ("win32", {"APPDATA": "/Users/me/AppData/Roaming"}, "/Users/me/AppData/Roaming/REAPER"),
    ],
)
def test_where_reaper_usually_is(platform, environ, place):
    with pytest.raises(DeskError) as caught:
        reaper.resource_path(None, environ, platform)
    assert caught.value.code == "reaper_missing"
    assert str(Path(place).expanduser()) in str(caught.value)


def test_every_script_is_there_and_nothing_else(tmp_path):
    done = reaper.install(reaper.resource_path(tmp_path))
    there = {path.relative_to(done.folder) for path in done.folder.rglob("*.lua")}
    assert there == set(reaper.script_names(reaper.scripts_folder()))
    assert Path("twopop/osc.lua") in there
    assert "twopop_Score time selection.lua" in reaper.actions(done.folder)


def test_the_commands_put_and_take_away(run, config, tmp_path):
    done = run("install-reaper", "--resource-path", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "Scripts" / "twopop")
    assert "twopop_Score time selection.lua" in done.stderr
    assert json.loads((config / "home.json").read_text())["python"] == sys.executable
    gone = run("uninstall-reaper", "--resource-path", str(tmp_path), "--json")
    assert json.loads(gone.stdout)["kept"] == []
    assert not (tmp_path / "Scripts" / "twopop").exists()


def test_taking_away_what_is_not_there_is_an_error(run, tmp_path):
    done = run("uninstall-reaper", "--resource-path", str(tmp_path))
    assert done.returncode == 1
    assert "[not_installed]" in done.stderr
