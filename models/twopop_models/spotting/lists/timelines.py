"""OpenTimelineIO files as lists of hits: cuts of the top picture and markers; and markers written.

Read by the rules of ``picture.edit``, but its media need not exist: only where one piece ends and the next
begins matters. Transitions count as the cut inside them, speed changes as nothing. Markers of the
timeline, its tracks and clips are hits of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from twopop_models.errors import MediaError
from twopop_models.hit_text import MOST_FRAMES, label_of
from twopop_models.picture.edit import Reader, seconds_of, text_of
from twopop_models.picture.segments import Row, Segment
from twopop_models.smpte import Labels
from twopop_models.spotting.lists.moments import MOST, HitList, Moment, named, unreadable
from twopop_models.types import Hit

_REMEDY = "Export the edit as .otio again"


class _Sketch(Reader):
    """Lays a timeline flat without asking for its media."""

    def clip(self, clip: Any) -> Segment:
        """The segment of a clip; without media each is a piece of its own."""
        source = clip.trimmed_range()
        url = getattr(clip.media_reference, "target_url", "") or f"{self.count}"
        stop, begin = seconds_of(source.duration), seconds_of(source.start_time)
        return Segment(Fraction(0), stop, Path("media") / str(url), begin, name=clip.name)


def read_timeline(path: Path) -> HitList:
    """The moments of an admitted ``.otio`` file.

    Raises:
        ControlError: ``hits_unreadable``.

    """
    import opentimelineio as otio

    try:
        root = otio.core.deserialize_json_from_string(text_of(path))
        tracks = root.tracks if isinstance(root, otio.schema.Timeline) else root
        start = getattr(root, "global_start_time", None)
        zero = Fraction(0) if start is None else seconds_of(start)
        moments = (*_cuts(_Sketch(path).lay(tracks), zero), *_markers(tracks, zero))
    except MediaError as error:
        raise unreadable(error.text, _REMEDY) from error
    except Exception as error:  # the library raises what it likes on broken files
        raise unreadable(f"{path.name!r} is no timeline that can be read ({type(error).__name__})", _REMEDY) from error
    if len(moments) > MOST:
        raise unreadable(f"{path.name!r} holds more than {MOST} moments", "Export a part of the edit")
    return HitList(moments, None if start is None else zero)


def _cuts(row: Row, zero: Fraction) -> Iterator[Moment]:
    yield from (Moment(zero + part.start, label_of(part.name) or "cut", None) for part in row[1:])


def _markers(root: Any, zero: Fraction) -> Iterator[Moment]:
    """Markers of everything in a composition, on its own clock."""
    trim = Fraction(0) if root.source_range is None else seconds_of(root.source_range.start_time)
    children = root.find_children() if hasattr(root, "find_children") else ()
    for item in (root, *children):
        for marker in getattr(item, "markers", ()):
            at = item.transformed_time(marker.marked_range.start_time, root)
            yield _weighed(marker, zero + seconds_of(at) - trim)


def _weighed(marker: Any, at: Fraction) -> Moment:
    """A marker with the weight and tolerance that twopop wrote into it, or that its name says."""
    own = marker.metadata.get("twopop", {})
    if not own:
        return named(Moment(at), marker.name)
    weight, tolerance = float(own["weight"]), float(own["tolerance"])
    if not (0 < weight <= 1 and 0 <= tolerance <= MOST_FRAMES):
        raise ValueError("weight")
    return Moment(at, marker.name, weight, tolerance)


def write_timeline(hits: tuple[Hit, ...], title: str, labels: Labels, start: int, stop: int, media: Path | None) -> str:
    """Hits as markers of a timeline that holds the picture in one piece, as JSON.

    Args:
        hits: frames count from the picture's first.
        title: of the timeline.
        labels: the rate; OpenTimelineIO does not say whether labels drop.
        start: frames from 00:00:00:00 to the picture's first.
        stop: how long the picture is at least, frames.
        media: the picture's file; None leaves a gap.

    """
    import opentimelineio as otio

    def time(frame: int) -> Any:
        return otio.opentime.RationalTime(frame, float(labels.rate))

    whole = otio.opentime.TimeRange(time(0), time(max([stop, *(hit.frame + 1 for hit in hits)])))
    timeline = otio.schema.Timeline(label_of(title), global_start_time=time(start))
    track = otio.schema.Track("picture", kind=otio.schema.TrackKind.Video)
    reference = None if media is None else otio.schema.ExternalReference(media.absolute().as_uri())
    track.append(otio.schema.Clip(media.stem, reference, whole) if media else otio.schema.Gap(source_range=whole))
    timeline.tracks.append(track)
    for hit in hits:
        marker = otio.schema.Marker(hit.label, otio.opentime.TimeRange(time(hit.frame), time(1)))
        marker.metadata["twopop"] = {"weight": float(hit.weight), "tolerance": float(hit.tolerance)}
        timeline.tracks.markers.append(marker)
    return str(otio.adapters.otio_json.write_to_string(timeline))
