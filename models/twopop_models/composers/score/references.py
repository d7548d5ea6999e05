"""The two retrieved pieces as the network is given them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.score.wishes import Style
from twopop_models.grid import fitting, hearing
from twopop_models.grid.lanes import Latents, heard, styled
from twopop_models.score import TempoMap
from twopop_models.types import Track


def laid(track: Track, tempo_map: TempoMap, first: int, cells: int) -> Latents:
    """(C, cells) what is heard of the broad reference, bar on bar over a cue whose cell 0 begins at tick ``first``.

    At the octave of its tempo that is nearer to the cue's.

    Raises:
        LibraryError: ``track_missing`` or ``track_unreadable``.

    """
    latents = heard(hearing.encode(track))
    factor = fitting.octave(track.tempo, tempo_map.bpm(max(0, first)))
    meter = next((meter for meter in tempo_map.meters if meter.tick >= tempo_map.pickup), tempo_map.meters[-1])
    return fitting.fitted(fitting.stretched(latents, factor), cells, meter, hearing.beats_per_bar(track))


@lru_cache(maxsize=16)
def style(track: Track) -> Style:
    """The targeted reference as a vector and pooled lanes.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.
        LibraryError: as ``laid``.

    """
    from twopop_models.embedders.minilm_musicnn import Embedder

    return Style(Embedder().tracks([track])[0], pooled(styled(hearing.encode(track))))


def pooled(latents: Latents) -> NDArray[np.float32]:
    """(2 C,) mean and deviation of (C, T) over time; zero for nothing at all."""
    if not latents.shape[1]:
        return np.zeros(2 * len(latents), np.float32)
    return np.concatenate([latents.mean(1), latents.std(1)]).astype(np.float32)
