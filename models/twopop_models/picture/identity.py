"""Which picture a path holds, for caches: a key that changes with the content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from twopop_models.errors import MediaError
from twopop_models.gate import Limits, admit
from twopop_models.picture.edit import read_edit
from twopop_models.picture.sources import TIMELINE

_WHOLE = 8 << 20
_PIECE = 256 << 10
_PIECES = 16


def fingerprint(path: Path, limits: Limits) -> str:
    """SHA-256 in hexadecimal of a medium, or of a timeline with all media that it names.

    Files up to 8 MiB count whole. Of larger ones their size, both ends, pieces between them and the
    time of the last change count, so reading a feature film's key takes milliseconds.

    Raises:
        MediaError: ``media_missing``, ``media_forbidden``, ``media_unreadable``, or what a timeline raises.

    """
    real = admit(path, limits.roots)
    digest = hashlib.sha256(_key(real))
    if path.suffix.lower() == TIMELINE:
        named = dict.fromkeys(part.media for part in read_edit(real).segments if part.media)
        for media in named:
            digest.update(_key(admit(media, limits.roots)))
    return digest.hexdigest()


def _key(real: Path) -> bytes:
    try:
        status = real.stat()
        digest = hashlib.sha256(status.st_size.to_bytes(8, "big"))
        with real.open("rb") as file:
            if status.st_size <= _WHOLE:
                digest.update(file.read())
                return digest.digest()
            digest.update(status.st_mtime_ns.to_bytes(16, "big", signed=True))
            for piece in range(_PIECES):
                file.seek((status.st_size - _PIECE) * piece // (_PIECES - 1))
                digest.update(file.read(_PIECE))
    except OSError as error:
        raise MediaError("media_unreadable", f"{real.name!r} cannot be read", "Check its permissions") from error
    return digest.digest()
