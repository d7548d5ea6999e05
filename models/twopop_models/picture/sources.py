"""From a request's media to an open source: the gate, the kind of file, the range."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from twopop_models.errors import MediaError
from twopop_models.gate import Limits, admit
from twopop_models.picture.containers import check_bytes
from twopop_models.picture.edit import read_edit
from twopop_models.picture.reel import Reel, Tick, still_waters
from twopop_models.picture.still import Still, is_still
from twopop_models.picture.timeline import Timeline
from twopop_models.picture.video import Video
from twopop_models.types import Clip, SourceFacts

TIMELINE = ".otio"


def open_source(path: Path, limits: Limits, tick: Tick = still_waters) -> Reel:
    """Admit and open a video, a still or a timeline; the caller closes it. ``tick`` as in ``Reel.show``.

    Raises:
        MediaError: any of its codes but ``media_range`` and ``media_too_long``.

    """
    if path.suffix.lower() != TIMELINE:
        return _open_medium(path, limits, tick)
    edit = read_edit(admit(path, limits.roots))
    return Timeline(edit, lambda media: _open_medium(media, limits, tick))


def _open_medium(path: Path, limits: Limits, tick: Tick) -> Reel:
    real = admit(path, limits.roots)
    check_bytes(real, limits)
    try:
        return Still(real, limits) if is_still(real) else Video(real, limits, tick)
    except OSError as error:
        raise MediaError("media_unreadable", f"{real.name!r} cannot be opened", "Check its permissions") from error


def probe(path: Path, limits: Limits) -> SourceFacts:
    """What a file says of itself.

    Raises:
        MediaError: see ``open_source``.

    """
    reel = open_source(path, limits)
    reel.close()
    return reel.facts


@contextmanager
def opened(clip: Clip, limits: Limits, tick: Tick = still_waters) -> Iterator[Reel]:
    """The source of a clip with a range that it holds; closed afterwards.

    Raises:
        MediaError: any of its codes.

    """
    if clip.media is None:
        raise MediaError("media_no_picture", "A text alone has no picture", "Name a video, a still or a timeline")
    check_length(clip, limits)
    reel = open_source(clip.media, limits, tick)
    try:
        _check_range(clip, reel)
        yield reel
    finally:
        reel.close()


def check_length(clip: Clip, limits: Limits) -> None:
    """Refuse a range longer than the limits.

    Raises:
        MediaError: ``media_too_long``, or ``media_range`` for an empty or negative one.

    """
    if not 0 <= clip.first < clip.stop:
        raise MediaError("media_range", f"Frames {clip.first} to {clip.stop} are no range", "Send first < stop")
    if clip.seconds > limits.max_seconds or clip.frames > limits.max_frames:
        text = f"{clip.frames} frames ({float(clip.seconds):.0f} s) are more than one cue may have"
        raise MediaError(
            "media_too_long", text, f"Stay below {limits.max_seconds:.0f} s and {limits.max_frames} frames"
        )


def available(reel: Reel, rate: Fraction) -> int | None:
    """How many frames of ``rate`` a source has, a begun one counts; None when it has no end.

    A millisecond is forgiven, or a container's rounding would make a frame out of nothing.
    """
    if reel.seconds is None:
        return None
    return max(1, math.ceil((reel.seconds - Fraction(1, 1000)) * rate))


def _check_range(clip: Clip, reel: Reel) -> None:
    """A range may hang over the end by one frame, as editors round; more is a mistake."""
    frames = available(reel, clip.rate)
    if frames is not None and clip.stop > frames + 1:
        text = f"Frames {clip.first} to {clip.stop} are asked, the picture has {frames} at {float(clip.rate):.3f} fps"
        raise MediaError("media_range", text, f"Ask for frames up to {frames}")
