"""The discovery file: how clients on this computer find the running server.

``server.json`` in the config folder, readable by its owner only, for it holds the token. A file whose
process is gone, or whose process id now belongs to another program, is stale and counts as absent.
``home.json`` beside it stays when the server ends: with the Python that it names clients can start another.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil

from twopop import __version__
from twopop.messages import PROTOCOL
from twopop.plain import from_plain, read_json, write_json
from twopop.settings import config_folder

NAME: Final = "server.json"
HOME: Final = "home.json"
_SLACK: Final = 2.0
"""Seconds by which two readings of a process's start may differ; the system's clock may have been set."""


@dataclass(frozen=True)
class Discovery:
    """A server that says it runs.

    Attributes:
        host: numeric address to send to.
        port: UDP port.
        pid: process id; ``created`` is when that process began, in seconds since the epoch.
        python: the interpreter that runs it, with which ``-m twopop`` works.
        token: what hello must say, empty when nothing.
        started: when the server was ready, ISO 8601 in UTC.

    """

    host: str
    port: int
    token: str = field(default="", repr=False)
    protocol: int = PROTOCOL
    pid: int = field(default_factory=os.getpid)
    created: float = 0.0
    python: str = sys.executable
    started: str = ""

    @classmethod
    def ours(cls, host: str, port: int, token: str = "") -> Discovery:
        """What this process says of itself."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(host, port, token, created=psutil.Process().create_time(), started=now)

    @property
    def alive(self) -> bool:
        """The process that wrote it still runs."""
        try:
            process = psutil.Process(self.pid)
            running = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
            return running and abs(process.create_time() - self.created) <= _SLACK
        except (psutil.Error, ValueError, OverflowError):
            return False


def path() -> Path:
    """Where the file lies."""
    return config_folder() / NAME


def read() -> Discovery | None:
    """The server that runs on this computer; None when there is no file, a stale one or a damaged one."""
    found = _stored()
    return found if found is not None and found.alive else None


def write(discovery: Discovery) -> Path:
    """Announce a server: at any moment the file is whole, and never readable by others.

    Raises:
        OSError: as ``open`` does.

    """
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{NAME}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(discovery), file, indent=1)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return target


def settle() -> Path:
    """Record where twopop is installed, so that clients can start a server when none runs; it stays when we end.

    Raises:
        OSError: as ``open`` does.

    """
    target = config_folder() / HOME
    target.parent.mkdir(parents=True, exist_ok=True)
    write_json(target, {"python": sys.executable, "version": __version__}, durable=False)
    return target


def remove(discovery: Discovery) -> bool:
    """Take the announcement back, unless another server has replaced it; whether it was ours."""
    if _stored() != discovery:
        return False
    path().unlink(missing_ok=True)
    return True


def _stored() -> Discovery | None:
    try:
        data = read_json(path())
        complete = isinstance(data, dict) and data.keys() >= {item.name for item in fields(Discovery)}
        return from_plain(Discovery, data) if complete else None
    except (OSError, ValueError):
        return None
