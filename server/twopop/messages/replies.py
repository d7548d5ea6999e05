"""What the server says. Texts that do not fit are cut, or sent in parts by the functions at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from twopop.messages.base import Message
from twopop.messages.parts import split
from twopop.messages.table import PROTOCOL, ROOT
from twopop_models.controls import CONTROLS
from twopop_models.errors import TwopopError


@dataclass(frozen=True)
class Welcome(Message):
    """The client is known from now on; ``device`` is what the engine computes on, once it is warm."""

    address: ClassVar[str] = f"{ROOT}/welcome"
    version: str
    pid: int
    device: str | None = None
    protocol: int = PROTOCOL


@dataclass(frozen=True)
class Pong(Message):
    """The server is alive; ``busy`` jobs run or wait."""

    address: ClassVar[str] = f"{ROOT}/pong"
    version: str
    pid: int
    busy: int
    engine: str


@dataclass(frozen=True)
class Accepted(Message):
    """The request is on disk; ``waiting`` jobs go before it."""

    address: ClassVar[str] = f"{ROOT}/accepted"
    job: str
    state: str
    waiting: int = 0


@dataclass(frozen=True)
class ProgressReply(Message):
    """``fraction`` of the whole job is done; ``eta`` seconds are left, where history tells."""

    address: ClassVar[str] = f"{ROOT}/progress"
    job: str
    fraction: float
    stage: str
    eta: float | None = None


@dataclass(frozen=True)
class DescriptionReply(Message):
    """Part ``part`` of ``parts`` of the description."""

    address: ClassVar[str] = f"{ROOT}/description"
    job: str
    part: int
    parts: int
    text: str


@dataclass(frozen=True)
class ReferenceReply(Message):
    """A reference track; ``track`` is broad or targeted, ``score`` is nearness, -1 to 1."""

    address: ClassVar[str] = f"{ROOT}/reference"
    job: str
    track: str
    title: str
    path: str
    score: float
    why: str = ""
    id: str = ""


@dataclass(frozen=True)
class HitReply(Message):
    """Where a hit landed; ``error_frames`` is None where no musical event was heard for it."""

    address: ClassVar[str] = f"{ROOT}/hit"
    job: str
    frame: int
    weight: float
    tolerance: float = 1.0
    label: str = ""
    event: str = ""
    error_frames: float | None = None


@dataclass(frozen=True)
class StemReply(Message):
    """Stem ``index`` (from 1) of ``count``; positions and lengths in samples."""

    address: ClassVar[str] = f"{ROOT}/stem"
    job: str
    index: int
    count: int
    name: str
    path: str
    first_sample: int
    samples: int
    sample_rate: int
    variation: int = 0


@dataclass(frozen=True)
class DoneReply(Message):
    """The take is finished, in ``folder``."""

    address: ClassVar[str] = f"{ROOT}/done"
    job: str
    folder: str
    stem_count: int


@dataclass(frozen=True)
class CancelledReply(Message):
    """The job was stopped."""

    address: ClassVar[str] = f"{ROOT}/cancelled"
    job: str


@dataclass(frozen=True)
class ErrorReply(Message):
    """A refusal or a failure; ``job`` is empty when it is about none."""

    address: ClassVar[str] = f"{ROOT}/error"
    job: str
    code: str
    text: str

    @classmethod
    def of(cls, error: TwopopError, job: str = "") -> ErrorReply:
        """What an error says."""
        return cls(job, error.code, str(error))


@dataclass(frozen=True)
class JobReply(Message):
    """Line ``index`` (from 1) of ``count`` of the list of jobs."""

    address: ClassVar[str] = f"{ROOT}/job"
    job: str
    state: str
    fraction: float = 0.0
    stage: str = ""
    index: int = 0
    count: int = 0


@dataclass(frozen=True)
class ControlReply(Message):
    """A control, ``index`` of ``count``, with part ``part`` of ``parts`` of its choices."""

    address: ClassVar[str] = f"{ROOT}/control"
    name: str
    index: int
    count: int
    kind: str
    default: str
    low: float
    high: float
    unit: str
    help: str
    part: int
    parts: int
    choices: str


REPLIES: Final[dict[str, type[Message]]] = {
    kind.address: kind
    for kind in (
        *(Welcome, Pong, Accepted, ProgressReply, DescriptionReply, ReferenceReply, HitReply),
        *(StemReply, DoneReply, CancelledReply, ErrorReply, JobReply, ControlReply),
    )
}
"""The dataclass of each address that the server sends."""


def description_replies(job: str, text: str) -> tuple[DescriptionReply, ...]:
    """A description of any length, in parts."""
    parts = split(text, DescriptionReply.spec().args[3].limit)
    return tuple(DescriptionReply(job, part, len(parts), words) for part, words in enumerate(parts, 1))


def job_replies(lines: Iterable[JobReply]) -> tuple[JobReply, ...]:
    """The list of jobs, numbered; one line that says so when there is none."""
    jobs = tuple(lines)
    if not jobs:
        return (JobReply("", "none"),)
    return tuple(replace(line, index=index, count=len(jobs)) for index, line in enumerate(jobs, 1))


def control_replies() -> Iterator[ControlReply]:
    """The table of controls, long lists of choices in parts."""
    for index, control in enumerate(CONTROLS, 1):
        parts = split(",".join(control.choices))
        for part, choices in enumerate(parts, 1):
            yield ControlReply(
                *(control.name, index, len(CONTROLS), control.kind.value, control.default),
                *(control.low or 0.0, control.high or 0.0, control.unit, control.help),
                *(part, len(parts), choices),
            )
