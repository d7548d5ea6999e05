"""A reader of TensorFlow checkpoints ("tensor bundles") without TensorFlow.

The format, as far as needed: ``.index`` is a LevelDB table whose uncompressed blocks map variable
names to small protobuf records (dtype, shape, offset, size); ``.data-00000-of-00001`` holds the
raw little-endian numbers. Nothing in it can run code.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.errors import EngineError

Tensors = dict[str, NDArray[np.float32]]

_MAGIC: Final = 0xDB4775248B80FB57
_FOOTER: Final = 48
_FLOAT32: Final = 1  # DT_FLOAT in TensorFlow's types.proto


def read_bundle(prefix: str, skip: tuple[str, ...] = ("/Adam", "beta1_power", "beta2_power")) -> Tensors:
    """The float32 variables of a one-shard checkpoint, by name.

    Args:
        prefix: path up to ``.index`` and ``.data-00000-of-00001``; may end in a slash.
        skip: variables whose name holds one of these are left out (optimiser state).

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    index_path, data_path = Path(prefix + ".index"), Path(prefix + ".data-00000-of-00001")
    try:
        index, data = index_path.read_bytes(), data_path.read_bytes()
    except OSError as error:
        raise EngineError("asset_missing", f"{error.filename} is not there", "Reinstall twopop.") from error
    try:
        return dict(_tensors(index, data, skip))
    except (ValueError, IndexError, struct.error) as error:
        raise EngineError("asset_corrupt", f"{index_path} is damaged: {error}", "Reinstall twopop.") from error


def _tensors(index: bytes, data: bytes, skip: tuple[str, ...]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for name, record in _table(index):
        if not name or any(part in name for part in skip):
            continue
        dtype, shape, offset, size = _entry(record)
        if dtype != _FLOAT32:
            continue
        if offset + size > len(data) or size != 4 * int(np.prod(shape)):
            raise ValueError(f"{name} does not fit")
        yield name, np.frombuffer(data, "<f4", size // 4, offset).reshape(shape).astype(np.float32)


def _table(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Keys and values of a LevelDB table."""
    footer = raw[-_FOOTER:]
    if struct.unpack("<Q", footer[-8:])[0] != _MAGIC:
        raise ValueError("no table magic")
    _, at = _handle(footer, 0)  # the meta index, which bundles leave empty
    (offset, size), _ = _handle(footer, at)
    for _, handle in _block(raw, offset, size):
        (start, length), _ = _handle(handle, 0)
        for key, value in _block(raw, start, length):
            yield key.decode(), value


def _handle(raw: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _varint(raw, at)
    size, at = _varint(raw, at)
    return (offset, size), at


def _block(raw: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Entries of one block; keys share prefixes with the key before."""
    if raw[offset + size] != 0:
        raise ValueError("a compressed block")
    block = raw[offset : offset + size]
    restarts = struct.unpack("<I", block[-4:])[0]
    end, at, key = len(block) - 4 * (restarts + 1), 0, b""
    while at < end:
        shared, at = _varint(block, at)
        fresh, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + fresh]
        yield key, block[at + fresh : at + fresh + length]
        at += fresh + length


def _entry(record: bytes) -> tuple[int, tuple[int, ...], int, int]:
    """dtype, shape, offset and size of a BundleEntryProto."""
    numbers = {1: 0, 3: 0, 4: 0, 5: 0}
    shape: tuple[int, ...] = ()
    for field, value in _fields(record):
        if field == 2 and isinstance(value, bytes):
            dims = [inner for number, inner in _fields(value) if number == 2 and isinstance(inner, bytes)]
            shape = tuple(int(dict(_fields(dim)).get(1, 0)) for dim in dims)
        elif isinstance(value, int):
            numbers[field] = value
    if numbers[3]:
        raise ValueError("more than one shard")
    return numbers[1], shape, numbers[4], numbers[5]


def _fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Fields of a protobuf message: (number, varint or bytes)."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(raw, at)
            yield tag >> 3, value
        elif kind == 2:
            length, at = _varint(raw, at)
            yield tag >> 3, raw[at : at + length]
            at += length
        elif kind in (1, 5):  # fixed 64 or 32 bits: the checksum, which the package's own hash covers
            at += 8 if kind == 1 else 4
        else:
            raise ValueError(f"protobuf wire type {kind}")


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
