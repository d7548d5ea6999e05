"""Where jobs are done: one after the other, each written down before and after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from twopop.delivery.card import TakeCard
from twopop.engine_process import EngineProcess
from twopop.history import History, Plan, maker_of
from twopop.jobs import Failure, Job, JobQueue, JobState
from twopop.pipe import Message, Progressed
from twopop.takes import HISTORY, Memory, Takes, folder_name
from twopop_models.errors import Cancelled, TwopopError

log = logging.getLogger("twopop.jobs")

T = TypeVar("T")


class Workshop:
    """Takes jobs from the queue and has the engine do them.

    Args:
        queue: is moved along.
        takes: the jobs folder, open.
        engine: does the work; started and stopped here.
        keep: how many finished takes may stay, 0 for all.
        hear: gets the engine's words other than progress.
        done: gets every finished job's card, after the queue knows.

    """

    def __init__(
        self,
        queue: JobQueue,
        takes: Takes,
        engine: EngineProcess,
        *,
        keep: int,
        hear: Callable[[Message], None],
        done: Callable[[TakeCard], None],
    ) -> None:
        self._queue = queue
        self._takes = takes
        self._engine = engine
        self._keep = keep
        self._hear = hear
        self._done = done
        self._history = History.load(takes.root / HISTORY)
        self._attempts: dict[str, int] = {}
        self._more = asyncio.Event()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Sweep up, warm the engine, begin to work."""
        self._engine.start()
        self.spawn(in_thread(self._takes.sweep, self._takes.leftovers()))
        self.spawn(self._work())

    async def close(self) -> None:
        """Stop. The running job is interrupted: the next start begins it again."""
        self._closing = True
        self._more.set()
        await self._engine.stop()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=5)
        for task in self._tasks:
            task.cancel()

    def recall(self, job: str, attempts: int) -> None:
        """A job was begun so often before."""
        self._attempts[job] = attempts

    def look(self) -> None:
        """There may be something to do."""
        self._more.set()

    def drop(self, job: str) -> None:
        """Have the engine let go of the running job."""
        self.spawn(self._engine.drop(job))

    def remember(self, job: str, state: JobState, failure: Failure | None = None) -> None:
        """Write down how a job stands, soon."""
        self.spawn(self._write(job, Memory(state, self._attempts.get(job, 0), failure)))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the rest; a fault of it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a fault of ours", exc_info=error)

    async def _work(self) -> None:
        while not self._closing:
            self._more.clear()
            if not self._queue.waiting:
                await self._more.wait()
                continue
            await self._engine.ready()
            job = None if self._closing else self._queue.next(self._plan)
            if job is not None:
                await self._do(job)

    def _plan(self, job: Job) -> Plan:
        controls = job.request.controls
        return self._history.plan(float(job.request.clip.seconds), controls.variations, maker_of(controls.writer))

    async def _do(self, job: Job) -> None:
        """Do a job, whatever comes of it."""
        self._attempts[job.id] = self._attempts.get(job.id, 0) + 1
        try:
            card = await self._take(job)
        except Cancelled:
            await self._stopped(job.id)
        except TwopopError as error:
            await self._failed(job.id, Failure.of(error))
        except Exception as error:
            log.exception("job %s met a fault of ours", job.id)
            await self._failed(job.id, Failure("internal", f"{type(error).__name__}: {error}", "Please report it."))
        else:
            self._learn(job, card)
            self._queue.finish(job.id)
            self._done(card)
            self.spawn(self._prune())

    async def _prune(self) -> None:
        """Forget the oldest takes beyond the number that may stay."""
        try:
            pruned = await in_thread(self._takes.prune, self._keep)
        except OSError as error:
            log.warning("old takes stay: %s", error)
            return
        for job in self._queue.all():
            if folder_name(job.id) in pruned:
                self._queue.forget(job.id)

    async def _take(self, job: Job) -> TakeCard:
        """Have a job done and its take put in place."""
        begun = Memory(JobState.RUNNING, self._attempts[job.id])
        await in_thread(self._takes.remember, job.id, begun, False)
        work = await in_thread(self._takes.work_folder, job.id)
        try:
            self._unless_stopping(job.id)
            await self._engine.run(job.request, work, self._heard)
            self._unless_stopping(job.id)
            return await in_thread(self._takes.publish, job.id, work)
        finally:
            self.spawn(self._clear(work))

    def _unless_stopping(self, job: str) -> None:
        if self._closing or self._queue.get(job).stopping:
            raise Cancelled

    async def _clear(self, work: Path) -> None:
        """Delete what is left of a work folder, once nobody writes there any more."""
        await self._engine.settled()
        await in_thread(self._takes.sweep, (work,))

    def _heard(self, message: Message) -> None:
        if isinstance(message, Progressed):
            self._queue.progress(message.job, message.stage, message.fraction)
        else:
            self._hear(message)

    async def _stopped(self, job: str) -> None:
        """The engine let go of a job: because of a client, or because we close."""
        if self._queue.get(job).stopping:
            self._queue.stopped(job)
            await self._write(job, Memory(JobState.CANCELLED, self._attempts[job]))
        else:
            self._queue.interrupt(job)  # a clean stop is not the job's fault and does not count
            await self._write(job, Memory(JobState.INTERRUPTED, self._attempts[job] - 1))

    async def _failed(self, job: str, failure: Failure) -> None:
        log.warning("job %s failed: %s: %s", job, failure.code, failure)
        await self._write(job, Memory(JobState.FAILED, self._attempts[job], failure))
        self._queue.fail(job, failure)

    async def _write(self, job: str, memory: Memory) -> None:
        await in_thread(_quietly, self._takes.remember, job, memory)

    def _learn(self, job: Job, card: TakeCard) -> None:
        clip, controls = job.request.clip, job.request.controls
        if controls.base:
            return  # most of it was made before
        spent, maker = card.seconds_per_stage, maker_of(controls.writer)
        self._history = self._history.learn(float(clip.seconds), controls.variations, spent, maker)
        self.spawn(in_thread(_quietly, self._history.save, self._takes.root / HISTORY))


async def in_thread(work: Callable[..., T], *arguments: object) -> T:
    """Do something that may wait for the disk, without making the loop wait."""
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


def _quietly(work: Callable[..., object], *arguments: object) -> None:
    """Do something whose failure must not stop the queue; the log says so."""
    try:
        work(*arguments)
    except (OSError, TwopopError) as error:
        log.warning("not written: %s", error)
