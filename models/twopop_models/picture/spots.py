"""What spotting finds by itself: cuts, flashes and bursts of motion.

Cuts inside a source come from PySceneDetect's adaptive detector, cuts of a timeline from the
timeline. A stretch of some frames that is much brighter or darker than what lies around it is a
flash, not two cuts. Dissolves and fades are no cuts here: nothing in them is a moment.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from twopop_models.picture.reel import Pixels
from twopop_models.types import Clip, Curve, Hit, Shot

THRESHOLD = 3.0
"""A cut changes this many times more than the frames around it ..."""
FLOOR = 15.0
"""... and at least this much (mean of hue, saturation and value change, 0 to 255)."""
SHORTEST_SHOT = Fraction(3, 10)  # seconds; nearer cuts count as one
FLASH_LEAP = 0.2  # change of mean luma
FLASH_LENGTH = Fraction(1, 5)  # seconds
FULL_CHANGE = 0.25  # change of luma at which a cut weighs 1
PEAK_APART = Fraction(1, 2)  # seconds
PEAK_RATIO = 2.5  # of the range's usual motion
PEAK_FLOOR = 0.03  # change of luma


class CutFinder:
    """PySceneDetect fed frame by frame; held frames are left out, or rate conversion would look like motion."""

    def __init__(self, clip: Clip) -> None:
        from scenedetect import AdaptiveDetector

        self._detector: Any = AdaptiveDetector(THRESHOLD, min_scene_len=1, min_content_val=FLOOR)
        self._numbers: list[int] = []
        self._rate = clip.rate
        self._seen = 0
        self.cuts: list[int] = []

    def see(self, frame: int, pixels: Pixels) -> None:
        """The next fresh frame."""
        from scenedetect import FrameTimecode

        self._numbers = [*self._numbers[-15:], frame]  # the detector looks back two frames
        found = self._detector.process_frame(FrameTimecode(self._seen, float(self._rate)), pixels[:, :, ::-1])
        self._seen += 1
        self.cuts += [self._numbers[place.frame_num - self._seen] for place in found]


def known_cuts(clip: Clip, edits: Iterable[Fraction]) -> list[int]:
    """The first request frame of each segment of an edit, inside the range."""
    frames = {math.ceil(edit * clip.rate) for edit in edits}
    return sorted(frame for frame in frames if clip.first < frame < clip.stop)


def merge_cuts(clip: Clip, known: list[int], found: list[int], flashes: list[int]) -> tuple[int, ...]:
    """Known cuts, and found ones that are neither near a kept cut nor the edge of a flash."""
    apart = SHORTEST_SHOT * clip.rate
    flash = FLASH_LENGTH * clip.rate + 1
    kept = list(known)
    for cut in found:
        of_flash = any(-1 <= cut - start <= flash for start in flashes)
        if clip.first < cut < clip.stop and not of_flash and all(abs(cut - other) >= apart for other in kept):
            kept.append(cut)
    return tuple(sorted(kept))


def find_flashes(clip: Clip, brightness: Curve, known: list[int]) -> list[int]:
    """First frames of short leaps of brightness that come back; a timeline's own cuts are none."""
    longest = max(1, math.floor(FLASH_LENGTH * clip.rate))
    found: list[int] = []
    for place in np.flatnonzero(np.abs(np.diff(brightness)) >= FLASH_LEAP) + 1:
        frame = clip.first + int(place)
        level, leap = float(brightness[place - 1]), float(brightness[place] - brightness[place - 1])
        after = brightness[place + 1 : place + 1 + longest]
        back = len(after) and float(np.abs(after - level).min()) < abs(leap) / 4
        near = found and frame - found[-1] <= longest
        if back and not near and frame not in known:
            found.append(frame)
    return found


def find_peaks(clip: Clip, motion: Curve, taken: Iterable[int]) -> list[int]:
    """Frames where motion is at its highest for half a second around, far above the usual, away from ``taken``."""
    reach = max(1, round(PEAK_APART * clip.rate))
    calm = motion.copy()
    for frame in taken:  # a cut's own change is not motion
        place = frame - clip.first
        calm[max(0, place - 1) : place + 2] = 0
    smooth = np.convolve(calm, np.full(3, 1 / 3), "same")
    floor = max(PEAK_FLOOR, PEAK_RATIO * float(np.median(smooth)))
    blocked = {0, *(frame - clip.first for frame in taken)}  # the beginning is a moment of its own
    peaks: list[int] = []
    for place in np.argsort(-smooth, kind="stable"):
        if smooth[place] < floor:
            break
        if all(abs(int(place) - other) >= reach for other in blocked):
            peaks.append(clip.first + int(place))
            blocked.add(int(place))
    return sorted(peaks)


def shots_of(clip: Clip, cuts: Iterable[int]) -> tuple[Shot, ...]:
    """The range divided at its cuts."""
    return tuple(Shot(*ends) for ends in pairwise((clip.first, *cuts, clip.stop)))


def hits_of(clip: Clip, motion: Curve, cuts: Iterable[int], flashes: list[int], peaks: list[int]) -> tuple[Hit, ...]:
    """Cuts first, weighing 0.6 to 1 by how much the picture changes; then motion and flashes in order."""
    strong = {cut: min(1.0, float(motion[cut - clip.first]) / FULL_CHANGE) for cut in cuts}
    marks = [Hit(cut, round(0.6 + 0.4 * strength, 3), "cut") for cut, strength in strong.items()]
    others = [Hit(frame, 0.5, "motion") for frame in peaks] + [Hit(frame, 0.7, "flash") for frame in flashes]
    return (*marks, *sorted(others, key=lambda hit: hit.frame))
