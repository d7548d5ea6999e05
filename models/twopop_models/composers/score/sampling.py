"""From wishes to latents: denoising windows of cells, one behind the other.

A window shares its first bars with the one before, which it is given as known, so that music goes on where it was.
The network says the music itself, not a velocity (see ``recipes.training.objective``, kind ``x``); guidance is the
same linear sum as at full size, see ``composers.diffusion.guidance``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.diffusion.guidance import Guide, Row, guide
from twopop_models.composers.score.networks import WORDS, Networks
from twopop_models.composers.score.wishes import Curves, Known, Wish
from twopop_models.grid.lanes import CHANNELS, Latents

if TYPE_CHECKING:
    from torch import Tensor

    from twopop_models.nets.control import ControlInput

Report = Callable[[float], None]
"""Called at every step with how much is done; it may raise ``Cancelled``."""

SHIFT: Final = 3.0
"""How far the schedule leans to its noisy side: with so many channels decisions fall early."""
SHARED: Final = 16
"""Cells that a window shares with the one before."""


def unheard(done: float) -> None:
    """The report of those who do not care."""


def sample(networks: Networks, wish: Wish, known: Known | None = None, report: Report = unheard) -> Latents:
    """(C, cells) latents, the same for the same arguments.

    Raises:
        Cancelled: from ``report``.

    """
    starts = beginnings(wish.events, wish.cells, networks.window)
    stop = max(starts[-1] + networks.window, wish.cells)
    noise = np.random.default_rng([wish.seed, 17]).standard_normal((CHANNELS, stop), np.float32)
    result, kept = np.zeros((CHANNELS, stop), np.float32), np.zeros((CHANNELS, stop), bool)
    if known is not None:
        result[:, : wish.cells], kept[:, : wish.cells] = known.latents, known.mask
    start_over = 1.0 if known is None else known.strength
    for number, first in enumerate(starts):
        span = slice(first, first + networks.window)
        desk = _Desk(networks, wish, first)

        def told(done: float, number: int = number) -> None:
            report((number + done) / len(starts))

        made = desk.denoised(noise[:, span], result[:, span], kept[:, span], start_over, told)
        result[:, span] = np.where(kept[:, span], result[:, span], made)
        kept[:, span] = True
    report(1.0)
    return result[:, : wish.cells]


def beginnings(events: Curves, cells: int, window: int) -> list[int]:
    """Where windows begin: on bar lines, each sharing about ``SHARED`` cells with the one before."""
    lines = [cell for cell in range(cells) if events[3, cell] > 0.999] or list(range(0, cells, 4))
    starts = [0]
    while starts[-1] + window < cells:
        least = starts[-1] + window // 2
        wanted = [line for line in lines if least <= line <= starts[-1] + window - SHARED]
        starts.append(wanted[-1] if wanted else starts[-1] + window - SHARED)
    return starts


@dataclass(frozen=True, eq=False)
class _Desk:
    """One window."""

    networks: Networks
    wish: Wish
    first: int

    def denoised(
        self, noise: Latents, before: Latents, kept: NDArray[np.bool_], strength: float, report: Report
    ) -> Latents:
        """Music (C, window), whose kept part is nearly ``before``."""
        import torch

        scheduler = _scheduler(self.wish.steps)
        begin = min(self.wish.steps - 1, round((1 - strength) * self.wish.steps))
        if begin:
            scheduler.set_begin_index(begin)
        wave, music, mask = (torch.from_numpy(item.copy())[None] for item in (noise, before, kept))
        sigma = scheduler.sigmas
        latents = (1 - sigma[begin]) * music + sigma[begin] * wave if begin else wave
        ready = self._conditions()
        with torch.inference_mode():
            for number in range(begin, self.wish.steps):
                report((number - begin) / (self.wish.steps - begin))
                latents = torch.where(mask, (1 - sigma[number]) * music + sigma[number] * wave, latents)
                clean = ready(latents, sigma[number])
                velocity = (latents - clean) / sigma[number]
                latents = scheduler.step(velocity, scheduler.timesteps[number], latents).prev_sample
        found: Latents = latents[0].numpy()
        return found

    def _conditions(self) -> Callable[[Tensor, Tensor], Tensor]:
        """What gives guided music (1, C, window) of noisy latents at a moment: each scene's by its own words."""
        import torch

        scenes = self._scenes()
        guided = [self._guided(words) for _, words in scenes]
        if len(guided) == 1:
            return guided[0]
        edges = [*(first for first, _ in scenes[1:]), self.networks.window]
        cells = torch.arange(self.networks.window)
        masks = [(cells >= first) & (cells < edge) for (first, _), edge in zip(scenes, edges, strict=True)]

        def clean(latents: Tensor, moment: Tensor) -> Tensor:
            parts = [mask * one(latents, moment) for mask, one in zip(masks, guided, strict=True)]
            return torch.stack(parts).sum(0)

        return clean

    def _scenes(self) -> list[tuple[int, str]]:
        """The window's cells from which on words hold."""
        found = [(0, self.wish.words)]
        for scene in self.wish.scenes:
            cell = scene.first - self.first
            if cell <= 0:
                found = [(0, scene.words)]
            elif cell < self.networks.window:
                found.append((cell, scene.words))
        return found

    def _guided(self, words: str) -> Callable[[Tensor, Tensor], Tensor]:
        """Guided music under some words."""
        networks, wish = self.networks, self.wish
        steered = networks.controlformer is not None
        have = Row(bool(words), steered and wish.broad is not None, self._styled, steered)
        plan = guide(wish.scales, have)
        context, lengths = self._context(plan, words)
        control = self._control(plan)
        rotary = _rotary(int(networks.transformer.config.attention_head_dim) // 2, networks.window + 1)
        count = len(plan.rows)

        def clean(latents: Tensor, moment: Tensor) -> Tensor:
            said: Tensor = networks.transformer(
                latents.expand(count, -1, -1),
                moment.reshape(1).expand(count),
                context,
                lengths,
                rotary,
                return_dict=False,
                controlformer=networks.controlformer,
                control=control,
            )[0]
            return plan.combine(said)

        return clean

    @property
    def _styled(self) -> bool:
        return self.networks.stylizer is not None and self.wish.style is not None

    def _context(self, plan: Guide, words: str) -> tuple[Tensor, Tensor]:
        """Words, style and lengths (R, S + 2, W), and the lengths of the global token (R, 1, 2 W)."""
        import torch

        from twopop_models.embedders.sentences import WIDTH, tokens
        from twopop_models.nets.stylizer import place

        networks, wish = self.networks, self.wish
        plain, there = torch.zeros(1, networks.slots, WIDTH), torch.zeros(1, networks.slots, dtype=torch.bool)
        if words:
            found = torch.from_numpy(tokens(words, WORDS))
            plain[0, : len(found)], there[0, : len(found)] = found, True
        with torch.inference_mode():
            begin, whole = torch.tensor([float(self.first)]), torch.tensor([float(wish.cells)])
            told = networks.projection(start_seconds=begin, end_seconds=whole)
            styled = plain
            if networks.stylizer is not None and wish.style is not None:
                pair = (torch.from_numpy(item)[None] for item in (wish.style.vector, wish.style.pooled))
                styled = place(plain, there, networks.stylizer(*pair))
        edges = torch.cat([told.seconds_start_hidden_states, told.seconds_end_hidden_states], dim=1)
        rows = [
            torch.cat([styled if row.style else plain, edges], dim=1)
            if row.text
            else torch.zeros_like(torch.cat([plain, edges], dim=1))
            for row in plan.rows
        ]
        return torch.cat(rows), edges.reshape(1, 1, -1).expand(len(plan.rows), -1, -1)

    def _control(self, plan: Guide) -> ControlInput | None:
        import torch

        from twopop_models.nets.control import ControlInput

        steered = [number for number, row in enumerate(plan.rows) if row.steered]
        if self.networks.controlformer is None or not steered:
            return None
        some = [plan.rows[number] for number in steered]
        events = self._cut(self.wish.events)
        broad = (
            self._cut(self.wish.broad)
            if self.wish.broad is not None
            else torch.zeros(1, CHANNELS, self.networks.window)
        )
        return ControlInput(
            torch.cat([broad if row.broad else torch.zeros_like(broad) for row in some]),
            torch.cat([events if row.events else torch.zeros_like(events) for row in some]),
            torch.tensor(steered),
            self.wish.strength,
        )

    def _cut(self, whole: NDArray[np.float32]) -> Tensor:
        """What this window has of something (X, cells), zero behind its end."""
        import torch

        part = whole[:, self.first : self.first + self.networks.window]
        padded = np.pad(part, ((0, 0), (0, self.networks.window - part.shape[1])))
        return torch.from_numpy(np.ascontiguousarray(padded, np.float32))[None]


def _scheduler(steps: int) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    scheduler = FlowMatchEulerDiscreteScheduler(shift=SHIFT)
    scheduler.set_timesteps(steps)
    return scheduler


def _rotary(size: int, length: int) -> tuple[Tensor, Tensor]:
    from diffusers.models.embeddings import get_1d_rotary_pos_embed

    cosines, sines = get_1d_rotary_pos_embed(size, length, use_real=True, repeat_interleave_real=False)
    return cosines, sines
