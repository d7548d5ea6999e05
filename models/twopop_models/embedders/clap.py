"""CLAP: text and sound in one space, from a pack; what the paper retrieves with and Stylization reads.

``transformers.ClapModel``, which holds LAION's checkpoints, and not the package laion-clap: see docs/decisions.
Sound is heard in windows of the length that the model was trained on, spread over the piece; their mean counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis.decoding import decode
from twopop_models.embedders import Vectors
from twopop_models.errors import EngineError
from twopop_models.packs import cards, vocabularies
from twopop_models.packs.cards import Role
from twopop_models.packs.shelf import Pack, Shelf
from twopop_models.types import Track

WINDOWS: Final = 6
"""Of a piece, at most."""
KNOWN: Final = "clap-music"


class Embedder:
    """See ``embedders.Embedder``.

    Args:
        packs: the folder of installed packs.

    """

    name = "clap"
    version = 1

    def __init__(self, packs: Path | None = None) -> None:
        self._packs = packs
        self._parts: tuple[Any, Any, Any] | None = None

    @property
    def dimensions(self) -> int:
        """Of the shared space: 512 for LAION's models."""
        return int(self._loaded()[0].config.projection_dim)

    def warm(self) -> None:
        """Read the pack.

        Raises:
            EngineError: ``pack_missing`` or ``pack_corrupt``.

        """
        self._loaded()

    def texts(self, sentences: list[str]) -> Vectors:
        """Embed queries, one at a time: padding beside a longer one would move the last digits."""
        return self._rows([self._text(sentence) for sentence in sentences])

    def tracks(self, tracks: list[Track]) -> Vectors:
        """Embed what the tracks sound like; their tags and descriptions are not read.

        Raises:
            LibraryError: ``track_missing`` or ``track_unreadable``.

        """
        return self._rows([self.sound(track.path) for track in tracks])

    def sound(self, path: Path) -> NDArray[np.float32]:
        """The vector of a file, (dimensions,), norm 1."""
        return self.heard(decode(path, self.rate))

    @property
    def rate(self) -> int:
        """Of the sound that it hears: 48,000 Hz for LAION's models."""
        return int(self._loaded()[1].sampling_rate)

    def heard(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vector of mono sound at ``rate``, (dimensions,), norm 1; Stylization reads it, trained on the same."""
        import torch

        model, ears, _ = self._loaded()
        total = np.zeros(self.dimensions, np.float64)
        for window in windows(sound, int(ears.nb_max_samples)):
            read = ears(window, sampling_rate=self.rate, return_tensors="pt").to(model.device)
            with torch.inference_mode():
                total += model.get_audio_features(**read).pooler_output[0].double().cpu().numpy()
        return _unit(total)

    def _text(self, sentence: str) -> NDArray[np.float32]:
        import torch

        model, _, words = self._loaded()
        longest = min(int(words.model_max_length), int(model.config.text_config.max_position_embeddings) - 2)
        read = words(sentence or " ", truncation=True, max_length=longest, return_tensors="pt")
        if not read["input_ids"].shape[1]:  # a text of which nothing is known
            read = {name: torch.full((1, 1), value) for name, value in (("input_ids", 1), ("attention_mask", 1))}
        with torch.inference_mode():
            found = model.get_text_features(input_ids=read["input_ids"], attention_mask=read["attention_mask"])
        return _unit(found.pooler_output[0].double().numpy())

    def _rows(self, vectors: list[NDArray[np.float32]]) -> Vectors:
        return np.stack(vectors) if vectors else np.zeros((0, self.dimensions), np.float32)

    def _loaded(self) -> tuple[Any, Any, Any]:
        """Network, ears and tokenizer."""
        if self._parts is None:
            shelf = Shelf.at(self._packs)
            found = [card for card in shelf.of_role(Role.EMBEDDER) if card.family == "clap"]
            if not found:
                raise EngineError("pack_missing", "No CLAP model is installed", f"Run: twopop models get {KNOWN}")
            self._parts = read(shelf.open(found[0].name))
        return self._parts


def of(pack: Pack, device: str = "cpu") -> Embedder:
    """The embedder of one pack, read, on a device.

    Raises:
        EngineError: ``pack_corrupt``.

    """
    made = Embedder(pack.folder.parent)
    model, ears, words = read(pack)
    made._parts = (model.to(device), ears, words)
    return made


def windows(sound: NDArray[np.float32], length: int) -> list[NDArray[np.float32]]:
    """At most ``WINDOWS`` windows, spread evenly from the beginning to the end; one, shorter, of a short sound."""
    if len(sound) <= length:
        return [sound]
    count = min(WINDOWS, -(-len(sound) // length))
    starts = np.linspace(0, len(sound) - length, count).round().astype(int)
    return [sound[start : start + length] for start in starts]


def read(pack: Pack) -> tuple[Any, Any, Any]:
    """Network, feature extractor and tokenizer of a pack in the hub's layout.

    Raises:
        EngineError: ``pack_corrupt``.

    """
    from transformers import ClapFeatureExtractor, ClapModel

    try:
        model = ClapModel.from_pretrained(pack.folder, local_files_only=True, use_safetensors=True)
        ears = ClapFeatureExtractor.from_pretrained(pack.folder, local_files_only=True)
        words = vocabularies.read(pack.folder, pack.folder)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise cards.unusable(pack.card, error) from error
    return model.train(False).requires_grad_(False), ears, words


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    """Of norm 1; where there is no direction, the first axis."""
    norm = float(np.linalg.norm(vector))
    if not np.isfinite(norm) or norm == 0:
        vector, norm = np.eye(1, len(vector))[0], 1.0
    return (vector / norm).astype(np.float32)
