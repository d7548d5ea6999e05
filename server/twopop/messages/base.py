"""Arguments checked against the table, in both directions."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from twopop.errors import RequestError
from twopop.messages.parts import fitted, is_control, plain
from twopop.messages.table import BY_PATH, Address, Arg, Wire


@dataclass(frozen=True)
class Message:
    """A message whose fields are the arguments of its row in the table, in the same order."""

    address: ClassVar[str]

    @classmethod
    def spec(cls) -> Address:
        """The row of the table."""
        return BY_PATH[cls.address]

    @classmethod
    def from_osc(cls, args: Sequence[Wire]) -> Self:
        """The message that carries these arguments.

        Raises:
            RequestError: ``bad_argument``, naming the argument.

        """
        return cls(**read_args(cls.spec(), args))

    def to_osc(self) -> tuple[Wire, ...]:
        """Arguments that fit into a message; ``from_osc`` is the inverse where nothing had to be cut."""
        return write_args(self.spec(), [getattr(self, arg.name) for arg in self.spec().args])


def read_args(spec: Address, args: Sequence[Wire]) -> dict[str, Any]:
    """Checked values by name; optional ones that were left out have their default.

    Raises:
        RequestError: ``bad_argument``.

    """
    needed = sum(not arg.optional for arg in spec.args)
    if not needed <= len(args) <= len(spec.args):
        raise wrong_count(spec, len(args))
    given = {arg.name: read_arg(spec, arg, value) for arg, value in zip(spec.args, args, strict=False)}
    return {arg.name: given.get(arg.name, arg.default) for arg in spec.args}


def wrong_count(spec: Address, count: int) -> RequestError:
    """The error for too few or too many arguments."""
    names = " ".join(f"[{arg.name}]" if arg.optional else arg.name for arg in spec.args)
    wanted = f"Send {spec.path} {names} {spec.rest and '[key value]...'}".strip() + "."
    return RequestError("bad_argument", f"{spec.path} came with {count} arguments", wanted)


def read_arg(spec: Address, arg: Arg, value: Wire) -> Wire:
    """One checked value. An int or a float is taken for any number; a float for an int must be whole.

    Raises:
        RequestError: ``bad_argument``.

    """
    if arg.type == "s":
        return _read_text(spec, arg, value)
    if isinstance(value, str) or (isinstance(value, float) and not math.isfinite(value)):
        raise _bad(spec, arg, value, "a number")
    if arg.type == "f":
        return float(value)
    if value != int(value):
        raise _bad(spec, arg, value, "a whole number")
    if not arg.low <= value <= arg.high:
        raise _bad(spec, arg, value, f"{arg.low} to {arg.high}")
    return int(value)


def short_decimal(value: float) -> float:
    """The number with the fewest digits that a float32 of the wire stands for: 100.1, not 100.0999984741211."""
    wire = struct.pack(">f", value)
    for digits in range(1, 10):
        found = float(f"{value:.{digits}g}")
        if _packs_to(found, wire):
            return found
    return value


def write_args(spec: Address, values: Sequence[Wire | None]) -> tuple[Wire, ...]:
    """Values as they go out: texts cut to their limit, absent optional ones left out from the end."""
    kept = list(values)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple(_write(arg, value) for arg, value in zip(spec.args, kept, strict=False))


def _write(arg: Arg, value: Wire | None) -> Wire:
    if value is None:
        raise ValueError(f"argument {arg.name!r} is absent, but not the last one")
    if arg.type == "i":
        return max(arg.low, min(arg.high, int(value)))
    if arg.type == "f":
        return float(value)
    text = plain(str(value))
    if arg.unit == "path":  # half a path leads nowhere
        return text if len(text.encode()) <= arg.limit else ""
    return fitted(text, arg.limit)


def _read_text(spec: Address, arg: Arg, value: Wire) -> str:
    if not isinstance(value, str):
        raise _bad(spec, arg, value, "a text")
    if any(is_control(sign) for sign in value):
        raise _bad(spec, arg, value, "text without control characters")
    if len(value.encode("utf-8", "replace")) > arg.limit:
        raise _bad(spec, arg, value, f"at most {arg.limit} bytes")
    return value


def _bad(spec: Address, arg: Arg, value: Wire, wanted: str) -> RequestError:
    shown = repr(value if len(str(value)) <= 40 else f"{str(value)[:37]}...")
    return RequestError("bad_argument", f"{arg.name} of {spec.path} cannot be {shown}", f"It takes {wanted}.")


def _packs_to(value: float, wire: bytes) -> bool:
    try:
        return struct.pack(">f", value) == wire
    except OverflowError:  # rounded up beyond the largest float32
        return False
