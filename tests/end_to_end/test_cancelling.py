"""A job is cancelled in every stage of the real engine, and the next one is done."""

import asyncio
import time
from fractions import Fraction

import pytest
from tests.serving import follow, request

from twopop.client import connected
from twopop.messages import CancelledReply, DoneReply, ProgressReply
from twopop_models.types import Stage

PAL = Fraction(25)


async def cancelled_in(client, asked, stage):
    """Cancel a job as soon as it says that it is in a stage; how it ended and after how many seconds."""
    async for message in client.score(asked):
        if isinstance(message, ProgressReply) and message.stage == stage.value:
            begun = time.monotonic()
            return await client.cancel(asked.job), time.monotonic() - begun
    raise AssertionError(f"never in {stage}")


@pytest.mark.parametrize("stage", list(Stage), ids=lambda stage: stage.value)
async def test_a_cancel_is_heard_in_every_stage(served, footage, stage):
    number = list(Stage).index(stage)
    # Another range each time, so that nothing is remembered.
    asked = request(f"cancel-{stage.value}", footage.clip, number, 250, PAL, variations=2)
    async with asyncio.timeout(100), connected("127.0.0.1", served.port) as client:
        ending, took = await cancelled_in(client, asked, stage)
        print(f"\ncancelled in {stage.value} after {1000 * took:.0f} ms")
        assert isinstance(ending, CancelledReply)
        assert took < 1
        assert not (served.jobs / asked.job / "take").exists()
        answer = await follow(client, request(f"after-{stage.value}", footage.clip, 0, 12, PAL, stems="bass"))
        assert isinstance(answer.last, DoneReply)


async def test_a_job_that_waits_is_cancelled_at_once(served, footage):
    async with asyncio.timeout(100), connected("127.0.0.1", served.port) as client:
        running, waiting = (request(name, footage.clip, 9, 250, PAL) for name in ("running", "waiting"))
        for asked in (running, waiting):
            async for _ in client.score(asked):
                break
        begun = time.monotonic()
        assert isinstance(await client.cancel("waiting"), CancelledReply)
        assert time.monotonic() - begun < 1
        assert isinstance((await follow(client, running)).last, DoneReply)
