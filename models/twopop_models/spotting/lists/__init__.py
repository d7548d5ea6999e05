"""Files of hits in and out: CMX3600 EDL, OpenTimelineIO, and marker tables of REAPER, Nuendo and Cubase.

``read_list`` lays a file on a range, ``write_list`` writes hits for another program. What each kind of
file says, and how its timecode finds the picture, is in ``edl``, ``timelines``, ``tables`` and ``moments``.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from twopop_models.controls import HIT_FILES, HitFile
from twopop_models.errors import MediaError
from twopop_models.gate import Limits, admit
from twopop_models.hit_text import label_of
from twopop_models.picture.spots import weight_of
from twopop_models.smpte import Labels
from twopop_models.spotting.lists.edl import read_edl, write_edl
from twopop_models.spotting.lists.moments import HitList, Moment, placed, program_of, unreadable
from twopop_models.spotting.lists.tables import read_table, write_nuendo, write_reaper
from twopop_models.spotting.lists.timelines import read_timeline, write_timeline
from twopop_models.types import Clip, Frames, Hit, SourceFacts

__all__ = ["program_of", "read_alone", "read_list", "write_list"]

MAX_BYTES = 4 << 20
"""Of an EDL or a table."""


def read_list(wanted: HitFile, frames: Frames, limits: Limits) -> tuple[Hit, ...]:
    """The hits of a file that lie in a range, in order; cuts weigh what the picture changes there.

    Args:
        wanted: the file, and how it calls the picture's first frame.
        frames: what was seen of the range.
        limits: what may be read.

    Raises:
        MediaError: ``media_missing`` or ``media_forbidden``, from the gate.
        ControlError: ``hits_unreadable``.

    """
    clip = frames.clip
    found = _read(admit(wanted.path, limits.roots), clip.rate)
    laid = placed(found, clip, frames.facts, wanted.start)
    return tuple(_hit(frame, moment, weight_of(frames.motion, frame - clip.first)) for frame, moment in laid)


def read_alone(wanted: HitFile, rate: Fraction, limits: Limits) -> tuple[tuple[Hit, ...], str]:
    """All hits of a file without a picture, and the timecode from which their frames count.

    Args:
        wanted: the file; without a start its frames count from where its program begins.
        rate: frames per second.
        limits: what may be read.

    Raises:
        MediaError, ControlError: as ``read_list``.

    """
    found = _read(admit(wanted.path, limits.roots), rate)
    labels = Labels(rate, found.drop)
    start = wanted.start or ("" if found.begin is None else labels.label(round(found.begin * rate)))
    whole = Clip(None, 0, Labels(rate).day, rate)
    nothing = SourceFacts("text", 0, 0, None, False, 0, "", "")
    laid = placed(found, whole, nothing, start)
    return tuple(_hit(frame, moment, 1.0) for frame, moment in laid), start


def _hit(frame: int, moment: Moment, change: float) -> Hit:
    weight = change if moment.weight is None else moment.weight
    return Hit(frame, weight, label_of(moment.label) or "marker", moment.tolerance)


def _read(path: Path, rate: Fraction) -> HitList:
    kind = path.suffix.lower()
    try:
        if kind == ".otio":
            return read_timeline(path)
        read = {".edl": read_edl, ".csv": read_table}.get(kind)
        if read is None:
            raise unreadable(f"{path.name!r} is no file of hits", f"Give one of {', '.join(HIT_FILES)}")
        return read(_text(path), rate)
    except OSError as error:
        raise MediaError("media_missing", f"{path.name!r} cannot be opened", "Check its permissions") from error


def _text(path: Path) -> str:
    """UTF-8, UTF-16 with its mark, or the bytes of an old editor; names may suffer, times do not."""
    if path.stat().st_size > MAX_BYTES:
        raise unreadable(f"{path.name!r} is larger than {MAX_BYTES >> 20} MiB", "Export the list alone")
    data = path.read_bytes()
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\0" in text:
        raise unreadable(f"{path.name!r} is no text", "Export the list again")
    return text


def write_list(
    path: Path, hits: tuple[Hit, ...], labels: Labels, *, start: int = 0, stop: int = 0, media: Path | None = None
) -> Path:
    """Write hits for another program, by the file's name: ``.edl``, ``.otio``, or ``.csv`` for REAPER.

    A table whose name holds ``nuendo`` or ``cubase`` is written for these. REAPER's counts from the picture's
    first frame, as projects do.

    Args:
        path: where to.
        hits: in order; frames count from the picture's first.
        labels: how frames are called.
        start: frames from 00:00:00:00 to the picture's first.
        stop: how long the picture is at least, frames.
        media: the picture's file, for ``.otio``.

    Returns:
        ``path``.

    Raises:
        ControlError: ``hits_unreadable``: no such kind of file.
        OSError: the disk is full or not writable.

    """
    kind = path.suffix.lower()
    if kind == ".edl":
        text = write_edl(hits, path.stem, labels, start)
    elif kind == ".otio":
        text = write_timeline(hits, path.stem, labels, start, stop, media)
    elif kind == ".csv":
        other = any(word in path.stem.lower() for word in ("nuendo", "cubase"))
        text = write_nuendo(hits, labels, start) if other else write_reaper(hits, labels)
    else:
        raise unreadable(f"{path.name!r} is no kind of file for hits", f"Write one of {', '.join(HIT_FILES)}")
    path.write_text(text, "utf-8", newline="")
    return path
