"""From wishes to latents: denoising windows of cells, one behind the other.

A window shares its first bars with the one before, which it is given as known, so that music goes on where it was.
Themes that come back are the same tune over the same chords, see ``returns``.
The network says the music itself, not a velocity (see ``recipes.training.objective``, kind ``x``); guidance is the
same linear sum as at full size, see ``composers.diffusion.guidance``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers import chance
from twopop_models.composers.diffusion.conditions import Conditions
from twopop_models.composers.diffusion.guidance import guide
from twopop_models.composers.diffusion.sampling import Denoiser, Guided, Hold, Report, denoise, unheard
from twopop_models.composers.diffusion.windows import Layout, Span
from twopop_models.composers.diffusion.words import Words
from twopop_models.composers.score import returns, scenes
from twopop_models.composers.score.networks import WORDS, Networks
from twopop_models.composers.score.wishes import Curves, Known, Wish
from twopop_models.grid.lanes import CHANNELS, Latents

if TYPE_CHECKING:
    from diffusers import FlowMatchEulerDiscreteScheduler
    from torch import Tensor

SHIFT: Final = 3.0
"""How far the schedule leans to its noisy side: with so many channels decisions fall early."""
SHARED: Final = 16
"""Cells that a window shares with the one before."""


def sample(networks: Networks, wish: Wish, known: Known | None = None, report: Report = unheard) -> Latents:
    """(C, cells) latents, the same for the same arguments.

    Raises:
        Cancelled: from ``report``.

    """
    starts = beginnings(wish.events, wish.cells, networks.window)
    stop = max(starts[-1] + networks.window, wish.cells)
    noise = np.random.default_rng([wish.seed, 17]).standard_normal((CHANNELS, stop), np.float32)
    result, kept = np.zeros((CHANNELS, stop), np.float32), np.zeros((CHANNELS, stop), bool)
    returns.shared(noise, wish.returns)
    if known is not None:
        result[:, : wish.cells], kept[:, : wish.cells] = known.latents, known.mask
    conditions = _conditions(networks, wish, stop)
    spoken = (conditions, *(replace(conditions, words=_words(networks, one.words)) for one in wish.passages))
    plan, shares = guide(wish.scales, conditions.there), scenes.weights(wish, stop)
    for number, first in enumerate(starts):
        span = slice(first, first + networks.window)
        layout = Layout(networks.window, networks.window, (Span(span.start, span.stop),))
        ties = returns.Ties.within(wish.returns, first, kept[:, span])
        whole = Denoiser(networks, conditions, plan, layout)
        music = _Music(scenes.blended(whole, spoken, shares[:, span], kept[:, span]), ties)

        def told(done: float, number: int = number) -> None:
            report((number + done) / len(starts))

        made = _window(music, wish, noise[:, span], Known(result[:, span], kept[:, span]), told)
        result[:, span] = np.where(kept[:, span], result[:, span], made)
        kept[:, span] = True
        returns.carried(result, kept, wish.returns, span.stop)
    return result[:, : wish.cells]


def _window(music: _Music, wish: Wish, noise: Latents, before: Known, report: Report) -> Latents:
    """One window (C, window) around what is known."""
    import torch

    wave, known, mask = (torch.from_numpy(item.copy()) for item in (noise, before.latents, before.mask))
    made = denoise(
        music,
        schedule(),
        steps=wish.steps,
        noise=wave[None],
        generator=chance.dice(wish.seed, 0),
        hold=Hold(known[None], mask.float()),
        report=report,
    )
    found: Latents = made[0].numpy()
    return found


def schedule() -> FlowMatchEulerDiscreteScheduler:
    """A fresh scheduler of what the network was trained on."""
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler(shift=SHIFT)


def beginnings(events: Curves, cells: int, window: int) -> list[int]:
    """Where windows begin: on bar lines, each sharing about ``SHARED`` cells with the one before."""
    lines = [cell for cell in range(cells) if events[3, cell] > 0.999] or list(range(0, cells, 4))
    starts = [0]
    while starts[-1] + window < cells:
        least = starts[-1] + window // 2
        wanted = [line for line in lines if least <= line <= starts[-1] + window - SHARED]
        starts.append(wanted[-1] if wanted else starts[-1] + window - SHARED)
    return starts


@dataclass(frozen=True)
class _Music:
    """A denoiser whose network says what is music, as something that says velocities."""

    denoiser: Guided
    ties: returns.Ties | None = None

    def velocity(self, noisy: Tensor, moment: Tensor, step: int, breathe: Callable[[], None]) -> Tensor:
        """See ``diffusion.sampling.Guided``; guidance is linear and its weights sum to 1, so either can be guided."""
        said = self.denoiser.velocity(noisy, moment, step, breathe)
        return (noisy - (said if self.ties is None else self.ties.joined(said))) / moment


def _conditions(networks: Networks, wish: Wish, stop: int) -> Conditions:
    """What the wish says, as tensors of ``stop`` cells."""
    import torch

    style = None
    if networks.stylizer is not None and wish.style is not None:
        with torch.inference_mode():
            style = networks.stylizer(
                *(torch.from_numpy(item)[None] for item in (wish.style.vector, wish.style.pooled))
            )
    broad, events = (None if item is None else _padded(item, stop) for item in (wish.broad, wish.events))
    words = _words(networks, wish.words)
    return Conditions(networks, words, None, float(wish.cells), broad, style, events, wish.strength)


def _words(networks: Networks, text: str) -> Words:
    """A text bridge in the slots of the context."""
    import torch

    from twopop_models.embedders.sentences import WIDTH, tokens

    found = torch.from_numpy(tokens(text, WORDS))
    padded, there = torch.zeros(1, networks.slots, WIDTH), torch.zeros(1, networks.slots, dtype=torch.bool)
    padded[0, : len(found)], there[0, : len(found)] = found, True
    return Words(padded, there)


def _padded(whole: NDArray[np.float32], stop: int) -> Tensor:
    """(X, cells) as (1, X, stop), zero behind its end."""
    import torch

    return torch.from_numpy(np.pad(whole, ((0, 0), (0, stop - whole.shape[1]))).astype(np.float32))[None]
