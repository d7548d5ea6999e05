"""Whole stories of a panel and its server: started by the script, closed half-way, cancelled, refused, gone."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest
from tests.clients.reaper.lua import table
from tests.clients.reaper.proof import check
from tests.clients.reaper.rig import NOTICED
from tests.clients.reaper.studio import PANEL, PATIENCE, dress, film, opened, score, stems, studio
from tests.serving import score as scored
from tests.serving import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("sessions"), (film().parent,)) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as made:
        yield made


def accepted(host):
    """Press Score and wait until the server has it."""
    host.click("Score")
    host.tick(until=lambda: host.sees("%") or host.sees("in the queue"), seconds=PATIENCE)


def close(host):
    host.key(27)
    host.tick(until=lambda: not host.windows, seconds=3)


def test_a_panel_closed_half_way_is_picked_up_by_the_next(host):
    opened(host)
    accepted(host)
    close(host)
    host.project.select(0.0, 1.0)
    host.run(PANEL)
    host.tick(until=lambda: stems(host.project), seconds=PATIENCE)
    assert {(item.position, item.length) for item in stems(host.project).values()} == {(11.0, 2.0)}
    close(host)
    host.project.undo()
    opened(host)
    for _ in range(20):
        host.once()
    assert not stems(host.project), "what was undone is not placed again"


def test_stems_come_into_the_tab_that_asked(host):
    first = host.project
    opened(host)
    accepted(host)
    other = dress(host.add_tab())
    host.tick(until=lambda: stems(first), seconds=PATIENCE)
    assert not stems(other)


def test_a_tab_that_was_closed_is_said_and_nothing_lands_elsewhere(host):
    asked = host.project
    opened(host)
    other = dress(host.add_tab())
    host.project = asked
    accepted(host)
    host.close_tab(asked)
    host.tick(until=lambda: host.sees("project_closed"), seconds=PATIENCE)
    assert not stems(other)


def test_a_job_is_cancelled_and_another_follows(host):
    opened(host)
    host.project.select(11.0, 17.0)
    accepted(host)
    host.click("Cancel")
    host.tick(until=lambda: host.sees("Cancelled."), seconds=PATIENCE)
    assert not stems(host.project)
    host.project.select(11.0, 13.0)
    score(host)
    assert stems(host.project)


def test_no_picture_needs_words(host):
    host.project.select(30.0, 32.0)
    opened(host)
    assert host.sees("No picture")
    host.click("Score")
    host.once()
    assert "Write what to score" in "".join(host.screen())
    host.click("Music")
    host.click("Description")
    host.tick(until=lambda: host.sees("Revert"), seconds=2)
    box = next(item for item in host.windows[0].frame if item.words == "Revert")
    host.mouse(host.windows[0], box.x + 30, box.y - 60)
    host.type("calm piano at night")
    score(host)
    assert stems(host.project)


def test_an_error_says_what_and_what_to_do(host):
    opened(host)
    host.click("References")
    host.click("+ twopop looks")
    host.click("this one")
    box = next(item for item in host.windows[0].frame if item.words == "Browse ...")
    host.mouse(host.windows[0], box.x + 60, box.y - 24)
    host.type("no such piece")
    host.click("Score")
    host.tick(until=lambda: host.sees("That did not work."), seconds=PATIENCE)
    assert host.sees("There is no track 'no such piece'")
    assert host.sees("(track_missing)")


def test_no_time_selection_is_said(host):
    host.project.select(0.0, 0.0)
    opened(host)
    host.click("Score")
    assert host.sees("There is no time selection.")


def test_an_absent_twopop_is_said_with_its_remedy(lua_version, tmp_path):
    with studio(lua_version, tmp_path, tmp_path / "nothing") as host:
        host.run(PANEL)
        host.tick(until=lambda: host.sees("twopop is not installed"), seconds=5)
        assert host.sees("twopop serve")
        assert host.sees("Try again")


@pytest.fixture(scope="module")
def filled(served):
    """The server's home after its first cue, which fills the library."""
    scored(served, "first", film(), 0, 25)
    return served.home


@pytest.fixture
def shelves(filled, tmp_path):
    """Settings of a server of its own, with a library that is filled already."""
    shutil.copytree(filled / "library_folder", tmp_path / "library")
    return {"library_folder": tmp_path / "library", "cache_folder": filled / "cache_folder"}


def surroundings(folder, shelves):
    """What the environment says to a server that a script starts."""
    settings = shelves | {"jobs_folder": folder / "jobs", "port": 0, "media_roots": film().parent}
    return {f"TWOPOP_{name.upper()}": str(value) for name, value in settings.items()}


def running(config):
    """The process id of the server that is written down."""
    return json.loads((config / "server.json").read_text())["pid"]


def test_a_server_that_is_down_is_started_by_the_script(lua_version, shelves, tmp_path):
    """From the note where twopop is installed to stems; the file that a dead server left is no obstacle."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "home.json").write_text(json.dumps({"python": sys.executable, "version": "0.1.0"}))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    stale = {"host": "127.0.0.1", "port": 9, "pid": dead.pid, "python": sys.executable, "token": "", "protocol": 1}
    (config / "server.json").write_text(json.dumps(stale))
    with studio(lua_version, tmp_path, config, surroundings(tmp_path, shelves)) as host:
        try:
            opened(host)
            assert any(words[0] == sys.executable and words[-1] == "serve" for words in host.commands)
            score(host)
            check(host.project, 275, 325, tmp_path)
        finally:
            if running(config) != dead.pid:
                os.kill(running(config), signal.SIGTERM)


def test_a_server_that_is_killed_is_started_again_and_the_job_comes(lua_version, shelves, tmp_path):
    config = tmp_path / "config_dir"
    with (
        serving(tmp_path, (film().parent,), **shelves),
        studio(lua_version, tmp_path, config, surroundings(tmp_path, shelves)) as host,
    ):
        opened(host)
        host.project.select(11.0, 17.0)
        accepted(host)
        before = running(config)
        os.kill(before, signal.SIGKILL)
        host.tick(until=lambda: host.sees("does not answer any more"), seconds=30)
        host.tick(until=lambda: stems(host.project), seconds=PATIENCE)
        assert running(config) != before
        check(host.project, 275, 425, tmp_path)
        os.kill(running(config), signal.SIGTERM)


def test_a_job_that_another_window_waits_for_is_left_to_it(host, tmp_path):
    opened(host)
    accepted(host)
    watcher = host.scripts[-1]
    host.run(PANEL)  # a second panel on the same project
    host.tick(until=lambda: stems(host.project), seconds=PATIENCE)
    for _ in range(30):
        host.once()
    assert len(stems(host.project)) == len(host.project.items) - 1, "placed once, beside the film"
    assert not watcher.ended


def test_a_project_with_many_cues_does_not_slow_the_panel(host):
    opened(host)
    memory = host.require("twopop.memory", host.scripts[-1])
    lua = host.scripts[-1].lua
    for number in range(190):
        text = ["text", "what is to be heard here " * 20]
        rate = {"num": 25, "den": 1, "drop": False}
        record = {"job": f"old-{number}", "kind": "place", "request": {"controls": [text], "first": 0, "stop": 9}}
        memory.remember_job(
            host.reaper, host.project, table(lua, record | {"range": {"first": 0, "stop": 9, "rate": rate}})
        )
        memory.finish_job(host.reaper, host.project, f"old-{number}", "done")
    host.click("Music")
    host.click("History")
    host.scripts[-1].slowest = 0.0
    looked = []
    for _ in range(40):
        host.clock_ahead += 0.4
        before = len(host.calls)
        host.once()
        looked.append(host.calls[before:].count("EnumProjExtState"))
    assert host.sees("old-189  done")
    assert 0 < max(looked) < 250, "all of them once in a turn, not twice"
    assert sum(count > 0 for count in looked) >= 15, "the list about once a second, what is left to place every five"
    assert host.scripts[-1].slowest < NOTICED


def test_a_server_that_is_restarted_by_hand_goes_on_with_the_job(lua_version, shelves, tmp_path):
    """It comes back on another port; the panel finds it, and starts none itself."""
    config = tmp_path / "config_dir"
    with studio(lua_version, tmp_path, config, surroundings(tmp_path, shelves)) as host:
        with serving(tmp_path, (film().parent,), **shelves) as first:
            opened(host)
            host.project.select(11.0, 17.0)
            accepted(host)
        assert not stems(host.project), "stopped before it was finished"
        with serving(tmp_path, (film().parent,), **shelves) as second:
            assert second.port != first.port
            host.clock_ahead += 6  # seconds of silence
            host.tick(until=lambda: stems(host.project), seconds=PATIENCE)
        check(host.project, 275, 425, tmp_path)
        assert not any(words[-1] == "serve" for words in host.commands)


def test_a_server_that_cannot_be_started_again_is_said_and_waited_for(lua_version, shelves, tmp_path):
    config = tmp_path / "config_dir"
    with studio(lua_version, tmp_path, config, surroundings(tmp_path, shelves)) as host:
        with serving(tmp_path, (film().parent,), **shelves):
            opened(host)
            host.project.select(11.0, 17.0)
            accepted(host)
            os.kill(running(config), signal.SIGKILL)
        (config / "home.json").unlink()
        host.clock_ahead += 6  # seconds of silence
        host.tick(until=lambda: host.sees("does not answer any more"), seconds=5)
        host.once()
        host.clock_ahead += 9  # and it does not come back
        host.tick(until=lambda: host.sees("twopop is not installed"), seconds=5)
        assert not stems(host.project)
        with serving(tmp_path, (film().parent,), **shelves):
            host.click("Try again")
            host.tick(until=lambda: stems(host.project), seconds=PATIENCE)
        check(host.project, 275, 425, tmp_path)
