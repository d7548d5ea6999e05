"""What spotting finds by itself: cuts, flashes and bursts of motion.

Looking leaves *evidence* (``types.Evidence``, motion and brightness of every frame); here it is decided what
of it is a moment, in milliseconds, as often as somebody turns the sensitivity. The rule for cuts is
PySceneDetect's adaptive one on PySceneDetect's own measure of change; cuts of a timeline are the
timeline's. A stretch of some frames that is much brighter or darker than what lies around it is a
flash, not two cuts. Dissolves and fades are no cuts here: nothing in them is a moment.

Sensitivity s in percent multiplies each threshold by ``2 ** ((50 - s) / 50)`` (that on the amount of change by
its square): at 50 they are as written here, at 100 halved, at 0 doubled. A cut that is found at one
sensitivity is found at every higher one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.picture.reel import Pixels
from twopop_models.types import Clip, Curve, Evidence, Frames, Hit, Shot

MIDDLE = 50.0
"""The sensitivity at which shots are divided, and the default."""
THRESHOLD = 3.0
"""A cut changes this many times more than the two frames before and after it ..."""
FLOOR = 15.0
"""... and at least this much (mean of hue, saturation and value change, 0 to 255)."""
WINDOW = 2
SHORTEST_SHOT = Fraction(3, 10)  # seconds; nearer cuts count as one
FLASH_LEAP = 0.2  # change of mean luma
FLASH_LENGTH = Fraction(1, 5)  # seconds
FULL_CHANGE = 0.25  # change of luma at which a cut weighs 1
PEAK_APART = Fraction(1, 2)  # seconds
PEAK_RATIO = 2.5  # of the range's usual motion
PEAK_FLOOR = 0.03  # change of luma
PEAK_WIDTH = Fraction(1, 12)
"""Seconds by which a burst of motion is blurred: two frames of film, and its tolerance."""

Floats = NDArray[np.float64]


class Witness:
    """Takes down how much each fresh frame changes, as PySceneDetect measures it.

    Held frames are left out, or rate conversion would look like motion.
    """

    def __init__(self, known: Iterable[int] = ()) -> None:
        from scenedetect import ContentDetector

        class Scorer(ContentDetector):  # type: ignore[misc]  # the library ships no types
            """The detector's own measure, without its decision."""

            def score(self, pixels: Pixels) -> float:
                """Change since the frame before, 0 to 255."""
                return float(self._calculate_frame_score(None, pixels))

        self._scorer: Any = Scorer()
        self._known = tuple(known)
        self._change: list[float] = []
        self._frames: list[int] = []

    def see(self, frame: int, pixels: Pixels) -> None:
        """The next fresh frame, RGB."""
        self._change.append(self._scorer.score(pixels[:, :, ::-1]))
        self._frames.append(frame)

    def evidence(self) -> Evidence:
        """Everything seen so far."""
        return Evidence(np.array(self._change, np.float32), np.array(self._frames, np.int32), self._known)


def spot(frames: Frames, sensitivity: float = MIDDLE) -> tuple[Hit, ...]:
    """The moments of a picture: cuts first, then motion and flashes in order.

    Args:
        frames: what was seen, with evidence; without any its ``hits`` are all there is.
        sensitivity: 0 to 100 percent.

    """
    clip, seen = frames.clip, frames.evidence
    if seen is None:
        return frames.hits
    keen = max(sensitivity, MIDDLE)  # what is a cut or a flash in the middle is no mere motion below
    cuts, sure = (find_cuts(clip, seen, frames.brightness, value) for value in (sensitivity, keen))
    flashes, bright = (_flashes(frames, seen.known, sure, value) for value in (sensitivity, keen))
    peaks = find_peaks(clip, frames.motion, (*sure, *bright), easing(sensitivity))
    return hits_of(clip, frames.motion, cuts, flashes, peaks)


def _flashes(frames: Frames, known: tuple[int, ...], cuts: tuple[int, ...], sensitivity: float) -> list[int]:
    """Flashes that are no edge of a cut."""
    found = find_flashes(frames.clip, frames.brightness, known, FLASH_LEAP * easing(sensitivity))
    return [frame for frame in found if all(abs(frame - cut) > 1 for cut in cuts)]


def easing(sensitivity: float) -> float:
    """By what thresholds are multiplied."""
    return float(2.0 ** ((MIDDLE - sensitivity) / MIDDLE))


def find_cuts(clip: Clip, seen: Evidence, brightness: Curve, sensitivity: float = MIDDLE) -> tuple[int, ...]:
    """Cuts inside the range, in order: the known ones, and of those found the surest where they crowd."""
    needs = needed(seen.change)
    order = np.argsort(needs, kind="stable")
    found = [int(seen.frames[place]) for place in order if needs[place] <= sensitivity]
    flashes = find_flashes(clip, brightness, seen.known, FLASH_LEAP)
    return merge_cuts(clip, list(seen.known), found, flashes)


def needed(change: Curve) -> Floats:
    """(n,) the sensitivity from which each fresh frame is a cut; infinite where it never is."""
    score = change.astype(np.float64)
    needs = np.full(len(score), np.inf)
    if len(score) <= 2 * WINDOW:
        return needs
    around = np.lib.stride_tricks.sliding_window_view(score, 2 * WINDOW + 1)
    middle = score[WINDOW:-WINDOW]
    usual = (around.sum(axis=1) - middle) / (2 * WINDOW)
    ratio = np.minimum(middle / np.maximum(usual, 1e-5), 255.0) / THRESHOLD
    room = np.minimum(ratio, np.sqrt(middle / FLOOR))  # by how much both thresholds are passed
    with np.errstate(divide="ignore"):
        needs[WINDOW:-WINDOW] = MIDDLE * (1 - np.log2(room))
    return needs


def known_cuts(clip: Clip, edits: Iterable[Fraction]) -> list[int]:
    """The first request frame of each segment of an edit, inside the range."""
    frames = {math.ceil(edit * clip.rate) for edit in edits}
    return sorted(frame for frame in frames if clip.first < frame < clip.stop)


def merge_cuts(clip: Clip, known: list[int], found: list[int], flashes: list[int]) -> tuple[int, ...]:
    """Known cuts, and found ones (the surest first) that are neither near a kept cut nor the edge of a flash."""
    apart = math.ceil(SHORTEST_SHOT * clip.rate)
    flash = math.floor(FLASH_LENGTH * clip.rate) + 1
    free = np.ones(clip.frames, bool)
    free[0] = False
    for start in flashes:
        _block(free, start - clip.first - 1, start - clip.first + flash + 1)
    for cut in known:
        _block(free, cut - clip.first - apart + 1, cut - clip.first + apart)
    kept = list(known)
    for cut in found:
        if clip.first < cut < clip.stop and free[cut - clip.first]:
            kept.append(cut)
            _block(free, cut - clip.first - apart + 1, cut - clip.first + apart)
    return tuple(sorted(kept))


def _block(free: NDArray[np.bool_], first: int, stop: int) -> None:
    free[max(0, first) : max(0, stop)] = False


def find_flashes(clip: Clip, brightness: Curve, known: Iterable[int], leap: float = FLASH_LEAP) -> list[int]:
    """First frames of leaps of brightness, at least ``leap``, that come back soon; a timeline's cuts are none."""
    longest = max(1, math.floor(FLASH_LENGTH * clip.rate))
    cuts = frozenset(known)
    found: list[int] = []
    for place in np.flatnonzero(np.abs(np.diff(brightness)) >= leap) + 1:
        frame = clip.first + int(place)
        level, change = float(brightness[place - 1]), float(brightness[place] - brightness[place - 1])
        after = brightness[place + 1 : place + 1 + longest]
        back = len(after) and float(np.abs(after - level).min()) < abs(change) / 4
        near = found and frame - found[-1] <= longest
        if back and not near and frame not in cuts:
            found.append(frame)
    return found


def find_peaks(clip: Clip, motion: Curve, taken: Iterable[int], ease: float = 1.0) -> list[int]:
    """Frames where motion is at its highest for half a second around, far above the usual, away from ``taken``."""
    reach = max(1, round(PEAK_APART * clip.rate))
    marks = [frame - clip.first for frame in taken]
    calm = motion.copy()
    for place in marks:  # a cut's own change is not motion
        calm[max(0, place - 1) : place + 2] = 0
    smooth = np.convolve(calm, np.full(3, 1 / 3), "same")
    floor = ease * max(PEAK_FLOOR, PEAK_RATIO * float(np.median(smooth)))
    free = np.ones(len(smooth), bool)
    for place in (0, *marks):  # the beginning is a moment of its own
        _block(free, place - reach + 1, place + reach)
    peaks: list[int] = []
    for place in np.argsort(-smooth, kind="stable"):
        if smooth[place] < floor:
            break
        if free[place]:
            peaks.append(clip.first + int(place))
            _block(free, int(place) - reach + 1, int(place) + reach)
    return sorted(peaks)


def shots_of(clip: Clip, cuts: Iterable[int]) -> tuple[Shot, ...]:
    """The range divided at its cuts."""
    return tuple(Shot(*ends) for ends in pairwise((clip.first, *cuts, clip.stop)))


def hits_of(clip: Clip, motion: Curve, cuts: Iterable[int], flashes: list[int], peaks: list[int]) -> tuple[Hit, ...]:
    """Cuts first, weighing 0.6 to 1 by how much the picture changes; then motion and flashes in order."""
    marks = [Hit(cut, weight_of(motion, cut - clip.first), "cut") for cut in cuts]
    wide = float(max(1, round(PEAK_WIDTH * clip.rate)))
    others = [Hit(frame, 0.5, "motion", wide) for frame in peaks] + [Hit(frame, 0.7, "flash") for frame in flashes]
    return (*marks, *sorted(others, key=lambda hit: hit.frame))


def weight_of(motion: Curve, place: int) -> float:
    """What a cut at a frame of the range weighs, 0.6 to 1."""
    return round(0.6 + 0.4 * min(1.0, float(motion[place]) / FULL_CHANGE), 3)
