"""Which moments are hits: what the picture says, what the client says, or none."""

from __future__ import annotations

from collections.abc import Iterable

from twopop_models.controls import Both, Controls, HitFile
from twopop_models.errors import ControlError
from twopop_models.gate import Limits, admit
from twopop_models.picture.spots import MIDDLE, spot
from twopop_models.spotting.lists import read_list
from twopop_models.types import Clip, Frames, Hit

_NOTHING = Limits(())


def check_hits(controls: Controls, limits: Limits) -> None:
    """Whether a file of hits may be read at all: asked before the picture is looked at, which takes longer.

    Raises:
        MediaError: ``media_missing`` or ``media_forbidden``.

    """
    own = controls.hits.own if isinstance(controls.hits, Both) else controls.hits
    if isinstance(own, HitFile):
        admit(own.path, limits.roots)


def choose_hits(frames: Frames, controls: Controls, limits: Limits = _NOTHING) -> tuple[Hit, ...]:
    """The hits of a cue in order of frames, one per frame, by the controls ``hits`` and ``sensitivity``.

    ``auto`` takes those found in the picture, ``off`` none; a list or a file is the client's own, and
    with ``auto+`` in front both count. Nothing is decoded for it, whatever the sensitivity.

    Args:
        frames: what was seen of the range.
        controls: the request's.
        limits: which files may be read.

    Raises:
        ControlError: ``bad_control``, an own hit lies outside the range; ``hits_unreadable``.
        MediaError: the file of hits is missing or must not be read.

    """
    wanted = controls.hits
    if wanted == "off":
        return ()
    if isinstance(wanted, Both):
        own = _own(wanted.own, frames, limits)
        return _tidy((*_beside(_found(frames, controls), own), *own))
    if isinstance(wanted, str):
        return _tidy(_found(frames, controls))
    return _tidy(_own(wanted, frames, limits))


def _found(frames: Frames, controls: Controls) -> tuple[Hit, ...]:
    seen = frames.hits if controls.sensitivity == MIDDLE else spot(frames, controls.sensitivity)
    return tuple(hit for hit in seen if _inside(hit, frames.clip))


def _own(wanted: HitFile | tuple[Hit, ...], frames: Frames, limits: Limits) -> tuple[Hit, ...]:
    if isinstance(wanted, HitFile):
        return read_list(wanted, frames, limits)
    clip = frames.clip
    for hit in wanted:
        if not _inside(hit, clip):
            raise ControlError(
                "bad_control",
                f"Hit at frame {hit.frame} is outside the range {clip.first} to {clip.stop - 1}",
                "Give frames on the same count as the range, or turn hits to auto or off.",
            )
    return wanted


def _inside(hit: Hit, clip: Clip) -> bool:
    return clip.first <= hit.frame < clip.stop


def _beside(found: tuple[Hit, ...], own: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Those found that are no moment of the client's own: on one moment the client's word counts."""
    return tuple(hit for hit in found if all(abs(hit.frame - other.frame) > other.tolerance for other in own))


def _tidy(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """In order, and of several on one frame only the heaviest."""
    heaviest: dict[int, Hit] = {}
    for hit in hits:
        if hit.frame not in heaviest or hit.weight > heaviest[hit.frame].weight:
            heaviest[hit.frame] = hit
    return tuple(heaviest[frame] for frame in sorted(heaviest))
