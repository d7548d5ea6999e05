"""liblo's own programs drive a job: ``oscsend`` asks, ``oscdump`` hears the answers."""

import re
import subprocess
import time

import pytest
import soundfile
from tests.clients.conftest import need, patience
from tests.serving import free_port

pytestmark = pytest.mark.peer
LINE = re.compile(r"^\S+ (/twopop/\w+) (\S*) ?(.*)$")
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class Dump:
    """What oscdump printed, as (address, types, arguments)."""

    def __init__(self, process):
        self.process = process
        self.said = []

    def until(self, address, job=""):
        """Read until a message of that address (and job) comes; its arguments."""
        for line in self.process.stdout:
            found = LINE.match(line.strip())
            if not found:
                continue
            words = [quoted or plain for quoted, plain in WORD.findall(found[3])]
            self.said.append((found[1], found[2], words))
            if found[1] == address and (not job or words[0] == job):
                return words
        raise AssertionError(f"no {address} came: {self.said}")

    def all(self, address, job):
        return [words for name, _, words in self.said if name == address and words[0] == job]


@pytest.fixture
def dump():
    need("oscdump")
    port = free_port()
    command = ["oscdump", "-L", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, patience(process, 60):
        time.sleep(0.3)  # it says nothing when it is ready
        yield Dump(process), port


def send(served, address, *words):
    need("oscsend")
    subprocess.run(["oscsend", "127.0.0.1", str(served.port), address, *map(str, words)], check=True)


def test_oscsend_and_oscdump_drive_a_job_to_done(served, dump):
    heard, port = dump
    send(served, "/twopop/hello", "siis", "liblo", 1, port, "")
    heard.until("/twopop/welcome")
    job = ("liblo-1", served.clip, 25, 125, 25, 1, "mood", "tense", "tempo", 100)
    send(served, "/twopop/score", "ssiiiisssi", *job)
    done = heard.until("/twopop/done", job="liblo-1")
    stems = heard.all("/twopop/stem", "liblo-1")
    assert 4 <= len(stems) == int(stems[0][2]) <= 6
    assert int(done[2]) == len(stems)
    for stem in stems:
        info = soundfile.info(stem[4])
        assert (info.frames, info.samplerate, info.subtype) == (192_000, 48_000, "PCM_24")
        assert [int(word) for word in stem[5:8]] == [48_000, 192_000, 48_000]
    assert {words[1] for words in heard.all("/twopop/reference", "liblo-1")} == {"broad", "targeted"}
    assert all(set(types) <= set("ifs") for _, types, _ in heard.said)


def test_status_says_everything_again_to_whoever_asks(served, dump):
    heard, port = dump
    send(served, "/twopop/hello", "siis", "liblo-late", 1, port, "")
    heard.until("/twopop/welcome")
    send(served, "/twopop/score", "ssiiii", "liblo-2", served.clip, 0, 50, 25, 1)
    heard.until("/twopop/done", job="liblo-2")
    before = len(heard.all("/twopop/stem", "liblo-2"))
    send(served, "/twopop/status", "s", "liblo-2")
    heard.until("/twopop/done", job="liblo-2")
    assert len(heard.all("/twopop/stem", "liblo-2")) == 2 * before > 0
    assert heard.all("/twopop/description", "liblo-2")


def test_numbers_may_be_floats(served, dump):
    heard, port = dump
    send(served, "/twopop/hello", "sffs", "liblo-f", 1.0, float(port), "")
    heard.until("/twopop/welcome")
    send(served, "/twopop/score", "ssffff", "liblo-3", served.clip, 0.0, 50.0, 25.0, 1.0)
    heard.until("/twopop/done", job="liblo-3")


def test_a_job_can_be_cancelled(served, dump):
    heard, port = dump
    send(served, "/twopop/hello", "siis", "liblo-c", 1, port, "")
    heard.until("/twopop/welcome")
    send(served, "/twopop/score", "ssiiiisi", "liblo-4", served.clip, 0, 250, 25, 1, "variations", 8)
    heard.until("/twopop/accepted", job="liblo-4")
    send(served, "/twopop/cancel", "s", "liblo-4")
    heard.until("/twopop/cancelled", job="liblo-4")


@pytest.mark.parametrize(
    ("address", "words", "code"),
    [
        ("/twopop/score", ("ssiiii", "bad-1", "/nowhere/film.mov", 0, 9, 25, 1), "media_"),
        ("/twopop/score", ("ssiiii", "bad-2", "", 9, 9, 25, 1), "bad_range"),
        ("/twopop/scor", ("s", "x"), "unknown_address"),
        ("/twopop/status", ("s", "never-seen"), "job_unknown"),
        ("/twopop/score", ("ssd", "bad-3", "", 0.5), "bad_"),
    ],
)
def test_a_bad_message_is_answered_with_one_clear_error(served, dump, address, words, code):
    heard, port = dump
    send(served, "/twopop/hello", "siis", "liblo-e", 1, port, "")
    heard.until("/twopop/welcome")
    send(served, address, *words)
    assert heard.until("/twopop/error")[1].startswith(code)
