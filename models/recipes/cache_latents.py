"""Make a data folder: ``python -m recipes.cache_latents --audio A --packs P --out D``.

Latents by the family's autoencoder, words by its text encoder, embeddings by CLAP, each from an installed pack. See
``recipes.training.caching`` for what the folder of audio holds.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from recipes.training.caching import Ears, Sound, cache
from twopop_models.composers.diffusion import decoding
from twopop_models.embedders import clap
from twopop_models.errors import EngineError
from twopop_models.packs.cards import Role
from twopop_models.packs.shelf import Pack, Shelf

LEAST_WORDS = 1_000  # a tokenizer that finds no files is silently one of a few words


def ears(shelf: Shelf, family: str, device: str, least_words: int = 0) -> Ears:
    """The frozen networks of a family, and the installed embedder; ``least_words`` a tokenizer must know.

    Raises:
        EngineError: ``pack_missing`` or ``pack_corrupt``.

    """
    from diffusers import AutoencoderOobleck
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel
    from transformers import AutoTokenizer, T5EncoderModel

    text = _pack(shelf, Role.TEXT_ENCODER, family)
    how = {"local_files_only": True, "use_safetensors": True}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*weight_norm.* is deprecated", FutureWarning)  # of diffusers' Oobleck
        vae = AutoencoderOobleck.from_pretrained(_pack(shelf, Role.AUTOENCODER, family).folder / "vae", **how)
    tokenizer = AutoTokenizer.from_pretrained(text.folder / "tokenizer", local_files_only=True)
    if len(tokenizer) < (least_words or LEAST_WORDS):
        why = f"The tokenizer of {text.card.name} knows {len(tokenizer)} tokens"
        raise EngineError("pack_corrupt", why, "Get the pack again")
    encoder = T5EncoderModel.from_pretrained(text.folder / "text_encoder", **how)
    projection = StableAudioProjectionModel.from_pretrained(text.folder / "projection_model", **how)
    hearing = clap.of(_pack(shelf, Role.EMBEDDER, "clap"), device)  # the very ears that the composer has
    for network in (vae, encoder, projection):
        network.to(device).eval().requires_grad_(False)
    return Ears(
        lambda sound: encode(vae, sound),
        lambda words: read(tokenizer, encoder, projection, words),
        lambda sound: torch.from_numpy(hearing.heard(sound)),
        int(vae.config.sampling_rate),
        int(vae.hop_length),
    )


def encode(vae: Any, sound: Sound) -> Tensor:
    """Latents (C, T) of sound (samples, 2), as the composer hears references."""
    return decoding.encode(vae, sound)[0].cpu().clone()


def read(tokenizer: Any, encoder: Any, projection: Any, text: str) -> Tensor:
    """Tokens (L, W) of a text's words, as the pipeline has them."""
    length = tokenizer.model_max_length
    told = tokenizer(text, padding="max_length", truncation=True, max_length=length, return_tensors="pt").to(
        encoder.device
    )
    with torch.inference_mode():
        hidden = encoder(told["input_ids"], attention_mask=told["attention_mask"])[0]
        tokens = projection(text_hidden_states=hidden).text_hidden_states
    return tokens[0, told["attention_mask"][0].bool()].float().cpu().clone()


def _pack(shelf: Shelf, role: Role, family: str) -> Pack:
    found = shelf.of_role(role, family)
    if not found:
        text = f"A pack for {role.value} is not installed"
        raise EngineError("pack_missing", text, "See: twopop models list")
    return shelf.open(found[0].name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the data folder."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("audio", "packs", "out"):
        words.add_argument(f"--{name}", type=Path, required=True)
    words.add_argument("--family", default="stable-audio-open-1")
    words.add_argument("--frames", type=int, default=1_024, help="the longest window that will be trained")
    words.add_argument("--neighbours", type=int, default=5, help="controls of each piece")
    words.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    told = words.parse_args(arguments)
    networks = ears(Shelf(told.packs), told.family, told.device)
    cache(told.audio, told.out, networks, told.frames, neighbours=told.neighbours)


if __name__ == "__main__":
    main()
