"""The conversation with the real server, through the real relay: found, welcomed, asked, healed."""

import json
import os
import signal
import time

import pytest
from tests.clients.reaper.lua import plain, room, table
from tests.clients.reaper.rig import Reaper
from tests.serving import serving

CUE = {"text": "calm piano", "seed": 3}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("linked"), ()) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with Reaper(lua_version, tmp_path, {"TWOPOP_CONFIG_DIR": served.environment["TWOPOP_CONFIG_DIR"]}) as made:
        made.new_script(tmp_path / "test")
        yield made


def connected(host):
    """A link over a relay to the server that discovery finds."""
    lua = host.script.lua
    server = room(lua, "discovery").find(host.reaper)
    transport = room(lua, "relay").open(host.reaper, server)
    link = room(lua, "link").new(
        lua.table_from({"transport": transport, "clock": host.reaper.time_precise, "token": server.token})
    )
    return link, transport


def until(link, so, seconds=60):
    """Turn the link until something is so."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, (link.state, plain(link.followed))
        assert link.tick(link) is True
        time.sleep(0.01)


def request(host, job, **controls):
    pairs = [[name, value] for name, value in (CUE | controls).items()]
    rate = {"num": 25, "den": 1}
    asked = {"job": job, "media": "", "first": 0, "stop": 50, "rate": rate, "controls": pairs}
    return table(host.script.lua, asked)


def test_it_is_welcomed_and_told_the_controls(host):
    link, transport = connected(host)
    rows = []
    link.controls(link, rows.append)
    until(link, lambda: rows)
    found = {row["name"]: row for row in plain(rows[0])}
    assert "piano" in found["genre"]["choices"].split(",")
    assert (found["tempo"]["low"], found["tempo"]["high"]) == (40, 240)
    assert (link.state, transport.name) == ("up", "relay")
    transport.close(transport)


def test_a_cue_comes_whole(host, lua_version):
    link, transport = connected(host)
    takes = []
    link.score(link, request(host, f"whole-{lua_version}"), takes.append)
    until(link, lambda: takes and takes[-1].state in ("done", "failed"))
    take = plain(takes[-1])
    assert (take["state"], take["fraction"]) == ("done", 1)
    assert [stem["index"] for stem in take["stems"]] == list(range(1, take["stems"][0]["count"] + 1))
    assert all(stem["samples"] == 96_000 for stem in take["stems"])
    assert "piano" in take["text"]
    assert {line["track"] for line in take["references"]} == {"broad", "targeted"}
    assert not plain(link.followed), "what is over is not followed any more"
    transport.close(transport)


def test_an_error_is_the_jobs_end(host, lua_version):
    link, transport = connected(host)
    takes = []
    link.score(link, request(host, f"wrong-{lua_version}", genre="polka"), takes.append)
    until(link, lambda: takes)
    assert plain(takes[-1])["error"]["code"] == "bad_control"
    transport.close(transport)


def test_a_request_that_no_message_holds_fails_here_and_is_not_sent_for_ever(host):
    """The server would refuse it without knowing whose it is."""
    link, transport = connected(host)
    until(link, lambda: link.state == "up")
    takes = []
    link.score(link, request(host, "long", text="calm piano " * 900), takes.append)
    until(link, lambda: takes, 2)
    assert plain(takes[-1])["error"]["code"] == "message_too_large"
    assert not plain(link.followed)
    transport.close(transport)


def test_a_running_job_is_cancelled(host, lua_version):
    link, transport = connected(host)
    states = []
    asked = request(host, f"stopped-{lua_version}")
    asked.stop = 25 * 600

    def heard(take):  # a name of its own: what only Lua holds may be collected
        states.append(take.state)

    link.score(link, asked, heard)
    until(link, lambda: "running" in states or "accepted" in states)
    link.cancel(link, f"stopped-{lua_version}")
    until(link, lambda: states[-1] not in ("running", "accepted"))
    assert states[-1] == "cancelled"
    transport.close(transport)


def test_the_relay_ends_when_it_is_told_to(host):
    link, transport = connected(host)
    until(link, lambda: link.state == "up")
    transport.close(transport)
    transport.close(transport)
    assert host.processes[-1].wait(5) == 0


def test_the_relay_ends_when_closed_before_it_began(host):
    _, transport = connected(host)
    transport.close(transport)
    assert host.processes[-1].wait(8) == 0


def test_silence_is_noticed_and_a_new_server_is_greeted(lua_version, tmp_path):
    """The server is killed; another one on the same port is told everything again."""
    environment = {}
    with serving(tmp_path, ()) as first:
        environment = {"TWOPOP_CONFIG_DIR": first.environment["TWOPOP_CONFIG_DIR"]}
        pid = json.loads((tmp_path / "config_dir" / "server.json").read_text())["pid"]
        with Reaper(lua_version, tmp_path, environment) as host:
            host.new_script(tmp_path / "test")
            link, transport = connected(host)
            until(link, lambda: link.state == "up")
            known = link.pid
            os.kill(pid, signal.SIGKILL)
            until(link, lambda: link.state == "gone", 10)
            with serving(tmp_path, (), first.port):
                until(link, lambda: link.state == "up", 30)
                assert link.pid != known
            transport.close(transport)
