"""A still image as a source: one picture that stands for ever."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twopop_models.gate import Limits
from twopop_models.picture.containers import decoding, too_many_pixels
from twopop_models.picture.reel import Pixels, Tick, fitted, still_waters
from twopop_models.types import SourceFacts

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
_ORIENTATION = 0x0112
_CLOCKWISE = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}  # Exif orientation to degrees


def is_still(path: Path) -> bool:
    """Whether a file begins like a still. A GIF that moves is a video."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return not _moves(path)
    plain = head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM"))
    return plain or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")


def _moves(path: Path) -> bool:
    from PIL import Image

    with decoding(path), Image.open(path, formats=("GIF",)) as image:
        return getattr(image, "n_frames", 1) > 1


class StillPicture:
    """An image upright, kept whole; small versions are made once."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self.pixels = lru_cache(maxsize=4)(self._pixels)

    def _pixels(self, width: int) -> Pixels:
        from PIL.Image import Resampling

        size = fitted(*self._image.size, width)
        return np.asarray(self._image.resize(size, Resampling.BOX))


class Still:
    """A decoded still.

    Raises:
        MediaError: ``media_unreadable`` or ``media_too_large``.

    """

    seconds: Fraction | None = None
    edits: tuple[Fraction, ...] = ()

    def __init__(self, path: Path, limits: Limits) -> None:
        self._picture, self.facts = _load(path, limits)

    def show(self, instants: Iterable[Fraction], tick: Tick = still_waters) -> Iterator[StillPicture]:
        """The same picture at every instant."""
        for _ in instants:
            tick()
            yield self._picture

    def close(self) -> None:
        """Nothing is open."""


def _load(path: Path, limits: Limits) -> tuple[StillPicture, SourceFacts]:
    from PIL import Image, ImageOps

    with decoding(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd metadata; and our own limit replaces Pillow's bomb warning
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > limits.max_pixels:
                raise too_many_pixels(path, *image.size)
            turned = _CLOCKWISE.get(image.getexif().get(_ORIENTATION, 1), 0)
            codec = (image.format or "").lower()
            upright = _eight_bit(ImageOps.exif_transpose(image)).convert("RGB")
    facts = SourceFacts("still", *upright.size, None, False, turned, "", codec)
    return StillPicture(upright), facts


def _eight_bit(image: Image) -> Image:
    """16-bit greys scaled; Pillow alone would clip them to white."""
    from PIL import Image as Module

    if not image.mode.startswith("I"):
        return image
    return Module.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
