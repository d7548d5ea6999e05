"""The picture arguments of a command as a clip: ``scene.mov --frames 240:960 --rate 23.976``."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from twopop.errors import RequestError
from twopop.timeline import rate_named
from twopop_models.gate import Limits
from twopop_models.types import Clip

STILL_RATE = Fraction(25)
STILL_SECONDS = 10


def clip_of(media: Path | None, frames: str, rate: str, limits: Limits) -> Clip:
    """The clip that the words mean; what is left out is taken from the source.

    Args:
        media: the picture, or None for a text alone.
        frames: ``FIRST:STOP``, or empty for all of a video and ten seconds of anything else.
        rate: a name or ``num/den``, or empty for the source's own (25 where it has none).
        limits: what may be read.

    Raises:
        RequestError: ``bad_range`` or ``bad_rate``.
        MediaError: the picture cannot be opened.

    """
    path = None if media is None else media.expanduser().absolute()
    own, whole = (STILL_RATE, None) if path is None else _source(path, rate, limits)
    chosen = rate_named(rate).rate if rate else own
    first, stop = parse_frames(frames) if frames else (0, whole or round(STILL_SECONDS * chosen))
    return Clip(path, first, stop, chosen)


def parse_frames(text: str) -> tuple[int, int]:
    """``FIRST:STOP`` as two ints.

    Raises:
        RequestError: ``bad_range``.

    """
    found = re.fullmatch(r"(\d{1,9}):(\d{1,9})", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise RequestError("bad_range", f"{text!r} is no range", "Write FIRST:STOP with FIRST < STOP, such as 0:250")
    return int(found[1]), int(found[2])


def _source(path: Path, rate: str, limits: Limits) -> tuple[Fraction, int | None]:
    """The source's own rate, and how many frames it has at the rate asked for (or its own)."""
    from twopop_models.picture.sources import available, open_source

    reel = open_source(path, limits)
    try:
        own = reel.facts.rate or STILL_RATE
        return own, available(reel, rate_named(rate).rate if rate else own)
    finally:
        reel.close()
