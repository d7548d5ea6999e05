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

import numpy as np
import torch
from torch import Tensor

from recipes.training.caching import Ears, Sound, cache, chunks
from twopop_models.errors import EngineError
from twopop_models.packs.cards import Role
from twopop_models.packs.shelf import Pack, Shelf

CHUNK, AROUND = 128, 16  # latent frames; 12 around are enough for Oobleck to 1e-6
LEAST_WORDS = 1_000  # a tokenizer that finds no files is silently one of a few words
LONGEST = 30  # seconds of sound that the embedder hears, from the middle


def ears(shelf: Shelf, family: str, device: str, least_words: int = 0) -> Ears:
    """The frozen networks of a family, and the installed embedder; ``least_words`` a tokenizer must know.

    Raises:
        EngineError: ``pack_missing`` or ``pack_corrupt``.

    """
    from diffusers import AutoencoderOobleck
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel
    from transformers import AutoFeatureExtractor, AutoTokenizer, ClapModel, T5EncoderModel

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
    hearing = _pack(shelf, Role.EMBEDDER, "").folder
    clap = ClapModel.from_pretrained(hearing, **how)
    extractor = AutoFeatureExtractor.from_pretrained(hearing, local_files_only=True)
    for network in (vae, encoder, projection, clap):
        network.to(device).eval().requires_grad_(False)
    return Ears(
        lambda sound: encode(vae, sound),
        lambda words: read(tokenizer, encoder, projection, words),
        lambda sound: embed(clap, extractor, sound),
        int(vae.config.sampling_rate),
        int(vae.hop_length),
    )


def encode(vae: Any, sound: Sound) -> Tensor:
    """Latents (C, T) of sound (samples, 2), the distribution's mean, chunk by chunk."""
    hop = int(vae.hop_length)
    frames = -(-len(sound) // hop)
    padded = np.pad(sound, ((0, frames * hop - len(sound)), (0, 0)))
    found = []
    for left, first, stop, right in chunks(frames, CHUNK, AROUND):
        part = torch.from_numpy(padded[left * hop : right * hop].T.copy())[None].to(vae.device, vae.dtype)
        with torch.inference_mode():
            latents = vae.encode(part).latent_dist.mode()
        found.append(latents[0, :, first - left : stop - left].float().cpu())
    return torch.cat(found, dim=-1).clone()


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


def embed(clap: Any, extractor: Any, sound: Sound) -> Tensor:
    """The embedding (D,) of the middle of a mono sound at 48 kHz: the mean over CLAP's windows."""
    size = int(extractor.nb_max_samples)
    spare = max(0, len(sound) - LONGEST * 48_000) // 2
    middle = sound[spare : spare + LONGEST * 48_000]
    parts = [middle[first : first + size] for first in range(0, len(middle), size)]
    parts = [part for part in parts if len(part) >= size // 2] or parts[:1]
    seen = extractor(parts, sampling_rate=48_000, return_tensors="pt", truncation="rand_trunc", padding="repeatpad")
    with torch.inference_mode():
        found = clap.get_audio_features(**seen.to(clap.device))
    return found.pooler_output.mean(0).float().cpu().clone()


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
    words.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    told = words.parse_args(arguments)
    cache(told.audio, told.out, ears(Shelf(told.packs), told.family, told.device), told.frames)


if __name__ == "__main__":
    main()
