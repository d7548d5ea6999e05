"""The sentence embedder over many sentences at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twopop_models.embedders import minilm_musicnn
from twopop_models.embedders.sentences import tokens

SLOTS = 32
"""Word pieces of a sentence."""


class Reader:
    """Sentences as tokens and as vectors, as the composer reads them."""

    def __init__(self) -> None:
        self._embedder = minilm_musicnn.Embedder()

    def read(self, sentences: list[str]) -> list[NDArray[np.float32]]:
        """(L, 384) for each."""
        return [tokens(sentence, SLOTS) for sentence in sentences]

    def vectors(self, sentences: list[str]) -> NDArray[np.float32]:
        """(n, 384), as the reference library's vectors are made."""
        return self._embedder.texts(sentences)
