"""Who wants to hear of which job."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from twopop.messages import Message
from twopop.sessions import Peer

LIMIT: Final = 16
"""So many peers hear of one job; the one that asked longest ago is dropped first."""

Tell = Callable[[Message, Peer], None]


class Audience:
    """The peers of every job that is not over yet.

    Args:
        tell: brings a message to a peer, and does not block.

    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._peers: dict[str, dict[Peer, None]] = {}

    def join(self, job: str, peer: Peer) -> None:
        """Let a peer hear of a job from now on."""
        peers = self._peers.setdefault(job, {})
        peers.pop(peer, None)
        peers[peer] = None
        if len(peers) > LIMIT:
            del peers[next(iter(peers))]

    def hear(self, job: str, messages: Iterable[Message]) -> None:
        """Tell everybody who listens to a job."""
        peers = tuple(self._peers.get(job, ()))
        for message in messages:
            for peer in peers:
                self._tell(message, peer)

    def disperse(self, job: str) -> None:
        """There will be no more news of a job."""
        self._peers.pop(job, None)
