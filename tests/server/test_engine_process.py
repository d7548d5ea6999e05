"""The engine process, really started, with an engine that misbehaves on command."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from tests.server.helpers import a_request, engine_path, settings_in

from twopop.delivery.card import TakeCard
from twopop.engine_process import EngineProcess, EngineState
from twopop.pipe import Described, Landed, Progressed, Referred
from twopop_models.errors import Cancelled, TwopopError
from twopop_models.types import Stage


@pytest.fixture(autouse=True)
def engines_can_be_imported(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", engine_path())


@asynccontextmanager
async def an_engine(module="fake_engine", **settings):
    engine = EngineProcess(settings_in(Path("/nowhere"), **settings), module)
    engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


async def do(engine, folder, text, hear=lambda message: None, job="one"):
    folder = folder / f"{job}-{time.monotonic_ns()}"
    folder.mkdir()
    await engine.run(a_request(text, job), folder, hear)
    return TakeCard.load(folder)


async def test_a_job_is_done_and_told_of_while_it_is(tmp_path):
    heard = []
    async with an_engine() as engine:
        card = await do(engine, tmp_path, "print sleep:0.3", heard.append)
        assert engine.state is EngineState.READY
    assert engine.state is EngineState.STOPPED
    assert {message.stage for message in heard if isinstance(message, Progressed)} == set(Stage)
    words = [message for message in heard if not isinstance(message, Progressed)]
    assert [type(message) for message in words] == [Described, Referred, Landed]
    assert words[0].text == card.description
    assert words[1].line == card.references[0]
    assert words[2].line == card.hits[0]
    assert all(stem.path.stat().st_size == 4096 for stem in card.stems)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("raise", "media_unreadable", "The file cannot be read. Try another."),
        ("bug", "internal", "ValueError: a fault of ours"),
        ("memory", "out_of_memory", "ran out of memory"),
        ("full", "disk_full", "disk of the jobs folder is full"),
    ],
)
async def test_an_error_of_the_engine_leaves_the_process_alive(tmp_path, text, code, words):
    async with an_engine() as engine:
        await engine.ready()
        pid = engine.pid
        with pytest.raises(TwopopError, match=words) as found:
            await do(engine, tmp_path, f"debris {text}")
        assert found.value.code == code
        await do(engine, tmp_path, "sleep:0")
        assert engine.pid == pid


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("exit:5", "worker_died", "ended with status 5"),
        ("die:SIGSEGV", "worker_died", "crashed .SIGSEGV."),
        ("die:SIGKILL", "out_of_memory", "most likely because memory ran out"),
        ("busy:60", "worker_hung", "no progress for 1 seconds"),
        ("hog", "out_of_memory", "more than the 300 MB it may"),
    ],
)
async def test_a_dead_engine_fails_its_job_and_the_next_job_runs(tmp_path, text, code, words):
    async with an_engine(stage_timeout_s=1, worker_memory_mb=300) as engine:
        await engine.ready()
        pid = engine.pid
        with pytest.raises(TwopopError, match=words) as found:
            await do(engine, tmp_path, text)
        assert found.value.code == code
        await do(engine, tmp_path, "sleep:0.05", job="two")
        assert engine.pid != pid
        assert not psutil.pid_exists(pid)


async def cancelled_after(engine, folder, text, delay):
    job = asyncio.create_task(do(engine, folder, text))
    await asyncio.sleep(delay)
    begun = time.monotonic()
    await engine.drop("one")
    with pytest.raises(Cancelled):
        await job
    return time.monotonic() - begun


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
async def test_a_cancel_is_heard_at_every_stage(tmp_path, stage):
    async with an_engine() as engine:
        await engine.ready()
        pid = engine.pid
        took = await cancelled_after(engine, tmp_path, f"only:{stage}", 0.1)
        print(f"\nseconds: {took:.3f}")
        assert took < 1
        await do(engine, tmp_path, "sleep:0")
        assert engine.pid == pid  # it listened, so it lives


async def test_an_engine_that_does_not_hear_a_cancel_is_replaced(tmp_path):
    async with an_engine() as engine:
        await engine.ready()
        pid = engine.pid
        took = await cancelled_after(engine, tmp_path, "busy:60", 0.1)
        print(f"\nseconds: {took:.3f}")
        assert took < 1
        await do(engine, tmp_path, "sleep:0")
        assert engine.pid != pid


async def test_a_cancel_for_another_job_or_for_none_does_nothing(tmp_path):
    async with an_engine() as engine:
        await engine.drop("one")
        await do(engine, tmp_path, "sleep:0")
        await engine.drop("one")
        await do(engine, tmp_path, "sleep:0.05")


async def test_an_idle_engine_that_dies_is_replaced(tmp_path):
    async with an_engine() as engine:
        await engine.ready()
        os.kill(engine.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        await do(engine, tmp_path, "sleep:0")


async def test_an_engine_that_cannot_start_fails_jobs_instead_of_keeping_them(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_WARM_EXIT", "1")
    monkeypatch.setattr("twopop.engine_process.RESTARTS", (0.0, 0.01))
    async with an_engine() as engine:
        with pytest.raises(TwopopError, match="ended with status 3") as found:
            await do(engine, tmp_path, "sleep:0")
        assert found.value.code == "worker_died"
        assert engine.state is EngineState.BROKEN
        monkeypatch.delenv("FAKE_WARM_EXIT")
        while engine.state is EngineState.BROKEN:
            await asyncio.sleep(0.02)
        await do(engine, tmp_path, "sleep:0")


async def test_an_unknown_engine_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("twopop.engine_process.RESTARTS", (0.0,))
    async with an_engine("no_such_engine") as engine:
        with pytest.raises(TwopopError, match="No module named 'no_such_engine'"):
            await do(engine, tmp_path, "sleep:0")


ORPHAN = """
import asyncio, sys
from pathlib import Path
from tests.server.helpers import a_request, settings_in
from twopop.engine_process import EngineProcess

async def main():
    engine = EngineProcess(settings_in(Path(sys.argv[1])), "fake_engine")
    engine.start()
    await engine.ready()
    print(engine.pid, flush=True)
    await engine.run(a_request("busy:60"), Path(sys.argv[1]), lambda message: None)

asyncio.run(main())
"""


async def test_an_engine_never_outlives_its_desk(tmp_path):
    command = [sys.executable, "-c", ORPHAN, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as desk:
        engine = psutil.Process(int(desk.stdout.readline()))
        await asyncio.sleep(0.3)
        desk.kill()
        assert not psutil.wait_procs([engine], timeout=5)[1]


async def test_starting_an_engine_does_not_stop_the_loop(tmp_path):
    worst = 0.0
    async with an_engine() as engine:
        job = asyncio.create_task(do(engine, tmp_path, "sleep:0.5"))
        while not job.done():
            begun = time.monotonic()
            await asyncio.sleep(0.001)
            worst = max(worst, time.monotonic() - begun - 0.001)
    print(f"\nworst_seconds: {worst:.3f}")
    assert worst < 0.5


async def test_a_cancel_is_heard_while_the_engine_gets_warm(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_WARM_S", "30")
    async with an_engine() as engine:
        assert await cancelled_after(engine, tmp_path, "sleep:1", 0.1) < 1
        assert engine.state is EngineState.WARMING
