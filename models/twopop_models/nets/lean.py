"""Blocks without work that comes out the same at every step; for inference without masks.

What a block reads of the words, its keys and values, does not change from step to step: it is computed once
(``Recalled``). A row whose context is zero, the unconditional one, has keys and values of zero (no projection has a
bias), so its cross-attention adds exactly zero and is left out. Queries and keys are turned in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.nn import functional

Pair = tuple[Tensor, Tensor]


@dataclass(eq=False)
class Recalled:
    """Keys and values of the context of one batch, as far as they were needed; empty at first.

    Attributes:
        silent: rows at the beginning whose context is zero.
        base: (R, heads, S, d) keys and values for each block of the base, of the rows behind the silent ones.
        branch: the same for the control branch, of the steered rows.
        branch_silent: of the steered rows, those at the beginning whose context is zero.

    """

    silent: int = 0
    base: list[Pair] = field(default_factory=list)
    branch: list[Pair] = field(default_factory=list)
    branch_silent: int = 0

    def read(self, blocks: Iterable[Any], context: Tensor) -> None:
        """Remember what the base's blocks read of a projected context (B, S, D)."""
        if not self.base:
            self.silent = silent(context)
            self.base = pairs(blocks, context[self.silent :])

    def read_branch(self, blocks: Iterable[Any], context: Tensor) -> None:
        """The same for the control branch and its rows of the context."""
        if not self.branch:
            self.branch_silent = silent(context)
            self.branch = pairs(blocks, context[self.branch_silent :])


def silent(context: Tensor) -> int:
    """How many rows of a context (B, S, D), from the first on, are exactly zero."""
    heard = context.flatten(1).any(1).tolist()
    return heard.index(True) if True in heard else len(heard)


def pairs(blocks: Iterable[Any], context: Tensor) -> list[Pair]:
    """Keys and values of a context for each block, one for each head of the queries."""
    return [(_repeated(block.attn2, "to_k", context), _repeated(block.attn2, "to_v", context)) for block in blocks]


def _repeated(attention: Any, name: str, context: Tensor) -> Tensor:
    size = attention.to_q.out_features // attention.heads
    flat: Tensor = getattr(attention, name)(context)
    found = flat.reshape(*flat.shape[:2], flat.shape[-1] // size, size).transpose(1, 2)
    times = attention.heads // found.shape[1]
    return found.repeat_interleave(times, dim=1) if times > 1 else found.contiguous()


def run(block: Any, hidden: Tensor, pair: Pair, first: int, rotary: Pair) -> Tensor:
    """One block of Stable Audio's transformer: (B, 1 + T, D) to the same.

    Args:
        block: diffusers' ``StableAudioDiTBlock``.
        hidden: the sequence; it is not changed.
        pair: keys and values of the context, of the rows from ``first`` on.
        first: rows before it have a context of zero.
        rotary: cosines and sines for 1 + T positions.

    """
    hidden = hidden + _self_attention(block.attn1, block.norm1(hidden), rotary)
    if first < len(hidden):
        some = hidden[first:]
        query = _heads(block.attn2, block.attn2.to_q(block.norm2(some))).transpose(1, 2)
        some += _joined(block.attn2, functional.scaled_dot_product_attention(query, *pair))
    result: Tensor = block.ff(block.norm3(hidden)).add_(hidden)
    return result


def _self_attention(attention: Any, hidden: Tensor, rotary: Pair) -> Tensor:
    query, key = (turned(_heads(attention, part(hidden)), *rotary) for part in (attention.to_q, attention.to_k))
    value = _heads(attention, attention.to_v(hidden))
    query, key, value = (item.transpose(1, 2) for item in (query, key, value))
    return _joined(attention, functional.scaled_dot_product_attention(query, key, value))


def _heads(attention: Any, flat: Tensor) -> Tensor:
    return flat.view(*flat.shape[:2], attention.heads, -1)


def _joined(attention: Any, found: Tensor) -> Tensor:
    result: Tensor = attention.to_out[0](found.transpose(1, 2).flatten(2))
    return result


def turned(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Queries or keys (B, T, heads, d) turned by their places, in place, computed in float32 as diffusers does."""
    size = cosines.shape[-1] // 2
    cosines, sines = cosines[:, None], sines[:, None]
    left, right = heads[..., :size].float(), heads[..., size : 2 * size].float()
    first = left * cosines[..., :size] - right * sines[..., :size]  # in float32 these look into ``heads`` itself
    heads[..., size : 2 * size] = right * cosines[..., size:] + left * sines[..., size:]
    heads[..., :size] = first
    return heads
