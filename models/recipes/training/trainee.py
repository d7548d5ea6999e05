"""The frozen base, what is trained on it, and the loss of a batch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from recipes.training import objective
from recipes.training.data import Batch
from twopop_models.nets.backbone import ControlledDiT
from twopop_models.nets.control import ControlInput
from twopop_models.nets.controlformer import MusicControlFormer
from twopop_models.nets.rotary import rotary
from twopop_models.nets.stylizer import Stylizer, place


class Trainee(nn.Module):
    """Networks under training; called with a batch it gives the loss of each row, (B,).

    Rows without text have a context of zeros, rows without style have zeros where style tokens would be, rows
    without broad reference and event curves get no residual: exactly what sampling computes without them. Every
    row passes every trained network all the same, so that each parameter has a gradient on each process.

    Args:
        base: gets frozen, but for adapters that were put into it.
        projection: of seconds into the context; gets frozen.
        controlformer: trained, or None.
        stylizer: trained, or None.
        kind: of the objective.
        weights: (C,) how much each channel counts, 1 on average; None for all alike.

    """

    def __init__(
        self,
        base: ControlledDiT,
        projection: nn.Module,
        controlformer: MusicControlFormer | None = None,
        stylizer: Stylizer | None = None,
        kind: str = "v",
        weights: Tensor | None = None,
    ) -> None:
        super().__init__()
        self.weights: Tensor | None
        self.register_buffer("weights", weights, persistent=False)
        for name, parameter in base.named_parameters():
            parameter.requires_grad_("lora_" in name)
        self.base, self.projection = base.eval(), projection.eval().requires_grad_(False)
        self.controlformer, self.stylizer, self.kind = controlformer, stylizer, kind

    @property
    def spare(self) -> int:
        """Slots of the context that style tokens need."""
        return 0 if self.stylizer is None else int(self.stylizer.config.tokens)

    def trained(self) -> dict[str, nn.Parameter]:
        """Parameters that learn, by name."""
        return {name: item for name, item in self.named_parameters() if item.requires_grad}

    def recompute(self) -> None:
        """Compute activations again instead of keeping them."""
        for network in (self.base, self.controlformer):
            if network is not None:
                network.enable_gradient_checkpointing()

    def forward(self, batch: Batch) -> Tensor:
        """Squared error for each row, (B,)."""
        return objective.error(*self.answer(batch), batch.times, self.kind, self.weights)

    def answer(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What is said and what should be, (B, C, T) each."""
        seen, target = objective.noisy(batch.latents, batch.noise, batch.times, self.kind)
        return self.said(seen, batch.times, batch), target

    def said(self, seen: Tensor, times: Tensor, batch: Batch) -> Tensor:
        """What is said, (B, C, T), of noisy latents at these times (B,) under a batch's conditions."""
        context, lengths = self._context(batch)
        control = None
        if self.controlformer is not None:
            curves = batch.events if self.controlformer.event_gate is not None else None
            control = ControlInput(batch.broad, curves, None, batch.steered)
        dtype = self.base.dtype
        found: Tensor = self.base(
            seen.to(dtype),
            times.to(dtype),
            context.to(dtype),
            lengths.to(dtype),
            rotary(self.base, seen.shape[-1], str(seen.device)),
            controlformer=self.controlformer,
            control=control,
        ).sample
        return found

    def _context(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Words, style and lengths (B, S + 2, W), and the lengths of the global token (B, 1, 2 W)."""
        words = batch.words
        if self.stylizer is not None:
            tokens = self.stylizer(batch.embedding, batch.pooled) * batch.styled[:, None, None]
            words = place(words, batch.there, tokens)
        with torch.no_grad():
            found: Any = self.projection(start_seconds=batch.start, end_seconds=batch.seconds)
        start, stop = (item.float() for item in (found.seconds_start_hidden_states, found.seconds_end_hidden_states))
        told = batch.told[:, None, None]
        return torch.cat([words, start * told, stop * told], dim=1), torch.cat([start, stop], dim=2)
