"""A tiny corpus: what ``band`` writes to six made-up requests, with a reader that needs no networks."""

import zlib

import numpy as np

from recipes.score import corpus
from recipes.score.store import Corpus


class Reader:
    """Words and vectors by chance, the same for the same sentence."""

    def read(self, sentences):
        """(L, 384) for each."""
        return [self.vectors([text] * (2 + len(text) % 5)) for text in sentences]

    def vectors(self, sentences):
        """(n, 384) unit vectors."""
        rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(384) for text in sentences]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def a_corpus(folder, count=6):
    """Write it; nothing is printed."""
    corpus.put_away(corpus.by_band(count), folder, Reader())
    return Corpus(folder)
