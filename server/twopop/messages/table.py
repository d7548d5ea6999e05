"""The table of addresses.

Conventions: argument types are OSC's i (int32), f (float32) and s (UTF-8 string); ``limit`` counts bytes of
UTF-8; ``n of m`` pairs count from 1. Arguments marked optional may be left out from the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

PROTOCOL: Final = 1
"""Raised when a client of the older version could no longer understand us."""
ROOT: Final = "/twopop"
MAX_IN: Final = 8192
"""Bytes of the largest datagram that is read."""
MAX_OUT: Final = 1024
"""Bytes of the largest datagram that is sent."""

Wire = str | int | float


@dataclass(frozen=True)
class Arg:
    """One argument. ``default`` is what an optional one means when it is left out."""

    name: str
    type: Literal["i", "f", "s"]
    help: str
    unit: str = ""
    limit: int = 64  # bytes of UTF-8, for strings
    low: int = -(2**31)
    high: int = 2**31 - 1  # inclusive, for ints
    optional: bool = False
    default: Wire | None = None


@dataclass(frozen=True)
class Address:
    """One message: what it carries, and which messages answer it. ``rest`` says what may follow ``args``."""

    name: str
    args: tuple[Arg, ...]
    help: str
    replies: tuple[str, ...] = ()
    rest: str = ""

    @property
    def path(self) -> str:
        """The OSC address."""
        return f"{ROOT}/{self.name}"

    @property
    def inbound(self) -> bool:
        """Clients send it."""
        return bool(self.replies)


_JOB = Arg("job", "s", "The client's own id for the job.")
_INDEX = Arg("index", "i", "Which one, from 1.")
_COUNT = Arg("count", "i", "Of how many.")
_PART = Arg("part", "i", "Which part of the text, from 1.")
_PARTS = Arg("parts", "i", "Of how many; the text is all parts, one after the other.")

_INBOUND: Final = (
    Address(
        "hello",
        (
            Arg("client", "s", "Who is there, for the log and for people."),
            Arg("protocol", "i", "Version of the wire that the client speaks.", optional=True, default=PROTOCOL),
            Arg(
                "reply_port",
                "i",
                "Where the client listens, 1024 to 65535; 0: the port it sends from.",
                low=0,
                high=65535,
                optional=True,
                default=0,
            ),
            Arg("token", "s", "The server's secret, where it asks for one.", limit=200, optional=True, default=""),
        ),
        "Say who is there and where to answer. Safe to repeat.",
        ("welcome", "error"),
    ),
    Address("ping", (), "Ask whether the server is alive.", ("pong", "error")),
    Address(
        "score",
        (
            _JOB,
            Arg("media", "s", "Absolute path of a video, still or .otio; empty to score `text` alone.", limit=900),
            Arg("first", "i", "First frame, counted from the picture's own beginning.", "frame"),
            Arg("stop", "i", "First frame that is not scored any more.", "frame"),
            Arg("rate_num", "i", "Frames per second, numerator: 24000 of 24000/1001.", "frames"),
            Arg("rate_den", "i", "Frames per second, denominator.", "seconds"),
        ),
        "Ask for stems over frames [first, stop). Idempotent by id: send it until `accepted` comes.",
        ("accepted", "progress", "description", "reference", "hit", "stem", "done", "cancelled", "error"),
        rest="[key value]... of [controls](controls.md)",
    ),
    Address(
        "status",
        (_JOB,),
        "Say everything about a job again, so that any lost packet heals.",
        ("accepted", "progress", "description", "reference", "hit", "stem", "done", "cancelled", "error"),
    ),
    Address("cancel", (_JOB,), "Stop a job. Safe to repeat.", ("cancelled", "done", "error")),
    Address("jobs", (), "List the jobs that the server knows.", ("job", "error")),
    Address("controls", (), "Announce the table of attribute controls, to build menus from.", ("control", "error")),
)

_OUTBOUND: Final = (
    Address(
        "welcome",
        (
            Arg("protocol", "i", "Version of the wire that the server speaks."),
            Arg("version", "s", "Version of twopop."),
            Arg("pid", "i", "Process id of the server; a new one means that it was restarted."),
            Arg("device", "s", "What the engine computes on, once it is warm.", limit=200, optional=True),
        ),
        "The client is known from now on.",
    ),
    Address(
        "pong",
        (
            Arg("version", "s", "Version of twopop."),
            Arg("pid", "i", "Process id of the server."),
            Arg("busy", "i", "Jobs that run or wait."),
            Arg("engine", "s", "warming, ready, busy, broken or stopped."),
        ),
        "The server is alive.",
    ),
    Address(
        "accepted",
        (
            _JOB,
            Arg("state", "s", "queued, running, done, failed, cancelled or interrupted."),
            Arg("waiting", "i", "Jobs that go before it."),
        ),
        "The request is on disk and will not be lost.",
    ),
    Address(
        "progress",
        (
            _JOB,
            Arg("fraction", "f", "Of the whole job, 0 to 1, never falling."),
            Arg("stage", "s", "picture, describe, retrieve, compose, render, master or deliver."),
            Arg("eta", "f", "Left until done, where earlier jobs tell.", "seconds", optional=True),
        ),
        "The job came further.",
    ),
    Address(
        "description",
        (_JOB, _PART, _PARTS, Arg("text", "s", "A part of the sentence.", limit=800)),
        "The text bridge: what the music will be like. Send it back, edited, as control `text`.",
    ),
    Address(
        "reference",
        (
            _JOB,
            Arg("track", "s", "broad or targeted.", limit=16),
            Arg("title", "s", "The piece's name.", limit=120),
            Arg("path", "s", "Where it lies; empty when the path is too long for a message.", "path", limit=560),
            Arg("score", "f", "How near it is, from -1 to 1."),
            Arg("why", "s", "What speaks for it.", limit=120),
            Arg("id", "s", "Its id in the library, for control `reference`.", limit=80, optional=True, default=""),
        ),
        "The music bridge: a piece that steers the music.",
    ),
    Address(
        "hit",
        (
            _JOB,
            Arg("frame", "i", "Where the picture wants an accent.", "frame"),
            Arg("weight", "f", "How much, above 0 to 1."),
            Arg("tolerance", "f", "By how much the music may miss it.", "frames"),
            Arg("label", "s", "cut, motion, flash, or what the client's list calls it.", limit=320),
            Arg("event", "s", "What the music does: accent, chord, fill, stop or swell; empty for nothing."),
            Arg(
                "error_frames",
                "f",
                "Music minus picture; late is positive. Left out where no musical event was meant for it.",
                "frames",
                optional=True,
            ),
        ),
        "Where a hit landed.",
    ),
    Address(
        "stem",
        (
            _JOB,
            _INDEX,
            _COUNT,
            Arg("name", "s", "drums, bass, harmony, ..."),
            Arg("path", "s", "The WAV file.", "path", limit=720),
            Arg("first_sample", "i", "Where its first sample belongs on the picture's own clock.", "samples"),
            Arg("samples", "i", "Its length.", "samples"),
            Arg("sample_rate", "i", "Samples per second.", "Hz"),
            Arg("variation", "i", "Which cue of the take it belongs to, from 0."),
        ),
        "One stem, ready on disk.",
    ),
    Address(
        "done",
        (
            _JOB,
            Arg("folder", "s", "The take's folder, with everything else in it.", "path", limit=720),
            Arg("stem_count", "i", "How many `stem` messages belong to it; place them when all are there."),
        ),
        "The take is finished.",
    ),
    Address("cancelled", (_JOB,), "The job was stopped."),
    Address(
        "error",
        (
            Arg("job", "s", "The job it is about; empty when there is none."),
            Arg("code", "s", "What went wrong, one of the [codes](errors.md)."),
            Arg("text", "s", "The same in words, with what to do about it.", limit=800),
        ),
        "A message was refused, or a job failed. Never an answer to a message of the server's own kind.",
    ),
    Address(
        "job",
        (
            Arg("job", "s", "The job's id; empty when the server knows none."),
            Arg("state", "s", "queued, running, done, failed, cancelled or interrupted; none when there are none."),
            Arg("fraction", "f", "Of the whole job, 0 to 1."),
            Arg("stage", "s", "What it does now; empty when it does not run."),
            _INDEX,
            Arg("count", "i", "Of how many; 0 when the server knows none."),
        ),
        "One line of the list of jobs.",
    ),
    Address(
        "control",
        (
            Arg("name", "s", "The key."),
            _INDEX,
            _COUNT,
            Arg("kind", "s", "text, choice, choices, number, integer, percent, hits, frames, tempo-map or scenes."),
            Arg("default", "s", "What is taken when the key is absent."),
            Arg("low", "f", "Smallest number; equal to `high` where there is no range."),
            Arg("high", "f", "Largest number."),
            Arg("unit", "s", "Of the number.", limit=16),
            Arg("help", "s", "What it does.", limit=240),
            _PART,
            _PARTS,
            Arg("choices", "s", "A part of the words it takes, separated by commas.", limit=400),
        ),
        "One row of the table of controls.",
    ),
)

ADDRESSES: Final[tuple[Address, ...]] = _INBOUND + _OUTBOUND
"""Every message, clients' first."""

BY_PATH: Final[dict[str, Address]] = {address.path: address for address in ADDRESSES}
