"""What every kind of source offers: pictures at instants.

Conventions: an instant is exact ``Fraction`` seconds after the beginning of the source's picture;
what is on screen at an instant is the last frame that began at or before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twopop_models.types import SourceFacts

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB."""

Tick = Callable[[], None]
"""Called for every packet read; it may raise ``Cancelled``."""


def still_waters() -> None:
    """The tick of those who do not wait."""


class Picture(Protocol):
    """One frame of a source. The same frame is the same object when it stays on screen."""

    def pixels(self, width: int) -> Pixels:
        """RGB upright with square pixels, at most ``width`` wide; never enlarged."""


class Reel(Protocol):
    """A source that is open."""

    facts: SourceFacts
    seconds: Fraction | None
    """Where the picture ends; None when it stands for ever."""
    edits: tuple[Fraction, ...]
    """Instants of cuts that the source itself knows, without 0."""

    def show(self, instants: Iterable[Fraction], tick: Tick = still_waters) -> Iterator[Picture]:
        """The picture on screen at each instant; instants must not decrease.

        Raises:
            MediaError: ``media_unreadable`` when more than a tenth of what was asked cannot be decoded;
                smaller gaps hold the frame before them.

        """

    def close(self) -> None:
        """Let go of the files; closing twice is harmless."""


def fitted(width: int, height: int, most: int) -> tuple[int, int]:
    """A size of the same shape, at most ``most`` wide, both sides even and at least 2."""
    scale = Fraction(min(most, width), width)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
