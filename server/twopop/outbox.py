"""Outgoing datagrams, paced: even loopback loses them when a reader sleeps and its buffer is full.

A client that looks thirty times a second and has an ordinary buffer (about 90 datagrams of 1 kB) is never
sent more than it can hold, and no client waits for another.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Final, cast

from twopop.sessions import Peer

log = logging.getLogger("twopop.osc.out")

PER_TICK: Final = 8
"""Datagrams that one client gets in a tick; with ``TICK`` 1,600 a second."""
TICK: Final = 0.005
"""Seconds."""
LIMIT: Final = 10_000
"""Datagrams that may wait for one client; the oldest go first, for ``status`` says everything again."""


@dataclass(frozen=True)
class Parcel:
    """A datagram and where it goes."""

    data: bytes
    to: Peer


class Outbox:
    """Sends what is put into it, in order for each client; lives in one event loop."""

    def __init__(self, per_tick: int = PER_TICK, tick: float = TICK, limit: int = LIMIT) -> None:
        self._per_tick, self._tick, self._limit = per_tick, tick, limit
        self._waiting: dict[Peer, deque[bytes]] = {}
        self._sent: dict[Peer, int] = {}  # in this tick
        self._transport: asyncio.DatagramTransport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._empty = asyncio.Event()
        self._empty.set()
        self.lost = 0

    def open(self, transport: asyncio.BaseTransport) -> None:
        """Begin to send through a datagram transport."""
        self._transport = cast(asyncio.DatagramTransport, transport)  # asyncio's own is no subclass before 3.12
        self._flush()

    def close(self) -> None:
        """Stop; what waits is dropped. Safe to repeat."""
        self._transport = None
        self._waiting.clear()
        self._empty.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def put(self, parcel: Parcel) -> None:
        """Send a parcel, at once if its client had few in this tick."""
        queue = self._waiting.setdefault(parcel.to, deque(maxlen=self._limit))
        self.lost += len(queue) == self._limit
        queue.append(parcel.data)
        self._empty.clear()
        self._flush()

    async def drained(self) -> None:
        """Wait until everything has been sent."""
        await self._empty.wait()

    def _flush(self) -> None:
        if self._transport is None:
            return
        for peer, queue in list(self._waiting.items()):
            while queue and self._sent.get(peer, 0) < self._per_tick:
                self._send(queue.popleft(), peer)
            if not queue:
                del self._waiting[peer]
        if not self._waiting:
            self._empty.set()
        if self._sent and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._tick, self._next_tick)

    def _send(self, data: bytes, peer: Peer) -> None:
        self._sent[peer] = self._sent.get(peer, 0) + 1
        try:
            assert self._transport is not None  # noqa: S101  _flush looked
            self._transport.sendto(data, (peer.host, peer.port))
        except (OSError, ValueError, OverflowError) as error:
            log.debug("not sent to %s: %s", peer, error)

    def _next_tick(self) -> None:
        self._timer = None
        self._sent.clear()
        self._flush()
