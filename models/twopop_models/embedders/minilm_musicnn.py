"""Text and music in one space, from what pip can install: MiniLM sentences and musicnn tags.

A query is its sentence in MiniLM's 384 dimensions. A track is the mean of the sentences
"<tag> music" over its outstanding tags, weighted by how far each rises above what that tag usually
gets, mixed with the sentence that describes the track. From all vectors the mean of all tag sentences
is taken away first: "music" is what they share, and it tells nothing apart. Real for genre and
instruments, modest for mood: see the figures in ``docs/benchmarks.md``.
"""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np

from twopop_models.embedders import Vectors
from twopop_models.errors import EngineError
from twopop_models.types import Track

USUAL: Final = 0.06  # a tag's probability in a piece that has little of it, over the starter tracks
TOP: Final = 12  # tags of a track that speak; the rest is noise of the taggers
TAGS_SHARE: Final = 0.6  # of the mix; the other part is the description
_SMALLEST_VOCABULARY: Final = 1_000
_BATCH: Final = 32


class Embedder:
    """See ``embedders.Embedder``."""

    name = "minilm_musicnn"
    dimensions = 384

    def warm(self) -> None:
        """Load MiniLM and the tag sentences."""
        _tag_vectors()

    def texts(self, sentences: list[str]) -> Vectors:
        """Embed queries: (len(sentences), 384), norm 1."""
        return _unit(_encode(tuple(sentences)) - _tag_vectors()[1])

    def tracks(self, tracks: list[Track]) -> Vectors:
        """Embed analysed tracks: (len(tracks), 384), norm 1."""
        if not tracks:
            return np.zeros((0, self.dimensions), np.float32)
        said = self.texts([track.description for track in tracks])
        heard = np.stack([_from_tags(track) for track in tracks])
        return _unit(TAGS_SHARE * heard + (1 - TAGS_SHARE) * said)


def _from_tags(track: Track) -> Vectors:
    """The direction in which a track's tags point: (384,)."""
    names, _, vectors = _tag_vectors()
    weights = np.zeros(len(names), np.float32)
    for tag, probability in track.tags:
        if tag in names:
            weights[names[tag]] = max(0.0, np.log(max(probability, 1e-6) / USUAL))
    weights[np.argsort(weights)[:-TOP]] = 0
    if not weights.any():
        return np.zeros(vectors.shape[1], np.float32)
    pointed: Vectors = _unit((weights @ vectors)[None])[0]
    return pointed


@functools.cache
def _tag_vectors() -> tuple[dict[str, int], Vectors, Vectors]:
    """Index of every tag, the mean of all tag sentences (384,), and each sentence without it (tags, 384)."""
    from twopop_models.analysis import TAGS

    tags = sorted({tag.lower() for tag in TAGS})
    raw = _encode(tuple(f"{tag} music" for tag in tags))
    centre = raw.mean(axis=0)
    return {tag: number for number, tag in enumerate(tags)}, centre, _unit(raw - centre)


def _unit(vectors: Vectors) -> Vectors:
    """Rows of norm 1."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


@functools.cache
def _model() -> tuple[Any, Any]:
    """Tokenizer and network, read from the package's files only."""
    from transformers import AutoModel, AutoTokenizer

    from twopop_models import assets

    folder = assets.verify("minilm")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if len(tokenizer) < _SMALLEST_VOCABULARY:  # an absent vocabulary loads as an empty one, without a word
        raise EngineError("asset_corrupt", f"The tokenizer in {folder} knows {len(tokenizer)} words", "Reinstall it")
    return tokenizer, AutoModel.from_pretrained(folder, local_files_only=True).eval()


def _encode(sentences: tuple[str, ...]) -> Vectors:
    """Mean-pooled MiniLM vectors of norm 1: (sentences, 384)."""
    import torch

    tokenizer, model = _model()
    rows = []
    with torch.inference_mode():
        for first in range(0, len(sentences), _BATCH):
            batch = tokenizer(
                list(sentences[first : first + _BATCH]),
                padding=True,
                truncation=True,
                max_length=256,
                return_tensors="pt",
            )
            hidden = model(**batch).last_hidden_state
            mask = batch["attention_mask"][..., None]
            rows.append(((hidden * mask).sum(1) / mask.sum(1)).numpy())
    return _unit(np.concatenate(rows))
