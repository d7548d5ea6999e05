"""Which windows of the corpus are each other's broad and targeted references.

Broad: by what can be heard, cell by cell, so that a neighbour's harmony, energy and drums say something of the
target's; this is the search by content that the paper makes with one embedding of a whole piece, on a finer scale,
because a branch learns to follow only what its references have in common with their targets. Targeted: pieces
that share an attribute, the nearest by who plays and what is said. Never two windows of one track.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recipes.score.networks import WINDOW
from recipes.score.store import Corpus
from twopop_models.composers.score import references
from twopop_models.grid.lanes import LANES, heard, styled

Floats = NDArray[np.float32]
_APART = 8  # cells between the beginnings of two windows, at least
_AT_ONCE = 512
ELSEWHERE = 3.0
"""What another meter counts against a likeness of -1 to 1: more than all of it."""
_WEIGHTS = (("root", 1.0), ("chroma", 0.5), ("energy", 1.5), ("drums", 0.25))


@dataclass(frozen=True, eq=False)
class Relations:
    """Windows (W, 2): piece and first cell; the pieces' styles (P, 2 C), and neighbours of both kinds."""

    windows: NDArray[np.int32]
    broad: NDArray[np.int32]  # (W, K) windows, the nearest first
    pooled: Floats
    targeted: tuple[tuple[tuple[str, tuple[int, ...]], ...], ...]  # of each piece: (attribute, pieces)


def windows(corpus: Corpus, pieces: Sequence[int]) -> NDArray[np.int32]:
    """(W, 2): beginnings on bar lines, at least two bars apart, of which a good part is music."""
    found = []
    for number in pieces:
        piece, last = corpus.pieces[number], -_APART
        for cell in piece.bars:
            if cell - last >= _APART and (cell == piece.bars[0] or piece.cells - cell >= WINDOW * 3 // 4):
                found.append((number, cell))
                last = cell
    return np.array(found, np.int32).reshape(-1, 2)


def described(corpus: Corpus, spots: NDArray[np.int32]) -> Floats:
    """(W, D) unit vectors of what is heard in each window."""
    rows = []
    for number, first in spots:
        seen = heard(corpus.window(corpus.pieces[number], int(first), WINDOW))
        rows.append(np.concatenate([weight * seen[LANES[name].channels].ravel() for name, weight in _WEIGHTS]))
    found = np.stack(rows).astype(np.float16)
    centre = found.mean(0, dtype=np.float32)
    centred = found.astype(np.float32) - centre
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)


def neighbours(
    vectors: Floats, tracks: NDArray[np.int64], meters: NDArray[np.int64], most: int, first: int | None = None
) -> NDArray[np.int32]:
    """The nearest windows of other tracks, those in the same meter first: at most ``most`` for each.

    With ``first`` those before it ask and those from it on are the neighbours; without it all are both.

    Raises:
        ValueError: all windows are of one track.

    """
    asking, first = len(vectors) if first is None else first, first or 0
    most = min(most, len(tracks) - first - int(np.bincount(tracks[first:]).max(initial=0)))
    if most < 1:
        raise ValueError("references need pieces of at least two tracks")
    found = np.empty((asking, most), np.int32)
    for begin in range(0, asking, _AT_ONCE):
        part = slice(begin, min(begin + _AT_ONCE, asking))
        near = vectors[part] @ vectors[first:].T
        near[meters[part, None] != meters[first:]] -= ELSEWHERE
        near[tracks[part, None] == tracks[first:]] = -np.inf
        best = np.argpartition(-near, most - 1, axis=1)[:, :most]
        order = np.take_along_axis(near, best, 1).argsort(1)[:, ::-1]
        found[part] = np.take_along_axis(best, order, 1) + first
    return found


def pooled(corpus: Corpus) -> Floats:
    """(P, 2 C) mean and deviation of what tells each piece's style."""
    return np.stack([references.pooled(styled(corpus.window(piece, 0, piece.cells))) for piece in corpus.pieces])


def targeted(
    corpus: Corpus, styles: Floats, among: Sequence[int], most: int
) -> list[tuple[tuple[str, tuple[int, ...]], ...]]:
    """For each piece and attribute the pieces that share it, the nearest in style first."""
    looks = np.concatenate([_unit(styles), corpus.vectors], axis=1)
    pieces = corpus.pieces
    told = [dict(piece.tags.attributes()) for piece in pieces]
    groups: dict[tuple[str, str], list[int]] = {}
    for number in among:
        for item in told[number].items():
            groups.setdefault(item, []).append(number)
    found = []
    for number, piece in enumerate(pieces):
        kinds = []
        for name, value in told[number].items():
            others = [other for other in groups.get((name, value), ()) if pieces[other].track != piece.track]
            order = np.argsort(-(looks[others] @ looks[number]), kind="stable")[:most] if others else ()
            if len(order):
                kinds.append((name, tuple(others[place] for place in order)))
        found.append(tuple(kinds))
    return found


def related(corpus: Corpus, most: int = 6, held: bool = False) -> Relations:
    """Windows of the pieces for training, or of those held out before these; references are always for training.

    Raises:
        ValueError: the pieces for training are of one track.

    """
    pieces = corpus.pieces
    known = [number for number, piece in enumerate(pieces) if not piece.held]
    asked = windows(corpus, [number for number, piece in enumerate(pieces) if piece.held]) if held else None
    spots = windows(corpus, known)
    everything = spots if asked is None else np.concatenate([asked, spots])
    first = None if asked is None else len(asked)
    tracks = _numbered([pieces[number].track for number, _ in everything])
    meters = _numbered([pieces[number].tags.meter for number, _ in everything])
    near = neighbours(described(corpus, everything), tracks, meters, most, first)
    styles = pooled(corpus)
    return Relations(everything, near, styles, tuple(targeted(corpus, styles, known, most)))


def _numbered(names: list[str]) -> NDArray[np.int64]:
    """Equal names as equal numbers."""
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _unit(values: Floats) -> Floats:
    centred = values - values.mean(0)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
