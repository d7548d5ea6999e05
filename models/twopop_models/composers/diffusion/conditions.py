"""What the music is made under, cut to windows and rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from twopop_models.composers.diffusion.guidance import Row
from twopop_models.composers.diffusion.windows import Span
from twopop_models.composers.diffusion.words import Words

if TYPE_CHECKING:
    from torch import Tensor

    from twopop_models.devices import Device
    from twopop_models.nets.backbone import ControlledDiT
    from twopop_models.nets.controlformer import MusicControlFormer


class Nets(Protocol):
    """Networks that conditions are for, and how many latent frames there are in what lengths are counted in."""

    @property
    def transformer(self) -> ControlledDiT:
        """The base."""

    @property
    def projection(self) -> Any:
        """Of lengths into the context."""

    @property
    def controlformer(self) -> MusicControlFormer | None:
        """The control branch, if there is one."""

    @property
    def device(self) -> Device:
        """Where they are."""

    @property
    def hop(self) -> int:
        """Samples of a latent frame."""

    @property
    def sample_rate(self) -> int:
        """Samples of what lengths are counted in, seconds for sound."""


@dataclass(frozen=True, eq=False)
class Conditions:
    """All conditions of a cue of T latent frames; None where there is none.

    Attributes:
        models: whose they are.
        words: the text bridge.
        refused: what the unconditional row reads; None for nothing, as the model was trained.
        seconds: of the whole cue.
        broad: (1, C, T) latents of the broad reference.
        style: (1, K, W) style tokens.
        events: (1, E, T) event curves.
        strength: of the control branch's residuals, 1 as trained.
        looped: whether the end is followed by the beginning, so that a window may not be told that one is near.

    """

    models: Nets
    words: Words
    refused: Words | None
    seconds: float
    broad: Tensor | None = None
    style: Tensor | None = None
    events: Tensor | None = None
    strength: float = 1.0
    looped: bool = False

    @property
    def there(self) -> Row:
        """Which conditions there are; only a control branch can use those that are aligned in time."""
        steered = self.models.controlformer is not None
        return Row(
            True, steered and self.broad is not None, self.style is not None, steered and self.events is not None
        )

    def context(self, row: Row, span: Span) -> tuple[Tensor, Tensor]:
        """Cross-attention context (1, S + 2, W) and lengths (1, 1, 2 W) for one row of one window."""
        import torch

        start, stop = self._lengths(span)
        lengths = torch.cat([start, stop], dim=2)
        if row.text:
            return torch.cat([self._styled if row.style else self.words.tokens, start, stop], dim=1), lengths
        if self.refused is not None:
            return torch.cat([self.refused.tokens, start, stop], dim=1), lengths
        return torch.zeros_like(torch.cat([self.words.tokens, start, stop], dim=1)), lengths

    def stacked(self, name: Literal["broad", "events"], wanted: list[bool], span: Span) -> Tensor | None:
        """(R, ..., frames) of a condition, zero in the rows that do not want it; None when none does."""
        import torch

        whole: Tensor | None = getattr(self, name)
        if whole is None or not any(wanted):
            return None
        part = span.of(whole)
        return torch.cat([part if want else torch.zeros_like(part) for want in wanted])

    @cached_property
    def _styled(self) -> Tensor:
        """The words with the style tokens behind them."""
        from twopop_models.nets.stylizer import place

        if self.style is None:
            return self.words.tokens
        return place(self.words.tokens, self.words.there, self.style)

    def told(self, span: Span) -> tuple[float, float]:
        """Seconds: where a window begins and how long the whole is."""
        step = self.models.hop / self.models.sample_rate
        if self.looped:  # silence is what follows the end of music; a ring has none
            return 0.0, max(self.seconds, len(span) * step)
        return span.first * step, self.seconds

    def _lengths(self, span: Span) -> tuple[Tensor, Tensor]:
        """What is told, as the projection has it: (1, 1, W) each."""
        import torch

        models = self.models
        start, stop = (torch.tensor([value], device=models.device.name) for value in self.told(span))
        with torch.inference_mode():
            found = models.projection(start_seconds=start, end_seconds=stop)
        return found.seconds_start_hidden_states, found.seconds_end_hidden_states
