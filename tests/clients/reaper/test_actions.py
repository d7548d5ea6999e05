"""The actions on a cue that is there, each from the action list, with the real server: what they ask and change."""

import json

import pytest
from tests.clients.reaper.studio import PATIENCE, film, stems, studio
from tests.serving import score as scored
from tests.serving import serving

ALL = {"drums", "bass", "harmony", "pads", "melody", "accents"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("acted"), (film().parent,)) as server:
        scored(server, "cue-1", film(), 25, 75, genre="piano")
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    """A project into which the cue was imported at second 11, no window open."""
    with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as made:
        made.project.cursor = 11.0
        made.run("twopop_Re-import job.lua")
        made.tick(until=lambda: made.sees("cue-1"), seconds=PATIENCE)
        made.click("cue-1")
        made.tick(until=lambda: stems(made.project), seconds=PATIENCE)
        close(made)
        yield made


def close(host):
    host.key(27)
    host.tick(until=lambda: not host.windows, seconds=3)


def act(host, name):
    """Run an action and wait until its window has gone."""
    host.run(f"twopop_{name}.lua")
    host.tick(until=lambda: not host.windows, seconds=PATIENCE)


def requests(served):
    """The controls of every request, the newest first."""
    paths = sorted(served.jobs.glob("reaper-*/request.json"), key=lambda path: -path.stat().st_mtime_ns)
    return [dict(json.loads(path.read_text())["controls"]) for path in paths]


def pick(host, *names):
    placed = stems(host.project)
    for name, item in placed.items():
        item.selected = name in names
    return [placed[name] for name in names]


def counts(host):
    return {name: len(item.takes) for name, item in stems(host.project).items()}


def test_one_stem_is_made_anew_and_only_it_gets_a_take(host, served):
    name = sorted(stems(host.project).keys() & ALL)[0]
    (item,) = pick(host, name)
    before = counts(host)
    act(host, "Regenerate this stem")
    assert counts(host) == before | {name: 2}
    asked = requests(served)[0]
    assert (asked["stems"], asked["genre"]) == (name, "piano")
    assert asked["base"] == "cue-1"
    assert item.take is item.takes[1]
    assert (item.position, item.length) == (11.0, 2.0)
    host.project.undo()
    assert counts(host) == before


def test_a_region_is_asked_in_frames_of_the_request(host, served):
    name = sorted(stems(host.project).keys() & ALL)[0]
    (item,) = pick(host, name)
    item.values["D_POSITION"] = 31.0  # moved: what counts is what the item plays
    host.project.select(31.4, 40.0)
    act(host, "Regenerate this region")
    assert requests(served)[0]["redo"] == "35:75"  # the range begins at frame 25 of the film
    assert len(item.takes) == 2
    assert (item.position, item.length) == (31.0, 2.0)


def test_a_region_beside_the_items_is_told(host):
    pick(host, sorted(stems(host.project).keys() & ALL)[0])
    host.project.select(50.0, 52.0)
    host.run("twopop_Regenerate this region.lua")
    assert "beside the selected items" in host.boxes[-1]
    assert not host.windows


def test_a_variation_is_a_take_on_every_item_also_after_a_stem_was_made_anew(host, served):
    names = sorted(stems(host.project).keys() & ALL)
    pick(host, names[0])
    act(host, "Regenerate this stem")
    act(host, "New variation")
    asked = requests(served)[0]
    assert "base" not in asked
    assert "stems" not in asked
    assert asked["genre"] == "piano"
    assert int(asked["seed"]) > 0
    assert counts(host) == {name: 2 + (name == names[0]) for name in counts(host)}


def test_nothing_selected_is_told(host):
    for item in host.project.items:
        item.selected = False
    for name in ("Regenerate this stem", "Regenerate this region", "New variation", "Restore settings from item"):
        host.run(f"twopop_{name}.lua")
        assert "No item that twopop made is selected" in host.boxes[-1]
    assert len(host.boxes) == 4


def test_settings_come_back_into_a_panel_that_is_closed_or_open(host):
    pick(host, sorted(stems(host.project).keys() & ALL)[0])
    host.run("twopop_Restore settings from item.lua")
    host.tick(until=lambda: host.sees("+ piano"), seconds=PATIENCE)
    host.click("+ piano")
    host.click("any")
    assert not host.sees("+ piano")
    host.run("twopop_Restore settings from item.lua")
    host.tick(until=lambda: host.sees("+ piano"), seconds=5)
    assert len(host.windows) == 1


def test_a_job_comes_again_to_its_range_or_to_the_cursor(host, lua_version):
    host.project.undo()
    assert not stems(host.project)
    host.run("twopop_Re-import job.lua")
    host.project.cursor = 0.0
    host.tick(until=lambda: host.sees("cue-1  done  00:00:11:00"), seconds=PATIENCE)
    host.click("cue-1")
    host.tick(until=lambda: stems(host.project), seconds=PATIENCE)
    assert {item.position for item in stems(host.project).values()} == {11.0}
    other = host.add_tab()
    other.cursor = 3.0
    host.tick(until=lambda: host.sees("at the edit cursor"), seconds=3)
    host.click("cue-1")
    host.tick(until=lambda: stems(other), seconds=PATIENCE)
    assert {item.position for item in stems(other).values()} == {3.0}
    close(host)


def test_a_job_whose_tab_is_closed_before_it_comes_is_said(host):
    asked_from = host.add_tab()
    host.run("twopop_Re-import job.lua")
    host.tick(until=lambda: host.sees("cue-1"), seconds=PATIENCE)
    host.click("cue-1")
    host.close_tab(asked_from)
    host.tick(until=lambda: host.sees("The project that this was asked from is closed."), seconds=PATIENCE)
    close(host)


def test_the_cue_sheet_opens(host, served):
    pick(host, sorted(stems(host.project).keys() & ALL)[0])
    host.swallowed.add("/usr/bin/xdg-open")
    host.run("twopop_Open the cue sheet.lua")
    program, path = host.commands[-1]
    assert program == "/usr/bin/xdg-open"
    assert path.endswith("cue-sheet.md")
    assert path.startswith(str(served.jobs))
    for item in host.project.items:
        item.selected = False
    host.run("twopop_Open the cue sheet.lua")
    assert host.commands[-1][1] == path, "without a selection, the project's last cue"
    assert not host.boxes
