"""Datagrams to messages and back, over python-osc's codec and stricter than it.

python-osc alone would read a missing float as 0.0, recurse into nested bundles, follow negative sizes in circles
and let UnicodeDecodeError out; so sizes and types are checked before and after it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from twopop.errors import RequestError
from twopop.messages import MAX_IN, Wire

MAX_BUNDLE: Final = 32
"""Messages in one bundle; more would let one datagram ask for thousands."""
MAX_ARGS: Final = 200
"""Arguments in one message; Max cuts longer lists."""
_BUNDLE: Final = b"#bundle\0"


@dataclass(frozen=True)
class Raw:
    """A message as it stands in a datagram, its arguments int, float or str."""

    address: str
    args: tuple[Wire, ...]


def decode(datagram: bytes) -> tuple[Raw, ...]:
    """The messages of a datagram. Bundles are flattened and their time tags ignored.

    Raises:
        RequestError: ``message_too_large``, ``bad_message`` or ``bad_argument``.

    """
    if len(datagram) > MAX_IN:
        text = f"A datagram of {len(datagram):,} bytes is too large"
        raise RequestError("message_too_large", text, f"At most {MAX_IN:,} bytes; send files by path.")
    if not datagram.startswith(_BUNDLE):
        return (_message(datagram),)
    return tuple(_message(element) for element in _elements(datagram))


def encode(address: str, args: Sequence[Wire]) -> bytes:
    """A message as a datagram; int goes as i, float as f, str as s.

    Raises:
        TypeError: an argument is neither int, float nor str.
        BuildError: an int of more than 32 bits.

    """
    builder = OscMessageBuilder(address)
    for value in args:
        builder.add_arg(value, _type_of(value))
    return bytes(builder.build().dgram)


def _type_of(value: Wire) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} cannot be sent")
    if isinstance(value, str):
        return "s"
    return "i" if isinstance(value, int) else "f"


def _elements(datagram: bytes) -> Iterator[bytes]:
    """The messages in a bundle, which must fill it exactly."""
    at = len(_BUNDLE) + 8  # the time tag
    for _ in range(MAX_BUNDLE):
        if at == len(datagram):
            return
        size = struct.unpack_from(">i", datagram, at)[0] if at + 4 <= len(datagram) else -1
        element = datagram[at + 4 : at + 4 + max(size, 0)]
        if size == 0 or len(element) != size:  # a negative size has no element of its length
            raise _damaged("a bundle whose sizes do not fit")
        if element.startswith(b"#"):
            raise RequestError("bad_message", "Bundles within bundles are not read", "Send one flat bundle.")
        yield element
        at += 4 + size
    if at != len(datagram):
        raise RequestError("bad_message", f"A bundle holds more than {MAX_BUNDLE} messages", "Send several.")


def _message(data: bytes) -> Raw:
    if not data.startswith(b"/") or len(data) % 4:
        raise _damaged("no OSC message")
    types = _types(data)
    try:
        message = OscMessage(data)
        raw = Raw(message.address, tuple(message.params))
        size = _size(message.address) + (_size(f",{types}") if types else 0)
    except Exception as error:  # the codec lets more out than its own errors
        raise _damaged("a damaged OSC message") from error
    size += sum(_size(value) if isinstance(value, str) else 4 for value in raw.args)
    if len(raw.args) != len(types) or size not in (len(data), len(data) - 4 * (not types)):
        raise _damaged("an OSC message whose arguments are missing or cut off")
    return raw


def _types(data: bytes) -> str:
    """The types of a message's arguments; empty also when a very old client sends no type tags."""
    start = (data.find(b"\0") // 4 + 1) * 4
    stop = data.find(b"\0", start)
    tags = data[start : stop if stop >= 0 else len(data)]
    if start == 0 or (tags and not tags.startswith(b",")):
        raise _damaged("an OSC message without type tags")
    types = tags[1:].decode("ascii", "replace")
    strange = next((sign for sign in types if sign not in "ifs"), None)
    if strange is not None:
        text = f"OSC type {strange!r} is not used here"
        raise RequestError("bad_argument", text, "Send i, f and s only; a number may be i or f.")
    if len(types) > MAX_ARGS:
        raise RequestError("bad_argument", f"{len(types)} arguments are too many", f"Send at most {MAX_ARGS}.")
    return types


def _size(text: str) -> int:
    """Bytes of a string on the wire, with its padding."""
    return (len(text.encode()) // 4 + 1) * 4


def _damaged(what: str) -> RequestError:
    return RequestError("bad_message", f"This is {what}", "Check the client's OSC library.")
