import json
import os
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from twopop import discovery
from twopop.discovery import Discovery


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("TWOPOP_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config"


def test_a_server_is_found_while_it_runs(config):
    assert discovery.read() is None
    ours = Discovery.ours("127.0.0.1", 7771, "secret")
    assert discovery.write(ours) == config / "server.json"
    assert discovery.read() == ours
    assert (ours.pid, ours.python) == (os.getpid(), sys.executable)
    assert [entry.name for entry in config.iterdir()] == ["server.json"]
    assert discovery.remove(ours)
    assert discovery.read() is None
    assert not discovery.remove(ours)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps folders of a user to that user by itself")
def test_the_token_is_for_the_owner_only():
    found = discovery.write(Discovery.ours("127.0.0.1", 7771, "secret"))
    assert stat.S_IMODE(found.stat().st_mode) == 0o600
    assert "secret" not in repr(discovery.read())


def test_a_process_that_is_gone_is_no_server():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    theirs = replace(Discovery.ours("127.0.0.1", 7771), pid=child.pid)
    import psutil

    theirs = replace(theirs, created=psutil.Process(child.pid).create_time())
    discovery.write(theirs)
    assert discovery.read() == theirs
    child.communicate(b"\n")
    assert discovery.read() is None


def test_a_process_id_that_was_used_again_is_no_server():
    ours = Discovery.ours("127.0.0.1", 7771)
    discovery.write(replace(ours, created=ours.created - 60))
    assert discovery.read() is None


def test_only_our_own_announcement_is_taken_back():
    ours, newer = Discovery.ours("127.0.0.1", 7771), Discovery.ours("127.0.0.1", 7800)
    discovery.write(ours)
    discovery.write(newer)
    assert not discovery.remove(ours)
    assert discovery.read() == newer


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"host": 5}', "\xff", "null"])
def test_a_damaged_file_is_no_server(config, text):
    config.mkdir()
    (config / "server.json").write_text(text, encoding="latin-1")
    assert discovery.read() is None


def test_the_file_is_plain_json_for_other_languages(config):
    discovery.write(Discovery.ours("127.0.0.1", 7771, "t"))
    data = json.loads((config / "server.json").read_text())
    assert set(data) == {"host", "port", "token", "protocol", "pid", "created", "python", "started"}


def test_where_twopop_lives_stays_known_when_the_server_has_gone(config):
    ours = Discovery.ours("127.0.0.1", 7771)
    discovery.write(ours)
    assert discovery.settle() == config / "home.json"
    discovery.remove(ours)
    assert json.loads((config / "home.json").read_text())["python"] == sys.executable
    assert discovery.read() is None
