r"""The life of a job, and the queue. Pure and synchronous: no clock of its own, no disk, no sockets.

::

    queued --> running --> done | failed | cancelled
       \         \--> interrupted --> queued | cancelled      (the server stopped in the middle)
        \--> cancelled | failed

Conventions: times are seconds since the epoch, ``fraction`` is of the whole job, 0 to 1, never falling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from twopop.errors import RequestError
from twopop.history import Plan
from twopop.messages import ScoreRequest
from twopop_models.errors import TwopopError
from twopop_models.types import Stage


class JobState(Enum):
    """Where a job is in its life; the value is what clients see."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


MOVES: Final[dict[JobState, frozenset[JobState]]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED}),
    JobState.INTERRUPTED: frozenset({JobState.QUEUED, JobState.CANCELLED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}
"""Every legal move; a state without moves is final."""


class IllegalMove(RuntimeError):
    """A job was moved against the table: a fault of ours, never of a client."""


@dataclass(frozen=True)
class Failure:
    """Why a job failed: an error's stable code, its sentence and its remedy."""

    code: str
    text: str
    remedy: str = ""

    @classmethod
    def of(cls, error: TwopopError) -> Failure:
        """What an error says."""
        return cls(error.code, error.text, error.remedy)

    def __str__(self) -> str:
        return f"{self.text}. {self.remedy}".strip() if self.remedy else f"{self.text}."


@dataclass(frozen=True)
class Job:
    """A job at one moment. ``submitted``, ``started`` and ``ended`` are seconds since the epoch."""

    request: ScoreRequest
    submitted: float
    state: JobState = JobState.QUEUED
    stage: Stage | None = None
    fraction: float = 0.0
    failure: Failure | None = None
    started: float | None = None
    ended: float | None = None
    stopping: bool = False  # somebody asked to cancel it and it has not stopped yet
    plan: Plan = field(default_factory=Plan)

    @property
    def id(self) -> str:
        """The client's own name for the job."""
        return self.request.job

    @property
    def final(self) -> bool:
        """Nothing can happen to it any more."""
        return not MOVES[self.state]

    @property
    def eta(self) -> float | None:
        """Seconds until it should be done; None while history does not tell, or when it does not run."""
        if self.state is not JobState.RUNNING or self.plan.seconds is None:
            return None
        return self.plan.seconds * (1.0 - self.fraction)


@dataclass(frozen=True)
class Moved:
    """A job changed its state; ``before`` is None when it is new here."""

    job: Job
    before: JobState | None


@dataclass(frozen=True)
class Advanced:
    """A running job came further; ``job.stage`` may be new."""

    job: Job
    new_stage: bool


Event = Moved | Advanced


class JobQueue:
    """All jobs known, at most one of them running; the oldest waiting one is next.

    Args:
        listener: called with every event, in order, while the change is made.
        clock: gives seconds since the epoch.
        limit: how many jobs may wait.

    """

    def __init__(self, listener: Callable[[Event], None], clock: Callable[[], float], limit: int = 64) -> None:
        self._listener = listener
        self._clock = clock
        self._limit = limit
        self._jobs: dict[str, Job] = {}
        self._turns: dict[str, int] = {}
        self._by_state: dict[JobState, set[str]] = {state: set() for state in JobState}

    # -- looking --------------------------------------------------------------------------------

    def get(self, job: str) -> Job:
        """The job of that id.

        Raises:
            RequestError: ``job_unknown``.

        """
        if job not in self._jobs:
            raise RequestError("job_unknown", f"There is no job {job!r}", "Ask for it with score.")
        return self._jobs[job]

    def all(self) -> tuple[Job, ...]:
        """Every job, in the order they came."""
        return tuple(self._jobs.values())

    @property
    def running(self) -> Job | None:
        """The job that runs."""
        return next((self._jobs[job] for job in self._by_state[JobState.RUNNING]), None)

    @property
    def waiting(self) -> tuple[Job, ...]:
        """Jobs that wait, the next one first."""
        return tuple(sorted((self._jobs[job] for job in self._by_state[JobState.QUEUED]), key=self._turn))

    def known(self, request: ScoreRequest, arriving: int = 0) -> Job | None:
        """The job of this very request, None when it is new and would be taken beside ``arriving`` others.

        Raises:
            RequestError: ``job_exists`` (the id stands for another request) or ``queue_full``.

        """
        job = self._jobs.get(request.job)
        if job is None:
            if len(self.waiting) + arriving >= self._limit:
                raise RequestError("queue_full", f"{self._limit} jobs are waiting", "Wait, or cancel some.")
            return None
        if job.request != request:
            raise job_exists(request.job)
        return job

    # -- changing -------------------------------------------------------------------------------

    def add(self, request: ScoreRequest) -> Job:
        """Take a request; asking again with an equal one gives the same job, and revives an interrupted one.

        Raises:
            RequestError: ``job_exists`` or ``queue_full``.

        """
        job = self.known(request)
        if job is None:
            return self.restore(Job(request, self._clock()))
        return self._move(job.id, JobState.QUEUED) if job.state is JobState.INTERRUPTED else job

    def restore(self, job: Job) -> Job:
        """Take a job as it was remembered; whatever its state, it counts as new here."""
        self._put(job)
        self._listener(Moved(job, None))
        return job

    def next(self, plan: Callable[[Job], Plan] = lambda _: Plan()) -> Job | None:
        """Start the oldest waiting job and return it; None when one runs or none waits."""
        waiting = self.waiting
        if self.running is not None or not waiting:
            return None
        job = waiting[0]
        return self._move(job.id, JobState.RUNNING, started=self._clock(), plan=plan(job))

    def progress(self, job: str, stage: Stage, part: float) -> Job:
        """A running job did ``part`` (0 to 1) of a stage; late words about a job that stopped change nothing."""
        before = self.get(job)
        if before.state is not JobState.RUNNING:
            return before
        fraction = max(before.fraction, before.plan.fraction(stage, part))
        after = replace(before, stage=stage, fraction=fraction)
        if after != before:
            self._jobs[job] = after
            self._listener(Advanced(after, new_stage=stage is not before.stage))
        return after

    def cancel(self, job: str) -> Job:
        """Cancel: at once if it does not run, else it is marked ``stopping``; safe to repeat.

        Raises:
            RequestError: ``job_unknown``.

        """
        before = self.get(job)
        if JobState.CANCELLED not in MOVES[before.state]:
            return before
        if before.state is JobState.RUNNING:
            self._jobs[job] = replace(before, stopping=True)
            return self._jobs[job]
        return self._move(job, JobState.CANCELLED, ended=self._clock())

    def stopped(self, job: str) -> Job:
        """A running job that was asked to stop has stopped."""
        return self._move(job, JobState.CANCELLED, ended=self._clock())

    def finish(self, job: str) -> Job:
        """A running job has its take."""
        return self._move(job, JobState.DONE, fraction=1.0, ended=self._clock())

    def fail(self, job: str, failure: Failure) -> Job:
        """A job cannot be done."""
        return self._move(job, JobState.FAILED, failure=failure, ended=self._clock())

    def interrupt(self, job: str) -> Job:
        """The server stops while the job runs."""
        return self._move(job, JobState.INTERRUPTED)

    def forget(self, job: str) -> None:
        """Drop a job whose folder was deleted."""
        if job in self._jobs:
            self._by_state[self._jobs.pop(job).state].discard(job)

    def _move(self, job: str, state: JobState, **changes: object) -> Job:
        before = self._jobs[job]
        if state not in MOVES[before.state]:
            raise IllegalMove(f"job {job!r} cannot go from {before.state.value} to {state.value}")
        plain = {"stopping": False, "stage": None, "fraction": 0.0} if state is JobState.QUEUED else {}
        after = replace(before, state=state, **{**plain, **changes})  # type: ignore[arg-type]
        self._put(after)
        self._listener(Moved(after, before.state))
        return after

    def _put(self, job: Job) -> None:
        """Keep a job; what runs or waits is found without looking at all that ever was."""
        if job.id in self._jobs:
            self._by_state[self._jobs[job.id].state].discard(job.id)
        self._turns.setdefault(job.id, len(self._turns))
        self._by_state[job.state].add(job.id)
        self._jobs[job.id] = job

    def _turn(self, job: Job) -> int:
        """Jobs take turns in the order they came."""
        return self._turns[job.id]


def job_exists(job: str) -> RequestError:
    """The error of who asks for something else under a known id."""
    return RequestError("job_exists", f"Job {job!r} already stands for another request", "Choose a new job id.")
