"""The panel by ReaImGui: the same functions as on the plain window, and what happens where ReaImGui does not work."""

import pytest
from tests.clients.reaper.lua import plain
from tests.clients.reaper.rig import Violation
from tests.clients.reaper.rig.imgui import ImGui
from tests.clients.reaper.studio import PANEL, PATIENCE, film, stems, studio
from tests.serving import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("imguied"), (film().parent,)) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as made:
        yield made


def test_a_whole_cue_through_imgui(host, tmp_path):
    gui = ImGui(host, tmp_path / "gui")
    host.run(PANEL)
    host.tick(until=lambda: gui.sees("twopop is ready.") and gui.sees("genre"), seconds=PATIENCE)
    assert not host.windows, "no gfx window where ReaImGui is there"
    gui.opened.add("genre")
    gui.press("piano")
    gui.put("seed", 7)
    for name in ("Hits", "Description", "References", "More controls", "Placing", "History"):
        gui.press(name)
    host.tick(until=lambda: not gui.pressed and not gui.values, seconds=5)
    gui.put("####description", "a calm piano by the sea, später")
    gui.press("Score")
    host.tick(until=lambda: gui.sees("Done."), seconds=PATIENCE)
    assert len(stems(host.project)) >= 3
    assert gui.sees("später")
    gui.key = "Key_Escape"
    host.tick(until=lambda: all(script.ended for script in host.scripts), seconds=3)


def test_a_reaimgui_that_is_another_is_said_and_the_plain_panel_comes(host, tmp_path):
    ImGui(host, tmp_path / "gui", version="0.8")
    host.run(PANEL)
    host.tick(until=lambda: host.sees("ReaImGui does not work"), seconds=5)
    assert "Update ReaImGui with ReaPack" in "".join(host.screen()), "over the lines that it takes"
    assert host.sees("Score")


def test_who_wants_the_plain_window_gets_it(host, tmp_path):
    ImGui(host, tmp_path / "gui")
    host.state["twopop", "panel"] = '{"plain":true}'
    host.run(PANEL)
    host.tick(until=lambda: host.sees("Score"), seconds=5)


_WRONG = {
    "unknown name": 'gui.Label(ctx, "x")',
    "a window left open": 'gui.Begin(ctx, "again", true)',
    "a text that is a number": "gui.Text(ctx, 3)",
    "an argument too many": 'gui.Text(ctx, "a", "b")',
    "no context": 'gui.Text("x")',
    "an end without a beginning": "gui.EndCombo(ctx)",
}


@pytest.mark.parametrize("wrong", _WRONG)
def test_the_fake_is_strict(host, tmp_path, wrong):
    ImGui(host, tmp_path / "gui")
    host.new_script(tmp_path / "test")
    gui = host.require("twopop.kit_imgui").load(host.reaper)
    lua = host.script.lua
    begin = lua.eval('function(gui) local ctx = gui.CreateContext("t") gui.Begin(ctx, "t", true) return ctx end')
    act = lua.eval(f"function(gui, ctx) {_WRONG[wrong]} end")
    context = begin(gui)
    with pytest.raises(Violation):
        act(gui, context)


def test_both_kits_have_the_same_functions(host, tmp_path):
    gui = ImGui(host, tmp_path / "gui")
    host.new_script(tmp_path / "test")
    lua = host.script.lua
    public = lua.eval(
        "function(kit) local names = {} "
        'for name, value in pairs(getmetatable(kit)) do if type(value) == "function" and not name:find("^_") then '
        "names[#names + 1] = name end end table.sort(names) return names end"
    )
    shim = host.require("twopop.kit_imgui").load(host.reaper)
    one = host.require("twopop.kit_imgui").open(lua.table_from({"imgui": shim, "title": "t", "width": 9, "height": 9}))
    other = host.require("twopop.kit_gfx").open(
        lua.table_from({"gfx": lua.globals().gfx, "title": "t", "width": 9, "height": 9})
    )
    assert set(plain(public(one))) == set(plain(public(other))) - {"caption"}
    assert gui.frames == 0
