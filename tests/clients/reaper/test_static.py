"""The scripts, read: luacheck knows REAPER's functions by name, and both Luas compile every file."""

import json
import subprocess

import pytest
from tests.clients.conftest import need
from tests.clients.reaper.rig.table import TABLE

from twopop.installing.reaper import script_names, scripts_folder

FOLDER = scripts_folder()


def checked(folder, tmp_path, *files):
    """What luacheck says, with the functions that ``reaper`` has taken from the table of signatures."""
    need("luacheck")
    names = json.loads(TABLE.read_text("utf-8"))["functions"]
    fields = ", ".join(f"{name} = {{}}" for name in names)
    rules = (FOLDER / ".luacheckrc").read_text()
    rules = rules.replace(
        'globals = { "reaper", "gfx" }', f'read_globals = {{ "gfx", reaper = {{ fields = {{ {fields} }} }} }}'
    )
    config = tmp_path / "luacheckrc"
    config.write_text(rules)
    command = ["luacheck", "--no-color", "-q", "--no-cache", "--config", str(config), *(files or (".",))]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.peer
def test_luacheck_has_nothing_to_say(tmp_path):
    done = checked(FOLDER, tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.peer
def test_luacheck_would_see_a_misspelt_function(tmp_path):
    (tmp_path / "twopop_Wrong.lua").write_text("reaper.UpdateArangeView()\n")
    done = checked(tmp_path, tmp_path, "twopop_Wrong.lua")
    assert done.returncode != 0
    assert "UpdateArangeView" in done.stdout


@pytest.mark.parametrize("name", script_names(FOLDER), ids=str)
def test_every_file_compiles(lua, name):
    chunk = lua.globals().loadfile(str(FOLDER / name))
    assert not isinstance(chunk, tuple), chunk


def test_no_shell_is_ever_asked():
    for name in script_names(FOLDER):
        text = (FOLDER / name).read_text("utf-8")
        assert "os.execute" not in text, name
        assert "io.popen" not in text, name
