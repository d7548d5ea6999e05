"""Chance that can be repeated: one generator per purpose, so that a change in one part moves no other."""

from __future__ import annotations

import hashlib

import numpy as np


def dice(seed: int, variation: int, *purpose: str) -> np.random.Generator:
    """A generator for one purpose of one variation; names are hashed stably, never by ``hash``."""
    digest = hashlib.sha256("/".join(purpose).encode()).digest()
    return np.random.default_rng([seed, variation, int.from_bytes(digest[:8], "big")])
