"""Opening a file with FFmpeg and letting it do nothing but read that file.

Only containers whose reader opens no second file are let in, so playlists (HLS, DASH, concat),
image sequences and devices do not exist here, and the only protocol is ``file``. Whatever FFmpeg
or Pillow throws becomes a ``MediaError``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from twopop_models.errors import MediaError, TwopopError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from twopop_models.gate import Limits

PICTURE = ("mov", "matroska", "avi", "mpegts", "mpeg", "mxf", "ogg", "flv", "asf", "gif", "ivf")
SOUND = ("wav", "w64", "mp3", "flac", "aac", "aiff", "caf")  # let in to be told: no picture
SEEKABLE = frozenset({"mov", "matroska", "webm", "mpegts"})
"""Containers that store a presentation time with every frame, so that a seek cannot shift the picture."""

_REMEDY = "Check that the file plays elsewhere, or export it again as MP4 or MOV"


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turn what the codec libraries throw inside the block into a ``MediaError`` about ``path``."""
    try:
        yield
    except TwopopError:
        raise
    except MemoryError as error:
        raise MediaError("media_too_large", f"{path.name!r} needs more memory than there is", _REMEDY) from error
    except Exception as error:  # a broken file makes these libraries raise anything
        reason = str(error).split(":")[0][:80] or type(error).__name__
        raise MediaError("media_unreadable", f"{path.name!r} cannot be decoded ({reason})", _REMEDY) from error


def open_container(path: Path) -> InputContainer:
    """Open an admitted path for reading.

    Raises:
        MediaError: ``media_unreadable``.

    """
    import av

    confined = {"protocol_whitelist": "file", "format_whitelist": ",".join((*PICTURE, *SOUND))}
    with decoding(path):
        return av.open(str(path), container_options=confined, metadata_errors="replace")


def picture_stream(container: InputContainer, path: Path, limits: Limits) -> VideoStream:
    """The picture of a container: its first video stream that is not cover art.

    Raises:
        MediaError: ``media_no_picture``, ``media_too_large`` or ``media_unreadable``.

    """
    import av

    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        raise MediaError("media_no_picture", f"{path.name!r} has sound but no picture", "Name a file with picture")
    stream = streams[0]
    if stream.codec_context is None or not stream.time_base:
        raise MediaError("media_unreadable", f"The codec of {path.name!r} is unknown", _REMEDY)
    if stream.width * stream.height > limits.max_pixels:
        raise too_many_pixels(path, stream.width, stream.height)
    stream.codec_context.options = {"max_pixels": str(limits.max_pixels)}
    stream.codec_context.thread_type = av.codec.context.ThreadType.AUTO
    return stream


def _is_cover(stream: VideoStream) -> bool:
    from av.stream import Disposition

    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def too_many_pixels(path: Path, width: int, height: int) -> MediaError:
    """The error for a picture above the limit."""
    return MediaError("media_too_large", f"{path.name!r} is {width} x {height} pixels", "Use a smaller proxy")


def check_bytes(path: Path, limits: Limits) -> None:
    """Refuse a file above the size limit.

    Raises:
        MediaError: ``media_too_large``.

    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        text = f"{path.name!r} has {size} bytes, {limits.max_bytes} are allowed"
        raise MediaError("media_too_large", text, "Use a smaller proxy")
