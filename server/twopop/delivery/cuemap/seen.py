"""The upper half of a cue map: what was seen. A strip of stills, the picture's curves, and the hits.

Between picture and music stands a row of hits: what was seen there, what the music does about it, and how
many frames lie between the two, measured on the mix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop.delivery.cuemap.page import BRIGHT, DIM, INK, LINE, MET, MISSED, MOTION, SMALL, TRACK, Page, Word, shown
from twopop_models.types import Clip, Frames, Landing, Shot

Stills = tuple[tuple[int, NDArray[np.uint8]], ...]

STRIP = 96
"""Pixels that the strip of stills is high."""
COLUMN = 70
"""Pixels of the row of hits: ticks, and three lines of text."""
LABELS = 15
"""About how many labels a time axis gets."""


def draw_strip(page: Page, frames: Frames, stills: Stills) -> None:
    """Every shot where it stands in time, with as many of its stills as it has room for."""
    axes, clip = page.panels["strip"], frames.clip
    axes.imshow(strip(frames, stills), extent=(0, page.seconds, 0, 1), aspect="auto", interpolation="none")
    words = []
    for number, shot in enumerate(frames.shots, 1):
        at = float(clip.offset_of(shot.first))
        axes.axvline(at, color=INK, linewidth=1.2)
        if page.x(float(shot.stop - shot.first) / float(clip.rate)) > 24:
            words.append(Word(page.x(at) + 4, str(number), weight=len(frames.shots) - number))
    box = {"facecolor": "black", "alpha": 0.55, "edgecolor": "none", "pad": 1.5}
    page.line_of_words("strip", words, 0.87, bbox=box)
    count = len(frames.shots)
    page.caption("strip", "picture", ((f"{count} shot{'s' * (count > 1)}", DIM), (frames.facts.kind, DIM)))


def frame_ticks(clip: Clip, timecode: Callable[[int], str]) -> list[tuple[float, str]]:
    """Round timecodes of a range: seconds into it, and timecode, seconds and frame in two lines."""
    base = ceil(clip.rate)
    steps = [1, 2, 5, *(base * number for number in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600))]
    step = next((step for step in steps if clip.frames <= LABELS * step), steps[-1])
    ticks = []
    for frame in range(-(-clip.first // step) * step, clip.stop, step):
        seconds = float(clip.offset_of(frame))
        ticks.append((seconds, f"{timecode(frame)}\n{seconds:.2f} s · f {frame}"))
    return ticks


def second_ticks(length: float) -> list[tuple[float, str]]:
    """Round seconds of a cue of ``length`` seconds, about as many as timecodes."""
    steps = [*(10.0**power * digit for power in range(-3, 1) for digit in (1, 2, 5)), 10.0, 15.0, 30.0]
    step = next((step for step in (*steps, 60.0, 120.0) if length <= LABELS * step), 300.0)
    times = [step * number for number in range(int(length / step + 1e-6) + 1)]
    return [(at, f"{at // 60:.0f}:{at % 60:02.0f}" if length > 120 else f"{at:g} s") for at in times]


def strip(frames: Frames, stills: Stills) -> NDArray[np.uint8]:
    """The strip as an (STRIP, TRACK, 3) image; dark where no picture of a shot was kept."""
    from PIL import Image, ImageOps

    whole = Image.new("RGB", (TRACK, STRIP), (12, 12, 14))
    for shot in frames.shots:
        left, right = (
            round(TRACK * (frame - frames.clip.first) / frames.clip.frames) for frame in (shot.first, shot.stop)
        )
        known = _pictures(frames, shot, stills)
        if not known or right <= left:
            continue
        wide = STRIP * known[0][1].shape[1] / known[0][1].shape[0]
        tiles = max(1, round((right - left) / wide))
        edges = [left + (right - left) * number // tiles for number in range(tiles + 1)]
        for number in range(tiles):
            middle = shot.first + (shot.stop - shot.first) * (2 * number + 1) / (2 * tiles)
            pixels = min(known, key=lambda found: abs(found[0] - middle))[1]
            size = (edges[number + 1] - edges[number], STRIP)
            whole.paste(ImageOps.fit(Image.fromarray(pixels), size, Image.Resampling.BILINEAR), (edges[number], 0))
    return np.asarray(whole)


def _pictures(frames: Frames, shot: Shot, stills: Stills) -> list[tuple[int, NDArray[np.uint8]]]:
    """What was kept of a shot: frames and their images."""
    kept = [(at, frames.images[n]) for n, at in enumerate(frames.image_frames) if shot.first <= at < shot.stop]
    middle = (shot.first + shot.stop) // 2
    return kept or [(middle, pixels) for first, pixels in stills if first == shot.first]


def draw_curves(page: Page, frames: Frames, landings: tuple[Landing, ...]) -> None:
    """Motion and brightness of the picture, and a stem per hit as high as its weight."""
    axes, clip = page.panels["curves"], frames.clip
    axes.set_ylim(0, 1.08)
    highest = float(frames.motion.max(initial=0.0))
    times, motion = per_pixel(frames.motion, page.seconds)
    axes.fill_between(times, motion / max(highest, 1e-6), color=MOTION, alpha=0.45, linewidth=0, step="mid")
    axes.plot(*per_pixel(frames.brightness, page.seconds), color=BRIGHT, linewidth=1.2)
    cuts = [float(clip.offset_of(shot.first)) for shot in frames.shots[1:]]
    axes.vlines(cuts, 0, 1.08, color=INK, linewidth=0.6, alpha=0.35)
    for colour, group in _by_meeting(landings):
        at = [float(clip.offset_of(landing.hit.frame)) for landing in group]
        weights = [landing.hit.weight for landing in group]
        axes.vlines(at, 0, weights, color=colour, linewidth=1.4)
        axes.plot(at, weights, "o", color=colour, markersize=4)
    page.scale("curves", ((0, "0"), (0.5, "0.5"), (1, "1")))
    moving = f"motion, 1 = {highest:.2f}" if highest else "no motion"
    lines = ((moving, MOTION), ("brightness", BRIGHT))
    hits = (("hits: height = weight", MET),) if landings else ()
    page.caption("curves", "what moves", (*lines, *hits))


def per_pixel(curve: NDArray[np.float32], seconds: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A curve of the cue as (seconds, values), with at most one value per pixel: the highest there."""
    size = max(1, len(curve) // TRACK)
    starts = np.arange(0, len(curve), size)
    values = np.maximum.reduceat(curve, starts) if len(curve) else np.zeros(0)
    return (starts + min(size, len(curve)) / 2) * seconds / max(1, len(curve)), values.astype(np.float64)


def _by_meeting(landings: tuple[Landing, ...]) -> Iterator[tuple[str, list[Landing]]]:
    yield MET, [landing for landing in landings if met(landing)]
    yield MISSED, [landing for landing in landings if not met(landing)]


def met(landing: Landing) -> bool:
    """Whether the music was heard within the hit's tolerance."""
    return landing.error_frames is not None and abs(landing.error_frames) <= landing.hit.tolerance


def draw_hits(page: Page, clip: Clip, landings: tuple[Landing, ...]) -> None:
    """A column per hit: what was seen, what the music does, how many frames it is off. Heavy ones first."""
    axes = page.panels["hits"]
    axes.set_ylim(COLUMN, 0)
    for colour, group in _by_meeting(landings):
        at = [float(clip.offset_of(landing.hit.frame)) for landing in group]
        axes.vlines(at, 0, 11, color=colour, linewidth=1.6)
    words = []
    for landing in landings:
        text = "\n".join((landing.hit.label or "hit", landing.event or "-", error_of(landing)))
        left = page.x(float(clip.offset_of(landing.hit.frame))) - page.width(text) / 2
        words.append(Word(min(max(left, 2.0), TRACK - page.width(text) - 2.0), text, landing.hit.weight))
    for word in page.fitting(words):
        middle = (word.x + page.width(word.text) / 2) * page.seconds / TRACK
        for number, line in enumerate(word.text.split("\n"), 1):
            look: dict[str, Any] = {"size": SMALL, "ha": "center", "va": "center", "parse_math": False}
            axes.text(middle, LINE * number + 9, shown(line), color=DIM if number == 1 else INK, **look)
    lines = (("seen", DIM), ("the music's answer", INK), ("how late it is heard, frames", INK))
    page.caption("hits", f"hits: {sum(map(met, landings))} of {len(landings)} met", lines)


def error_of(landing: Landing) -> str:
    """Frames between hit and music, late is positive; no "-0.00"."""
    return "not heard" if landing.error_frames is None else f"{round(landing.error_frames, 2) + 0.0:+.2f}"
