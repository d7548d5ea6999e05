"""Who is there, where to answer, and who has said the token.

Conventions: times are seconds of a monotonic clock that the caller reads.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from twopop.errors import RequestError
from twopop.messages import PROTOCOL, Hello

LIMIT: Final = 64
"""So many clients are remembered; the one that was silent for longest is forgotten first."""


@dataclass(frozen=True)
class Peer:
    """Where datagrams come from or go to: a numeric address and a UDP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Session:
    """A client that said hello from ``sender``; it listens at ``reply_to``."""

    client: str
    sender: Peer
    reply_to: Peer
    last_seen: float


class Sessions:
    """Everybody who said a valid hello, the one heard last at the end.

    Args:
        token: what hello must say; empty when anybody may come in.
        limit: how many clients are remembered.

    """

    def __init__(self, token: str = "", limit: int = LIMIT) -> None:
        self._token = token
        self._limit = limit
        self._known: OrderedDict[Peer, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def greet(self, hello: Hello, sender: Peer, now: float) -> Session:
        """Let a client in, or renew it.

        Raises:
            RequestError: ``protocol_mismatch`` or ``bad_token``; whoever was let in before then is out.

        """
        self._known.pop(sender, None)
        if hello.protocol != PROTOCOL:
            text = f"Client {hello.client!r} speaks protocol {hello.protocol}, this server speaks {PROTOCOL}"
            raise RequestError("protocol_mismatch", text, "Update the older one.")
        if not hmac.compare_digest(hello.token.encode(), self._token.encode()) and self._token:
            raise RequestError("bad_token", "The token is wrong", "It stands in the server's discovery file.")
        reply_to = Peer(sender.host, hello.reply_port) if hello.reply_port else sender
        self._known[sender] = Session(hello.client, sender, reply_to, now)
        while len(self._known) > self._limit:
            self._known.popitem(last=False)
        return self._known[sender]

    def enter(self, sender: Peer, now: float) -> None:
        """Note that somebody spoke, and check that it may.

        Raises:
            RequestError: ``bad_token``: a token is needed and this sender has not said it.

        """
        if sender in self._known:
            self._known[sender] = replace(self._known[sender], last_seen=now)
            self._known.move_to_end(sender)
        elif self._token:
            remedy = "Say hello with the token first, from the same port."
            raise RequestError("bad_token", "This server wants a token", remedy)

    def reply_to(self, sender: Peer) -> Peer:
        """Where to answer a sender.

        One that said hello is answered where it asked. Any other at the port that its host announced
        last, for programs like ``oscsend`` send each message from a new port; else where it sent from.
        """
        if sender in self._known:
            return self._known[sender].reply_to
        others = (known for known in reversed(self._known.values()) if known.sender.host == sender.host)
        return next((known.reply_to for known in others if known.reply_to != known.sender), sender)

    def everyone(self) -> tuple[Session, ...]:
        """All clients, the one heard last at the end."""
        return tuple(self._known.values())
