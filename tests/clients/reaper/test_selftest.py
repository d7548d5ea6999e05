"""The self-test that a person runs inside REAPER, run in the rig: it must find what is there and what is not."""

import json

import pytest
from tests.clients.reaper.lua import plain
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.studio import PATIENCE, film
from tests.serving import serving

from twopop.installing.calls import calls, functions_lua
from twopop.installing.reaper import scripts_folder
from twopop_models.controls import CONTROLS

SCRIPT = "twopop_Self-test.lua"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("selftested"), (film().parent,)) as server:
        yield server


@pytest.fixture
def environment(served):
    return {"TWOPOP_CONFIG_DIR": served.environment["TWOPOP_CONFIG_DIR"]}


def report(host, folder):
    host.run(SCRIPT)
    host.tick(until=lambda: host.boxes, seconds=PATIENCE)
    return json.loads((folder / "twopop-selftest.json").read_text())


def test_all_is_well_on_an_empty_tab(lua_version, environment, tmp_path):
    with Reaper(lua_version, tmp_path, environment) as host:
        found = report(host, tmp_path)
        assert found["missing"]["needed"] == []
        assert found["round_trip"] == dict.fromkeys(("file", "placed", "position", "tracks", "undo", "redo"), True)
        assert found["server"].startswith(f"{len(CONTROLS)} controls, by relay")
        assert "Functions: all there" in host.boxes[0]
        assert not host.project.tracks
        assert not (tmp_path / "twopop-selftest.wav").exists()


def test_a_tab_with_work_in_it_is_left_alone(lua_version, environment, tmp_path):
    with Reaper(lua_version, tmp_path, environment) as host:
        host.project.add_track("Video")
        found = report(host, tmp_path)
        assert "round_trip" not in found
        assert "not tried" in host.boxes[0]
        assert [track.name for track in host.project.tracks] == ["Video"]


def test_what_this_reaper_lacks_is_named(lua_version, environment, tmp_path):
    with Reaper(lua_version, tmp_path, environment, without={"SetProjExtState", "InsertTrackInProject"}) as host:
        host.new_script(tmp_path / "test")
        lacks = plain(host.require("twopop.selftest").missing(host.reaper))
        assert lacks["needed"] == ["SetProjExtState"]
        assert "InsertTrackInProject" in lacks["optional"]
        assert "CF_CreatePreview" in lacks["optional"]


def test_the_list_is_what_the_scripts_call():
    needed, optional = calls(scripts_folder())
    assert {"EnumProjects", "AddMediaItemToTrack", "defer"} <= set(needed)
    assert {"CF_CreatePreview", "ImGui_GetBuiltinPath"} <= set(optional)
    assert (scripts_folder() / "twopop/functions.lua").read_text() == functions_lua(), "run python -m twopop.schema"
