"""An edited timeline as a source: its media, one after the other, on one canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from twopop_models.errors import MediaError
from twopop_models.picture.edit import Edit
from twopop_models.picture.reel import Picture, Pixels, Reel, Tick, fitted, still_waters
from twopop_models.picture.segments import Segment
from twopop_models.types import SourceFacts

Opener = Callable[[Path], Reel]

_HELD = 256 << 20
"""Bytes of decoded pictures that are held while a clip runs backwards."""


class _Canvas:
    """A picture set into the timeline's frame, black where it does not reach; None is all black."""

    def __init__(self, picture: Picture | None, size: tuple[int, int]) -> None:
        self.picture, self._size = picture, size
        self.pixels = lru_cache(maxsize=2)(self._pixels)

    def _pixels(self, width: int) -> Pixels:
        wide, high = fitted(*self._size, width)
        black = np.zeros((high, wide, 3), np.uint8)
        if self.picture is None:
            return black
        inner = self.picture.pixels(wide)
        if inner.shape == black.shape:
            return inner
        inner = _shrunk(inner, wide, high)
        top, left = (high - inner.shape[0]) // 2, (wide - inner.shape[1]) // 2
        black[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
        return black


def _shrunk(pixels: Pixels, wide: int, high: int) -> Pixels:
    """Scaled to fit a box, up or down, keeping its shape."""
    from PIL import Image

    scale = min(wide / pixels.shape[1], high / pixels.shape[0])
    size = min(wide, max(1, round(pixels.shape[1] * scale))), min(high, max(1, round(pixels.shape[0] * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


class Timeline:
    """An edit and the media that it names; ``opener`` admits and opens one of them.

    At most one medium is open at a time, so a long edit needs no more than its longest clip.

    Raises:
        MediaError: whatever opening the first clip raises; the others follow when they are shown.

    """

    def __init__(self, edit: Edit, opener: Opener) -> None:
        self._edit, self._opener = edit, opener
        self._open: tuple[Path, Reel] | None = None
        self.seconds: Fraction | None = edit.seconds
        self.edits = tuple(part.start for part in edit.segments[1:])
        first = next(part.media for part in edit.segments if part.media)
        self.facts = self._facts(self._reel(first).facts)
        self._size = self.facts.width, self.facts.height

    def _facts(self, first: SourceFacts) -> SourceFacts:
        edit = self._edit
        return SourceFacts("timeline", first.width, first.height, edit.rate, False, 0, edit.start_timecode, "otio")

    def _reel(self, media: Path) -> Reel:
        if self._open is None or self._open[0] != media:
            self.close()
            self._open = (media, self._opener(media))
        return self._open[1]

    def close(self) -> None:
        """Let go of the medium that is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def show(self, instants: Iterable[Fraction], tick: Tick = still_waters) -> Iterator[_Canvas]:
        """The picture on screen at each instant, see ``Reel``."""
        parts = self._edit.segments
        place = 0

        def segment(instant: Fraction) -> int:
            nonlocal place
            while place + 1 < len(parts) and instant >= parts[place].stop:
                place += 1
            return place

        for number, group in groupby(instants, segment):
            yield from self._show_part(parts[number], group, tick)

    def _show_part(self, part: Segment, instants: Iterable[Fraction], tick: Tick) -> Iterator[_Canvas]:
        canvas = _Canvas(None, self._size)
        if part.media is None:
            for _ in instants:
                tick()
                yield canvas
            return
        reel = self._reel(part.media)
        _check_reach(part, reel)
        own = (part.begin + (instant - part.start) * part.speed for instant in instants)
        for picture in _backwards(reel, own, tick) if part.speed < 0 else reel.show(own, tick):
            if canvas.picture is not picture:
                canvas = _Canvas(picture, self._size)
            yield canvas


def _backwards(reel: Reel, instants: Iterable[Fraction], tick: Tick) -> Iterator[Picture]:
    """The picture that ends at each instant, or holds it; instants must not increase.

    Reels only run forward, so a few instants at a time are shown in their order and handed over in ours.
    """
    back = 1 / (reel.facts.rate or Fraction(24)) / 4  # into the frame that ends there, beyond a reel's tolerance
    few = max(4, min(120, _HELD // (reel.facts.width * reel.facts.height * 2)))
    waiting = iter(instants)
    while batch := [max(Fraction(0), instant - back) for instant in islice(waiting, few)]:
        yield from reversed(list(reel.show(reversed(batch), tick)))


def _check_reach(part: Segment, reel: Reel) -> None:
    """A clip may not use more than its medium has; a frame of rounding is forgiven."""
    if reel.seconds is None:
        return
    last = part.begin + (part.stop - part.start) * max(Fraction(0), part.speed)
    if last - reel.seconds > 1 / (reel.facts.rate or Fraction(24)):
        text = f"The timeline uses {part.name!r} up to {float(last):.2f} s, it ends at {float(reel.seconds):.2f} s"
        raise MediaError("media_range", text, "Relink the clip or shorten it")
