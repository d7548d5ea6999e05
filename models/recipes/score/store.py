"""The corpus on disk: all pieces one behind the other, and what is said of them.

A folder holds ``latents.npy`` (cells, C) and ``events.npy`` (cells, E), both int8 for -1 to 1, ``words.npy``
(tokens, W) float16, ``vectors.npy`` (pieces, W) float32 and ``pieces.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipes.score.telling import Tags
from twopop_models.grid.files import WHOLE
from twopop_models.grid.lanes import Latents
from twopop_models.plain import from_plain, to_plain

PIECES = "pieces.json"
RELATIONS = "relations.pickle"
"""What ``relations`` found; made when it is first needed."""
Bytes = NDArray[np.int8]


@dataclass(frozen=True)
class Text:
    """A sentence, for an attribute's style or "" for none; its tokens are [first, last) of the words."""

    attribute: str
    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Piece:
    """A piece of the corpus; its cells are [first, first + cells), ``bars`` are those that begin bars.

    ``track`` is what it is a version of: pieces of one track never control each other.
    """

    name: str
    track: str
    source: str
    licence: str
    first: int
    cells: int
    bars: tuple[int, ...]
    tags: Tags
    texts: tuple[Text, ...]
    held: bool = False


@dataclass(frozen=True)
class Corpus:
    """A corpus in a folder."""

    folder: Path

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All of them, held-out ones too."""
        return from_plain(tuple[Piece, ...], json.loads((self.folder / PIECES).read_text("utf-8")))

    @cached_property
    def latents(self) -> Bytes:
        """(cells, C)."""
        return np.load(self.folder / "latents.npy", mmap_mode="r")

    @cached_property
    def events(self) -> Bytes:
        """(cells, E)."""
        return np.load(self.folder / "events.npy", mmap_mode="r")

    @cached_property
    def words(self) -> NDArray[np.float16]:
        """(tokens, W)."""
        return np.load(self.folder / "words.npy", mmap_mode="r")

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """(pieces, W) of each piece's first sentence."""
        return np.load(self.folder / "vectors.npy")

    def window(self, piece: Piece, first: int, cells: int) -> Latents:
        """(C, cells) from the piece's cell ``first``; silence behind its end."""
        here = self.latents[piece.first + first : piece.first + min(first + cells, piece.cells)]
        found = np.full((cells, here.shape[1]), -1.0, np.float32)
        found[: len(here)] = here.astype(np.float32) / WHOLE
        return np.ascontiguousarray(found.T)

    def curves(self, piece: Piece, first: int, cells: int) -> NDArray[np.float32]:
        """(E, cells); 0 behind the end."""
        here = self.events[piece.first + first : piece.first + min(first + cells, piece.cells)]
        found = np.zeros((cells, here.shape[1]), np.float32)
        found[: len(here)] = here.astype(np.float32) / WHOLE
        return np.ascontiguousarray(found.T)


def small(values: NDArray[np.floating]) -> Bytes:
    """-1 to 1 as int8."""
    return np.round(np.clip(values, -1, 1) * WHOLE).astype(np.int8)


def write(folder: Path, pieces: tuple[Piece, ...]) -> None:
    """The list of pieces, last of all files; what was related in a corpus that was there before goes."""
    (folder / RELATIONS).unlink(missing_ok=True)
    (folder / PIECES).write_text(json.dumps(to_plain(pieces)) + "\n", "utf-8")


def joined(folders: tuple[Path, ...], out: Path) -> int:
    """Write several corpora as one; how many pieces."""
    out.mkdir(parents=True, exist_ok=True)
    corpora = [Corpus(folder) for folder in folders]
    pieces: list[Piece] = []
    cell = token = 0
    for corpus in corpora:
        for piece in corpus.pieces:
            texts = tuple(replace(text, first=text.first + token, last=text.last + token) for text in piece.texts)
            pieces.append(replace(piece, first=piece.first + cell, texts=texts))
        cell, token = cell + len(corpus.latents), token + len(corpus.words)
    for name in ("latents", "events", "words", "vectors"):
        np.save(out / f"{name}.npy", np.concatenate([getattr(corpus, name) for corpus in corpora]))
    write(out, tuple(pieces))
    return len(pieces)
