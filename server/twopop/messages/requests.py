"""What clients ask: every request is a value that holds everything it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from twopop.errors import RequestError
from twopop.messages.base import Message, read_args, short_decimal, wrong_count
from twopop.messages.parts import is_control
from twopop.messages.table import BY_PATH, ROOT, Address, Wire
from twopop.timeline import FrameRange, rate_from
from twopop_models.controls import Controls
from twopop_models.errors import closest
from twopop_models.types import Clip

_JOB_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Hello(Message):
    """Who is there. ``reply_port`` 0 is the port that it came from."""

    address: ClassVar[str] = f"{ROOT}/hello"
    client: str
    protocol: int
    reply_port: int
    token: str

    @classmethod
    def from_osc(cls, args: Sequence[Wire]) -> Self:
        """See ``Message``; ports below 1024 are refused, so that nobody can aim us at a system's service."""
        hello = super().from_osc(args)
        if 0 < hello.reply_port < 1024:
            raise RequestError("bad_argument", f"reply_port cannot be {hello.reply_port}", "It takes 1024 to 65535.")
        return hello


@dataclass(frozen=True)
class Ping(Message):
    """Ask whether the server is alive."""

    address: ClassVar[str] = f"{ROOT}/ping"


@dataclass(frozen=True)
class _OfJob(Message):
    """A question about one job."""

    job: str

    @classmethod
    def from_osc(cls, args: Sequence[Wire]) -> Self:
        """See ``Message``; also ``bad_job``."""
        found = super().from_osc(args)
        checked_job(found.job)
        return found


@dataclass(frozen=True)
class Status(_OfJob):
    """Say everything about a job again."""

    address: ClassVar[str] = f"{ROOT}/status"


@dataclass(frozen=True)
class Cancel(_OfJob):
    """Stop a job."""

    address: ClassVar[str] = f"{ROOT}/cancel"


@dataclass(frozen=True)
class ListJobs(Message):
    """Ask which jobs there are."""

    address: ClassVar[str] = f"{ROOT}/jobs"


@dataclass(frozen=True)
class ListControls(Message):
    """Ask which controls there are."""

    address: ClassVar[str] = f"{ROOT}/controls"


@dataclass(frozen=True)
class ScoreRequest:
    """Ask for stems over one stretch of picture. Nothing outside it may change the music."""

    address: ClassVar[str] = f"{ROOT}/score"
    job: str
    clip: Clip
    controls: Controls = field(default_factory=Controls)

    @classmethod
    def spec(cls) -> Address:
        """The row of the table."""
        return BY_PATH[cls.address]

    @classmethod
    def from_osc(cls, args: Sequence[Wire]) -> Self:
        """The request that carries these arguments.

        Raises:
            RequestError: ``bad_argument``, ``bad_job``, ``bad_media``, ``bad_range``, ``bad_rate`` or
                ``text_required``.
            ControlError: ``unknown_control`` or ``bad_control``.

        """
        spec = cls.spec()
        count = len(spec.args)
        if len(args) < count or (len(args) - count) % 2:
            raise wrong_count(spec, len(args))
        found = _fixed_args(spec, args[:count])
        clip = _clip(found)
        controls = Controls.parse(_pairs(args[count:]))
        controls.check(clip)
        if clip.media is None and not controls.text and not controls.base:  # a take has its own
            raise RequestError("text_required", "There is neither media nor text to score", "Send one of them.")
        return cls(checked_job(found["job"]), clip, controls)

    def to_osc(self) -> tuple[Wire, ...]:
        """Arguments of which ``from_osc`` makes an equal request; only controls that differ from the default."""
        clip = self.clip
        media = "" if clip.media is None else str(clip.media)
        fixed = (self.job, media, clip.first, clip.stop, clip.rate.numerator, clip.rate.denominator)
        return (*fixed, *(word for pair in self.controls.pairs() for word in pair))


Request = Hello | Ping | ScoreRequest | Status | Cancel | ListJobs | ListControls

REQUESTS: Final[dict[str, type[Request]]] = {
    kind.address: kind for kind in (Hello, Ping, ScoreRequest, Status, Cancel, ListJobs, ListControls)
}
"""The dataclass of each address that clients may send to."""


def request_from_osc(address: str, args: Sequence[Wire]) -> Request:
    """The request that a client's message is.

    Raises:
        RequestError: ``unknown_address`` or whatever is wrong with the arguments.
        ControlError: ``unknown_control`` or ``bad_control``.

    """
    if address not in REQUESTS:
        shown = address if len(address) <= 60 else f"{address[:57]}..."
        raise RequestError("unknown_address", f"There is no address {shown!r}", closest(shown, list(REQUESTS)))
    return REQUESTS[address].from_osc(args)


def checked_job(job: str) -> str:
    """A job id that can be a folder's name on every system.

    Raises:
        RequestError: ``bad_job``.

    """
    if not _JOB_ID.fullmatch(job) or job.endswith(".") or _DEVICE.fullmatch(job):
        remedy = "Use 1 to 64 of A-Z a-z 0-9 . _ -, a letter or digit first, no final dot, no device name."
        raise RequestError("bad_job", f"{job[:70]!r} cannot be a job id", remedy)
    return job


def _fixed_args(spec: Address, args: Sequence[Wire]) -> dict[str, Any]:
    """The arguments before the controls; a broken rate or path gets its own code."""
    rate = args[4:6]
    if any(isinstance(value, float) and value != value // 1 for value in rate):
        raise RequestError(
            "bad_rate", "A rate is two whole numbers, numerator and denominator", "Send 24000 1001 for 23.976."
        )
    media = args[1]
    if isinstance(media, str) and len(media.encode("utf-8", "replace")) > 900:
        raise RequestError("bad_media", "The media path is longer than 900 bytes", "Move the file nearer to the root.")
    return read_args(spec, args)


def _clip(found: dict[str, Any]) -> Clip:
    rate = rate_from(found["rate_num"], found["rate_den"])
    frames = FrameRange(found["first"], found["stop"], rate)
    if not found["media"]:
        return Clip(None, frames.first, frames.stop, rate)
    media = Path(found["media"])
    if not media.is_absolute():
        raise RequestError("bad_media", f"{found['media'][:60]!r} is not an absolute path", "Send the whole path.")
    return Clip(media, frames.first, frames.stop, rate)


def _pairs(words: Sequence[Wire]) -> Iterator[tuple[str, Wire]]:
    for key, value in zip(words[::2], words[1::2], strict=True):
        if not isinstance(key, str):
            raise RequestError("bad_argument", f"A control's name cannot be {key!r}", "Send pairs of key and value.")
        if isinstance(value, str) and any(is_control(sign) for sign in value):
            raise RequestError(
                "bad_argument", f"Control {key[:40]!r} holds control characters", "Send plain text, without newlines."
            )
        yield key, short_decimal(value) if isinstance(value, float) else value
