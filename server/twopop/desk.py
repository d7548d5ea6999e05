"""The desk: what is done about each request, and who is told what.

Keeps accepted requests (``takes``), queues them (``jobs``), has them done (``workshop``). Knows no sockets: the
switchboard calls it and takes its answers, ``tell`` brings news that come later.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from twopop import __version__, replies
from twopop.audience import Audience, Tell
from twopop.delivery.card import TakeCard
from twopop.engine_process import EngineProcess
from twopop.jobs import Advanced, Event, Failure, Job, JobQueue, JobState, job_exists
from twopop.messages import (
    Accepted,
    ControlReply,
    Hello,
    JobReply,
    Message,
    Pong,
    ScoreRequest,
    Welcome,
    control_replies,
)
from twopop.pipe import Described, Landed, Referred
from twopop.pipe import Message as Word
from twopop.sessions import Peer, Session
from twopop.settings import Settings
from twopop.takes import Problem, Stored, Takes
from twopop.workshop import Workshop, in_thread
from twopop_models.errors import TwopopError
from twopop_models.gate import admit

log = logging.getLogger("twopop.desk")

ATTEMPTS: Final = 10
"""A job during which the server died so often is given up."""
PROGRESS_GAP: Final = 0.1
"""Seconds between two words on the progress of a job within one stage."""


class Desk:
    """Answers every request; see ``twopop.osc.Desk`` for what the switchboard expects.

    Args:
        settings: of the server.
        takes: the jobs folder, open.
        engine: the engine process, not started.
        tell: brings a message to a peer, and does not block.

    """

    def __init__(self, settings: Settings, takes: Takes, engine: EngineProcess, tell: Tell) -> None:
        self.queue = JobQueue(self._moved, time.time, settings.queue_limit)
        self.problems: tuple[Problem, ...] = ()
        self._settings = settings
        self._takes = takes
        self._engine = engine
        self._audience = Audience(tell)
        self._workshop = Workshop(
            self.queue, takes, engine, keep=settings.keep_takes, hear=self._engine_says, done=self._finished
        )
        self._arriving: dict[str, ScoreRequest] = {}  # being written down
        self._unwanted: set[str] = set()  # cancelled while being written down
        self._words: list[Message] = []  # what the engine said of the running job so far
        self._told = 0.0

    def open(self) -> None:
        """Remember every job, and go on with those that are not over.

        Raises:
            OSError: the jobs folder cannot be listed.

        """
        stored, self.problems = self._takes.scan()
        for problem in self.problems:
            log.warning("job folder %s is passed over: %s", problem.folder, problem.text)
        for item in stored:
            self._recall(item)
        self._workshop.open()

    async def close(self) -> None:
        """Stop; the running job is interrupted and goes on at the next start."""
        await self._workshop.close()

    # -- what the switchboard calls ----------------------------------------------------------------

    def hello(self, hello: Hello, session: Session) -> Iterator[Message]:
        """Say who we are."""
        log.info("%s says hello from %s, answers go to %s", hello.client, session.sender, session.reply_to)
        warmth = self._engine.warmth
        yield Welcome(__version__, os.getpid(), warmth.device if warmth else None)

    def ping(self, peer: Peer) -> Iterator[Message]:  # noqa: ARG002  everybody gets the same answer
        """Say that we live."""
        busy = len(self.queue.waiting) + (self.queue.running is not None)
        yield Pong(__version__, os.getpid(), busy, self._engine.state.value)

    def score(self, request: ScoreRequest, peer: Peer) -> tuple[Message, ...]:
        """Take a job; ``accepted`` comes as news once the request is safe on disk.

        Raises:
            RequestError: ``job_exists`` or ``queue_full``.

        """
        arriving = self._arriving.get(request.job)
        if arriving is not None:
            if arriving != request:
                raise job_exists(request.job)
            self._audience.join(request.job, peer)
            return ()
        if self.queue.known(request, len(self._arriving)) is None:
            self._audience.join(request.job, peer)
            self._arriving[request.job] = request
            self._workshop.spawn(self._accept(request))
            return ()
        job = self.queue.add(request)
        self._follow(job, peer)
        self._workshop.look()
        return (self._accepted(job), *replies.ending(job))

    def status(self, job: str, peer: Peer) -> tuple[Message, ...]:
        """Say everything about a job again.

        Raises:
            RequestError: ``job_unknown``.
            DeskError: ``take_unreadable``.

        """
        if job in self._arriving:
            self._audience.join(job, peer)
            return ()  # ``accepted`` is on its way
        found = self.queue.get(job)
        self._follow(found, peer)
        return tuple(self._all_of(found))

    def cancel(self, job: str, peer: Peer) -> tuple[Message, ...]:
        """Stop a job; who follows it hears ``cancelled``. What is over already is said again.

        Raises:
            RequestError: ``job_unknown``.

        """
        if job in self._arriving:
            self._audience.join(job, peer)
            self._unwanted.add(job)
            return ()
        before = self.queue.get(job)
        self._follow(before, peer)
        if before.final:
            return tuple(self._all_of(before))
        self._cancel(job)
        return ()

    def _cancel(self, job: str) -> None:
        after = self.queue.cancel(job)
        if after.stopping:
            self._workshop.drop(job)
        else:
            self._workshop.remember(job, JobState.CANCELLED)

    def jobs(self, peer: Peer) -> tuple[JobReply, ...]:  # noqa: ARG002
        """The list of jobs, in the order they came."""
        return replies.listing(self.queue.all())

    def controls(self, peer: Peer) -> Iterator[ControlReply]:  # noqa: ARG002
        """The table of controls."""
        return control_replies()

    # -- taking a job ------------------------------------------------------------------------------

    async def _accept(self, request: ScoreRequest) -> None:
        """Look at the picture's path, write the request down, and only then say so."""
        try:
            stored = await in_thread(self._admit_and_store, request)
        except TwopopError as error:
            self._audience.hear(request.job, (replies.refused(request.job, error),))
            self._audience.disperse(request.job)
        else:
            job = self.queue.restore(Job(request, stored.submitted))
            self._audience.hear(job.id, (self._accepted(job),))
            if job.id in self._unwanted:
                self._cancel(job.id)
            self._workshop.look()
        finally:
            del self._arriving[request.job]
            self._unwanted.discard(request.job)

    def _admit_and_store(self, request: ScoreRequest) -> Stored:
        if request.clip.media is not None:
            admit(request.clip.media, self._settings.media_roots)
        return self._takes.store(request)

    def _recall(self, stored: Stored) -> None:
        """Put a remembered job where it stood; what was cut off waits again."""
        job, memory = Job(stored.request, stored.submitted), stored.memory
        self._workshop.recall(job.id, memory.attempts)
        state, failure = memory.state, memory.failure
        if state in (JobState.RUNNING, JobState.INTERRUPTED):
            state = JobState.QUEUED if self._settings.rerun_interrupted else JobState.INTERRUPTED
            if memory.attempts >= ATTEMPTS:
                text = f"The server stopped {memory.attempts} times while this job ran"
                state, failure = JobState.FAILED, Failure("worker_died", text, "Score it again under another id.")
        fraction = 1.0 if state is JobState.DONE else 0.0
        self.queue.restore(replace(job, state=state, failure=failure, fraction=fraction))

    # -- telling -----------------------------------------------------------------------------------

    def _follow(self, job: Job, peer: Peer) -> None:
        if not job.final:
            self._audience.join(job.id, peer)

    def _accepted(self, job: Job) -> Accepted:
        waiting = [other.id for other in self.queue.waiting]
        before = waiting.index(job.id) + (self.queue.running is not None) if job.id in waiting else 0
        return replies.accepted(job, before)

    def _moved(self, event: Event) -> None:
        """The queue changed: tell who follows the job."""
        job = event.job
        if isinstance(event, Advanced):
            now = time.monotonic()
            if event.new_stage or now - self._told >= PROGRESS_GAP:
                self._told = now
                self._audience.hear(job.id, replies.progress(job))
        elif event.before is not None and job.state is not JobState.DONE:  # ``_finished`` says the rest
            self._words = []
            self._audience.hear(job.id, replies.ending(job) if job.final else (self._accepted(job),))
            if job.final:
                self._audience.disperse(job.id)

    def _engine_says(self, word: Word) -> None:
        if isinstance(word, Described | Referred | Landed):
            said = replies.said(word)
            self._words.extend(said)
            self._audience.hear(word.job, said)

    def _finished(self, card: TakeCard) -> None:
        self._words = []
        self._audience.hear(card.job, replies.results(card))
        self._audience.disperse(card.job)

    def _all_of(self, job: Job) -> Iterator[Message]:
        """Everything there is to say of a job."""
        yield self._accepted(job)
        if job.state is JobState.DONE:
            card = self._takes.card(job.id)
            yield from replies.bridges(card)
            yield from replies.results(card)
        elif job.state is JobState.RUNNING:
            yield from replies.progress(job)
            yield from self._words
        else:
            yield from replies.ending(job)
