"""Kills, losses and floods, on a real server as its own process."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import time
from pathlib import Path

import pytest
from tests.server.helpers import Process, a_process, a_request, engine_path, everything
from tests.server.lossy import lossy

from twopop.client import connected
from twopop.codec import encode
from twopop.delivery.card import TakeCard
from twopop.messages import Accepted, DoneReply

KILLS = 50


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", engine_path())
    monkeypatch.setenv("TWOPOP_CONFIG_DIR", str(tmp_path / "config"))


def takes_on_disk(root):
    """The jobs whose takes can be seen; fails when one of them is not whole."""
    whole = []
    for folder in root.glob("*/take"):
        card = TakeCard.load(folder)
        assert {stem.path.name for stem in card.stems} == {"drums.wav", "bass.wav"}
        assert all(stem.path.stat().st_size == 4096 for stem in card.stems)
        whole.append(card.job)
    for request in root.glob("*/request.json"):
        json.loads(request.read_text())
    return whole


async def submit(port, names, accepted, seconds, work="debris sleep:0.02"):
    """Ask for jobs one after the other until the time is over; ``accepted`` gets what the server promised."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds), connected("127.0.0.1", port) as client:
            for name in names:
                async for message in client.score(a_request(work, name)):
                    if isinstance(message, Accepted):
                        accepted.add(name)
                        break
                await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_killed_at_fifty_moments_nothing_accepted_is_lost_and_nothing_half_is_seen(tmp_path):
    moments = random.Random(7)
    accepted = set()
    names = (f"job-{number}" for number in range(10_000))
    root = tmp_path / "jobs"
    in_the_middle = 0
    for number in range(KILLS):
        server = Process(tmp_path)
        try:
            server.ready()
            if number < KILLS - 1:
                await submit(server.port, names, accepted, moments.uniform(0.02, 0.6))
            else:  # whatever chance left open: this one is not done when the last kill comes
                await submit(server.port, ["job-last"], accepted, 5, work="debris sleep:2")
        finally:
            assert server.end(signal.SIGKILL) == -signal.SIGKILL
        takes_on_disk(root)
        in_the_middle += any(path.is_dir() for path in (root / ".work").iterdir())
    assert len(accepted) > KILLS
    assert in_the_middle > KILLS / 10
    finished = set(takes_on_disk(root))  # with some whose word of acceptance the kill swallowed
    assert finished & accepted
    assert "job-last" in accepted - finished
    with a_process(tmp_path) as server:
        async with connected("127.0.0.1", server.port) as client:
            for name in sorted(accepted):
                told = await everything(client.status(name, to_the_end=True))
                assert isinstance(told[-1], DoneReply), told
        assert accepted <= set(takes_on_disk(root))
        assert not [path for path in (root / ".work").iterdir() if path.is_dir()]
    print(f"\n{KILLS} kills, {in_the_middle} in the middle of a job; {len(finished & accepted)} of {len(accepted)}")
    print("accepted jobs were done before the last start, all of them after it")


@pytest.mark.parametrize("seed", [1, 2])
async def test_forty_percent_loss_both_ways_and_every_job_lands(tmp_path, seed):
    with a_process(tmp_path) as server:
        async with (
            lossy("127.0.0.1", server.port, loss=0.4, seed=seed) as proxy,
            connected("127.0.0.1", proxy.port) as client,
        ):
            for number in range(5):
                told = await everything(client.score(a_request("sleep:0.1", f"job-{number}")))
                assert isinstance(told[-1], DoneReply)
            assert proxy.lost > 0.3 * proxy.came
            assert proxy.came > 25
    assert len(takes_on_disk(tmp_path / "jobs")) == 5


async def test_ping_is_answered_while_a_job_runs_and_ten_thousand_bad_datagrams_arrive(tmp_path):
    worst = 0.0
    with a_process(tmp_path) as server:
        async with connected("127.0.0.1", server.port, name="a") as client:
            scoring = asyncio.create_task(everything(client.score(a_request("sleep:2"))))
            flood = asyncio.create_task(asyncio.to_thread(fuzz, server.port, 10_000))
            async with connected("127.0.0.1", server.port, name="b") as other:
                while not (flood.done() and scoring.done()):
                    begun = time.monotonic()
                    await other.ping()
                    worst = max(worst, time.monotonic() - begun)
                    await asyncio.sleep(0.01)
            assert isinstance((await scoring)[-1], DoneReply)
    print(f"\nslowest ping {worst * 1000:.1f} ms")
    assert worst < 1


def fuzz(port, count):
    """Send damaged variants of honest messages, and noise."""
    dice = random.Random(3)
    honest = [encode(a.address, a.to_osc()) for a in (a_request(), a_request("bug", "two"))]
    honest += [encode("/twopop/status", ["one"]), encode("/twopop/hello", ["x", 1, 9, ""]), b"#bundle\0" + b"\xff" * 40]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for number in range(count):
            data = bytearray(dice.choice(honest))
            for _ in range(dice.randrange(1, 9)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            out.sendto(data[: dice.randrange(1, len(data) + 1)], ("127.0.0.1", port))
            if number % 20 == 0:
                time.sleep(0.001)


async def test_accepted_comes_quickly_while_a_job_runs(tmp_path):
    took = []
    with a_process(tmp_path) as server:
        async with connected("127.0.0.1", server.port) as client:
            running = asyncio.create_task(everything(client.score(a_request("burn", "long"))))
            await asyncio.sleep(0.5)
            async with connected("127.0.0.1", server.port) as other:
                for number in range(60):
                    begun = time.perf_counter()
                    told = aiter(other.score(a_request(job=f"job-{number}")))
                    assert isinstance(await anext(told), Accepted)
                    took.append(time.perf_counter() - begun)
                    await told.aclose()
                    await asyncio.sleep(0.01)
            running.cancel()
    took.sort()
    print(f"\nsubmit to accepted: median {took[30] * 1000:.2f} ms, slowest of 60 {took[-1] * 1000:.2f} ms")
    assert took[30] < 0.05


def test_a_server_starts_without_the_engine_libraries(tmp_path):
    import subprocess
    import sys

    code = "import sys, twopop.app, twopop.client; print([m for m in ('torch', 'av', 'librosa') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert Path(os.devnull).exists() or sys.platform == "win32"
