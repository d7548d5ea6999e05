"""One engine process from birth to death, as the desk sees it: a line to speak over and an ear on it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from twopop.errors import WorkerError
from twopop.messages import ScoreRequest
from twopop.pipe import LINE_LIMIT, Begin, Cancel, Dropped, Failed, Finished, Message, Ready, Run, decode, encode
from twopop.settings import Settings
from twopop_models.errors import Cancelled, TwopopError

log = logging.getLogger("twopop.engine")

PATIENCE: Final = 0.15
"""Seconds an engine has to drop a job by itself."""

Hear = Callable[[Message], None]


class Child:
    """One engine process. ``death`` is what it died of, once it has."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._verdict: TwopopError | None = None
        self._tail: deque[str] = deque(maxlen=20)
        self._hear: Hear | None = None
        loop = asyncio.get_running_loop()
        self._outcome: asyncio.Future[None] | None = None
        self.warm: asyncio.Future[Ready] = loop.create_future()
        self.last_word = time.monotonic()
        self.alive = True  # False as soon as we know or decide otherwise
        self._life = asyncio.create_task(self._live())

    @classmethod
    async def spawn(cls, settings: Settings, engine: str) -> Child:
        """Start a process; it begins to get warm at once."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "twopop.worker", "--parent", str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
            start_new_session=True,  # an interrupt at the terminal is for the desk alone
        )
        child = cls(process)
        child._send(Begin(settings, engine))
        return child

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def gone(self) -> TwopopError:
        """Wait for its end; what it died of."""
        return await asyncio.shield(self._life)

    async def run(self, request: ScoreRequest, work: Path, hear: Hear) -> None:
        """Do a job; ``hear`` gets every message about it but the last.

        Raises:
            Cancelled: ``drop`` was called.
            TwopopError: the engine's own error, or what the process died of.

        """
        if not self.alive:
            raise await self.gone()
        self._outcome = asyncio.get_running_loop().create_future()
        self._hear = hear
        self.last_word = time.monotonic()
        try:
            self._send(Run(request, work))
            await self._outcome
        finally:
            self._outcome = self._hear = None

    async def drop(self, job: str) -> None:
        """Stop the running job: kindly first, then by force."""
        outcome = self._outcome
        if outcome is None or outcome.done():
            return
        self._send(Cancel(job))
        await asyncio.wait({outcome}, timeout=PATIENCE)
        if not outcome.done():
            log.info("the engine did not drop job %s in time and is stopped", job)
            self.kill(Cancelled())

    def kill(self, verdict: TwopopError) -> None:
        """End it now; whoever waits for its job gets ``verdict`` at once."""
        self.alive = False
        self._verdict = self._verdict or verdict
        self._settle(self._verdict)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def memory(self) -> int:
        """Bytes of main memory it holds, 0 when it is gone."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _send(self, message: Message) -> None:
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(encode(message))

    async def _live(self) -> TwopopError:
        """Listen until it dies; what it died of."""
        stdout, stderr = self._process.stdout, self._process.stderr
        assert stdout is not None  # noqa: S101  both were asked for
        assert stderr is not None  # noqa: S101
        await asyncio.gather(self._listen(stdout), self._keep_tail(stderr))
        self.alive = False
        code = await self._process.wait()
        death = self._verdict or cause_of_death(code, self._tail)
        self._settle(death)
        if not self.warm.done():
            self.warm.set_exception(death)
            self.warm.exception()  # nobody has to ask
        return death

    async def _listen(self, stdout: asyncio.StreamReader) -> None:
        while line := await _line(stdout):
            try:
                message = decode(line)
            except ValueError as error:
                self.kill(WorkerError("worker_died", f"The engine process spoke nonsense: {error}"))
                continue
            self.last_word = time.monotonic()
            self._take(message)

    def _take(self, message: Message) -> None:
        if isinstance(message, Ready):
            if not self.warm.done():
                self.warm.set_result(message)
        elif isinstance(message, Finished):
            self._settle(None)
        elif isinstance(message, Dropped):
            self._settle(Cancelled())
        elif isinstance(message, Failed):
            failure = message.failure
            self._settle(TwopopError(failure.code, failure.text, failure.remedy))
        elif self._hear is not None:
            self._hear(message)

    def _settle(self, error: TwopopError | None) -> None:
        if self._outcome is None or self._outcome.done():
            return
        if error is None:
            self._outcome.set_result(None)
        else:
            self._outcome.set_exception(error)

    async def _keep_tail(self, stderr: asyncio.StreamReader) -> None:
        while line := await _line(stderr):
            self._tail.append(line.decode(errors="replace").rstrip())
            log.debug("%s", self._tail[-1])


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line; empty at the end. What is longer than the limit comes in pieces."""
    try:
        return await stream.readuntil()
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as over:
        return await stream.read(over.consumed or 1)


def cause_of_death(code: int, tail: deque[str]) -> WorkerError:
    """What an exit code means, in words.

    SIGKILL that we did not send is the kernel's way to say that memory ran out.
    """
    if code == -getattr(signal, "SIGKILL", 9):
        return WorkerError(
            "out_of_memory",
            "The system killed the engine process, most likely because memory ran out",
            "Close other programs, or score a shorter range.",
        )
    if code < 0:
        with contextlib.suppress(ValueError):
            return WorkerError("worker_died", f"The engine process crashed ({signal.Signals(-code).name})")
    words = f": {tail[-1]}" if tail else ""
    if "MemoryError" in words:
        return WorkerError("out_of_memory", f"The engine ran out of memory{words}", "Score a shorter range.")
    return WorkerError("worker_died", f"The engine process ended with status {code}{words}")
