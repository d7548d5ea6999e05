"""The shared space of the music bridge: text and audio as unit vectors that can be compared.

A back end is a module of this package with a class ``Embedder`` that follows the protocol below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from twopop_models import backends
from twopop_models.types import Track

Vectors = NDArray[np.float32]

NAMES: tuple[str, ...] = ("minilm_musicnn", "clap")
"""Back ends, the preferred first; ``auto`` takes the first."""


class Embedder(Protocol):
    """Text and tracks into one space; every vector has norm 1, so an inner product is a cosine.

    A vector depends on its own text or track alone, not on what is embedded beside it.
    """

    name: str
    version: int  # goes up whenever the same text or track would be embedded differently

    @property
    def dimensions(self) -> int:
        """Of the space."""
        ...

    def warm(self) -> None:
        """Load what is needed; may be called again at no cost.

        Raises:
            EngineError: ``asset_missing`` or ``asset_corrupt``.

        """

    def texts(self, sentences: list[str]) -> Vectors:
        """Embed queries: (len(sentences), dimensions)."""
        ...

    def tracks(self, tracks: list[Track]) -> Vectors:
        """Embed analysed tracks: (len(tracks), dimensions)."""
        ...


def load(name: str, packs: Path | None = None) -> Embedder:
    """The back end of that name (``auto``: the preferred one), not yet warm.

    ``packs`` is the folder of installed packs, for those that need one.

    Raises:
        KeyError: there is no back end of that name.

    """
    made = backends.module(__name__, NAMES, name).Embedder
    return cast(Embedder, made(packs))
