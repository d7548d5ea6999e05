"""Loss and kills with the real engine: does every accepted job land?

    PYTHONPATH=. python benchmarks/robustness.py [--jobs 5] [--kills 10] [--seed 1]

First a proxy between client and server loses 40 % of the datagrams both ways. Then the server is killed with -9 at
random moments while jobs come in and run, and started again; at the end every job that was ever accepted must have a
whole take, and no half-written one may be seen on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import soundfile
from tests.server.lossy import lossy
from workbench import free_port, server, street

from twopop.client import connected
from twopop.delivery.card import TakeCard
from twopop.messages import Accepted, DoneReply, ScoreRequest
from twopop_models.controls import Controls
from twopop_models.types import Clip


def a_job(name: str, number: int) -> ScoreRequest:
    """A few seconds of the street, another range for every number."""
    clip = Clip(street().media, number % 100, number % 100 + 75 + number % 50, Fraction(25))
    return ScoreRequest(name, clip, Controls.parse([("seed", str(number))]))


async def losing(jobs: int, seed: int) -> None:
    """Print how many jobs land through a line that loses 40 %."""
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch)) as found:
        async with (
            lossy("127.0.0.1", found.port, loss=0.4, seed=seed) as proxy,
            connected("127.0.0.1", proxy.port) as client,
        ):
            begun, landed = perf_counter(), 0
            for number in range(jobs):
                messages = [message async for message in client.score(a_job(f"job-{number}", number))]
                landed += isinstance(messages[-1], DoneReply)
            spent = perf_counter() - begun
            print(
                f"40 % loss both ways: {landed} of {jobs} jobs landed in {spent:.0f} s, warming up included; "
                f"{proxy.lost} of {proxy.came} datagrams lost"
            )


async def submit(port: int, first: int, promised: set[str], seconds: float) -> None:
    """Ask for one job after the other until the time is over, waiting for none; note what was accepted."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds), connected("127.0.0.1", port) as client:
            number = first
            while True:
                told = aiter(client.score(a_job(f"job-{number}", number)))
                if isinstance(await anext(told), Accepted):
                    promised.add(f"job-{number}")
                await told.aclose()
                number += 1
                await asyncio.sleep(seconds / 4)


def whole(folder: Path) -> set[str]:
    """Jobs whose takes can be seen; every stem of them must be readable and as long as its card says."""
    found = set()
    for take in folder.glob("*/take"):
        card = TakeCard.load(take)
        for stem in card.stems:
            if soundfile.info(take / stem.path).frames != stem.samples:
                raise SystemExit(f"{stem.path} of {card.job} is not whole")
        found.add(card.job)
    return found


async def killing(kills: int, seed: int) -> None:
    """Print how many accepted jobs have a take after so many kills."""
    dice, promised = random.Random(seed), set[str]()
    with tempfile.TemporaryDirectory() as scratch:
        folder, port = Path(scratch), free_port()
        for round_ in range(kills):
            with server(folder, port=port) as found:
                await submit(port, 1000 * round_, promised, dice.uniform(0.5, 25.0))
                found.process.kill()
                found.process.wait()
            print(f"  kill {round_ + 1}: {len(promised)} accepted, {len(whole(folder / 'jobs'))} takes", flush=True)
        with server(folder, port=port):
            async with connected("127.0.0.1", port) as client:
                for name in sorted(promised):
                    told = [message async for message in client.status(name, to_the_end=True)]
                    if not isinstance(told[-1], DoneReply):
                        print(f"  {name}: {told[-1]}")
        done = promised & whole(folder / "jobs")
    print(f"{kills} kills with -9: {len(done)} of {len(promised)} accepted jobs have a whole take")


def main() -> None:
    """Both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=5)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(losing(given.jobs, given.seed))
    asyncio.run(killing(given.kills, given.seed))


if __name__ == "__main__":
    main()
