"""The contact sheet: what was seen and what the music does about it, on one picture.

Above, one still per shot with its timecode; below, on one time axis, the motion of the picture, the
loudness of the mix, bar lines, sections and hits with their measured error.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.gate import Limits
from twopop_models.types import Cue, Frames, Landing, Progress, Shot, Stage, Take, ignore

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH = 1280
COLUMNS = 5
MARGIN = 16
THUMB = (WIDTH - MARGIN * (COLUMNS + 1)) // COLUMNS
LANES = 300
MOST = 20
INK = (232, 230, 225)
DIM = (128, 128, 132)
PAPER = (24, 25, 28)
MOTION = (92, 148, 214)
ENERGY = (226, 160, 74)
HIT = (232, 92, 92)
BAR = (58, 60, 66)


Stills = tuple[tuple[int, NDArray[np.uint8]], ...]
"""Frame on which a shot begins, and a picture of the shot: (height, width, 3) RGB, all of one size."""


def shot_stills(take: Take, limits: Limits, progress: Progress = ignore) -> Stills:
    """One picture of every shot, of at most ``MOST`` shots; none for a text alone.

    What was sampled of a shot already is taken, nearest its middle; only the other shots are read again.

    Raises:
        MediaError: the picture cannot be read any more.
        Cancelled: from ``progress``.

    """
    from twopop_models import picture

    def tell(_: Stage, fraction: float) -> None:
        progress(Stage.DELIVER, fraction)

    frames = take.frames
    if take.clip.media is None:
        return ()
    shots = frames.shots[:: -(-len(frames.shots) // MOST)]
    seen = {shot: _sampled(frames, shot) for shot in shots}
    missing = tuple(shot for shot in shots if seen[shot] is None)
    middles = tuple((shot.first + shot.stop) // 2 for shot in missing)
    fresh = dict(zip(missing, picture.shown(take.clip, middles, limits, progress=tell), strict=True)) if missing else {}
    return tuple((shot.first, fresh[shot] if image is None else image) for shot, image in seen.items())


def _sampled(frames: Frames, shot: Shot) -> NDArray[np.uint8] | None:
    """The image nearest the middle of a shot among those that were sampled in it."""
    inside = [(at, number) for number, at in enumerate(frames.image_frames) if shot.first <= at < shot.stop]
    nearest = min(inside, key=lambda found: abs(2 * found[0] - shot.first - shot.stop), default=None)
    return None if nearest is None else frames.images[nearest[1]]


def write_contact_sheet(take: Take, path: Path, timecode: Callable[[int], str], stills: Stills) -> None:
    """Write a PNG, 1280 pixels wide, of the take's first variation.

    Args:
        take: the finished take.
        path: the PNG to write.
        timecode: SMPTE text of a frame of the request.
        stills: as ``shot_stills`` gives them.

    """
    from PIL import Image, ImageDraw

    height = round(THUMB * stills[0][1].shape[0] / stills[0][1].shape[1]) if stills else 0
    rows = -(-len(stills) // COLUMNS)
    top = 64
    picture_bottom = top + rows * (height + 30)
    sheet = Image.new("RGB", (WIDTH, picture_bottom + LANES + 40), PAPER)
    draw = ImageDraw.Draw(sheet)
    _title(draw, take)
    for number, (frame, pixels) in enumerate(stills):
        left = MARGIN + (number % COLUMNS) * (THUMB + MARGIN)
        down = top + (number // COLUMNS) * (height + 30)
        sheet.paste(Image.fromarray(pixels).resize((THUMB, height)), (left, down))
        draw.text((left, down + height + 4), timecode(frame), fill=DIM, font=_font(13))
    _lanes(draw, take, picture_bottom + 8)
    sheet.save(path)


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _title(draw: ImageDraw, take: Take) -> None:
    cue = take.cues[0]
    draw.text((MARGIN, 10), _fit(take.bridges.text.sentence, 140), fill=INK, font=_font(17))
    music = cue.music
    line = f"{music.style} · {music.key} · {music.tempo:.2f} BPM · {cue.loudness:.1f} LUFS · seed {cue.seed}"
    for reference in filter(None, (take.bridges.broad, take.bridges.targeted)):
        line += f" · {reference.role.value}: {reference.track.title}"
    draw.text((MARGIN, 36), _fit(line, 165), fill=DIM, font=_font(14))


def _fit(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _lanes(draw: ImageDraw, take: Take, top: int) -> None:
    """Motion and loudness over time, with bar lines, sections and hits."""
    cue, left, right = take.cues[0], MARGIN, WIDTH - MARGIN
    bottom = top + LANES - 40
    length = float(take.clip.seconds)

    def x(seconds: float) -> float:
        return left + (right - left) * seconds / length

    draw.rectangle((left, top, right, bottom), outline=BAR)
    _bars(draw, cue, x, top, bottom, length)
    _curve(draw, take.frames.motion, (left, top + 18, right, bottom), MOTION)
    _curve(draw, energy(cue.mix, 600), (left, top + 18, right, bottom), ENERGY)
    for landing in cue.landings:
        _hit(draw, landing, x(float(take.clip.offset_of(landing.hit.frame))), top, bottom)
    draw.text((left, bottom + 6), "motion of the picture", fill=MOTION, font=_font(13))
    draw.text((left + 170, bottom + 6), "loudness of the mix", fill=ENERGY, font=_font(13))
    draw.text((left + 340, bottom + 6), "hits, with their error in frames", fill=HIT, font=_font(13))


def _bars(draw: ImageDraw, cue: Cue, x: Callable[[float], float], top: int, bottom: int, length: float) -> None:
    score = cue.music.score
    if score is None:
        return
    for tick, _ in score.tempo_map.bars(score.stop):
        place = x(float(score.tempo_map.seconds(tick)))
        draw.line((place, top, place, bottom), fill=BAR)
    for section in score.sections:
        seconds = float(score.tempo_map.seconds(section.tick))
        if seconds < length:
            draw.text((x(seconds) + 3, top + 2), section.name, fill=DIM, font=_font(12))


def _curve(
    draw: ImageDraw, values: NDArray[np.float32], box: tuple[int, int, int, int], colour: tuple[int, int, int]
) -> None:
    """A polyline through the values' means, one per two pixels; scaled to its own highest value."""
    left, top, right, bottom = box
    count = min(len(values), (right - left) // 2)
    if count < 2:
        return
    edges = np.linspace(0, len(values), count + 1).astype(int)
    means = np.array([values[a : max(b, a + 1)].mean() for a, b in pairwise(edges)])
    means /= max(float(means.max()), 1e-9)
    across = np.linspace(left, right, count)
    draw.line([(float(a), float(bottom - v * (bottom - top))) for a, v in zip(across, means, strict=True)], fill=colour)


def _hit(draw: ImageDraw, landing: Landing, place: float, top: int, bottom: int) -> None:
    reach = round((bottom - top) * (0.3 + 0.7 * landing.hit.weight))
    draw.line((place, bottom - reach, place, bottom), fill=HIT, width=2)
    label = "missed" if landing.error_frames is None else f"{landing.error_frames:+.1f}"
    draw.text((place + 3, bottom - 16), label, fill=HIT, font=_font(11))


def energy(mix: Path, count: int) -> NDArray[np.float32]:
    """Loudness contour of a file: ``count`` root-mean-square values, read in blocks."""
    import soundfile

    with soundfile.SoundFile(mix) as file:
        size = max(1, -(-file.frames // count))
        blocks = file.blocks(blocksize=size, dtype="float32", always_2d=True)
        return np.array([np.sqrt(np.mean(block**2)) for block in blocks], np.float32)
