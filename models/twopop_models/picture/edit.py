"""Reading an OpenTimelineIO file as one row of picture segments.

Tracks lie over each other as in an editor: what the topmost enabled video track shows is seen, gaps
let the tracks below through, and where nothing lies it is black. A transition counts as the cut
inside it. Speed changes (``LinearTimeWarp``, backwards too, ``FreezeFrame``) are honoured; other effects do
not move the picture in time and are not drawn. The file is parsed without OpenTimelineIO's plug-ins, hooks and
media linkers, which could run code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import numpy as np

from twopop_models.errors import MediaError
from twopop_models.picture.pace import snap
from twopop_models.picture.segments import Row, Segment, black, over

MAX_BYTES = 16 << 20
MAX_DEPTH = 100
MAX_SEGMENTS = 20_000


@dataclass(frozen=True)
class Edit:
    """A timeline: segments without holes from 0 to ``seconds``."""

    segments: tuple[Segment, ...]
    rate: Fraction
    start_timecode: str

    @property
    def seconds(self) -> Fraction:
        """Its length."""
        return self.segments[-1].stop


def read_edit(path: Path) -> Edit:
    """Read an admitted ``.otio`` file. Paths in it are resolved against its folder, not yet admitted.

    Raises:
        MediaError: ``timeline_unreadable``, ``media_no_picture`` or ``media_forbidden``.

    """
    import opentimelineio as otio

    text = text_of(path)
    try:
        root = otio.core.deserialize_json_from_string(text)
        tracks = root.tracks if isinstance(root, otio.schema.Timeline) else root
        segments = Reader(path).lay(tracks)
        rate = _rate(root, tracks)
        start = _timecode(getattr(root, "global_start_time", None))
    except MediaError:
        raise
    except Exception as error:  # the library raises what it likes on broken files
        raise _unreadable(path, f"is no timeline that can be read ({type(error).__name__})") from error
    if not any(segment.media for segment in segments):
        raise MediaError(
            "media_no_picture", f"{path.name!r} has no picture track with clips", "Export the video tracks"
        )
    return Edit(tuple(segments), rate, start)


def _unreadable(path: Path, text: str) -> MediaError:
    return MediaError("timeline_unreadable", f"{path.name!r} {text}", "Export the edit as .otio again, flattened")


def text_of(path: Path) -> str:
    """The file's text; depth is checked first because the parser recurses natively."""
    if path.stat().st_size > MAX_BYTES:
        raise _unreadable(path, f"is larger than {MAX_BYTES >> 20} MiB")
    data = path.read_bytes()
    codes = np.frombuffer(data, np.uint8)
    opens = np.isin(codes, (91, 123)).astype(np.int32)
    closes = np.isin(codes, (93, 125)).astype(np.int32)
    if len(codes) and int((opens - closes).cumsum().max()) > 3 * MAX_DEPTH:
        raise _unreadable(path, "is nested too deep")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(path, "is no UTF-8 text") from error


class Reader:
    """Lays nested compositions flat."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def lay(self, item: Any, depth: int = 0) -> Row:
        """The row of an item, from 0, trimmed to its source range, without holes."""
        import opentimelineio as otio

        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_SEGMENTS:
            raise _unreadable(self.path, "is too large")
        if isinstance(item, otio.schema.Clip):
            return [self.clip(item)]
        if isinstance(item, otio.schema.Stack):
            row = self._stack(item, depth)
        elif isinstance(item, otio.schema.Track):
            row = self._track(item, depth)
        elif isinstance(item, otio.schema.Gap):
            return black(seconds_of(item.duration()))
        else:
            raise _unreadable(self.path, f"holds a {type(item).__name__}, which is no picture")
        return self._trimmed(row, item)

    def _track(self, track: Any, depth: int) -> Row:
        import opentimelineio as otio

        row: Row = []
        for child in track:
            if isinstance(child, otio.schema.Transition):
                continue
            at = row[-1].stop if row else Fraction(0)
            laid = self.lay(child, depth + 1) if child.enabled else black(seconds_of(child.duration()))
            row += [segment.moved(at) for segment in laid if segment.stop > segment.start]
        return row

    def _stack(self, stack: Any, depth: int) -> Row:
        import opentimelineio as otio

        seen: Row = []
        for child in stack:  # bottom first
            audio = isinstance(child, otio.schema.Track) and child.kind != otio.schema.TrackKind.Video
            if child.enabled and not audio:
                seen = over(self.lay(child, depth + 1), seen)
        return seen

    def _trimmed(self, row: Row, item: Any) -> Row:
        if item.source_range is None:
            return row
        start, length = seconds_of(item.source_range.start_time), seconds_of(item.source_range.duration)
        inside = [part.cut_to(start, start + length) for part in row]
        return [part.moved(-start) for part in inside if part.stop > part.start]

    def clip(self, clip: Any) -> Segment:
        """The segment of a clip, from 0."""
        source = clip.trimmed_range()
        origin = Fraction(0)
        if clip.media_reference is not None and clip.media_reference.available_range is not None:
            origin = seconds_of(clip.media_reference.available_range.start_time)
        begin = seconds_of(source.start_time) - origin
        if begin < 0:
            raise _unreadable(self.path, f"uses {clip.name!r} before its media begins")
        stop, speed = seconds_of(source.duration), self._speed(clip)
        if speed < 0:  # the same stretch of the medium, from its end
            begin -= stop * speed
        return Segment(Fraction(0), stop, self._media(clip), begin, speed, clip.name)

    def _speed(self, clip: Any) -> Fraction:
        import opentimelineio as otio

        speed = Fraction(1)
        for effect in clip.effects:
            if isinstance(effect, otio.schema.LinearTimeWarp):
                speed *= Fraction(effect.time_scalar).limit_denominator(10_000)
            elif isinstance(effect, otio.schema.TimeEffect):
                raise _unreadable(self.path, f"bends the time of {clip.name!r}")
        return speed

    def _media(self, clip: Any) -> Path:
        import opentimelineio as otio

        reference = clip.media_reference
        if not isinstance(reference, otio.schema.ExternalReference):
            kind = type(reference).__name__
            raise _unreadable(self.path, f"has no media file for {clip.name!r} ({kind})")
        return resolve(reference.target_url, self.path.parent)


def resolve(url: str, folder: Path) -> Path:
    """The path that a timeline's media address means.

    Raises:
        MediaError: ``media_forbidden`` for anything but a file of this machine.

    """
    parts = urlparse(url)
    drive = len(parts.scheme) == 1  # C:\\clips\\a.mov
    if parts.scheme and not drive and (parts.scheme != "file" or parts.netloc not in ("", "localhost")):
        raise MediaError(
            "media_forbidden", f"The timeline's media {url[:200]!r} is not a local file", "Relink the clip"
        )
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    plain = folder / url
    if drive or PurePosixPath(url).is_absolute() or "%" not in url or plain.exists():
        return plain
    return folder / unquote(url)


def seconds_of(time: Any) -> Fraction:
    """An OpenTimelineIO time exactly: its rate is a float that stands for a broadcast rate."""
    if not (math.isfinite(time.value) and math.isfinite(time.rate)) or time.rate <= 0:
        raise ValueError(f"{time} is no time")
    return Fraction(time.value).limit_denominator(1000) / snap(Fraction(time.rate))


def _timecode(start: Any) -> str:
    """The start as SMPTE text, "" when there is none or its rate has none."""
    try:
        return "" if start is None else str(start.to_timecode())
    except ValueError:
        return ""


def _rate(root: Any, tracks: Any) -> Fraction:
    """The timeline's own rate: of its start time, else of its first clip."""
    import opentimelineio as otio

    start = getattr(root, "global_start_time", None)
    if start is not None and start.rate > 1:
        return snap(Fraction(start.rate))
    clips = [tracks] if isinstance(tracks, otio.schema.Clip) else tracks.find_clips()
    return next((snap(Fraction(clip.trimmed_range().duration.rate)) for clip in clips), Fraction(24))
