"""From the button to the request, over as many turns as a long picture needs: what was pressed is what is asked for."""

import json
from pathlib import Path

import opentimelineio as otio
import pytest
from tests.clients.reaper.lua import slow_clock
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.studio import PATIENCE, film, opened
from tests.serving import serving

CUTS = 400


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("ordered"), (film().parent, tmp_path_factory.getbasetemp())) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with Reaper(lua_version, tmp_path, {"TWOPOP_CONFIG_DIR": served.environment["TWOPOP_CONFIG_DIR"]}) as made:
        cut_film(made.project, tmp_path)
        yield made


def cut_film(project, folder):
    """Many shots of two frames, none of which goes on where the one before ended."""
    project.path = folder / "cut.rpp"
    track = project.add_track("Video")
    for number in range(CUTS):
        track.add_video(film(), 10 + number * 0.08, 0.08, offset=(number * 7) % 50 * 0.16, loop=False)
    project.select(10.0, 10.0 + CUTS * 0.08)


def pressed(host):
    """Press Score; the picture is not read in that turn."""
    opened(host)
    slow_clock(host.scripts[-1].lua)
    host.click("Score")
    assert host.sees("Reading the picture ...")


def asked(host):
    """Wait until the request is out, stop the job; how many clips its timeline has."""
    host.tick(until=lambda: host.sees("Cancel"), seconds=PATIENCE)
    (path,) = Path(host.project.path.parent).rglob("reaper-*.otio")
    host.click("Cancel")
    host.tick(until=lambda: host.sees("Cancelled.") or host.sees("Done."), seconds=PATIENCE)
    return clips_in(path)


def clips_in(path):
    """How many clips a timeline has."""
    timeline = otio.adapters.read_from_file(str(path))  # its tracks live as long as it does
    return len(list(timeline.find_clips()))


def test_a_long_picture_is_read_over_some_turns(host):
    pressed(host)
    assert asked(host) == CUTS


def test_pressing_again_meanwhile_asks_once(host, served):
    before = len(list(served.jobs.glob("reaper-*")))
    pressed(host)
    host.click("Score")
    assert asked(host) == CUTS
    assert len(list(served.jobs.glob("reaper-*"))) == before + 1


def test_what_is_set_meanwhile_is_not_asked(host, served):
    pressed(host)
    host.click("+ any")  # genre
    host.click("piano")
    assert host.sees("Reading the picture ...")
    asked(host)
    newest = max(served.jobs.glob("reaper-*/request.json"), key=lambda path: path.stat().st_mtime_ns)
    assert "genre" not in dict(json.loads(newest.read_text())["controls"])


def test_a_project_that_changes_meanwhile_is_read_again(host):
    pressed(host)
    gone = host.project.track("Video").items.pop()
    gone.alive = gone.take.alive = False
    assert asked(host) == CUTS - 1


def test_the_tab_in_which_it_was_pressed_is_asked_for(host):
    pressed(host)
    asked_from = host.project
    other = host.add_tab()
    host.tick(until=lambda: host.sees("Cancel"), seconds=PATIENCE)
    (path,) = Path(asked_from.path.parent).rglob("reaper-*.otio")
    assert clips_in(path) == CUTS
    assert (other.tracks, other.undos) == ([], [])
    host.click("Cancel")
    host.tick(until=lambda: host.sees("Cancelled.") or host.sees("Done."), seconds=PATIENCE)


def test_a_tab_that_is_closed_meanwhile_is_said(host):
    pressed(host)
    asked_from = host.project
    host.add_tab()
    host.close_tab(asked_from)
    host.tick(until=lambda: host.sees("The project that this was asked from is closed."), seconds=5)


def test_stop_leaves_nothing(host, served):
    before = {path.name for path in served.jobs.glob("reaper-*")}
    pressed(host)
    host.click("Stop")
    host.tick(until=lambda: not host.sees("Reading the picture ..."), seconds=5)
    assert host.sees("twopop is ready.")
    assert {path.name for path in served.jobs.glob("reaper-*")} == before
    assert not list(host.project.path.parent.rglob("*.otio"))
