"""A real server for other people's OSC programs: its own process, the real engine, folders of its own."""

import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.serving import serving

from twopop.demo.footage import clip_path


@dataclass(frozen=True)
class Served:
    """Where the server listens, and a clip that it may read."""

    port: int
    clip: Path


def need(program, *probe):
    """Skip aloud where a peer is not installed, or fails with the probe's words; fail where tests must be complete."""
    found = shutil.which(program)
    if found is None or (probe and subprocess.run([found, *probe], capture_output=True, check=False).returncode):
        message = f"{program} is not installed; run python3 run.py test as root on Debian, or install it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@contextmanager
def patience(process, seconds):
    """Kill a program that is silent for too long, so that reading its output ends; kill it at the end anyway."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        process.kill()


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    clip = clip_path("bikes.mp4").resolve()
    with serving(tmp_path_factory.mktemp("peers"), (clip.parent,)) as server:
        yield Served(server.port, clip)
