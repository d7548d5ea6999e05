"""A video as a source: the frame that is on screen at an instant, with as little decoding as possible.

Instants count from the first frame that the decoder shows, so a source's start time, an edit list
and an encoder's delay are behind us here. Between two instants it decides by distance whether to
seek to a keyframe or to read on; on the way, frames that nobody refers to are not decoded. What it
shows is what decoding every frame would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

    def __init__(self, path: Path, quarters: int, size: tuple[int, int]) -> None:
        from av.video.reformatter import VideoReformatter

        self.path, self.quarters, self.size = path, quarters, size
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


@dataclass(frozen=True)
class _Habits:
    """What reading a file's packets and its first frame tells.

    Attributes:
        origin: when the first frame is shown, on the file's own clock in seconds.
        seconds: from there until the last frame leaves.
        reach: seconds ahead that are cheaper to read than to seek.
        quarters: turns by 90 degrees, counter-clockwise; ``size`` in square pixels before them.

    """

    origin: Fraction
    pace: Pace
    seconds: Fraction
    reach: Fraction
    quarters: int
    size: tuple[int, int]


_KNOWN: dict[tuple[Path, int, int], _Habits] = {}
"""Habits by path, bytes and time of change: a timeline opens the same files again and again."""
_MOST_KNOWN = 64


class Video:
    """An open video.

    Raises:
        MediaError: ``media_no_picture``, ``media_too_large``, ``media_unreadable``.

    """

    edits: tuple[Fraction, ...] = ()
    _now: tuple[Fraction, VideoPicture] | None
    _next: tuple[Fraction, VideoPicture] | None

    def __init__(self, path: Path, limits: Limits, tick: Tick = still_waters) -> None:
        self._decoder = Decoder(path, limits)
        try:
            self._prepare(path, tick)
        except BaseException:
            self.close()
            raise

    def _prepare(self, path: Path, tick: Tick) -> None:
        habits = _habits(self._decoder, tick)
        self._origin, self._pace, self._reach = habits.origin, habits.pace, habits.reach
        self.seconds: Fraction | None = habits.seconds
        self._shape = _Shape(path, habits.quarters, habits.size)
        self.facts = self._facts()
        self._begin(tick, after_seek=False)

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
        self._frames: Iterator[tuple[Fraction, VideoFrame]] = self._decoder.frames(tick, after_seek=after_seek)
        self._now, self._next = None, self._pull()

    def _pull(self) -> tuple[Fraction, VideoPicture] | None:
        found = next(self._frames, None)
        if found is None:
            return None
        time, frame = found
        if frame.width * frame.height > self._decoder.limits.max_pixels:
            raise too_many_pixels(self._decoder.path, frame.width, frame.height)
        return time - self._origin, VideoPicture(frame, self._shape)


def _habits(decoder: Decoder, tick: Tick) -> _Habits:
    """Habits of a file just opened, remembered if it was looked at before; it stands before its first packet again."""
    stat = decoder.path.stat()
    key = decoder.path, stat.st_size, stat.st_mtime_ns
    if key not in _KNOWN:
        found = _learn(decoder, tick)
        decoder.rewind()
        while len(_KNOWN) >= _MOST_KNOWN:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[key] = found
    return _KNOWN[key]


def _learn(decoder: Decoder, tick: Tick) -> _Habits:
    scan = decoder.scan(tick)
    first = next(decoder.frames(tick, after_seek=False), None)
    if first is None:
        raise MediaError("media_unreadable", f"No frame of {decoder.path.name!r} can be decoded", "Export it again")
    origin, frame = first
    pace = _pace_of(scan, decoder, origin)
    size = max(1, round(frame.width * _aspect(decoder))), frame.height
    seconds = _end(scan, origin, pace) - origin
    return _Habits(origin, pace, seconds, _reach(scan), round(frame.rotation / 90) % 4, size)


def _end(scan: Scan, origin: Fraction, pace: Pace) -> Fraction:
    """When the last frame leaves; one that states no duration stays for a frame of the nominal rate."""
    last = max((*scan.head, *scan.tail), default=origin)
    return max(scan.end, last + 1 / pace.rate if scan.end <= last else scan.end)


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
