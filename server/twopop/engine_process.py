"""The desk's side of the engine process: keep one alive and warm, hand it one job at a time, stop it in time.

``engine_child`` is one process from birth to death; it is replaced here whenever it dies: because it
crashed, hung, ate too much memory, or did not stop within ``PATIENCE`` after a cancel.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final

from twopop.engine_child import Child, Hear
from twopop.errors import WorkerError
from twopop.jobs import Failure
from twopop.messages import ScoreRequest
from twopop.pipe import Ready
from twopop.settings import Settings
from twopop_models.errors import Cancelled, TwopopError

log = logging.getLogger("twopop.engine")

WARM_TIMEOUT: Final = 300.0
"""Seconds an engine may take to get warm; a cold disk and a big library take their time."""
WATCH: Final = 0.1
"""Seconds between two looks at a working engine's memory and age of its last word."""
RESTARTS: Final = (0.0, 0.5, 2.0, 10.0, 30.0)
"""Seconds to wait before the next start, by how many engines in a row died before they were warm."""
HOPELESS: Final = 3
"""After so many deaths in a row jobs are failed rather than kept waiting."""


class EngineState(Enum):
    """What clients are told of the engine."""

    WARMING = "warming"
    READY = "ready"
    BUSY = "busy"
    BROKEN = "broken"
    STOPPED = "stopped"


class EngineProcess:
    """The engine, whichever process it lives in at the moment.

    Args:
        settings: go to the engine; ``stage_timeout_s`` and ``worker_memory_mb`` rule here.
        engine: dotted name of the module that scores.
        changed: called when ``state`` may have changed.

    """

    def __init__(self, settings: Settings, engine: str, changed: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._engine = engine
        self._changed = changed
        self._child: Child | None = None
        self._deaths = 0
        self._hope = asyncio.Event()  # there is a warm child, or there is no hope of one
        self._keeper: asyncio.Task[None] | None = None
        self._busy = False
        self._job = ""
        self._dropped = asyncio.Event()
        self._despair: TwopopError | None = None
        self.warmth: Ready | None = None

    @property
    def state(self) -> EngineState:
        """What to tell clients."""
        if self._keeper is None:
            return EngineState.STOPPED
        if self._busy:
            return EngineState.BUSY
        if self._despair is not None or (self.warmth is not None and self.warmth.failure is not None):
            return EngineState.BROKEN
        return EngineState.READY if self.warmth is not None else EngineState.WARMING

    @property
    def pid(self) -> int | None:
        """Process id of the engine that lives now."""
        return self._child.pid if self._child is not None else None

    @property
    def trouble(self) -> Failure | None:
        """Why it is broken."""
        if self._despair is not None:
            return Failure.of(self._despair)
        return self.warmth.failure if self.warmth is not None else None

    def start(self) -> None:
        """Begin to get warm, in the background."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End it; a running job gets ``Cancelled``. Safe to repeat."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait({keeper})
        if self._child is not None:
            self._child.kill(Cancelled())
            await self._child.gone()

    async def ready(self) -> None:
        """Wait until a job can be handed over, or until there is no hope and ``run`` would say so."""
        await self._hope.wait()

    async def run(self, request: ScoreRequest, work: Path, hear: Hear) -> None:
        """Do a job; ``hear`` gets every message about it but the last.

        Raises:
            Cancelled: ``drop`` was called.
            TwopopError: the engine's own error, or ``worker_died``, ``worker_hung``, ``out_of_memory``.

        """
        self._job, self._dropped = request.job, asyncio.Event()
        child = await self._living()
        self._busy = True
        self._changed()
        watch = asyncio.create_task(self._watch(child))
        try:
            await child.run(request, work, hear)
        finally:
            watch.cancel()
            self._busy, self._job = False, ""
            self._mourn(child)
            self._changed()

    async def drop(self, job: str) -> None:
        """Stop the running job; ``run`` raises ``Cancelled`` within ``PATIENCE`` and a little."""
        if job != self._job:
            return
        self._dropped.set()
        if self._child is not None:
            await self._child.drop(job)

    async def settled(self) -> None:
        """Wait until a process that was killed is really gone and touches no file any more."""
        if self._child is not None and not self._child.alive:
            await self._child.gone()

    async def _living(self) -> Child:
        """A warm child, unless the job is dropped while we wait for it."""
        while True:
            await _either(self._hope, self._dropped)
            if self._dropped.is_set():
                raise Cancelled
            if self._despair is not None:
                raise self._despair
            if self._child is not None and self._child.alive:
                return self._child
            self._mourn(self._child)

    def _mourn(self, child: Child | None) -> None:
        """There is no warm child until the next one is."""
        if child is None or not child.alive:
            self.warmth = None
            if self._despair is None:
                self._hope.clear()

    async def _watch(self, child: Child) -> None:
        limit, patience = self._settings.worker_memory_mb, self._settings.stage_timeout_s
        while True:
            await asyncio.sleep(WATCH)
            held = child.memory() / 1e6
            if limit and held > limit:
                text = f"The engine took {held:.0f} MB of memory, more than the {limit:.0f} MB it may"
                child.kill(WorkerError("out_of_memory", text, "Score a shorter range, or raise worker_memory_mb."))
            elif time.monotonic() - child.last_word > patience:
                text = f"The engine made no progress for {patience:g} seconds and was stopped"
                child.kill(WorkerError("worker_hung", text, "Ask again, or raise stage_timeout_s."))

    async def _keep(self) -> None:
        """Have a warm child, for ever."""
        while True:
            await asyncio.sleep(RESTARTS[min(self._deaths, len(RESTARTS) - 1)])
            child = self._child = await Child.spawn(self._settings, self._engine)
            await self._get_warm(child)
            death = await child.gone()
            log.log(logging.INFO if isinstance(death, Cancelled) else logging.WARNING, "engine ended: %s", death)
            self._mourn(child)
            self._changed()

    async def _get_warm(self, child: Child) -> None:
        done, _ = await asyncio.wait({child.warm}, timeout=WARM_TIMEOUT)
        if not done:
            child.kill(WorkerError("worker_hung", f"The engine was not ready after {WARM_TIMEOUT:g} seconds"))
            await child.gone()
        try:
            self.warmth = child.warm.result()
        except TwopopError as error:
            self._deaths += 1
            if self._deaths >= HOPELESS:
                self._despair = error
                self._hope.set()
        else:
            self._deaths, self._despair = 0, None
            self._hope.set()
        self._changed()


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
