"""The switchboard: protocol without sockets; and the endpoint: sockets without protocol.

A datagram goes in, replies come out, and nothing a sender does raises. Loggers: ``twopop.osc.in``,
``twopop.osc.out`` for messages, ``twopop.osc.raw`` for bytes that were refused.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

from twopop.codec import Raw, decode, encode
from twopop.errors import RequestError
from twopop.messages import (
    MAX_OUT,
    REPLIES,
    Cancel,
    ErrorReply,
    Hello,
    ListControls,
    ListJobs,
    Message,
    Ping,
    Request,
    ScoreRequest,
    Status,
    Wire,
    request_from_osc,
)
from twopop.messages.requests import checked_job
from twopop.outbox import Outbox, Parcel
from twopop.sessions import Peer, Session, Sessions
from twopop_models.errors import TwopopError

incoming = logging.getLogger("twopop.osc.in")
outgoing = logging.getLogger("twopop.osc.out")
refused = logging.getLogger("twopop.osc.raw")

Replies = Iterable[Message]


class Desk(Protocol):
    """What the switchboard puts through to. ``peer`` is where the client listens, for news that come later.

    Every method answers at once, with messages or by raising a ``TwopopError``, and never blocks.
    """

    def hello(self, hello: Hello, session: Session) -> Replies:
        """A client came in."""

    def ping(self, peer: Peer) -> Replies:
        """Somebody asks whether the server is alive."""

    def score(self, request: ScoreRequest, peer: Peer) -> Replies:
        """A job is asked for; news of it go to ``peer``."""

    def status(self, job: str, peer: Peer) -> Replies:
        """Everything about a job; news of it go to ``peer`` too from now on."""

    def cancel(self, job: str, peer: Peer) -> Replies:
        """A job is to stop."""

    def jobs(self, peer: Peer) -> Replies:
        """The list of jobs."""

    def controls(self, peer: Peer) -> Replies:
        """The table of controls."""


@dataclass(frozen=True)
class Entry:
    """A message that was seen by ``capture``."""

    direction: Literal["in", "out"]
    peer: Peer
    address: str
    args: tuple[Wire, ...]


@dataclass
class Counts:
    """How many datagrams came, how many messages were put through, refused, and refused without a word."""

    received: int = 0
    handled: int = 0
    refused: int = 0
    muted: int = 0


class Allowance:
    """How many error replies may go out: a burst, refilled at a steady rate. Others' floods cannot be amplified.

    Args:
        burst: how many at once, for one host; eight times as many for all together.
        per_second: how many of them come back in a second.

    """

    def __init__(self, burst: float = 40, per_second: float = 20) -> None:
        self._burst, self._per_second = burst, per_second
        self._spent: dict[str, tuple[float, float]] = {}

    def grant(self, host: str, now: float) -> bool:
        """Whether one more may go to a host."""
        if len(self._spent) > 256:  # spoofed senders must not fill the memory
            self._spent = {"": self._spent.get("", (0.0, now))}
        own, all_together = self._now_spent(host, 1, now), self._now_spent("", 8, now)
        if own + 1 > self._burst or all_together + 1 > 8 * self._burst:
            return False
        self._spent[host], self._spent[""] = (own + 1, now), (all_together + 1, now)
        return True

    def _now_spent(self, host: str, times: int, now: float) -> float:
        spent, then = self._spent.get(host, (0.0, now))
        return max(0.0, spent - times * self._per_second * (now - then))


class Switchboard:
    """Puts datagrams through to the desk and gives back what is owed to their senders.

    Args:
        desk: answers the requests.
        sessions: who is there; it also knows the token.
        clock: monotonic seconds.

    """

    def __init__(
        self,
        desk: Desk,
        sessions: Sessions | None = None,
        clock: Callable[[], float] = time.monotonic,
        allowance: Allowance | None = None,
    ) -> None:
        self.sessions = Sessions() if sessions is None else sessions
        self.counts = Counts()
        self._desk = desk
        self._clock = clock
        self._allowance = Allowance() if allowance is None else allowance
        self._logs: list[list[Entry]] = []

    def answer(self, datagram: bytes, sender: Peer) -> tuple[Parcel, ...]:
        """Replies owed to one datagram. Bad input is answered with ``error``, never raised."""
        self.counts.received += 1
        try:
            messages = decode(datagram)
        except RequestError as error:
            refused.debug("%s: %s: %s", sender, error.code, datagram[:200].hex())
            return self._refuse(error, "", sender)
        return tuple(parcel for raw in messages for parcel in self._answer(raw, sender))

    def parcel(self, message: Message, to: Peer) -> Parcel:
        """A message ready to be sent, for replies and for news alike."""
        args = message.to_osc()
        data = encode(message.address, args)
        if len(data) > MAX_OUT:
            outgoing.error("%s is too large with %d bytes: %s", message.address, len(data), args)
            raise ValueError(f"{message.address} needs {len(data)} bytes")
        outgoing.debug("%s %s %s", to, message.address, args)
        self._note(Entry("out", to, message.address, args))
        return Parcel(data, to)

    @contextmanager
    def capture(self) -> Iterator[list[Entry]]:
        """Everything that is said while the context lasts, in order."""
        log: list[Entry] = []
        self._logs.append(log)
        try:
            yield log
        finally:
            self._logs = [other for other in self._logs if other is not log]

    def _answer(self, raw: Raw, sender: Peer) -> tuple[Parcel, ...]:
        incoming.debug("%s %s %s", sender, raw.address, raw.args)
        self._note(Entry("in", sender, raw.address, raw.args))
        if raw.address in REPLIES:  # an echo of our own: answering it could go on for ever
            self.counts.refused += 1
            return ()
        job = _job_of(raw)
        try:
            request = request_from_osc(raw.address, raw.args)
            replies = tuple(self._put_through(request, sender))
            to = self.sessions.reply_to(sender)
            self.counts.handled += 1
            return tuple(self.parcel(reply, to) for reply in replies)
        except TwopopError as error:
            return self._refuse(error, job, sender)
        except Exception:  # noqa: BLE001  a fault of ours is answered and logged, and the next message is read
            incoming.exception("%s failed", raw.address)
            return self._refuse(TwopopError("internal", "The server failed", "Please report its log."), job, sender)

    def _put_through(self, request: Request, sender: Peer) -> Replies:
        now = self._clock()
        if isinstance(request, Hello):
            return self._desk.hello(request, self.sessions.greet(request, sender, now))
        self.sessions.enter(sender, now)
        peer = self.sessions.reply_to(sender)
        match request:
            case ScoreRequest():
                return self._desk.score(request, peer)
            case Status(job):
                return self._desk.status(job, peer)
            case Cancel(job):
                return self._desk.cancel(job, peer)
            case Ping():
                return self._desk.ping(peer)
            case ListJobs():
                return self._desk.jobs(peer)
            case ListControls():
                return self._desk.controls(peer)

    def _refuse(self, error: TwopopError, job: str, sender: Peer) -> tuple[Parcel, ...]:
        self.counts.refused += 1
        if not self._allowance.grant(sender.host, self._clock()):
            self.counts.muted += 1
            return ()
        return (self.parcel(ErrorReply.of(error, job), self.sessions.reply_to(sender)),)

    def _note(self, entry: Entry) -> None:
        for log in self._logs:
            log.append(entry)


class Endpoint(asyncio.DatagramProtocol):
    """A UDP socket: what comes in goes to the switchboard, what it owes goes to the outbox."""

    def __init__(self, switchboard: Switchboard, outbox: Outbox) -> None:
        self._switchboard = switchboard
        self._outbox = outbox

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio``."""
        self._outbox.open(transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """See ``asyncio``."""
        for parcel in self._switchboard.answer(data, Peer(*addr[:2])):
            self._outbox.put(parcel)

    def error_received(self, exc: Exception) -> None:
        """See ``asyncio``; a client that has gone is no fault."""
        outgoing.debug("not delivered: %s", exc)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """See ``asyncio``."""
        self._outbox.close()


def _job_of(raw: Raw) -> str:
    """The job that a message is about, if its first argument can be one; for the errors."""
    kind = raw.address.rpartition("/")[2]
    try:
        return checked_job(raw.args[0]) if kind in ("score", "status", "cancel") else ""  # type: ignore[arg-type]
    except (RequestError, IndexError, TypeError):
        return ""
