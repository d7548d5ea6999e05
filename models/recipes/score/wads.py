"""MIDI files out of the lumps of Doom's WAD archives."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ENTRY = struct.Struct("<II8s")


def songs(wad: bytes) -> Iterator[tuple[str, bytes]]:
    """(name of the lump, the file) of every Standard MIDI file in an archive, in its order.

    Raises:
        ValueError: it is no WAD, or its directory lies outside of it.

    """
    if wad[:4] not in (b"IWAD", b"PWAD") or len(wad) < 12:
        raise ValueError("no WAD archive")
    count, place = struct.unpack("<II", wad[4:12])
    if place + count * _ENTRY.size > len(wad):
        raise ValueError("the WAD archive is cut off")
    for entry in range(count):
        first, size, name = _ENTRY.unpack_from(wad, place + entry * _ENTRY.size)
        if wad[first : first + 4] == b"MThd" and size > 14:
            yield name.rstrip(b"\0").decode("ascii"), wad[first : first + size]
