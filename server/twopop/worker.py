"""The engine process: ``python -m twopop.worker``, started by ``engine_process`` and spoken to over pipes.

The only door to the engine: the desk itself never imports it. Standard input brings lines of ``pipe``,
standard output takes them; whatever a library prints goes to standard error. The process ends when
its parent does, by the end of its input and, on Linux, by the kernel's own hand.
"""

from __future__ import annotations

import argparse
import errno
import os
import queue
import signal
import sys
import threading
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from twopop.delivery.card import NAME, HitLine, ReferenceLine, TakeCard
from twopop.jobs import Failure
from twopop.messages import ScoreRequest
from twopop.pipe import (
    Begin,
    Cancel,
    Described,
    Dropped,
    Failed,
    Finished,
    Landed,
    Message,
    Progressed,
    Ready,
    Referred,
    Report,
    Run,
    decode,
    encode,
)
from twopop.plain import sync_file, sync_folder
from twopop.settings import Settings
from twopop_models.errors import Cancelled, EngineError, TwopopError
from twopop_models.types import Stage

QUIET: Final = 0.05
"""Seconds between two words about the progress of one stage."""


POLITENESS: Final = 10
"""How far the engine steps back, in nice levels, where the system knows them."""


class Engine(Protocol):
    """A module that scores. It may import heavy libraries; nothing of it is ever loaded at the desk."""

    def warm(self, settings: Settings) -> None:
        """Load all that is needed.

        Raises:
            TwopopError: for instance ``asset_missing``; every job will then say so itself.

        """

    def run(self, request: ScoreRequest, work: Path, settings: Settings, report: Report) -> TakeCard:
        """Write a take into the empty folder ``work``; the card's paths lie in it.

        Raises:
            Cancelled: as ``report`` raised it.
            TwopopError: there will be no take.

        """
        ...


class Line:
    """The two ends of the pipe, safe to write to from any thread."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._lock = threading.Lock()

    @classmethod
    def own(cls) -> Line:
        """Take standard input and output for ourselves; what others print goes to standard error."""
        source, sink = os.dup(0), os.dup(1)
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        return cls(os.fdopen(source, "rb"), os.fdopen(sink, "wb", buffering=0))

    def read(self) -> Message | None:
        """The next message; None at the end."""
        line = self._source.readline()
        return decode(line) if line.endswith(b"\n") else None

    def write(self, message: Message) -> None:
        """Say something; a desk that is gone ends the process."""
        with self._lock:
            try:
                self._sink.write(encode(message))
            except BrokenPipeError:
                os._exit(0)


class Inbox(threading.Thread):
    """Listens while the engine works, so that a cancel is heard and an orphan ends."""

    def __init__(self, line: Line) -> None:
        super().__init__(name="inbox", daemon=True)
        self.runs: queue.SimpleQueue[Run] = queue.SimpleQueue()
        self._line = line
        self._dropped: set[str] = set()

    def run(self) -> None:
        """Sort what comes in until the end of input, and then end the process whatever it does."""
        while (message := self._line.read()) is not None:
            if isinstance(message, Run):
                self._dropped.discard(message.request.job)
                self.runs.put(message)
            elif isinstance(message, Cancel):
                self._dropped.add(message.job)
        os._exit(0)

    def check(self, job: str) -> None:
        """Raise ``Cancelled`` when the job was dropped."""
        if job in self._dropped:
            raise Cancelled


class PipeReport:
    """The engine's ``Report``: everything goes down the pipe, progress not more often than needed."""

    def __init__(self, job: str, line: Line, inbox: Inbox) -> None:
        self._job = job
        self._line = line
        self._inbox = inbox
        self._stage: Stage | None = None
        self._said = 0.0

    def progress(self, stage: Stage, fraction: float) -> None:
        """See ``Report``."""
        self._inbox.check(self._job)
        now = time.monotonic()
        if stage is self._stage and now - self._said < QUIET:
            return
        self._stage, self._said = stage, now
        self._line.write(Progressed(self._job, stage, float(fraction)))

    def description(self, text: str) -> None:
        """See ``Report``."""
        self._say(Described(self._job, text))

    def reference(self, line: ReferenceLine) -> None:
        """See ``Report``."""
        self._say(Referred(self._job, line))

    def hit(self, line: HitLine) -> None:
        """See ``Report``."""
        self._say(Landed(self._job, line))

    def _say(self, message: Message) -> None:
        self._inbox.check(self._job)
        self._line.write(message)


def main(arguments: list[str] | None = None) -> None:
    """Serve one desk until it goes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parent", type=int, required=True, help="process id of the desk")
    die_with(options.parse_args(arguments).parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the desk decides when we stop
    give_way()
    line = Line.own()
    begin = line.read()
    if not isinstance(begin, Begin):
        return
    inbox = Inbox(line)
    inbox.start()
    engine = warmed(begin, line)
    while True:
        line.write(outcome(engine, inbox.runs.get(), begin.settings, line, inbox))


def warmed(begin: Begin, line: Line) -> Engine:
    """Import the engine, warm it, and say how that went."""
    started = time.monotonic()
    engine = cast(Engine, import_module(begin.engine))
    failure = None
    try:
        engine.warm(begin.settings)
    except TwopopError as error:
        failure = Failure.of(error)
    line.write(Ready(time.monotonic() - started, device(begin.settings.device), failure))
    return engine


def outcome(engine: Engine, run: Run, settings: Settings, line: Line, inbox: Inbox) -> Message:
    """Do a job; the last word on it."""
    job = run.request.job
    try:
        report = PipeReport(job, line, inbox)
        card = engine.run(run.request, run.work, settings, report)
        settle(card, run.work)
        inbox.check(job)
    except Cancelled:
        return Dropped(job)
    except (TwopopError, OSError, MemoryError) as error:
        return Failed(job, failure_of(error))
    except Exception as error:  # noqa: BLE001  a fault in the engine fails the job, not the queue
        traceback.print_exc()
        return Failed(job, Failure("internal", f"{type(error).__name__}: {error}", "Please report this."))
    return Finished(job)


def failure_of(error: TwopopError | OSError | MemoryError) -> Failure:
    """What an error of the engine means to a client."""
    if isinstance(error, TwopopError):
        return Failure.of(error)
    if isinstance(error, MemoryError):
        return Failure("out_of_memory", "The engine ran out of memory", "Score a shorter range.")
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Failure("disk_full", "The disk of the jobs folder is full", "Free some space and ask again.")
    traceback.print_exc()
    return Failure("internal", f"{type(error).__name__}: {error}", "Please report this.")


def settle(card: TakeCard, work: Path) -> None:
    """Put the card beside the stems and bring everything safely to disk before the take is shown.

    Raises:
        OSError: the disk would not.

    """
    if not (work / NAME).exists():
        card.save(durable=False)
    for folder, _, names in os.walk(work):
        for name in names:
            sync_file(Path(folder) / name)
        sync_folder(Path(folder))


def device(wanted: str) -> str:
    """What the engine's networks compute on, in words."""
    if "torch" not in sys.modules:  # an engine without networks
        return f"CPU, {os.cpu_count()} cores"
    from twopop_models import devices

    try:
        return str(devices.choose(wanted))[:200]
    except EngineError as error:
        return f"none: {error.text}"[:200]


def give_way() -> None:
    """Let the desk, and the DAW that plays on the same computer, go before us."""
    if hasattr(os, "nice"):
        os.nice(POLITENESS)


def die_with(parent: int) -> None:
    """Let the kernel end this process when its parent dies; elsewhere than on Linux the pipe does it."""
    if sys.platform != "linux":
        return
    import ctypes

    set_death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(0)


if __name__ == "__main__":
    main()
