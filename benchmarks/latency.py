"""How quickly the command line, the server and its answers are there.

    python benchmarks/latency.py                 all four
    python benchmarks/latency.py start           twopop --help (bar 0.3 s), twopop serve until its welcome (bar 1.5 s)
    python benchmarks/latency.py accepted        200 jobs sent while one runs: time until accepted (bar p99 5 ms)
    python benchmarks/latency.py cancel          ten cancels in each stage (bar 300 ms)

Server and engine are real and processes of their own; the client is twopop's own, in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from workbench import edit, server

from twopop.client import Client, connected
from twopop.messages import Accepted, CancelledReply, ProgressReply, ScoreRequest
from twopop_models.controls import Controls
from twopop_models.types import Clip, Stage

HEAVY = ("torch", "av", "librosa", "transformers", "scipy")


def start() -> None:
    """Print the time of the command line and of the server, and whether they import what is heavy."""
    command = [sys.executable, "-m", "twopop", "--help"]
    times = [_seconds(command) for _ in range(11)]
    print(f"twopop --help: median {median(times):.2f} s, slowest {max(times):.2f} s of {len(times)}")
    trace = subprocess.run([sys.executable, "-X", "importtime", *command[1:]], capture_output=True, text=True)
    print(f"  imports of {', '.join(HEAVY)}: {_heavy(trace.stderr) or 'none'}")
    with tempfile.TemporaryDirectory() as scratch:
        times = []
        for number in range(7):
            with server(Path(scratch, "first" if number < 2 else "later")) as found:
                times.append(found.seconds)
        print(f"twopop serve until welcome: median {median(times):.2f} s, slowest {max(times):.2f} s of {len(times)}")
        log = Path(scratch, "imports.log")
        with server(Path(scratch, "traced"), log=log, python=("-X", "importtime")):
            pass
        print(f"  imports of {', '.join(HEAVY)}: {_heavy(log.read_text()) or 'none'}")


def _seconds(command: list[str]) -> float:
    begun = perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return perf_counter() - begun


def _heavy(trace: str) -> list[str]:
    """Which heavy packages a trace of imports names."""
    found = {line.rpartition("|")[2].strip().split(".")[0] for line in trace.splitlines() if "import time:" in line}
    return sorted(found & set(HEAVY))


async def ready(client: Client) -> None:
    """Wait until the engine is warm."""
    while (await client.ping()).engine != "ready":
        await asyncio.sleep(0.2)


def a_text(job: str, seconds: int) -> ScoreRequest:
    """A job without a picture."""
    controls = Controls.parse([("text", "A calm piano cue for an empty street"), ("seed", "1")])
    return ScoreRequest(job, Clip(None, 0, 25 * seconds, Fraction(25)), controls)


async def accepted(count: int) -> None:
    """Print how long it takes until a job is accepted while another one runs."""
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch)) as found:
        async with connected("127.0.0.1", found.port) as one, connected("127.0.0.1", found.port) as two:
            await ready(two)
            running = asyncio.create_task(_all(one, a_text("long", 1800)))
            await asyncio.sleep(1.5)
            times = []
            for number in range(count):
                begun = perf_counter()
                told = aiter(two.score(a_text(f"job-{number}", 2)))
                assert isinstance(await anext(told), Accepted)
                times.append(perf_counter() - begun)
                await told.aclose()
                await asyncio.sleep(0.01)
            still = not running.done()
            running.cancel()
    p50, p99 = (1000 * np.quantile(times, share) for share in (0.5, 0.99))
    print(f"accepted after: p50 {p50:.1f} ms, p99 {p99:.1f} ms, slowest of {count} {1000 * max(times):.1f} ms")
    print(f"  the long job was {'still running' if still else 'OVER: the figures are of an idle engine'}")


async def _all(client: Client, request: ScoreRequest) -> None:
    async for _ in client.score(request):
        pass


async def cancel(count: int) -> None:
    """Print how long it takes from a cancel in each stage to its answer."""
    with tempfile.TemporaryDirectory() as scratch:
        clip = edit(Path(scratch))
        with server(Path(scratch)) as found:
            async with connected("127.0.0.1", found.port) as one, connected("127.0.0.1", found.port) as two:
                await ready(two)
                for stage in Stage:
                    results = [await _cancelled(one, two, clip, stage, number) for number in range(count)]
                    times = [1000 * seconds for seconds, _ in results]
                    how = ", ".join(f"{n} {name}" for name, n in Counter(name for _, name in results).items())
                    print(f"{stage.value:<9} median {median(times):4.0f} ms, slowest {max(times):4.0f} ms  ({how})")


async def _cancelled(one: Client, two: Client, clip: Clip, stage: Stage, number: int) -> tuple[float, str]:
    """Cancel a job as soon as a stage is heard of; seconds until the answer, and what it says."""
    fresh = Clip(clip.media, number, clip.stop, clip.rate)  # a range of its own, so nothing is remembered
    if stage is not Stage.PICTURE:
        fresh = Clip(clip.media, 20 + number + 20 * list(Stage).index(stage), clip.stop, clip.rate)
    request = ScoreRequest(f"{stage.value}-{number}", fresh, Controls.parse([("variations", "2")]))
    waits = asyncio.Event()
    following = asyncio.create_task(_until(one, request, stage, waits))
    await waits.wait()
    await asyncio.sleep(0.01 * (number % 5))  # not always at the stage's first moment
    begun = perf_counter()
    answer = await two.cancel(request.job)
    spent = perf_counter() - begun
    await following
    while (await two.ping()).engine == "warming":
        await asyncio.sleep(0.2)
    return spent, "cancelled" if isinstance(answer, CancelledReply) else type(answer).__name__


async def _until(client: Client, request: ScoreRequest, stage: Stage, heard: asyncio.Event) -> None:
    async for message in client.score(request):
        if isinstance(message, ProgressReply) and message.stage == stage.value:
            heard.set()
    heard.set()


def main() -> None:
    """Choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=("all", "start", "accepted", "cancel"))
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--cancels", type=int, default=10)
    given = parser.parse_args()
    if given.what in ("all", "start"):
        start()
    if given.what in ("all", "accepted"):
        asyncio.run(accepted(given.jobs))
    if given.what in ("all", "cancel"):
        asyncio.run(cancel(given.cancels))


if __name__ == "__main__":
    main()
