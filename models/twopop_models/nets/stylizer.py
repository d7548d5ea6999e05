"""Stylization: the targeted reference as tokens in the context of every block.

In the paper's figure the reference's embedding is concatenated with the text bridge, "With fast-paced
tempo: [Embedding]", and goes to all blocks. Concatenation alone is not the base model at first: even zero
tokens take their share of the softmax. Stable Audio's context has slots that are exactly zero, those that
pad the text, so the tokens, which begin as zero, are written there: behind the words, and bitwise nothing.
"""

from __future__ import annotations

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn

from twopop_models.nets.control import zeroed


class Stylizer(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """An audio embedding and pooled latents of a piece as ``tokens`` tokens of the context's width."""

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self, tokens: int = 8, embedding: int = 512, latent: int = 64, width: int = 768, hidden: int = 1024
    ) -> None:
        super().__init__()
        self.embedding_norm = nn.LayerNorm(embedding)
        self.latent_norm = nn.LayerNorm(2 * latent)
        # Features of unit size: without it they are so small that what ``out`` learns of them is one constant style
        unit = nn.LayerNorm(hidden, elementwise_affine=False)
        self.mix = nn.Sequential(nn.Linear(embedding + 2 * latent, hidden), nn.SiLU(), unit)
        self.out = zeroed(nn.Linear(hidden, tokens * width))

    def forward(self, embedding: Tensor, pooled: Tensor) -> Tensor:
        """Style tokens (B, K, W).

        Args:
            embedding: (B, embedding) of the piece.
            pooled: (B, 2 * latent) mean and deviation of its latents over time, see ``pool``.

        """
        seen = torch.cat([self.embedding_norm(embedding), self.latent_norm(pooled)], dim=-1)
        tokens: Tensor = self.out(self.mix(seen))
        return tokens.reshape(len(tokens), self.config.tokens, self.config.width)


def pool(latents: Tensor) -> Tensor:
    """Mean and deviation over time: (B, C, T) to (B, 2 C). One frame has deviation 0."""
    return torch.cat([latents.mean(-1), latents.std(-1, correction=0)], dim=-1)


def place(text: Tensor, mask: Tensor, style: Tensor, rows: Tensor | None = None) -> Tensor:
    """The text's context with style tokens written behind the words.

    Args:
        text: (B, S, W) embeddings of the words, exactly zero where padded.
        mask: (B, S) bool, True where a word is; words come first.
        style: (R, K, W).
        rows: (R,) long, the rows that they are for; None is all. The others stay as they are.

    Raises:
        ValueError: the words of a row leave fewer than K slots; shorten the text to S - K tokens.

    """
    wanted = torch.arange(len(text), device=text.device) if rows is None else rows
    count = mask.long().sum(1)[wanted]
    free = text.shape[1] - int(count.max())
    if free < style.shape[1]:
        raise ValueError(f"the text leaves {free} slots, {style.shape[1]} style tokens need one each")
    slots = count[:, None] + torch.arange(style.shape[1], device=text.device)
    return text.index_put((wanted[:, None], slots), style.to(text.dtype))
