"""Which moments are hits: what the picture says, what the client says, or none."""

from __future__ import annotations

from collections.abc import Iterable

from twopop_models.controls import Controls
from twopop_models.errors import ControlError
from twopop_models.types import Clip, Frames, Hit


def choose_hits(frames: Frames, controls: Controls) -> tuple[Hit, ...]:
    """The hits of a cue in order of frames, one per frame, by the ``hits`` control.

    ``auto`` takes those that were found in the picture, ``off`` none; a list is the client's own.

    Raises:
        ControlError: ``bad_control``, an own hit lies outside the range.

    """
    if controls.hits == "off":
        return ()
    if isinstance(controls.hits, str):
        return _tidy(hit for hit in frames.hits if _inside(hit, frames.clip))
    for hit in controls.hits:
        if not _inside(hit, frames.clip):
            raise ControlError(
                "bad_control",
                f"Hit at frame {hit.frame} is outside the range {frames.clip.first} to {frames.clip.stop - 1}",
                "Give frames on the same count as the range, or turn hits to auto or off.",
            )
    return _tidy(controls.hits)


def _inside(hit: Hit, clip: Clip) -> bool:
    return clip.first <= hit.frame < clip.stop


def _tidy(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """In order, and of several on one frame only the heaviest."""
    heaviest: dict[int, Hit] = {}
    for hit in hits:
        if hit.frame not in heaviest or hit.weight > heaviest[hit.frame].weight:
            heaviest[hit.frame] = hit
    return tuple(heaviest[frame] for frame in sorted(heaviest))
