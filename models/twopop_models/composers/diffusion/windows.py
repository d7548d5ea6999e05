"""How many latent frames are computed, and in which windows.

A cue longer than the model's window is denoised as one long latent through overlapping windows: at every step
each window gives its velocity, and where windows overlap they are crossfaded (MultiDiffusion, arXiv 2302.08113).
All windows share one noise and one schedule, so there is nothing to be spliced afterwards. From step to step the
inner windows move, so that no place is an edge twice.

A loop is a ring of frames: windows go past its end into its beginning, and all of them move, so that the music knows
no end (``ring``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

OVERLAP: Final = Fraction(1, 4)
"""Of a window, shared with the next."""
GOLDEN: Final = 0.6180339887498949
"""Multiples of it, without their whole parts, lie as far from each other as they can."""


@dataclass(frozen=True)
class Span:
    """Latent frames [first, stop)."""

    first: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.first

    def of(self, whole: Tensor) -> Tensor:
        """Its frames of (..., T), going round where it stops past the end."""
        if self.stop <= whole.shape[-1]:
            return whole[..., self.first : self.stop]
        return whole[..., self.places(whole.shape[-1]).to(whole.device)]

    def places(self, period: int) -> Tensor:
        """Its frames in a ring of ``period``: (frames,) long."""
        import torch

        return torch.arange(self.first, self.stop) % period


@dataclass(frozen=True)
class Layout:
    """``frames`` latent frames in windows; ``needed`` of them are heard."""

    needed: int
    frames: int
    spans: tuple[Span, ...]
    looped: bool = False
    """Whether the end is followed by the beginning."""

    def at(self, step: int) -> tuple[Span, ...]:
        """The windows of one step: the inner ones moved together, by at most half of what neighbours share.

        A ring's all move, anywhere.
        """
        if self.looped:
            moved = round(self.frames * (step * GOLDEN % 1))
            firsts = ((span.first + moved) % self.frames for span in self.spans)
            return tuple(Span(first, first + len(span)) for first, span in zip(firsts, self.spans, strict=True))
        if len(self.spans) < 3:
            return self.spans
        reach = min(one.stop - other.first for one, other in pairwise(self.spans)) // 2
        moved = round(reach * (2 * (step * GOLDEN % 1) - 1))
        inner = (Span(span.first + moved, span.stop + moved) for span in self.spans[1:-1])
        return (self.spans[0], *inner, self.spans[-1])

    @property
    def said(self) -> str:
        """What ran, for the take."""
        if self.looped:
            many = f"{len(self.spans)} windows of {len(self.spans[0])} that go round"
            return f"A seamless loop: a ring of {self.frames} latent frames in {many}"
        if len(self.spans) > 1:
            return f"{len(self.spans)} overlapping windows of {len(self.spans[0])} latent frames"
        if self.frames > self.needed:
            return f"a full window of {self.frames} latent frames, of which {self.needed} are heard"
        return f"{self.frames} latent frames, those of the cue"


def layout(needed: int, window: int, any_length: bool) -> Layout:
    """Windows for ``needed`` latent frames.

    Args:
        needed: frames of the cue, at least 1.
        window: frames of the model's window.
        any_length: whether the model was trained on shorter ones, too.

    """
    if needed <= window:
        frames = needed if any_length else window
        return Layout(needed, frames, (Span(0, frames),))
    overlap = max(1, int(window * OVERLAP))
    count = math.ceil((needed - overlap) / (window - overlap))
    starts = [round(number * (needed - window) / (count - 1)) for number in range(count)]
    return Layout(needed, needed, tuple(Span(start, start + window) for start in starts))


def ring(period: int, window: int, any_length: bool) -> Layout:
    """Windows for a loop of ``period`` latent frames, otherwise as ``layout``; each shares frames with the next.

    A model that knows full windows only gets them, and sees a short loop several times over.
    """
    count = math.ceil(period / (window - max(1, int(window * OVERLAP))))
    length = min(window, period + math.ceil(period * OVERLAP)) if any_length and count == 1 else window
    starts = [round(number * period / count) for number in range(count)]
    return Layout(period, period, tuple(Span(start, start + length) for start in starts), looped=True)


def ring_weights(spans: tuple[Span, ...], period: int) -> tuple[Tensor, ...]:
    """As ``weights``, for windows of equal length in a ring; a window may pass a frame more than once."""
    import torch

    length = len(spans[0])
    share = length - period / len(spans)
    place = torch.arange(length, dtype=torch.float64) + 0.5
    edge = torch.minimum(place, length - place)
    raw = torch.sin(math.pi / 2 * (edge / share).clamp(max=1)) ** 2
    total = torch.zeros(period, dtype=torch.float64)
    for span in spans:
        total.index_add_(0, span.places(period), raw)
    return tuple((raw / total[span.places(period)]).to(torch.float32) for span in spans)


def weights(spans: tuple[Span, ...]) -> tuple[Tensor, ...]:
    """For each window (frames,) float32 weights; over all windows they sum to 1 at every frame."""
    import torch

    raw = [_ramp(spans, number) for number in range(len(spans))]
    total = torch.zeros(max(span.stop for span in spans), dtype=torch.float64)
    for span, weight in zip(spans, raw, strict=True):
        total[span.first : span.stop] += weight
    shared = [weight / total[span.first : span.stop] for span, weight in zip(spans, raw, strict=True)]
    return tuple(weight.to(torch.float32) for weight in shared)


def _ramp(spans: tuple[Span, ...], number: int) -> Tensor:
    """Weights of one window before they are shared out: up over what it shares with the one before, down behind.

    Raised cosines: a ramp with a corner at its beginning would be a seam of its own.
    """
    import torch

    span = spans[number]
    place = torch.arange(len(span), dtype=torch.float64) + 0.5
    up = spans[number - 1].stop - span.first if number else 0
    down = span.stop - spans[number + 1].first if number + 1 < len(spans) else 0
    result = torch.ones(len(span), dtype=torch.float64)
    for share, way in ((up, place), (down, len(span) - place)):
        if share:
            result *= torch.sin(math.pi / 2 * (way / share).clamp(max=1)) ** 2
    return result
