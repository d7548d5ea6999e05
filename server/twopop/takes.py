"""Jobs and takes on disk. A job is a folder, and what lies in it tells its state.

::

    ROOT/
      JOB/request.json     the accepted request; the folder appears with it in one rename
      JOB/state.json       running (how often), interrupted, failed or cancelled; absent while it waits
      JOB/take/            the finished take with its card; appears whole, in one rename
      .work/lock           held by the one server that owns this root
      .work/JOB-NONCE/     what is being made; swept when a server starts
      history.json         how long the stages took

So a kill at any moment leaves either the state before or the state after, and never a half-written take.
Blocking; the desk calls it from a thread where that could be felt.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twopop.delivery.card import NAME, TakeCard
from twopop.errors import DeskError, RequestError
from twopop.jobs import Failure, JobState
from twopop.locks import Lock
from twopop.messages import ScoreRequest
from twopop.plain import from_plain, read_json, sync_file, sync_folder, to_plain, write_json
from twopop_models.controls import Controls
from twopop_models.errors import TwopopError
from twopop_models.types import Clip

log = logging.getLogger("twopop.jobs")

FORMAT: Final = 1
HISTORY: Final = "history.json"
_WORK: Final = ".work"
_REQUEST: Final = "request.json"
_STATE: Final = "state.json"
_TAKE: Final = "take"
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


@dataclass(frozen=True)
class Memory:
    """``state.json``: where a job without a take stands, and how often it was begun."""

    state: JobState = JobState.QUEUED
    attempts: int = 0
    failure: Failure | None = None


@dataclass(frozen=True)
class Stored:
    """A job as its folder tells it. ``submitted`` is in seconds since the epoch."""

    request: ScoreRequest
    submitted: float
    memory: Memory


@dataclass(frozen=True)
class Problem:
    """A job folder that could not be read, and why; it is left alone."""

    folder: Path
    text: str


class Takes:
    """The jobs folder. Open before use; one server at a time owns it.

    Args:
        root: is made when it does not exist.

    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._work = root / _WORK
        self._lock = Lock(self._work / "lock")

    def open(self) -> None:
        """Take possession.

        Raises:
            DeskError: ``jobs_in_use`` (another server owns the folder), ``disk_full`` or ``jobs_folder``.

        """
        with disk_errors(self.root):
            self._work.mkdir(parents=True, exist_ok=True)
            if not self._lock.take():
                raise DeskError(
                    "jobs_in_use",
                    f"Another server works in {self.root}",
                    "Stop it, or give this one another jobs folder.",
                )

    def close(self) -> None:
        """Let go; safe to repeat."""
        self._lock.release()

    # -- reading --------------------------------------------------------------------------------

    def scan(self) -> tuple[tuple[Stored, ...], tuple[Problem, ...]]:
        """Every job in the root, the oldest first, and every folder that could not be read."""
        stored, problems = [], []
        for folder in sorted(self.root.iterdir()):
            if not folder.is_dir() or folder.name == _WORK:
                continue
            try:
                stored.append(_read(folder))
            except (OSError, ValueError, TwopopError) as error:
                problems.append(Problem(folder, str(error)))
        return tuple(sorted(stored, key=lambda item: item.submitted)), tuple(problems)

    def card(self, job: str) -> TakeCard:
        """The card of a finished take.

        Raises:
            DeskError: ``take_unreadable``, for instance because somebody deleted it.

        """
        try:
            return TakeCard.load(self.take(job))
        except (OSError, ValueError) as error:
            raise DeskError(
                "take_unreadable", f"The take of job {job!r} cannot be read: {error}", "Score it again."
            ) from error

    def take(self, job: str) -> Path:
        """Where the finished take of a job is, or will be."""
        return self.root / folder_name(job) / _TAKE

    def leftovers(self) -> tuple[Path, ...]:
        """Work folders of servers that are gone: all there are when the root has just been opened."""
        return tuple(entry for entry in self._work.iterdir() if entry.is_dir())

    # -- writing --------------------------------------------------------------------------------

    def store(self, request: ScoreRequest, now: float | None = None) -> Stored:
        """Write a new job down; once this returns it survives kill and power cut.

        Raises:
            RequestError: ``job_exists``: the id's folder is taken.
            DeskError: ``disk_full`` or ``jobs_folder``.

        """
        submitted = time.time() if now is None else now
        folder = self.root / folder_name(request.job)
        fresh = self.work_folder(request.job)
        with disk_errors(self.root):
            try:
                data = {"format": FORMAT, "submitted": submitted, **request_to_plain(request)}
                write_json(fresh / _REQUEST, data, durable=False)
                fresh.rename(folder)
            except OSError as error:
                shutil.rmtree(fresh, ignore_errors=True)
                if folder.exists() and error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
                    raise RequestError(
                        "job_exists", f"The folder of job {request.job!r} is taken", "Choose a new job id."
                    ) from error
                raise
            self._settle(folder)
        return Stored(request, submitted, Memory())

    def _settle(self, folder: Path) -> None:
        """Bring a new job's folder to disk: all at the end, so that a journalling file system commits once."""
        try:
            sync_file(folder / _REQUEST)
            sync_folder(folder)
            sync_folder(self.root)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)  # it was not accepted yet
            raise

    def remember(self, job: str, memory: Memory, durable: bool = True) -> None:
        """Write down where a job stands.

        Raises:
            DeskError: ``disk_full`` or ``jobs_folder``.

        """
        with disk_errors(self.root):
            write_json(self.root / folder_name(job) / _STATE, {"format": FORMAT, **to_plain(memory)}, durable=durable)

    def prune(self, keep: int) -> tuple[str, ...]:
        """Delete the oldest finished jobs beyond ``keep`` (0 keeps all); the names of their folders.

        Raises:
            OSError: the root cannot be listed, or a folder not moved.

        """
        if not keep:
            return ()
        pruned = []
        cards = [path for path in self.root.glob(f"*/{_TAKE}/{NAME}") if path.parts[-3] != _WORK]
        for card in sorted(cards, key=lambda path: path.stat().st_mtime, reverse=True)[keep:]:
            doomed = self._work / f"{card.parts[-3]}-{secrets.token_hex(4)}"
            card.parent.parent.rename(doomed)  # gone at once, deleted in peace
            shutil.rmtree(doomed, ignore_errors=True)
            pruned.append(card.parts[-3])
        return tuple(pruned)

    def work_folder(self, job: str) -> Path:
        """A new empty folder to make something in.

        Raises:
            DeskError: ``disk_full`` or ``jobs_folder``.

        """
        folder = self._work / f"{folder_name(job)}-{secrets.token_hex(4)}"
        with disk_errors(self.root):
            folder.mkdir()
        return folder

    def publish(self, job: str, work: Path) -> TakeCard:
        """Let a finished take appear, whole, in one rename.

        Raises:
            DeskError: ``take_unreadable`` (the card in ``work`` is damaged), ``disk_full`` or ``jobs_folder``.

        """
        try:
            TakeCard.load(work)
        except (OSError, ValueError) as error:
            raise DeskError("take_unreadable", f"The engine left no readable take: {error}") from error
        with disk_errors(self.root):
            work.rename(self.take(job))
            sync_folder(self.take(job).parent)
        return self.card(job)

    @staticmethod
    def sweep(folders: tuple[Path, ...]) -> None:
        """Delete work folders that nobody needs; what cannot be deleted is left for next time."""
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def folder_name(job: str) -> str:
    """A file name for a job id, its own wherever every file system can bear it."""
    safe = re.sub(r"[^A-Za-z0-9_.\-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), job)
    if safe.startswith(".") or safe.endswith(".") or _RESERVED.match(safe) or safe in ("", HISTORY):
        safe = f"%{safe}%"
    if len(safe) > 100:
        safe = f"{safe[:60]}%{hashlib.sha256(job.encode()).hexdigest()[:16]}"
    return safe


def request_to_plain(request: ScoreRequest) -> dict[str, Any]:
    """A request as JSON: the controls in their wire form, the rate as a fraction."""
    return {
        "job": request.job,
        "clip": to_plain(request.clip),
        "controls": [list(pair) for pair in request.controls.pairs()],
    }


def request_from_plain(data: Any) -> ScoreRequest:
    """``request_to_plain``'s inverse.

    Raises:
        ValueError: it is no request.
        ControlError: a control that this twopop does not know.

    """
    try:
        controls = Controls.parse((str(name), value) for name, value in data["controls"])
        return ScoreRequest(job=str(data["job"]), clip=from_plain(Clip, data["clip"]), controls=controls)
    except (KeyError, TypeError) as error:
        raise ValueError(f"it holds no request: {error!r}") from error


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the operating system says of a folder into our errors: ``disk_full`` or ``jobs_folder``."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, folder) from error


def disk_error(error: OSError, folder: Path) -> DeskError:
    """The error that tells a user what the disk said."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return DeskError("disk_full", f"The disk of {folder} is full", "Free some space and ask again.")
    return DeskError(
        "jobs_folder", f"The folder {folder} cannot be written: {error.strerror or error}", "Check its permissions."
    )


def _read(folder: Path) -> Stored:
    data = _read_file(folder / _REQUEST)
    request = request_from_plain(data)
    if folder_name(request.job) != folder.name:
        raise ValueError(f"it holds the request of another job, {request.job!r}")
    return Stored(request, from_plain(float, data.get("submitted")), _memory(folder))


def _memory(folder: Path) -> Memory:
    if (folder / _TAKE).is_dir():
        TakeCard.load(folder / _TAKE)
        return Memory(JobState.DONE)
    try:
        return from_plain(Memory, _read_file(folder / _STATE))
    except FileNotFoundError:
        return Memory()


def _read_file(path: Path) -> dict[str, Any]:
    """The JSON object in a file of today's format."""
    data = read_json(path)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"{path.name} has format {data.get('format') if isinstance(data, dict) else None}")
    return data
