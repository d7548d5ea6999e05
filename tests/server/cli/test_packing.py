"""``twopop models`` in a process of its own, against a hub on this machine."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time

import pytest
from tests.models.packs import repos
from tests.models.packs.hubs import Hub, serving
from tests.server.cli.test_commands import twopop

from twopop_models.packs.shelf import Shelf

PARTS = ("sao1-autoencoder", "sao1-text-encoder", "sao1-transformer")


@pytest.fixture
def hub():
    with serving(Hub({repos.SAO: repos.stable_audio(), repos.CLAP: repos.clap()})) as hub:
        yield hub


@pytest.fixture
def settings(hub, tmp_path):
    """Variables of a machine of its own: its packs, its hub, no token."""
    return {
        "TWOPOP_PACKS_FOLDER": str(tmp_path / "packs"),
        "TWOPOP_CONFIG_DIR": str(tmp_path),
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(tmp_path / "hf"),
        "HF_TOKEN": "",
    }


@pytest.fixture
def models(settings):
    return lambda *words, **more: twopop("models", *words, **(settings | more))


def error_of(done):
    """The code in the one line of an error."""
    assert done.returncode == 1
    assert done.stdout == ""
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("twopop: ")
    return last[last.rindex("[") + 1 : -1]


def test_the_way_of_a_pack(models, settings, hub, tmp_path):
    """Refused, accepted, listed, verified, bundled, carried, removed."""
    asked = models("get", "stable-audio-open-1.0")
    assert error_of(asked) == "licence_not_accepted"
    assert "Be good." in asked.stderr
    done = models("get", "stable-audio-open-1.0", "--accept-licence")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("is installed") == 3
    assert done.stderr.count("The terms of") == 1

    rows = json.loads(models("list", "--json").stdout)
    assert [row["name"] for row in rows if row["state"] == "installed"] == list(PARTS)
    assert {"clap-music", "htdemucs", "musicgen-medium"} <= {row["name"] for row in rows if row["state"] != "installed"}
    plain = models("list", COLUMNS="80").stdout
    assert all(row["name"] in plain for row in rows)  # whole, so that they can be copied

    (tmp_path / "packs" / PARTS[0] / "vae" / ".DS_Store").write_bytes(b"somebody looked into it")
    assert models("verify").returncode == 0
    report = json.loads(twopop("doctor", "--json", **settings).stdout)
    assert {f"pack {name}" for name in PARTS} == {line["what"] for line in report if line["what"].startswith("pack ")}

    bundle = models("bundle", "stable-audio-open-1.0", str(tmp_path / "sao.tar"))
    assert bundle.stdout.strip() == str(tmp_path / "sao.tar")
    there = {"TWOPOP_PACKS_FOLDER": str(tmp_path / "there"), "HF_ENDPOINT": "http://127.0.0.1:9"}
    words = ("get", "stable-audio-open-1.0", "--from", str(tmp_path / "sao.tar"), "--accept-licence")
    assert models(*words, **there).returncode == 0
    assert [card.name for card in Shelf(tmp_path / "there").installed()] == list(PARTS)

    gone = models("remove", "stable-audio-open-1.0")
    assert (gone.returncode, gone.stderr.count("is removed")) == (0, 3)
    assert Shelf(tmp_path / "packs").installed() == ()
    assert error_of(models("remove", "sao1-transformer")) == "pack_missing"


def test_verify_and_doctor_name_the_damaged_one(models, settings, tmp_path):
    models("get", "sao1-autoencoder", "--accept-licence")
    path = tmp_path / "packs" / "sao1-autoencoder" / "vae" / "diffusion_pytorch_model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    done = models("verify", "--json")
    assert done.returncode == 1
    codes = {item["name"]: item["code"] for item in json.loads(done.stdout)}
    assert codes == {"score": "", "sao1-autoencoder": "pack_corrupt"}
    path.write_bytes(content[:-1])
    line = next(line for line in json.loads(twopop("doctor", "--json", **settings).stdout) if "sao1" in line["what"])
    assert not line["well"]
    assert "twopop models remove sao1-autoencoder" in line["remedy"]
    row = next(row for row in json.loads(models("list", "--json").stdout) if row["name"] == "sao1-autoencoder")
    assert row["state"].startswith("damaged")
    assert models("get", "sao1-autoencoder").returncode == 0
    assert models("verify", "sao1-autoencoder").returncode == 0


def test_info_says_all_of_known_and_installed_ones(models):
    known = json.loads(models("info", "clap-music", "--json").stdout)[0]
    assert (known["repository"], known["state"]) == (repos.CLAP, "not installed")
    models("get", "clap-music")
    there = json.loads(models("info", "clap-music", "--json").stdout)[0]
    assert there["state"] == "installed"
    assert there["revision"].startswith("c0ffee")
    assert "  model.safetensors" in there["files"]
    assert "Be good." not in models("info", "clap-music").stdout
    assert error_of(models("info", "clap-musik")) == "pack_missing"


def test_errors_are_one_line_with_their_code(models, hub):
    assert error_of(models("get", "sao1-transfomer")) == "pack_missing"
    assert error_of(models("get", "clap-music", HF_ENDPOINT="http://127.0.0.1:9")) == "offline"
    assert error_of(models("get", "clap-music", HF_HUB_OFFLINE="1")) == "offline"
    assert error_of(models("get", "clap-music", "--from", "/no/such/folder")) == "pack_missing"
    assert error_of(models("bundle", "clap-music", "x.tar")) == "pack_missing"
    hub.gated.add(repos.SAO)
    assert error_of(models("get", "sao1-autoencoder", "--accept-licence")) == "licence_not_accepted"
    assert models("get", "sao1-autoencoder", "--accept-licence", HF_TOKEN="good").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals there")
@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1)])
def test_who_sits_at_a_terminal_is_asked(settings, hub, tmp_path, answer, status):
    import pty

    hub.repos[repos.SAO]["LICENSE.md"] = b"Be good.\x1b]0;evil\x07"
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "twopop", "models", "get", "sao1-autoencoder"]
    running = subprocess.Popen(words, env=os.environ | settings, stdin=theirs, stderr=theirs, stdout=theirs)
    os.close(theirs)
    said = read_until(ours, b"[y/N]")
    assert b"Be good." in said
    assert b"\x1b]0;evil" not in said
    os.write(ours, f"{answer}\n".encode())
    said = read_until(ours, b"is installed" if answer == "y" else b"licence_not_accepted")
    assert running.wait(60) == status
    os.close(ours)
    assert (tmp_path / "packs" / "sao1-autoencoder").is_dir() == (answer == "y")


def read_until(terminal, wanted):
    """What a terminal shows up to some words."""
    said = b""
    deadline = time.monotonic() + 60
    while wanted not in said and time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            said += os.read(terminal, 4096)
    assert wanted in said
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_command_leaves_no_pack_and_goes_on(models, settings, hub, tmp_path, way):
    hub.wait = threading.Event()
    words = [sys.executable, "-m", "twopop", "models", "get", "clap-music"]
    running = subprocess.Popen(words, env=os.environ | settings, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not hub.got("config.json") and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(way)
    hub.wait.set()
    said = running.communicate(timeout=60)[1]
    assert running.returncode != 0
    assert ("goes on from there" in said) == (way is signal.SIGINT)
    assert not (tmp_path / "packs" / "clap-music").exists()
    hub.wait = None
    assert models("get", "clap-music").returncode == 0
    Shelf(tmp_path / "packs").open("clap-music")


def test_two_at_once_install_one_pack(settings, hub, tmp_path):
    words = [sys.executable, "-m", "twopop", "models", "get", "sao1-transformer", "--accept-licence"]
    running = [subprocess.Popen(words, env=os.environ | settings, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        process.communicate(timeout=120)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert hub.got("transformer/diffusion_pytorch_model.safetensors") == [None]
    Shelf(tmp_path / "packs").open("sao1-transformer")


def test_every_command_has_help_and_is_on_the_page():
    from pathlib import Path

    from twopop.cli.packing import app

    page = (Path(__file__).parents[3] / "docs" / "models.md").read_text("utf-8")
    commands = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert sorted(commands) == ["bundle", "get", "info", "list", "remove", "verify"]
    assert all(command.callback.__doc__ for command in app.registered_commands)
    assert all(f"twopop models {command}" in page for command in commands)


def test_the_pack_that_ships_is_shown_and_verified_and_stays(models):
    rows = json.loads(models("list", "--json").stdout)
    assert rows[0] | {"mb": 0} == {
        "name": "score",
        "role": "score",
        "mb": 0,
        "state": "ships with twopop",
        "licence": "MIT",
        "title": "twopop score: a small VMB on a beat grid",
    }
    assert 0 < rows[0]["mb"] <= 40
    assert json.loads(models("info", "score", "--json").stdout)[0]["state"] == "ships with twopop"
    for words in (("verify",), ("verify", "score")):
        assert json.loads(models(*words, "--json").stdout) == [
            {"name": "score", "whole": True, "code": "", "text": "whole"}
        ]
    for words in (("remove", "score"), ("get", "score"), ("bundle", "score", "score.tar")):
        refused = models(*words)
        assert refused.returncode == 2
        assert "part of twopop" in refused.stderr
    assert json.loads(models("verify", "--json").stdout)[0]["whole"]
