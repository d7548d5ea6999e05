"""A hundred damaged films through the real server: a take or one error each, and ping is answered all the while."""

import asyncio
import random
import time
from collections import Counter
from fractions import Fraction

import av
import numpy as np
import pytest
from tests.serving import follow, request

from twopop.client import connected
from twopop.messages import DoneReply, ErrorReply

COUNT = 100
KNOWN = {"media_unreadable", "media_no_picture", "media_range", "media_too_large", "media_too_long"}


def film(path, codec, frames=20):
    """A small film of moving noise, as bytes."""
    dice = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        picture = dice.integers(0, 255, (48, 64, 3), np.uint8)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.roll(picture, 3 * number, axis=1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()


def damaged(data, dice):
    """Once to three times cut off, with flipped bits, overwritten, doubled or taken out, or with a broken head."""
    broken = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        _damage(broken, dice, dice.randrange(len(broken)))
    return bytes(broken)


def _damage(data, dice, place):
    match dice.randrange(6):
        case 0:
            del data[max(64, place) :]
        case 1:
            for _ in range(12):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        case 2:
            data[place : place + 64] = dice.randbytes(64)
        case 3:
            data[place:place] = data[place : place + 200]
        case 4:
            del data[place : place + 100]
        case _:
            for _ in range(6):
                data[dice.randrange(min(400, len(data)))] = dice.randrange(256)
    data += b"\0" * max(0, 64 - len(data))


@pytest.fixture(scope="module")
def films(footage):
    folder = footage.folder / "damaged"
    folder.mkdir()
    sources = [(".mp4", "libx264"), (".mkv", "libx264"), (".avi", "mpeg4"), (".ts", "mpeg2video")]
    whole = [(suffix, film(footage.folder / f"whole{suffix}", codec)) for suffix, codec in sources]
    dice = random.Random(11)
    for number in range(COUNT):
        suffix, data = whole[number % len(whole)]
        (folder / f"{number:03}{suffix}").write_bytes(damaged(data, dice))
    return sorted(folder.iterdir())


async def test_each_gets_a_take_or_one_error_and_ping_is_answered_throughout(served, films):
    begun = time.monotonic()
    waiting, results, slowest = list(films), {}, 0.0

    async def submit():
        async with connected("127.0.0.1", served.port) as client:
            while waiting:
                path = waiting.pop()
                asked = request(f"damaged-{path.stem}", path, 0, 5, Fraction(25), stems="bass")
                results[path.name] = await follow(client, asked)

    async with connected("127.0.0.1", served.port) as watcher:
        work = asyncio.gather(submit(), submit())
        while not work.done():
            asked = time.monotonic()
            await watcher.ping()
            slowest = max(slowest, time.monotonic() - asked)
            await asyncio.sleep(0.02)
        await work
        assert (await watcher.ping()).engine == "ready"
    ends = Counter(getattr(answer.last, "code", "done") for answer in results.values())
    print(f"\n{dict(ends)} in {time.monotonic() - begun:.0f} s, slowest ping {1000 * slowest:.0f} ms")
    assert len(results) == COUNT
    assert all(isinstance(answer.last, DoneReply | ErrorReply) for answer in results.values())
    assert set(ends) <= {"done"} | KNOWN
    assert ends["done"] > 10
    assert sum(ends.values()) - ends["done"] > 10
    assert slowest < 1
