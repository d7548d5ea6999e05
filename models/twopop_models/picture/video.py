"""A video as a source: the frame that is on screen at an instant, with as little decoding as possible.

Instants count from the first frame that the decoder shows, so a source's start time, an edit list
and an encoder's delay are behind us here. Between two instants it decides by distance whether to
seek to a keyframe or to read on; on the way, frames that nobody refers to are not decoded. What it
shows is what decoding every frame would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twopop_models.errors import MediaError
from twopop_models.gate import Limits
from twopop_models.picture.containers import decoding, too_many_pixels
from twopop_models.picture.decoder import Decoder, Scan
from twopop_models.picture.pace import Pace, fit
from twopop_models.picture.reel import Pixels, Tick, fitted, still_waters
from twopop_models.types import SourceFacts

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

GUARD = Fraction(1, 2)
"""Seconds before an instant from which every frame is decoded, because it may be the one on screen."""

MOST_LOST = Fraction(1, 10)
"""Of the frames asked for; more that cannot be decoded are an error, fewer hold the frame before them."""


class VideoPicture:
    """A decoded frame, turned upright and made small when somebody looks."""

    def __init__(self, frame: VideoFrame, shape: _Shape) -> None:
        self._frame, self._shape = frame, shape
        self.pixels = lru_cache(maxsize=2)(self._pixels)

    def _pixels(self, width: int) -> Pixels:
        return self._shape.render(self._frame, width)


class _Shape:
    """How stored pixels become upright square ones."""

    def __init__(self, frame: VideoFrame, path: Path, aspect: Fraction) -> None:
        from av.video.reformatter import VideoReformatter

        self.path = path
        self.quarters = round(frame.rotation / 90) % 4  # counter-clockwise
        self.size = max(1, round(frame.width * aspect)), frame.height
        self._reformatter = VideoReformatter()  # one for all frames: making one costs more than using it

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as seen."""
        return self.size if self.quarters % 2 == 0 else (self.size[1], self.size[0])

    def render(self, frame: VideoFrame, width: int) -> Pixels:
        """RGB pixels, upright."""
        wide, high = fitted(*self.upright, width)
        if self.quarters % 2:
            wide, high = high, wide
        with decoding(self.path):
            small = self._reformatter.reformat(frame, wide, high, "rgb24", interpolation="AREA", threads=1)
            return np.ascontiguousarray(np.rot90(small.to_ndarray(), self.quarters))


class Video:
    """An open video.

    Raises:
        MediaError: ``media_no_picture``, ``media_too_large``, ``media_unreadable``.

    """

    edits: tuple[Fraction, ...] = ()

    def __init__(self, path: Path, limits: Limits, tick: Tick = still_waters) -> None:
        self._decoder = Decoder(path, limits)
        try:
            self._prepare(path, tick)
        except BaseException:
            self.close()
            raise

    def _prepare(self, path: Path, tick: Tick) -> None:
        scan = self._decoder.scan(tick)
        self._frames: Iterator[tuple[Fraction, VideoFrame]] = iter(())
        self._now: tuple[Fraction, VideoPicture] | None = None
        self._next: tuple[Fraction, VideoPicture] | None = None
        first = next(self._decoder.frames(tick, after_seek=False), None)
        if first is None:
            raise MediaError("media_unreadable", f"No frame of {path.name!r} can be decoded", "Export it again")
        self._origin = first[0]
        self._pace = _pace_of(scan, self._decoder, self._origin)
        self.seconds: Fraction | None = self._end(scan) - self._origin
        self._reach = _reach(scan)
        self._shape = _Shape(first[1], path, _aspect(self._decoder))
        self.facts = self._facts()
        self._restart(tick)

    def _end(self, scan: Scan) -> Fraction:
        """When the last frame leaves; one that states no duration stays for a frame of the nominal rate."""
        last = max((*scan.head, *scan.tail), default=self._origin)
        return max(scan.end, last + 1 / self._pace.rate if scan.end <= last else scan.end)

    def _facts(self) -> SourceFacts:
        stream, container = self._decoder.stream, self._decoder.container
        stamps = [container.metadata, *(any_stream.metadata for any_stream in container.streams)]
        return SourceFacts(
            kind="video",
            width=self._shape.upright[0],
            height=self._shape.upright[1],
            rate=self._pace.rate,
            variable_rate=self._pace.variable,
            rotation=-90 * self._shape.quarters % 360,
            start_timecode=next((tags["timecode"] for tags in stamps if "timecode" in tags), ""),
            codec=stream.codec_context.name,
        )

    def close(self) -> None:
        """Let go of the file."""
        self._decoder.close()

    def show(self, instants: Iterable[Fraction], tick: Tick = still_waters) -> Iterator[VideoPicture]:
        """The picture on screen at each instant, see ``Reel``."""
        asked, lost, damaged = 0, 0, self._decoder.damaged
        for instant in instants:
            time, picture = self._on_screen(instant + self._pace.tolerance, tick)
            asked += 1
            lost += self._next is None and self._is_hole(time, instant)
            yield picture
        lost += self._decoder.damaged - damaged
        if lost > MOST_LOST * asked:
            text = f"{lost} of {asked} frames of {self._decoder.path.name!r} cannot be decoded"
            raise MediaError("media_unreadable", text, "Copy the file again, or export it again")

    def _is_hole(self, time: Fraction, instant: Fraction) -> bool:
        """Whether the file promised a picture here but ended before."""
        promised = self.seconds is not None and self.seconds - time > 3 / self._pace.rate
        return promised and not self._pace.variable and instant - time > 2 / self._pace.rate

    def _on_screen(self, limit: Fraction, tick: Tick) -> tuple[Fraction, VideoPicture]:
        """The last frame that begins at or before ``limit``."""
        self._decoder.skip_before = limit + self._origin - max(GUARD, 2 / self._pace.rate)
        behind = self._now is not None and limit < self._now[0]
        if behind or (self._next is not None and limit - self._next[0] > self._reach):
            self._jump(limit, tick)
        found = self._read_to(limit)
        skipped = self._decoder.skipped
        if skipped is not None and skipped - self._origin > found[0]:  # the wanted frame was spared: long VFR frame
            self._decoder.skip_before = None
            self._jump(limit, tick)
            found = self._read_to(limit)
        return found

    def _read_to(self, limit: Fraction) -> tuple[Fraction, VideoPicture]:
        while self._next is not None and (self._now is None or self._next[0] <= limit):
            self._now, self._next = self._next, self._pull()
        if self._now is None:
            raise MediaError("media_unreadable", f"{self._decoder.path.name!r} stopped decoding", "Export it again")
        return self._now

    def _jump(self, limit: Fraction, tick: Tick) -> None:
        """Stand on a frame at or before ``limit``: by a seek, a longer one, at worst from the beginning."""
        back = Fraction(0)
        while self._decoder.seekable and limit - back > self._reach / 4:
            if self._decoder.seek(limit - back + self._origin):
                self._begin(tick, after_seek=True)
                if self._next is not None and self._next[0] <= limit:
                    return
            back = 4 * back + 1
        self._restart(tick)

    def _restart(self, tick: Tick) -> None:
        self._decoder.rewind()
        self._begin(tick, after_seek=False)

    def _begin(self, tick: Tick, *, after_seek: bool) -> None:
        self._frames = self._decoder.frames(tick, after_seek=after_seek)
        self._now, self._next = None, self._pull()

    def _pull(self) -> tuple[Fraction, VideoPicture] | None:
        found = next(self._frames, None)
        if found is None:
            return None
        time, frame = found
        if frame.width * frame.height > self._decoder.limits.max_pixels:
            raise too_many_pixels(self._decoder.path, frame.width, frame.height)
        return time - self._origin, VideoPicture(frame, self._shape)


def _pace_of(scan: Scan, decoder: Decoder, origin: Fraction) -> Pace:
    stream: Any = decoder.stream
    claims = [Fraction(rate) for rate in (stream.average_rate, stream.base_rate, stream.guessed_rate) if rate]
    average = Fraction(stream.average_rate) if stream.frames and not scan.whole and stream.average_rate else None
    head = [time for time in scan.head if time >= origin]
    return fit(head or [origin], scan.tail, claims, decoder.tick, average)


def _reach(scan: Scan) -> Fraction:
    """Seconds ahead that are cheaper to read than to seek: the distance of keyframes."""
    gaps = [after - before for before, after in zip(scan.keys, scan.keys[1:], strict=False)]
    whole = max((*scan.head, Fraction(0))) - min((*scan.head, Fraction(0)))
    return max(max(gaps, default=whole), Fraction(1, 2))


def _aspect(decoder: Decoder) -> Fraction:
    """Width over height of a stored pixel; nonsense counts as square."""
    ratio = decoder.stream.sample_aspect_ratio
    return Fraction(ratio) if ratio and Fraction(1, 4) <= ratio <= 4 else Fraction(1)
