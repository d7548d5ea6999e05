"""The base transformer with a door for the control branch.

A subclass of diffusers' transformer with a forward of its own: hooks would break under gradient
checkpointing and wrapped blocks would rename every weight, so that published checkpoints no longer load.
Without a branch it computes what its parent computes, bit for bit.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers import StableAudioDiTModel
from diffusers.models.modeling_outputs import Transformer2DModelOutput
from torch import Tensor
from torch.nn import functional

from twopop_models.nets import lean
from twopop_models.nets.control import ControlInput
from twopop_models.nets.controlformer import MusicControlFormer, checkpointed


class ControlledDiT(StableAudioDiTModel):  # type: ignore[misc]
    """``StableAudioDiTModel``, with the same configuration and the same weights' names."""

    def forward(
        self,
        hidden_states: Tensor,
        timestep: Tensor,
        encoder_hidden_states: Tensor,
        global_hidden_states: Tensor,
        rotary_embedding: Any = None,
        return_dict: bool = True,
        attention_mask: Tensor | None = None,
        encoder_attention_mask: Tensor | None = None,
        *,
        controlformer: MusicControlFormer | None = None,
        control: ControlInput | None = None,
        recalled: lean.Recalled | None = None,
    ) -> Transformer2DModelOutput | tuple[Tensor]:
        """Velocity of noisy latents.

        Args:
            hidden_states: (B, C, T) noisy latents.
            timestep: (B,) or (1,).
            encoder_hidden_states: (B, S, W) context: text, style, lengths.
            global_hidden_states: (B, 1, G) what goes into the global token beside the time step.
            rotary_embedding: cosines and sines for 1 + T positions.
            return_dict: whether to return diffusers' output class, else a tuple of one.
            attention_mask: (B, T) bool, True where a latent frame is.
            encoder_attention_mask: (B, S) bool, True where a token is. Float masks of 0 and 1 would be added to
                the scores and mask nothing, so they are refused.
            controlformer: the control branch; None runs the base alone.
            control: its conditions.
            recalled: what the blocks read of this very context before, empty the first time; for inference, where
                the context is the same at every step. Then blocks run as in ``lean``.

        Raises:
            ValueError: masks, or gradients, together with ``recalled``; a mask that is not bool; more copied blocks
                than there are.

        """
        for mask in (attention_mask, encoder_attention_mask):
            if mask is not None and mask.dtype != torch.bool:
                raise ValueError(f"masks are bool, not {mask.dtype}")
        latents, more = hidden_states, (controlformer, control)
        if recalled is not None:
            if attention_mask is not None or encoder_attention_mask is not None or torch.is_grad_enabled():
                raise ValueError("what is recalled is for inference without masks")
            hidden = self._embed(latents, timestep, global_hidden_states)
            return self._out(self._lean(hidden, encoder_hidden_states, rotary_embedding, recalled, *more), return_dict)
        if attention_mask is not None:  # the global token is always there
            attention_mask = functional.pad(attention_mask, (1, 0), value=True)
        hidden = self._embed(latents, timestep, global_hidden_states)
        seen = {
            "attention_mask": attention_mask,
            "encoder_hidden_states": self.cross_attention_proj(encoder_hidden_states),
            "encoder_attention_mask": encoder_attention_mask,
            "rotary_embedding": rotary_embedding,
        }
        hidden = self._blocks(hidden, seen, self._residuals(hidden, seen, *more), control)
        return self._out(hidden, return_dict)

    def _out(self, hidden: Tensor, return_dict: bool) -> Transformer2DModelOutput | tuple[Tensor]:
        latents = self.proj_out(hidden).transpose(1, 2)[:, :, 1:]
        latents = self.postprocess_conv(latents) + latents
        return Transformer2DModelOutput(sample=latents) if return_dict else (latents,)

    def _embed(self, latents: Tensor, timestep: Tensor, lengths: Tensor) -> Tensor:
        """The sequence (B, 1 + T, D), global token first."""
        time = self.timestep_proj(self.time_proj(timestep.to(self.dtype)))
        token = self.global_proj(lengths) + time.unsqueeze(1)
        latents = (self.preprocess_conv(latents) + latents).transpose(1, 2)
        return torch.cat([token, self.proj_in(latents)], dim=-2)

    def _lean(
        self,
        hidden: Tensor,
        context: Tensor,
        rotary: lean.Pair,
        recalled: lean.Recalled,
        branch: MusicControlFormer | None,
        control: ControlInput | None,
    ) -> Tensor:
        """All blocks, without what comes out the same at every step."""
        if not recalled.base:
            recalled.read(self.transformer_blocks, self.cross_attention_proj(context))
        residuals: tuple[Tensor, ...] = ()
        rows = None if control is None else control.rows
        if branch is not None and control is not None and not control.empty:
            self._fits(branch)
            if not recalled.branch:
                recalled.read_branch(
                    branch.blocks, self.cross_attention_proj(context if rows is None else context[rows])
                )
            residuals = branch.lean(hidden if rows is None else hidden[rows], control, recalled, rotary)
        for number, (block, pair) in enumerate(zip(self.transformer_blocks, recalled.base, strict=True)):
            hidden = lean.run(block, hidden, pair, recalled.silent, rotary)
            if number < len(residuals):
                hidden = _added(hidden, residuals[number], rows)
        return hidden

    def _fits(self, branch: MusicControlFormer) -> None:
        if len(branch.blocks) > len(self.transformer_blocks):
            raise ValueError(f"{len(branch.blocks)} copied blocks for {len(self.transformer_blocks)}")

    def _residuals(
        self, hidden: Tensor, seen: dict[str, Any], branch: MusicControlFormer | None, control: ControlInput | None
    ) -> tuple[Tensor, ...]:
        """What the branch adds after each of the first blocks; none where there is no branch or nothing to say."""
        if branch is None or control is None or control.empty:
            return ()
        self._fits(branch)
        if control.rows is not None:
            hidden, seen = hidden[control.rows], {name: _cut(item, control.rows) for name, item in seen.items()}
        found: tuple[Tensor, ...] = branch(hidden, control, **seen)
        return found

    def _blocks(
        self, hidden: Tensor, seen: dict[str, Any], residuals: tuple[Tensor, ...], control: ControlInput | None
    ) -> Tensor:
        rows = None if control is None else control.rows
        for number, block in enumerate(self.transformer_blocks):
            if torch.is_grad_enabled() and self.gradient_checkpointing:
                hidden = checkpointed(self._gradient_checkpointing_func, block, hidden, seen)
            else:
                hidden = block(hidden_states=hidden, **seen)
            if number < len(residuals):
                hidden = _added(hidden, residuals[number], rows)
        return hidden


def _added(hidden: Tensor, residual: Tensor, rows: Tensor | None) -> Tensor:
    return hidden + residual if rows is None else hidden.index_add(0, rows, residual.to(hidden.dtype))


def _cut(item: Any, rows: Tensor) -> Any:
    """Some rows of a tensor that has one for each; rotary embeddings, which have none, as they are."""
    return item[rows] if isinstance(item, Tensor) and item.dim() > 1 else item
