"""What the desk and its engine process say to each other: one JSON object per line, never a pickle.

The engine sees only ``Report``; everything else here is between ``engine_process`` and ``worker``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from twopop.delivery.card import HitLine, ReferenceLine
from twopop.jobs import Failure
from twopop.messages import ScoreRequest
from twopop.plain import from_plain, to_plain
from twopop.settings import Settings
from twopop_models.types import Stage

LINE_LIMIT: Final = 1 << 20
"""No line is longer, in bytes."""


class Report(Protocol):
    """What the engine tells while it works. Every method may raise ``Cancelled``, which is to be let through."""

    def progress(self, stage: Stage, fraction: float) -> None:
        """``fraction`` (0 to 1) of a stage is done; call it every 50 ms at least, as often as you like."""

    def description(self, text: str) -> None:
        """The text bridge is known."""

    def reference(self, line: ReferenceLine) -> None:
        """A reference track was found."""

    def hit(self, line: HitLine) -> None:
        """It is known how well a hit landed."""


# -- to the engine process ------------------------------------------------------------------------


@dataclass(frozen=True)
class Begin:
    """The first line: the settings, and the module that is the engine."""

    settings: Settings
    engine: str


@dataclass(frozen=True)
class Run:
    """Do a job in the empty folder ``work``."""

    request: ScoreRequest
    work: Path


@dataclass(frozen=True)
class Cancel:
    """Drop the job, if it still runs."""

    job: str


# -- from the engine process ----------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """Warm after so many seconds, on that device; or not able to get warm, and why."""

    seconds: float
    device: str
    failure: Failure | None = None


@dataclass(frozen=True)
class Progressed:
    """See ``Report.progress``."""

    job: str
    stage: Stage
    fraction: float


@dataclass(frozen=True)
class Described:
    """See ``Report.description``."""

    job: str
    text: str


@dataclass(frozen=True)
class Referred:
    """See ``Report.reference``."""

    job: str
    line: ReferenceLine


@dataclass(frozen=True)
class Landed:
    """See ``Report.hit``."""

    job: str
    line: HitLine


@dataclass(frozen=True)
class Finished:
    """The take, with its card, lies in the work folder."""

    job: str


@dataclass(frozen=True)
class Failed:
    """There will be no take."""

    job: str
    failure: Failure


@dataclass(frozen=True)
class Dropped:
    """The job was cancelled as asked."""

    job: str


Message = Begin | Run | Cancel | Ready | Progressed | Described | Referred | Landed | Finished | Failed | Dropped

_KINDS: Final[dict[str, type[Message]]] = {
    kind.__name__: kind
    for kind in (Begin, Run, Cancel, Ready, Progressed, Described, Referred, Landed, Finished, Failed, Dropped)
}


def encode(message: Message) -> bytes:
    """One line, with its end."""
    return json.dumps({"kind": type(message).__name__, **to_plain(message)}).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The message of a line.

    Raises:
        ValueError: it is none.

    """
    data = json.loads(line)
    if not isinstance(data, dict) or data.get("kind") not in _KINDS:
        raise ValueError(f"no message: {line[:60]!r}")
    return from_plain(_KINDS[data["kind"]], data)
