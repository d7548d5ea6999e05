"""Text bridge: back ends that look at frames and say one honest sentence.

A back end is a module of this package with a class ``Describer`` that follows the protocol below.
"""

from __future__ import annotations

from typing import Protocol, cast

from twopop_models import backends
from twopop_models.types import Description, Frames, Progress, ignore

NAMES: tuple[str, ...] = ("picture",)
"""Back ends, the preferred first; ``auto`` takes the first."""


class Describer(Protocol):
    """Picture in, one honest sentence out."""

    name: str

    def warm(self) -> None:
        """Load what is needed; may be called again at no cost.

        Raises:
            EngineError: ``asset_missing`` or ``asset_corrupt``.

        """

    def describe(self, frames: Frames, progress: Progress = ignore) -> Description:
        """Describe the music that the picture asks for. The same frames give the same description."""
        ...


def load(name: str) -> Describer:
    """The back end of that name (``auto``: the preferred one), not yet warm.

    Raises:
        KeyError: there is no back end of that name.

    """
    return cast(Describer, backends.module(__name__, NAMES, name).Describer())
