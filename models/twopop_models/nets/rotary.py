"""Rotary embeddings of a transformer's positions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


def rotary(transformer: Any, frames: int, device: str = "cpu") -> tuple[Tensor, Tensor]:
    """Cosines and sines for the global token and ``frames`` latent frames of a transformer as Stable Audio's."""
    return _embedded(int(transformer.config.attention_head_dim) // 2, frames + 1, device)


@lru_cache(maxsize=8)
def _embedded(size: int, length: int, device: str) -> tuple[Tensor, Tensor]:
    import torch
    from diffusers.models.embeddings import get_1d_rotary_pos_embed

    with torch.inference_mode(mode=False):  # whoever samples first, training can use them afterwards
        cosines, sines = get_1d_rotary_pos_embed(size, length, use_real=True, repeat_interleave_real=False)
        return cosines.to(device), sines.to(device)
