"""Which pieces are near which, by their embeddings, never within one track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recipes.training.data import Piece

Attributes = dict[str, str]
_AT_ONCE = 1_024


def related(
    pieces: list[Piece], vectors: NDArray[np.float32], attributes: list[Attributes], most: int = 16
) -> tuple[Piece, ...]:
    """The pieces with their neighbours: cosine of the embeddings, the nearest first, at most ``most`` of each kind.

    Args:
        pieces: n of them.
        vectors: (n, D) their embeddings.
        attributes: n times what each is, as {"tempo": "fast-paced"}; targeted neighbours share a value.
        most: neighbours to keep.

    """
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    tracks = np.array([piece.track for piece in pieces])
    found = []
    for first in range(0, len(pieces), _AT_ONCE):
        near = unit[first : first + _AT_ONCE] @ unit.T
        for row, likeness in enumerate(near, first):
            order = np.argsort(-likeness, kind="stable")
            others = order[tracks[order] != tracks[row]].tolist()
            found.append(_told(pieces, row, others, attributes, most))
    return tuple(found)


def _told(pieces: list[Piece], row: int, others: list[int], attributes: list[Attributes], most: int) -> Piece:
    targeted = []
    for name, value in sorted(attributes[row].items()):
        sharing = [pieces[other].name for other in others if attributes[other].get(name) == value][:most]
        if sharing:
            targeted.append((name, tuple(sharing)))
    broad = tuple(pieces[other].name for other in others[:most])
    return replace(pieces[row], broad=broad, targeted=tuple(targeted))
