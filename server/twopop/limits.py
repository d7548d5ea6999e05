"""What media may be read, by the settings: the same for the desk's door, the engine and the command line."""

from __future__ import annotations

from twopop.settings import Settings
from twopop_models.gate import Limits


def limits_of(settings: Settings) -> Limits:
    """The gate's limits."""
    return Limits(
        roots=settings.media_roots,
        max_bytes=settings.max_media_bytes,
        max_pixels=settings.max_pixels,
        max_seconds=settings.max_range_seconds,
    )
