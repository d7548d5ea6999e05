"""What cannot be done is said with its code, and the server goes on."""

import asyncio
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from tests.serving import score

from twopop.client import connected
from twopop.codec import encode
from twopop.messages import DoneReply, ErrorReply
from twopop.messages.requests import ScoreRequest

PAL = Fraction(25)


def refused(served, *asked, **controls):
    """The error that a job ends with; the server must still be there."""
    answer = score(served, *asked, **controls)
    assert isinstance(answer.last, ErrorReply), answer.last
    assert len(answer.all(ErrorReply)) == 1
    assert asyncio.run(ping(served)).pid
    return answer.last


async def ping(served):
    async with asyncio.timeout(1), connected("127.0.0.1", served.port) as client:
        return await client.ping()


async def said_to(served, *words):
    """The error that a hand-made score message is answered with."""
    heard = asyncio.Queue()

    class Ear(asyncio.DatagramProtocol):
        def datagram_received(self, data, addr):
            heard.put_nowait(data)

    loop = asyncio.get_running_loop()
    line, _ = await loop.create_datagram_endpoint(Ear, remote_addr=("127.0.0.1", served.port))
    try:
        line.sendto(encode(ScoreRequest.address, words))
        async with asyncio.timeout(5):
            return await heard.get()
    finally:
        line.close()


def test_media_outside_the_folders(served, footage, tmp_path):
    outside = tmp_path / "outside.mp4"
    shutil.copy(footage.clip, outside)
    assert refused(served, "outside", outside, 0, 25, PAL).code == "media_forbidden"
    link = footage.folder / "link.mp4"
    link.symlink_to(outside)
    assert refused(served, "link", link, 0, 25, PAL).code == "media_forbidden"
    assert refused(served, "passwd", Path("/etc/passwd"), 0, 25, PAL).code == "media_forbidden"


def test_media_that_are_not_there(served, footage):
    error = refused(served, "missing", footage.folder / "missing.mp4", 0, 25, PAL)
    assert error.code == "media_missing"
    assert "missing.mp4" in error.text


def test_a_range_past_the_end(served, footage):
    assert refused(served, "past", footage.clip, 100_000, 100_025, PAL).code == "media_range"


def test_a_file_that_is_no_picture(served, footage):
    path = footage.folder / "words.mp4"
    path.write_text("no picture at all\n" * 50)
    assert refused(served, "words", path, 0, 25, PAL).code == "media_unreadable"


def test_a_reference_that_nobody_knows(served, footage):
    assert refused(served, "unknown", footage.clip, 0, 25, PAL, reference="no-such-track").code == "track_missing"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("x", "", 0, 25, 25, 1, "moood", "sad", "text", "a song"), b"unknown_control"),
        (("x", "", 0, 25, 25, 1, "mood", "sadd", "text", "a song"), b"bad_control"),
        (("x", "", 0, 25, 25, 1, "tempo", 900, "text", "a song"), b"bad_control"),
        (("x", "", 0, 25, 25, 1), b"text_required"),
        (("../x", "", 0, 25, 25, 1, "text", "a song"), b"bad_job"),
        (("x", "film.mp4", 0, 25, 25, 1), b"bad_media"),
        (("x", "", 25, 25, 25, 1, "text", "a song"), b"bad_range"),
        (("x", "", 0, 25, 0, 1, "text", "a song"), b"bad_rate"),
        (("x", "", 0, 25, 25), b"bad_argument"),
    ],
)
def test_a_request_that_cannot_be_understood(served, words, code):
    data = asyncio.run(said_to(served, *words))
    assert b"/twopop/error" in data
    assert code in data
    assert asyncio.run(ping(served)).pid


def test_one_id_stands_for_one_request(served, footage):
    assert isinstance(score(served, "once", footage.clip, 0, 25, PAL).last, DoneReply)
    assert isinstance(score(served, "once", footage.clip, 0, 25, PAL).last, DoneReply)
    assert refused(served, "once", footage.clip, 0, 26, PAL).code == "job_exists"


def test_what_was_refused_left_nothing_behind(served, footage):
    refused(served, "nothing", footage.folder / "missing.mp4", 0, 25, PAL)
    assert not (served.jobs / "nothing" / "take").exists()
