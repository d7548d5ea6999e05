"""The header of a safetensors file, checked without loading a tensor.

Eight bytes of length, little-endian; that many bytes of JSON, which gives every tensor its type, shape and place;
then the tensors, end to end. A file that keeps to this can neither run code nor make a reader look elsewhere.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

LONGEST: Final = 100_000_000
"""Bytes of the longest header that readers take."""

BYTES: Final = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 8),
    **dict.fromkeys(("F32", "I32", "U32"), 4),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 2),
    **dict.fromkeys(("F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"), 1),
}
"""Bytes of one element of each type."""


def tensors(path: Path) -> tuple[str, ...]:
    """Names of the tensors of a file.

    Raises:
        ValueError: what is wrong with it.
        OSError: it cannot be read.

    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 10 or length > min(size - 8, LONGEST):
            raise ValueError(f"it ends before its header of {length} bytes does")
        text = file.read(length)
    header = _object(text)
    places = [_place(name, entry) for name, entry in header.items() if name != "__metadata__"]
    _check_metadata(header.get("__metadata__", {}))
    _check_places(sorted(places), size - 8 - length)
    return tuple(name for name in header if name != "__metadata__")


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
    except RecursionError as error:
        raise ValueError("its header is nested without end") from error
    if not isinstance(found, dict):
        raise ValueError("its header is no JSON object")  # noqa: TRY004 - all that is wrong is said as one error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("its header names something twice")
    return found


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("its metadata is not text")


def _place(name: str, entry: Any) -> tuple[int, int]:
    """First and last byte of a tensor, after comparing them with its type and shape."""
    try:
        width, shape, (start, stop) = BYTES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        counts = [*shape, start, stop]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"the entry of the tensor {name!r} is malformed") from error
    if not all(type(count) is int and count >= 0 for count in counts) or stop - start != math.prod(shape) * width:
        raise ValueError(f"the tensor {name!r} has not the size of its shape")
    return start, stop


def _check_places(places: list[tuple[int, int]], size: int) -> None:
    if not places:
        raise ValueError("it holds no tensor")
    at = 0
    for start, stop in places:
        if start != at:
            raise ValueError("its tensors overlap or leave gaps")
        at = stop
    if at != size:
        raise ValueError(f"it has {size} bytes of tensors, and its header speaks of {at}")
