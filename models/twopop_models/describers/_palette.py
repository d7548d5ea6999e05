"""Colour, light and contrast of a picture, measured on its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twopop_models.types import Images

PIXELS_A_SIDE = 64
"""Each image is thinned to about this many pixels a side; means of so many change by less than 0.01."""

DOMINANT = 0.15
"""A colour is named when it covers this share of all pixels."""

HUES: tuple[tuple[float, str], ...] = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (195, "teal"),
    (255, "blue"),
    (290, "purple"),
    (345, "pink"),
    (360, "red"),
)
"""Hue in degrees up to which a colour has this name; a dark orange is brown."""

Pixels = NDArray[np.float64]


@dataclass(frozen=True)
class Palette:
    """What the colours are like.

    Attributes:
        colours: (name, share of pixels), the commonest first, each at least ``DOMINANT``; at most 3.
        saturation: 0..1, of the light in the picture: sum of (max - min) over sum of max.
        warmth: -1..1, red light against blue light.
        contrast: 0..0.5, standard deviation of luma within an image.
        colourfulness: Hasler and Suesstrunk's M (2003): 15 slightly, 33 moderately, 59 quite, 82 highly colourful.

    """

    colours: tuple[tuple[str, float], ...]
    saturation: float
    warmth: float
    contrast: float
    colourfulness: float


def palette_of(images: Images) -> Palette:
    """The palette of (n, h, w, 3) images, n at least 1; every image counts alike."""
    stride = max(1, min(images.shape[1:3]) // PIXELS_A_SIDE)
    thinned = images[:, ::stride, ::stride].astype(np.float64) / 255
    pixels = thinned.reshape(-1, 3)
    luma = thinned @ np.array([0.2126, 0.7152, 0.0722])
    high, low = pixels.max(axis=1), pixels.min(axis=1)
    red, blue = float(pixels[:, 0].sum()), float(pixels[:, 2].sum())
    return Palette(
        colours=_colours(pixels),
        saturation=_share(float((high - low).sum()), float(high.sum())),
        warmth=_share(red - blue, red + blue),
        contrast=float(luma.std(axis=(1, 2)).mean()),
        colourfulness=_colourfulness(pixels * 255),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _colourfulness(pixels: Pixels) -> float:
    red, green, blue = pixels.T
    one, two = red - green, (red + green) / 2 - blue
    return float(np.hypot(one.std(), two.std()) + 0.3 * np.hypot(one.mean(), two.mean()))


def _colours(pixels: Pixels) -> tuple[tuple[str, float], ...]:
    """Names of the colours that cover most, ties in alphabetical order."""
    names, counts = np.unique(_names(pixels), return_counts=True)
    shares = sorted(zip(names.tolist(), (counts / len(pixels)).tolist(), strict=True), key=lambda item: -item[1])
    return tuple((name, share) for name, share in shares if share >= DOMINANT)[:3]


def _names(pixels: Pixels) -> NDArray[np.str_]:
    """A colour name for each of (n, 3) pixels."""
    high, low = pixels.max(axis=1), pixels.min(axis=1)
    spread = high - low
    hue = _hue(pixels, high, np.where(spread > 0, spread, 1.0))
    limits = np.array([limit for limit, _ in HUES])
    named = np.array([name for _, name in HUES])[np.searchsorted(limits, hue, side="left")]
    named = np.where((named == "orange") & (high < 0.55), "brown", named)
    plain = np.select([high < 0.15, high > 0.85], ["black", "white"], "grey")
    # Under this spread the eye sees no hue; dark pixels need less of it, but their noise has more.
    return np.where((high < 0.15) | (spread < 0.12) | (spread < 0.15 * high), plain, named)


def _hue(pixels: Pixels, high: Pixels, spread: Pixels) -> Pixels:
    """Hue in degrees, 0 up to 360; 0 where there is none."""
    red, green, blue = pixels.T
    sectors = [(green - blue) / spread % 6, (blue - red) / spread + 2, (red - green) / spread + 4]
    hue: Pixels = 60 * np.select([high == red, high == green], sectors[:2], sectors[2])
    return hue
