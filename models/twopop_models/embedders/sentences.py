"""Words of a sentence as MiniLM hears them in their place: the context of the composer ``score``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twopop_models.embedders.minilm_musicnn import network, one_thread

WIDTH = 384
Tokens = NDArray[np.float32]


def tokens(sentence: str, most: int) -> Tokens:
    """(L, 384): a vector for each of at most ``most`` word pieces, ends included.

    One sentence at a time and on one thread, so that it is the same bits everywhere.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    import torch

    tokenizer, model = network()
    with torch.inference_mode(), one_thread():
        pieces = tokenizer(sentence, truncation=True, max_length=most, return_tensors="pt")
        found: Tokens = model(**pieces).last_hidden_state[0].numpy()
    return found * SCALE


def pieces(sentence: str) -> int:
    """How many word pieces a sentence has, ends included.

    Raises:
        EngineError: as ``tokens``.

    """
    tokenizer, _ = network()
    return len(tokenizer(sentence, truncation=True, max_length=512)["input_ids"])


SCALE = np.float32(1 / 6)
"""Of MiniLM's tokens nine in ten are 4 to 12 long; a network's context should be nearer to 1."""
