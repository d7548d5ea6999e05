"""Music ControlFormer: trainable copies of the first blocks, which steer the base block by block.

From the paper's figure: the embedded reference passes a zero layer and is added to the embedded noisy
latents; N copied blocks run on the sum; each one's output passes a zero layer and is added to the output
of the base block with the same number. Open in the paper and decided here (docs/decisions): N is a
setting, 12 of 24; the global token gets no reference but residuals like every other position; the copies
see the same context, rotary embedding and masks as the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.transformers.stable_audio_transformer import StableAudioDiTBlock
from torch import Tensor, nn
from torch.nn import functional

from twopop_models.nets import lean
from twopop_models.nets.control import ControlInput, zeroed
from twopop_models.nets.events import CHANNELS, EventGate

if TYPE_CHECKING:
    from diffusers import StableAudioDiTModel


class MusicControlFormer(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """The control branch of a diffusion transformer; ``copy_of`` makes it."""

    _supports_gradient_checkpointing = True

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        num_layers: int = 12,
        in_channels: int = 64,
        attention_head_dim: int = 64,
        num_attention_heads: int = 24,
        num_key_value_attention_heads: int = 12,
        cross_attention_dim: int = 768,
        events: int = len(CHANNELS),
    ) -> None:
        super().__init__()
        width = num_attention_heads * attention_head_dim
        self.latent_gate = zeroed(nn.Linear(in_channels, width, bias=False))
        self.event_gate = EventGate(events, width) if events else None
        shape = (width, num_attention_heads, num_key_value_attention_heads, attention_head_dim)
        self.blocks = nn.ModuleList(
            StableAudioDiTBlock(*shape, cross_attention_dim=cross_attention_dim) for _ in range(num_layers)
        )
        self.out_gates = nn.ModuleList(zeroed(nn.Linear(width, width, bias=False)) for _ in range(num_layers))
        self.gradient_checkpointing = False

    @classmethod
    def copy_of(cls, base: StableAudioDiTModel, blocks: int = 12, events: int = len(CHANNELS)) -> Self:
        """A branch whose blocks are copies of the base's first ones, and which changes nothing yet.

        Raises:
            ValueError: the base has fewer blocks, or none is asked.

        """
        config = base.config
        if not 1 <= blocks <= config.num_layers:
            raise ValueError(f"{blocks} blocks cannot be copied from {config.num_layers}")
        names = ("in_channels", "attention_head_dim", "num_attention_heads", "num_key_value_attention_heads")
        shape = {name: config[name] for name in (*names, "cross_attention_dim")}
        branch: Self = cls(num_layers=blocks, events=events, **shape)
        nn.Module.to(branch, base.device, base.dtype)  # the model's own only adds a warning
        for copy, block in zip(branch.blocks, base.transformer_blocks, strict=False):
            copy.load_state_dict(block.state_dict())
        return branch

    def forward(self, hidden: Tensor, control: ControlInput, **seen: Any) -> tuple[Tensor, ...]:
        """Residuals (R, 1 + T, D), one for each of the first N base blocks.

        Args:
            hidden: (R, 1 + T, D) the embedded sequence of the controlled rows, global token first.
            control: for these rows; ``rows`` is the caller's business.
            seen: what every block of the base is given beside the sequence, cut to these rows.

        """
        hidden = hidden + self._conditions(hidden, control)
        scale = _per_row(control.scale, hidden)
        residuals = []
        for block, gate in zip(self.blocks, self.out_gates, strict=True):
            hidden = self._run(block, hidden, seen)
            residuals.append(gate(hidden) * scale)
        return tuple(residuals)

    def lean(
        self, hidden: Tensor, control: ControlInput, recalled: lean.Recalled, rotary: lean.Pair
    ) -> tuple[Tensor, ...]:
        """The same residuals at inference, from what the blocks read of the context before."""
        hidden = hidden + self._conditions(hidden, control)
        scale = _per_row(control.scale, hidden)
        residuals = []
        for block, pair, gate in zip(self.blocks, recalled.branch, self.out_gates, strict=True):
            hidden = lean.run(block, hidden, pair, recalled.branch_silent, rotary)
            residuals.append(gate(hidden) * scale)
        return tuple(residuals)

    def _conditions(self, hidden: Tensor, control: ControlInput) -> Tensor:
        """What is added to the sequence before the first copy; nothing to the global token."""
        added = torch.zeros_like(hidden[:, 1:])
        if control.latents is not None:
            added = added + self.latent_gate(control.latents.transpose(1, 2).to(hidden.dtype))
        if control.events is not None:
            if self.event_gate is None:
                raise ValueError("this branch was made without event curves")
            added = added + self.event_gate(control.events.to(hidden.dtype))
        return functional.pad(added, (0, 0, 1, 0))

    def _run(self, block: nn.Module, hidden: Tensor, seen: dict[str, Any]) -> Tensor:
        if torch.is_grad_enabled() and self.gradient_checkpointing:
            return checkpointed(self._gradient_checkpointing_func, block, hidden, seen)
        result: Tensor = block(hidden_states=hidden, **seen)
        return result


def checkpointed(how: Any, block: nn.Module, hidden: Tensor, seen: dict[str, Any]) -> Tensor:
    """Run a block without keeping its activations; diffusers' function takes positions only."""
    names = ("attention_mask", "encoder_hidden_states", "encoder_attention_mask", "rotary_embedding")
    result: Tensor = how(block, hidden, *(seen.get(name) for name in names))
    return result


def _per_row(scale: float | Tensor, hidden: Tensor) -> float | Tensor:
    return scale.to(hidden.dtype).reshape(-1, 1, 1) if isinstance(scale, Tensor) else scale
