"""What a session is told: jobs, cards and words of the engine, as messages of the wire."""

from __future__ import annotations

from collections.abc import Iterator

from twopop.delivery.card import HitLine, ReferenceLine, TakeCard
from twopop.jobs import Job, JobState
from twopop.messages import (
    Accepted,
    CancelledReply,
    DescriptionReply,
    DoneReply,
    ErrorReply,
    HitReply,
    JobReply,
    ProgressReply,
    ReferenceReply,
    StemReply,
    description_replies,
    job_replies,
)
from twopop.messages import Message as Reply
from twopop.pipe import Described, Landed, Referred
from twopop_models.errors import TwopopError


def accepted(job: Job, waiting: int) -> Accepted:
    """The job is safe; ``waiting`` jobs go before it."""
    return Accepted(job.id, job.state.value, waiting)


def progress(job: Job) -> Iterator[ProgressReply]:
    """How far a running job is; nothing before its first word."""
    if job.stage is not None:
        yield ProgressReply(job.id, job.fraction, job.stage.value, job.eta)


def ending(job: Job) -> Iterator[Reply]:
    """How a job ended, when it did so without a take."""
    if job.state is JobState.CANCELLED:
        yield CancelledReply(job.id)
    elif job.state is JobState.INTERRUPTED:
        text = "The server stopped while the job ran. Send the same score again; it starts anew."
        yield ErrorReply(job.id, "interrupted", text)
    elif job.failure is not None:
        yield ErrorReply(job.id, job.failure.code, str(job.failure))


def refused(job: str, error: TwopopError) -> ErrorReply:
    """Why a request about a job is refused."""
    return ErrorReply.of(error, job)


def said(word: Described | Referred | Landed) -> tuple[Reply, ...]:
    """A word of the engine."""
    if isinstance(word, Described):
        return description(word.job, word.text)
    if isinstance(word, Referred):
        return (reference(word.job, word.line),)
    return (hit(word.job, word.line),)


def description(job: str, text: str) -> tuple[DescriptionReply, ...]:
    """The text bridge, in as many parts as it needs."""
    return description_replies(job, text)


def reference(job: str, line: ReferenceLine) -> ReferenceReply:
    """One track of the music bridge."""
    return ReferenceReply(job, line.role, line.title, str(line.path), line.score, line.why, line.id)


def hit(job: str, line: HitLine) -> HitReply:
    """Where a hit landed."""
    return HitReply(job, line.frame, line.weight, line.tolerance, line.label, line.event, line.error_frames)


def bridges(card: TakeCard) -> Iterator[Reply]:
    """What a finished take rests on."""
    yield from description(card.job, card.description)
    yield from (reference(card.job, line) for line in card.references)
    yield from (hit(card.job, line) for line in card.hits)


def results(card: TakeCard) -> Iterator[Reply]:
    """Every stem of a finished take, then ``done``."""
    count = len(card.stems)
    for index, line in enumerate(card.stems, 1):
        yield StemReply(
            *(card.job, index, count, line.name, str(line.path)),
            *(line.first_sample, line.samples, line.sample_rate, line.variation),
        )
    yield DoneReply(card.job, str(card.folder), count)


def listing(jobs: tuple[Job, ...]) -> tuple[JobReply, ...]:
    """The list of jobs."""
    return job_replies(
        JobReply(job.id, job.state.value, job.fraction, job.stage.value if job.stage and not job.final else "")
        for job in jobs
    )
