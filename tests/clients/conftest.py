"""A real server for other people's OSC programs: its own process, the real engine, folders of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from twopop import discovery
from twopop.demo.footage import clip_path

PATIENCE = 60.0


@dataclass(frozen=True)
class Served:
    """Where the server listens, and a clip that it may read."""

    port: int
    clip: Path
    jobs: Path


def need(program):
    """Skip aloud where a peer is not installed; fail where the tests must be complete."""
    if shutil.which(program) is None:
        message = f"{program} is not installed; run python3 run.py test as root on Debian, or install it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("served")
    clip = clip_path("bikes.mp4").resolve()
    folders = {f"TWOPOP_{name.upper()}": str(home / name) for name in ("config_dir", "library_folder", "cache_folder")}
    command = [sys.executable, "-m", "twopop", "serve", "--port", "0", "--jobs-folder", str(home / "jobs")]
    with (home / "log").open("w") as log, pytest.MonkeyPatch.context() as patch:
        for name, value in folders.items():
            patch.setenv(name, value)
        process = subprocess.Popen([*command, "--media-root", str(clip.parent)], stdout=log, stderr=log)
        try:
            yield Served(_port(process, home / "log"), clip, home / "jobs")
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _port(process, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        found = discovery.read()
        if found is not None and found.pid == process.pid:
            return found.port
        time.sleep(0.05)
    raise AssertionError(log.read_text())
