"""What is said over the wire: one table of addresses, and a frozen dataclass per message.

``ADDRESSES`` says what every message carries; parsing, encoding, documentation and tests read it.
"""

from __future__ import annotations

from twopop.messages.base import Message
from twopop.messages.parts import PART_BYTES, join, split
from twopop.messages.replies import (
    REPLIES,
    Accepted,
    CancelledReply,
    ControlReply,
    DescriptionReply,
    DoneReply,
    ErrorReply,
    HitReply,
    JobReply,
    Pong,
    ProgressReply,
    ReferenceReply,
    StemReply,
    Welcome,
    control_replies,
    description_replies,
    job_replies,
)
from twopop.messages.requests import (
    REQUESTS,
    Cancel,
    Hello,
    ListControls,
    ListJobs,
    Ping,
    Request,
    ScoreRequest,
    Status,
    request_from_osc,
)
from twopop.messages.table import ADDRESSES, BY_PATH, MAX_IN, MAX_OUT, PROTOCOL, ROOT, Address, Arg, Wire

__all__ = [
    "ADDRESSES",
    "BY_PATH",
    "MAX_IN",
    "MAX_OUT",
    "PART_BYTES",
    "PROTOCOL",
    "REPLIES",
    "REQUESTS",
    "ROOT",
    "Accepted",
    "Address",
    "Arg",
    "Cancel",
    "CancelledReply",
    "ControlReply",
    "DescriptionReply",
    "DoneReply",
    "ErrorReply",
    "Hello",
    "HitReply",
    "JobReply",
    "ListControls",
    "ListJobs",
    "Message",
    "Ping",
    "Pong",
    "ProgressReply",
    "ReferenceReply",
    "Request",
    "ScoreRequest",
    "Status",
    "StemReply",
    "Welcome",
    "Wire",
    "control_replies",
    "description_replies",
    "job_replies",
    "join",
    "request_from_osc",
    "split",
]
