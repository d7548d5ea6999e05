"""A client of the server, for the command line and for tests: whatever is lost is asked for again.

``score`` is repeated until it is accepted and ``status`` until every stem is there, so datagrams may get lost
both ways. A job may take as long as it likes; a server that is silent for ``GONE`` seconds is an error.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, TypeVar, cast

from twopop.codec import decode, encode
from twopop.errors import DeskError, RequestError
from twopop.messages import (
    REPLIES,
    Accepted,
    Cancel,
    CancelledReply,
    DescriptionReply,
    DoneReply,
    ErrorReply,
    Hello,
    JobReply,
    ListJobs,
    Message,
    Ping,
    Pong,
    Request,
    ScoreRequest,
    Status,
    StemReply,
    Welcome,
)
from twopop_models.errors import TwopopError

GONE: Final = 5.0
"""Seconds of silence after which a server counts as gone."""
AGAIN: Final = 0.25
"""Seconds after which an unanswered question is put again."""
STALE: Final = 1.0
"""Seconds without news of a job after which we ask for them."""

T = TypeVar("T", bound=Message)


@asynccontextmanager
async def connected(host: str, port: int, *, token: str = "", name: str = "twopop") -> AsyncIterator[Client]:
    """A client that the server has welcomed.

    Raises:
        DeskError: ``server_gone``: nobody answers there.
        TwopopError: ``bad_token`` or ``protocol_mismatch``, as the server says.

    """
    client = Client(Hello(name, 1, 0, token), f"{host}:{port}")
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: client, remote_addr=(host, port))
    try:
        await client.ask(client.hello, Welcome)
        yield client
    finally:
        transport.close()


class Client(asyncio.DatagramProtocol):
    """Somebody who talks to one server, one question at a time. ``connected`` makes it."""

    def __init__(self, hello: Hello, server: str) -> None:
        self.hello = hello
        self._server = server
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None
        self._heard = self._pinged = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio``."""
        self._transport = cast(asyncio.DatagramTransport, transport)  # selector loops do not subclass it

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002  it is connected to the server
        """See ``asyncio``; what is no reply is passed over."""
        self._heard = time.monotonic()
        try:
            for raw in decode(data):
                if raw.address in REPLIES:
                    self._inbox.put_nowait(REPLIES[raw.address].from_osc(raw.args))
        except RequestError:
            return

    def error_received(self, exc: Exception) -> None:
        """See ``asyncio``; a server that restarts is away for a moment, so silence alone decides."""

    async def ask(self, question: Request, kind: type[T]) -> T:
        """Put a question until it is answered.

        Raises:
            DeskError: ``server_gone``.
            TwopopError: the server's error that is about no job.

        """
        self._say(question)
        asked = time.monotonic()
        while True:
            message = await self._next()
            if isinstance(message, kind):
                return message
            if isinstance(message, ErrorReply) and not message.job:
                raise TwopopError(message.code, message.text.removesuffix("."))
            if time.monotonic() - asked >= AGAIN:
                self._say(question)
                asked = time.monotonic()

    async def ping(self) -> Pong:
        """Ask whether the server is alive; raises as ``ask``."""
        return await self.ask(Ping(), Pong)

    async def jobs(self) -> tuple[JobReply, ...]:
        """Every job the server knows, in the order they came; raises as ``ask``."""
        found: dict[int, JobReply] = {}
        while True:
            line = await self.ask(ListJobs(), JobReply)
            found[line.index] = line
            while not self._inbox.empty():
                line = await self.ask(ListJobs(), JobReply)
                found[line.index] = line
            if len(found) >= line.count:
                return tuple(found[index] for index in sorted(found) if line.count)

    def score(self, request: ScoreRequest) -> AsyncIterator[Message]:
        """Have a job done: its messages as they come, each once; done, cancelled or error is the last.

        Raises:
            DeskError: ``server_gone``.

        """
        return self._follow(request.job, request, to_the_end=True)

    def status(self, job: str, *, to_the_end: bool = False) -> AsyncIterator[Message]:
        """Everything there is to say of a job now, or until its end; raises as ``score``."""
        return self._follow(job, Status(job), to_the_end=to_the_end)

    async def cancel(self, job: str) -> Message:
        """Stop a job; the message that says how it ended: cancelled, done or error. Raises as ``score``."""
        async for message in self._follow(job, Cancel(job), to_the_end=True):
            if isinstance(message, CancelledReply | DoneReply | ErrorReply):
                return message
        raise AssertionError("a followed job ends")

    async def _follow(self, job: str, question: Request, *, to_the_end: bool) -> AsyncIterator[Message]:
        """A job's messages, each once, until it is over and nothing is missing."""
        gathered = Gathered(job)
        self._say(question)
        last = time.monotonic()
        while not gathered.complete:
            message = await self._next()
            if message is not None and gathered.concerns(message):
                last = time.monotonic()
                if isinstance(message, Accepted) and isinstance(question, ScoreRequest):
                    question = Status(job)
                    if message.state == "done":
                        self._say(question)
                if gathered.take(message):
                    yield message
            elif not to_the_end and gathered.accepted and not gathered.over:
                return  # everything was said and it goes on
            if time.monotonic() - last >= (STALE if gathered.accepted and not gathered.over else AGAIN):
                self._say(self.hello)  # a server that was restarted does not know us
                self._say(question)
                last = time.monotonic()
        yield gathered.ending

    async def _next(self) -> Message | None:
        """The next message, None when none came for ``AGAIN`` seconds."""
        try:
            async with asyncio.timeout(AGAIN):  # wait_for may swallow a cancellation in Python 3.11
                return await self._inbox.get()
        except TimeoutError:
            now = time.monotonic()
        if now - self._heard > GONE:
            text = f"The server at {self._server} has not answered for {GONE:g} seconds"
            raise DeskError("server_gone", text, "Start it with twopop serve, or check its log.")
        if now - max(self._heard, self._pinged) > STALE:
            self._say(Ping())
            self._pinged = now
        return None

    def _say(self, request: Request) -> None:
        if self._transport is not None:
            self._transport.sendto(encode(request.address, request.to_osc()))


class Gathered:
    """What has been heard of a job, and what is still missing."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._seen: set[Message] = set()
        self._ending: Message | None = None
        self.accepted = False

    def concerns(self, message: Message) -> bool:
        """Whether it is about the job."""
        return getattr(message, "job", None) == self._job and not isinstance(message, JobReply)

    def take(self, message: Message) -> bool:
        """Take a message in; whether it is news and not the ending, which is kept until nothing is missing."""
        if isinstance(message, DoneReply | CancelledReply | ErrorReply):
            self._ending = message
            return False
        self.accepted = True
        news = message not in self._seen
        self._seen.add(message)
        return news

    @property
    def over(self) -> bool:
        """The job has ended."""
        return self._ending is not None

    @property
    def ending(self) -> Message:
        """How it ended; only when it is over."""
        assert self._ending is not None  # noqa: S101
        return self._ending

    @property
    def complete(self) -> bool:
        """It is over and nothing is missing: every stem and every part of the description is there."""
        if not isinstance(self._ending, DoneReply):
            return self.over
        stems = {message.index for message in self._seen if isinstance(message, StemReply)}
        parts = [message for message in self._seen if isinstance(message, DescriptionReply)]
        whole = bool(parts) and len(parts) == parts[0].parts
        return whole and len(stems) == self._ending.stem_count
