"""The helper between two files and UDP: carries packets, and ends whenever it should."""

import os
import shutil
import socket
import stat
import struct
import subprocess
import sys
import threading
import time

import pytest

from twopop.relay import LARGEST, main, relay


def framed(packet):
    return struct.pack(">i", len(packet)) + packet


class Running:
    """A relay in a thread, with a server's socket at the other end."""

    def __init__(self, folder, **more):
        self.folder, self.ended = folder, []
        self.server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.server.bind(("127.0.0.1", 0))
        self.server.settimeout(5)
        port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=lambda: self.ended.append(relay(folder, "127.0.0.1", port, **more)))
        self.thread.start()
        deadline = time.monotonic() + 5
        while not (folder / "from-server").exists() and self.thread.is_alive():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def say(self, data):
        with (self.folder / "to-server").open("ab") as file:
            file.write(data)

    def why(self, seconds=5):
        self.thread.join(seconds)
        assert not self.thread.is_alive()
        self.server.close()
        return self.ended[0]


@pytest.fixture
def running(tmp_path):
    made = []

    def start(**more):
        made.append(Running(tmp_path / "spool", **more))
        return made[-1]

    yield start
    for one in made:
        if one.thread.is_alive():
            one.say(framed(b""))
            one.why()


def test_packets_go_both_ways_in_their_order(running):
    one = running()
    half = framed(b"/three\0\0")
    one.say(framed(b"/one\0\0\0\0") + framed(b"/two\0\0\0\0") + half[:6])
    first, client = one.server.recvfrom(100)
    assert (first, one.server.recv(100)) == (b"/one\0\0\0\0", b"/two\0\0\0\0")
    one.say(half[6:])
    assert one.server.recv(100) == b"/three\0\0"
    for number in range(50):
        one.server.sendto(b"%04d" % number, client)
    wanted = b"".join(framed(b"%04d" % number) for number in range(50))
    deadline = time.monotonic() + 5
    while (one.folder / "from-server").read_bytes() != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_folder_is_its_users_alone_and_goes_with_it(running):
    one = running()
    assert stat.S_IMODE(one.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in one.folder.iterdir()} == {0o600}
    one.say(framed(b""))
    assert one.why() == "the script said goodbye"
    assert not one.folder.exists()


@pytest.mark.parametrize("length", [-1, LARGEST + 1, 2**31 - 1, -(2**31)])
def test_impossible_lengths_end_it(running, length):
    one = running()
    one.say(struct.pack(">i", length) + b"more")
    assert "damaged" in one.why()


def test_a_folder_that_vanishes_ends_it(running):
    one = running()
    shutil.rmtree(one.folder)
    assert one.why() == "the folder has gone"


def test_long_silence_ends_it(running):
    assert running(idle=0.2).why() == "nothing was heard for too long"


def test_word_that_was_left_before_it_began_ends_it(running, tmp_path):
    (tmp_path / "spool.stop").touch()
    assert running().why() == "the script went before we began"
    assert not (tmp_path / "spool.stop").exists()


def test_a_server_that_is_down_is_waited_for(running):
    one = running()
    port = one.server.getsockname()[1]
    one.server.close()
    one.say(framed(b"/lost\0\0\0"))
    time.sleep(0.1)
    one.server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.server.bind(("127.0.0.1", port))
    one.server.settimeout(5)
    one.say(framed(b"/back\0\0\0"))
    while one.server.recv(100) != b"/back\0\0\0":
        pass


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_there_already_is_not_taken_over(tmp_path, kind):
    (tmp_path / "theirs").mkdir()
    target = tmp_path / "spool"
    target.mkdir() if kind == "folder" else target.symlink_to(tmp_path / "theirs")
    with pytest.raises(FileExistsError):
        relay(target, "127.0.0.1", 9)
    assert not list((tmp_path / "theirs").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="there a process does not know that its parent has gone")
def test_it_ends_with_the_process_that_started_it(tmp_path):
    """A host that is killed says nothing; its helper must not outlive it."""
    words = [sys.executable, "-m", "twopop.relay", str(tmp_path / "spool"), "127.0.0.1", "9"]
    host = f"import subprocess, time; subprocess.Popen({words!r}); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", host])
    deadline = time.monotonic() + 10
    while not (tmp_path / "spool" / "from-server").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    while (tmp_path / "spool").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("words", [[], ["a", "b"], ["a", "b", "port"]])
def test_wrong_words_are_answered_with_the_usage(words, capsys):
    assert main(words) == 2
    assert "usage" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_said(tmp_path, capsys):
    assert main([str(tmp_path / "no" / "way"), "127.0.0.1", "9"]) == 1
    assert "twopop.relay:" in capsys.readouterr().err
