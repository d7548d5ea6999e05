"""A real server for tests: its own process, the real engine, folders of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from twopop import discovery
from twopop.client import connected
from twopop.delivery.card import TakeCard
from twopop.messages import ScoreRequest
from twopop_models.controls import Controls
from twopop_models.types import Clip

PATIENCE = 60.0


@dataclass(frozen=True)
class Served:
    """A server that runs: where it listens, its folders, and the environment in which clients find it."""

    port: int
    home: Path
    environment: dict[str, str]

    @property
    def jobs(self) -> Path:
        """The jobs folder."""
        return self.home / "jobs"


@contextmanager
def serving(home, roots, port=0, **settings):
    """Run a server below ``home`` that may read below ``roots``; everybody else's environment is left alone."""
    names = ("config_dir", "library_folder", "cache_folder", "packs_folder", "jobs_folder")
    folders = {name: home / name for name in names}
    folders["jobs_folder"] = home / "jobs"
    environment = os.environ | {f"TWOPOP_{name.upper()}": str(value) for name, value in (folders | settings).items()}
    command = [sys.executable, "-m", "twopop", "serve", "--port", str(port)]
    for root in roots:
        command += ["--media-root", str(root)]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield Served(_port(process, environment, home / "log"), home, environment)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _port(process, environment, log):
    deadline = time.monotonic() + PATIENCE
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOPOP_CONFIG_DIR", environment["TWOPOP_CONFIG_DIR"])
        while time.monotonic() < deadline and process.poll() is None:
            found = discovery.read()
            if found is not None and found.pid == process.pid:
                return found.port
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def free_port():
    """A UDP port that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Answer:
    """Everything that the server said of a job; ``last`` is how it ended."""

    messages: tuple

    @property
    def last(self):
        """Done, cancelled or error."""
        return self.messages[-1]

    def all(self, kind):
        """Every message of a kind, in order."""
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def card(self):
        """The take's card."""
        return TakeCard.load(Path(self.last.folder))


def request(job, media, first=0, stop=50, rate=25, **controls):
    """A request as a client makes it."""
    clip = Clip(None if media is None else Path(media), first, stop, rate)
    return ScoreRequest(job, clip, Controls.parse(controls.items()))


async def follow(client, asked):
    """Have a job done; all that is said of it."""
    return Answer(tuple([message async for message in client.score(asked)]))


def score(served, job, media, *where, **controls):
    """Have a job done by a server, from a client of its own; all that was said."""

    async def ask():
        async with connected("127.0.0.1", served.port, name="a test") as client:
            return await follow(client, request(job, media, *where, **controls))

    return asyncio.run(ask())
