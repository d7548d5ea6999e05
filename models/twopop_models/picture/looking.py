"""Looking at a clip: one pass over its frames gives images, curves, shots and hits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from twopop_models.gate import Limits
from twopop_models.picture import spots
from twopop_models.picture.reel import Pixels, Reel
from twopop_models.picture.sources import check_length, opened
from twopop_models.picture.watching import Heart, evenly, watch_reel
from twopop_models.types import Clip, Frames, Progress, Shot, SourceFacts, Stage, ignore

WIDTH = 320
"""Pixels across of the images that describers and the contact sheet get, at most."""

TEXT = SourceFacts("text", 0, 0, None, False, 0, "", "")


def look(clip: Clip, limits: Limits, *, count: int = 12, progress: Progress = ignore) -> Frames:
    """Everything that is seen of a clip; the same file and range give the same bits.

    Args:
        clip: what to look at; a still stands unmoving, a text alone has no images and one shot.
        limits: what may be read.
        count: how many images, spread evenly; fewer when the range is shorter.
        progress: called at least every 50 ms while the picture is decoded.

    Raises:
        MediaError: any of its codes; ``Cancelled`` when ``progress`` raised it.

    """
    progress(Stage.PICTURE, 0.0)
    if clip.media is None:
        check_length(clip, limits)
        return _nothing(clip)
    heart = Heart(progress)
    with opened(clip, limits, heart.beat) as reel:
        still = reel.facts.kind == "still"
        frames = _still(clip, reel, heart) if still else _seen(clip, reel, count, heart)
    progress(Stage.PICTURE, 1.0)
    return frames


def _nothing(clip: Clip) -> Frames:
    """A text request: no picture, no motion, one shot."""
    dark = np.zeros(clip.frames, np.float32)
    images = np.zeros((0, 0, 0, 3), np.uint8)
    return Frames(clip, TEXT, images, (), dark, dark.copy(), (Shot(clip.first, clip.stop),), ())


def _still(clip: Clip, reel: Reel, heart: Heart) -> Frames:
    """A still needs one glance, however long it stands."""
    one = Clip(clip.media, clip.first, clip.first + 1, clip.rate)
    glance = next(watch_reel(reel, one, heart))
    light = np.full(clip.frames, glance.brightness, np.float32)
    images = glance.picture.pixels(WIDTH)[np.newaxis]
    whole = (Shot(clip.first, clip.stop),)
    return Frames(clip, reel.facts, images, evenly(clip, 1), np.zeros_like(light), light, whole, ())


def _seen(clip: Clip, reel: Reel, count: int, heart: Heart) -> Frames:
    """Watch every frame; keep two numbers of each, and a few images."""
    motion, brightness = np.zeros(clip.frames, np.float32), np.zeros(clip.frames, np.float32)
    wanted = evenly(clip, count)
    images: list[Pixels] = []
    witness = spots.Witness(spots.known_cuts(clip, reel.edits))
    for glance in watch_reel(reel, clip, heart):
        place = glance.frame - clip.first
        motion[place], brightness[place] = glance.motion, glance.brightness
        if glance.fresh:
            witness.see(glance.frame, glance.pixels)
        if len(images) < len(wanted) and glance.frame == wanted[len(images)]:
            images.append(glance.picture.pixels(WIDTH))
    seen = witness.evidence()
    shots = spots.shots_of(clip, spots.find_cuts(clip, seen, brightness))
    frames = Frames(clip, reel.facts, np.stack(images), wanted, motion, brightness, shots, (), seen)
    return replace(frames, hits=spots.spot(frames))
