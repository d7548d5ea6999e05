"""Watching a range once, frame by frame, for everything that wants to see it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from twopop_models.gate import Limits
from twopop_models.picture.reel import Picture, Pixels, Reel, Tick
from twopop_models.picture.sources import opened
from twopop_models.types import Clip, Images, Progress, Stage, ignore

WATCHED = 160
"""Width in pixels at which motion, brightness and cuts are measured."""

EVERY = 0.04
"""Seconds between calls of the progress callback at most, while packets arrive."""

_LUMA = np.array((77, 150, 29), np.uint16)  # BT.601 in 256ths


@dataclass(frozen=True, eq=False)
class Glance:
    """One frame of the request as watched.

    Attributes:
        picture: what is on screen; ``pixels`` is it at watching size.
        fresh: it differs from the frame before (a source frame held for two request frames does not).
        motion: mean absolute change of luma since the frame before, 0 to 1; 0 for the first.
        brightness: mean luma, 0 to 1.

    """

    frame: int
    picture: Picture
    pixels: Pixels
    fresh: bool
    motion: float
    brightness: float


def instants(clip: Clip, frames: Iterable[int]) -> Iterator[Fraction]:
    """Where frames of the request begin, in seconds from the beginning of the source's picture."""
    return (Fraction(frame) / clip.rate for frame in frames)


def watch(clip: Clip, limits: Limits, progress: Progress = ignore) -> Iterator[Glance]:
    """Every frame of the range in order; memory does not grow with the range.

    Raises:
        MediaError: any of its codes; ``Cancelled`` when ``progress`` raised it.

    """
    heart = Heart(progress)
    with opened(clip, limits, heart.beat) as reel:
        yield from watch_reel(reel, clip, heart)


def watch_reel(reel: Reel, clip: Clip, heart: Heart) -> Iterator[Glance]:
    """``watch`` for a source that is open already."""
    before: Glance | None = None
    luma = np.zeros((0, 0), np.uint8)
    for frame, picture in enumerate(reel.show(instants(clip, range(clip.first, clip.stop)), heart.beat), clip.first):
        heart.fraction = (frame - clip.first) / clip.frames
        if before is not None and picture is before.picture:
            before = Glance(frame, picture, before.pixels, False, 0.0, before.brightness)
        else:
            pixels = picture.pixels(WATCHED)
            luma, last = luma_of(pixels), luma
            before = Glance(frame, picture, pixels, True, _change(luma, last), float(luma.mean()) / 255)
        yield before


def luma_of(pixels: Pixels) -> Pixels:
    """(height, width) luma, 0 to 255."""
    luma: Pixels = ((pixels @ _LUMA) >> 8).astype(np.uint8)
    return luma


def _change(luma: Pixels, before: Pixels) -> float:
    if luma.shape != before.shape:
        return 0.0
    return float(np.abs(luma.astype(np.int16) - before).mean()) / 255


class Heart:
    """Calls progress of the picture stage often enough, and not more often."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._due = 0.0
        self.fraction = 0.0

    def beat(self) -> None:
        """Call it as often as you like."""
        now = time.monotonic()
        if now >= self._due:
            self._due = now + EVERY
            self._progress(Stage.PICTURE, self.fraction)


def evenly(clip: Clip, count: int) -> tuple[int, ...]:
    """At most ``count`` different frames, in the middles of equal parts of the range."""
    parts = min(count, clip.frames)
    return tuple(clip.first + (2 * part + 1) * clip.frames // (2 * parts) for part in range(parts))


def sample(
    clip: Clip, count: int, limits: Limits, *, width: int = 320, progress: Progress = ignore
) -> tuple[Images, tuple[int, ...]]:
    """Images spread evenly over a range and their request frames; reads only what it must.

    Returns:
        (n, height, width, 3) RGB, n at most ``count``; the same pixels as decoding everything gives.

    Raises:
        MediaError: any of its codes; ``Cancelled`` when ``progress`` raised it.

    """
    frames = evenly(clip, count)
    return shown(clip, frames, limits, width=width, progress=progress), frames


def shown(
    clip: Clip, frames: tuple[int, ...], limits: Limits, *, width: int = 320, progress: Progress = ignore
) -> Images:
    """What is on screen at some frames of a range, which must not decrease; reads only what it must.

    Returns:
        (len(frames), height, width, 3) RGB; the same pixels as decoding everything gives.

    Raises:
        MediaError: any of its codes; ``Cancelled`` when ``progress`` raised it.

    """
    heart = Heart(progress)
    images: list[Pixels] = []
    with opened(clip, limits, heart.beat) as reel:
        for picture in reel.show(instants(clip, frames), heart.beat):
            images.append(picture.pixels(width))
            heart.fraction = len(images) / len(frames)
    return np.stack(images)


def stream(clip: Clip, limits: Limits, *, width: int = 960, tick: Tick | None = None) -> Iterator[tuple[int, Pixels]]:
    """Every request frame in order with its RGB pixels, at most ``width`` wide, all of one size.

    Raises:
        MediaError: any of its codes.

    """
    with opened(clip, limits) as reel:
        shown = reel.show(instants(clip, range(clip.first, clip.stop)), tick or Heart(ignore).beat)
        for frame, picture in enumerate(shown, clip.first):
            yield frame, picture.pixels(width)
