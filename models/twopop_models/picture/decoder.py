"""A file's packets and frames, in order, with damage counted instead of thrown.

It knows nothing of what is on screen when; ``video`` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from twopop_models.gate import Limits
from twopop_models.picture.containers import SEEKABLE, decoding, open_container, picture_stream
from twopop_models.picture.reel import Tick

if TYPE_CHECKING:
    from av.packet import Packet as AnyPacket
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    Packet = AnyPacket[VideoStream]

SCANNED = 300
"""Packets read ahead to learn the pace; enough for keyframes that are 10 s apart at 30 fps."""

_REORDERED = 17  # the last packets of a scan may lack earlier-shown ones that are stored later


@dataclass(frozen=True)
class Scan:
    """What the packets say without decoding: presentation times in seconds on the file's own clock.

    Attributes:
        head: of the first frames, increasing; ``tail``: of the last ones, in stored order.
        keys: of the keyframes among the first frames.
        end: when the last frame leaves the screen.
        whole: the scan saw every frame.

    """

    head: tuple[Fraction, ...]
    tail: tuple[Fraction, ...]
    keys: tuple[Fraction, ...]
    end: Fraction
    whole: bool


class Decoder:
    """An open file, read forward from wherever ``seek`` put it."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.damaged = 0
        self.skip_before: Fraction | None = None
        self.skipped: Fraction | None = None
        self.rewind()

    def rewind(self) -> None:
        """Stand before the first packet. Opening anew is exact where seeking to the start is not."""
        self.close()
        self.container = open_container(self.path)
        with decoding(self.path):
            self.stream = picture_stream(self.container, self.path, self.limits)
            self.tick = Fraction(self.stream.time_base or 1)
        self.skipped = None

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        if hasattr(self, "container"):
            self.container.close()

    @property
    def seekable(self) -> bool:
        """Whether a seek lands on frames whose times are those of an uninterrupted reading."""
        return not SEEKABLE.isdisjoint(self.container.format.name.split(","))

    def seek(self, time: Fraction) -> bool:
        """Stand before the keyframe at or before ``time``; False when the file would not."""
        import av

        self.skipped = None
        try:
            self.container.seek(int(time // self.tick), stream=self.stream, backward=True)
        except (av.error.FFmpegError, OSError, OverflowError):
            return False
        return True

    def packets(self) -> Iterator[Packet]:
        """The picture's packets and, last, the empty one that flushes; a read error ends them."""
        import av

        try:
            yield from self.container.demux(self.stream)
        except (av.error.FFmpegError, OSError):
            self.damaged += 1

    def frames(self, tick: Tick, *, after_seek: bool) -> Iterator[tuple[Fraction, VideoFrame]]:
        """Decoded frames and their times, increasing.

        After a seek, frames shown before the first keyframe are left out: what they refer to was not read.
        Packets shown before ``skip_before`` are decoded only as far as later frames need them.
        """
        key: Fraction | None = None if after_seek else Fraction(-(2**62))
        last: Fraction | None = None
        for packet in self.packets():
            tick()
            if key is None:
                if not packet.is_keyframe or packet.pts is None:
                    continue
                key = packet.pts * self.tick
            for frame in self._decode(packet):
                time = self._time(frame, last)
                if time >= key and (last is None or time > last):
                    last = time
                    yield time, frame

    def _decode(self, packet: Packet) -> list[VideoFrame]:
        import av

        self._skip(packet)
        try:
            return self.stream.codec_context.decode(packet)
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError, OSError):
            self.damaged += 1
            return []

    def _skip(self, packet: Packet) -> None:
        """Spare frames that nobody wants and no other frame refers to."""
        time = None if packet.pts is None else packet.pts * self.tick
        spare = time is not None and self.skip_before is not None and time < self.skip_before
        mode: Literal["NONREF", "DEFAULT"] = "NONREF" if spare else "DEFAULT"
        if self.stream.codec_context.skip_frame != mode:
            self.stream.codec_context.skip_frame = mode
        if spare and time is not None and (self.skipped is None or time > self.skipped):
            self.skipped = time

    def _time(self, frame: VideoFrame, last: Fraction | None) -> Fraction:
        stamp = frame.pts if frame.pts is not None else frame.dts
        if stamp is not None:
            return stamp * self.tick
        step = 1 / Fraction(self.stream.average_rate or 25)
        return Fraction(0) if last is None else last + step

    def scan(self, tick: Tick) -> Scan:
        """Read the first packets and the last ones, then rewind."""
        head = _Notes(self.tick)
        whole = True
        for packet in self.packets():
            tick()
            head.add(packet)
            if len(head.times) >= SCANNED:
                whole = False
                break
        tail = head if whole else self._tail(head, tick)
        self.rewind()
        times = sorted(set(head.times))
        return Scan(
            tuple(times if whole else times[:-_REORDERED]),
            () if whole else tuple(tail.times[-SCANNED:]),
            tuple(sorted(head.keys)),
            max(head.end, tail.end),
            whole,
        )

    def _tail(self, head: _Notes, tick: Tick) -> _Notes:
        """Notes of the last packets: from the last keyframe where the file can seek, else of all that is left."""
        notes = _Notes(self.tick)
        claimed = self._claimed_end()
        if claimed is not None and self.seek(claimed):
            for packet in self.packets():
                tick()
                notes.add(packet)
            if notes.end > head.end:
                return notes
            self.rewind()
        for packet in self.packets():
            tick()
            notes.add(packet)
            del notes.times[:-SCANNED]
        return notes

    def _claimed_end(self) -> Fraction | None:
        if self.stream.duration is not None:
            return (self.stream.duration + (self.stream.start_time or 0)) * self.tick
        if self.container.duration is not None:
            return Fraction(self.container.duration + (self.container.start_time or 0), 1_000_000)
        return None


class _Notes:
    """Times of packets that will be shown."""

    def __init__(self, tick: Fraction) -> None:
        self.tick = tick
        self.times: list[Fraction] = []
        self.keys: list[Fraction] = []
        self.end = Fraction(-(2**62))
        self.last = Fraction(-(2**62))

    def add(self, packet: Packet) -> None:
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is None or not packet.size or packet.is_discard:
            return
        time = stamp * self.tick
        self.times.append(time)
        self.end = max(self.end, time + (packet.duration or 0) * self.tick)
        self.last = max(self.last, time)
        if packet.is_keyframe:
            self.keys.append(time)
