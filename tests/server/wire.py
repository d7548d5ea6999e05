"""What the tests of the wire share: a desk that answers from a list, and datagrams."""

import itertools
import struct

from twopop.codec import decode
from twopop.messages import (
    REPLIES,
    Accepted,
    CancelledReply,
    Pong,
    ProgressReply,
    Welcome,
    control_replies,
    job_replies,
)
from twopop.osc import Allowance, Switchboard
from twopop.sessions import Peer, Sessions

HERE = Peer("127.0.0.1", 50_000)


class NoLimit(Allowance):
    """Everybody may have every error."""

    def grant(self, host, now):
        return True


class QuickDesk:
    """Answers at once and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def hello(self, hello, session):
        self.asked.append(hello)
        yield Welcome("0.1.0", 1)

    def ping(self, peer):
        return [Pong("0.1.0", 1, 0, "ready")]

    def score(self, request, peer):
        self.asked.append(request)
        return [Accepted(request.job, "queued", len(self.asked) - 1)]

    def status(self, job, peer):
        return [ProgressReply(job, 0.5, "compose")]

    def cancel(self, job, peer):
        return [CancelledReply(job)]

    def jobs(self, peer):
        return job_replies(())

    def controls(self, peer):
        return control_replies()


def a_board(token="", clock=lambda: 0.0, allowance=None, desk=None):
    return Switchboard(desk or QuickDesk(), Sessions(token), clock, allowance or NoLimit())


def read(parcels):
    """Parcels as (message, receiver)."""
    messages = []
    for parcel in parcels:
        (raw,) = decode(parcel.data)
        messages.append((REPLIES[raw.address].from_osc(raw.args), parcel.to))
    return messages


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return data + b"\0" * (4 - len(data) % 4)


def bundle(*elements, tag=1):
    return b"#bundle\0" + struct.pack(">Q", tag) + b"".join(struct.pack(">i", len(item)) + item for item in elements)


def mutations(seeds, dice):
    """Endless datagrams near the given ones: bits flipped, cut, doubled, spliced, resized, or plain noise."""
    for count in itertools.count():
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(data) + 1)
            change = dice.randrange(7)
            if change == 0 and data:
                data[place % len(data)] ^= 1 << dice.randrange(8)
            elif change == 1:
                del data[place:]
            elif change == 2:
                data[place:place] = dice.randbytes(dice.randint(1, 12))
            elif change == 3:
                data[place:] = dice.choice(seeds)[place:]
            elif change == 4:
                data[place : place + 4] = struct.pack(">i", dice.choice([-1, -4, 0, 2**31 - 1, -(2**31), 3, 8]))
            elif change == 5:
                data[place:place] = data[: dice.randrange(len(data) + 1)]
            else:
                del data[place : place + dice.randint(1, 8)]
        yield dice.randbytes(dice.randrange(200)) if count % 20 == 0 else bytes(data)
