"""Long texts in numbered parts, and texts made to fit. Sizes are bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

PART_BYTES: Final = 400


def split(text: str, size: int = PART_BYTES) -> tuple[str, ...]:
    """A text in parts of at most ``size`` bytes, cut between characters; at least one part, maybe empty."""
    parts = []
    while len(text.encode()) > size:
        head = _head(text, size)
        parts.append(head)
        text = text[len(head) :]
    return (*parts, text)


def join(parts: Iterable[str]) -> str:
    """``split``'s inverse: all parts, one after the other."""
    return "".join(parts)


def fitted(text: str, size: int) -> str:
    """A text that needs at most ``size`` bytes; the end of a longer one becomes an ellipsis."""
    return text if len(text.encode()) <= size else _head(text, size - 3) + "…"


def plain(text: str) -> str:
    """A text without what a message cannot carry: control characters become spaces, lone surrogates ``?``."""
    spaced = "".join(" " if is_control(sign) else sign for sign in text)
    return spaced.encode("utf-8", "replace").decode()


def is_control(sign: str) -> bool:
    """A character that no message may hold: C0, DEL and C1.

    Unusual spaces are allowed: macOS puts a narrow no-break space into the names of screen recordings.
    """
    return sign < " " or "\x7f" <= sign <= "\x9f"


def _head(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")
