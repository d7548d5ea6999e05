"""What several tests of the desk need: requests, settings, and servers that are really started."""

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from fractions import Fraction
from pathlib import Path

from twopop import settings
from twopop.app import running
from twopop.client import connected
from twopop.messages import ScoreRequest
from twopop_models.controls import Controls
from twopop_models.types import Clip

ROOT = Path(__file__).resolve().parents[2]


def a_request(text="sleep:0", job="one", media=None):
    """Two seconds at 25 frames per second; the fake engine does what the text says."""
    return ScoreRequest(job=job, clip=Clip(media, 0, 50, Fraction(25)), controls=Controls(text=text))


def settings_in(folder, **changes):
    """Settings that touch nothing outside a folder, on any free port."""
    given = {
        "port": 0,
        "media_roots": (folder,),
        "jobs_folder": folder / "jobs",
        "library_folder": folder / "library",
        "cache_folder": folder / "cache",
        "packs_folder": folder / "packs",
        **changes,
    }
    return settings.load(given, {"TWOPOP_CONFIG_DIR": str(folder / "config")})


def engine_path():
    """A PYTHONPATH on which the engine process finds the fake engines."""
    here = str(Path(__file__).parent / "engines")
    return os.pathsep.join(filter(None, (here, str(ROOT), os.environ.get("PYTHONPATH"))))


@asynccontextmanager
async def a_server(folder, *, token="", engine="fake_engine", **changes):
    """A server in this process, its engine in another."""
    async with running(settings_in(folder, **changes), token=token, engine=engine, announce=False) as server:
        yield server


@asynccontextmanager
async def a_client(server, **more):
    """A client of that server."""
    async with connected(server.address.host, server.address.port, **more) as client:
        yield client


SERVE = """
import asyncio, sys
from pathlib import Path
from tests.server.helpers import settings_in
from twopop.app import serve

folder, engine, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ready = lambda server: print(server.address.port, server.engine.pid, flush=True)
asyncio.run(serve(settings_in(folder, port=port), engine=engine, ready=ready))
"""


class Process:
    """A server as its own process."""

    def __init__(self, folder, engine="fake_engine", port=0):
        environment = {**os.environ, "PYTHONPATH": engine_path(), "TWOPOP_CONFIG_DIR": str(folder / "config")}
        command = [sys.executable, "-c", SERVE, str(folder), engine, str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT)
        self.port = 0

    def ready(self):
        """Wait until it listens; its port."""
        self.port = int(self.process.stdout.readline().split()[0])
        return self.port

    def end(self, number):
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        self.process.wait(10)
        self.process.stdout.close()
        return self.process.returncode


@contextmanager
def a_process(folder, **more):
    """A server as its own process, killed at the end if it still runs."""
    server = Process(folder, **more)
    try:
        server.ready()
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        server.process.stdout.close()


async def everything(messages):
    """All messages of a job."""
    return [message async for message in messages]


async def until(condition, seconds=10):
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
