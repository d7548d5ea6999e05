"""Denoising: the scheduler's loop, one guided velocity a step, over one window or many."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from twopop_models.composers.diffusion.conditions import Conditions, Nets
from twopop_models.composers.diffusion.guidance import Guide, Row
from twopop_models.composers.diffusion.noise import Drawn
from twopop_models.composers.diffusion.windows import Layout, Span, ring_weights, weights
from twopop_models.nets.control import ControlInput

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from twopop_models.nets.lean import Recalled

RECALLED: Final = 8
"""Contexts whose keys and values are kept, 20 MB for each row at Stable Audio Open's size; the oldest goes."""
Report = Callable[[float], None]
"""Called at least once a step with how much is done; it may raise ``Cancelled``."""


def unheard(done: float) -> None:
    """The report of those who do not care."""


@dataclass(frozen=True, eq=False)
class Hold:
    """Known music: ``latents`` (1, C, T) and how much of it stays, ``keep`` (T,) or (C, T) from 0 to 1.

    Where all is 0 the music is only the beginning: denoising starts at ``strength`` of the schedule, 1 from
    pure noise. What stays is put back at every step, as noisy as the step is, so that the rest grows to fit it.
    """

    latents: Tensor
    keep: Tensor
    strength: float = 1.0


class Guided(Protocol):
    """What says where music lies."""

    def velocity(self, noisy: Tensor, moment: Tensor, step: int, breathe: Callable[[], None]) -> Tensor:
        """Guided velocity (1, C, T), float32, of noisy latents at one moment (1,), in a step of the schedule.

        ``breathe`` may be called between two passes, and may raise ``Cancelled``.
        """


@dataclass(frozen=True, eq=False)
class Heard:
    """What rows hear in windows that are told the same: context, lengths, and what blocks read of the context."""

    context: Tensor
    lengths: Tensor
    recalled: Recalled


@dataclass(frozen=True)
class Denoiser:
    """Everything that one step needs. ``batched`` computes all rows of guidance at once."""

    models: Nets
    conditions: Conditions
    guide: Guide
    layout: Layout
    batched: bool = True
    heard: dict[object, Heard] = field(init=False, default_factory=dict, repr=False, compare=False)

    def velocity(self, noisy: Tensor, moment: Tensor, step: int, breathe: Callable[[], None]) -> Tensor:
        """See ``Guided``."""
        import torch

        spans = self.layout.at(step)
        if self.layout.looped:
            return self._round(noisy, moment, spans, breathe)
        if len(spans) == 1:
            return self._window(noisy, moment, spans[0])
        result = torch.zeros_like(noisy)
        for span, weight in zip(spans, weights(spans), strict=True):
            breathe()
            part = self._window(noisy[..., span.first : span.stop], moment, span)
            result[..., span.first : span.stop] += part * weight.to(part.device)
        return result

    def _round(self, noisy: Tensor, moment: Tensor, spans: tuple[Span, ...], breathe: Callable[[], None]) -> Tensor:
        """Of latents whose end is followed by their beginning."""
        import torch

        result = torch.zeros_like(noisy)
        for span, weight in zip(spans, ring_weights(spans, noisy.shape[-1]), strict=True):
            breathe()
            part = self._window(span.of(noisy), moment, span)
            result.index_add_(-1, span.places(noisy.shape[-1]).to(part.device), part * weight.to(part.device))
        return result

    def _window(self, noisy: Tensor, moment: Tensor, span: Span) -> Tensor:
        import torch

        rows = self.guide.rows
        batches = (rows,) if self.batched else tuple((row,) for row in rows)
        found = [self._rows(noisy, moment, span, batch) for batch in batches]
        return self.guide.combine(torch.cat(found).to(torch.float32))

    def _rows(self, noisy: Tensor, moment: Tensor, span: Span, rows: tuple[Row, ...]) -> Tensor:
        from twopop_models.nets.rotary import rotary

        models, heard = self.models, self._heard(rows, span)
        answer = models.transformer(
            noisy.expand(len(rows), -1, -1).to(models.transformer.dtype),
            moment,
            encoder_hidden_states=heard.context,
            global_hidden_states=heard.lengths,
            rotary_embedding=rotary(models.transformer, len(span), models.device.name),
            return_dict=False,
            controlformer=models.controlformer,
            control=self._control(rows, span),
            recalled=heard.recalled,
        )
        result: Tensor = answer[0]
        return result

    def _heard(self, rows: tuple[Row, ...], span: Span) -> Heard:
        """What these rows hear there; nothing is kept of windows that are told something new at each step."""
        key = (rows, self.conditions.told(span))
        if key in self.heard:
            return self.heard[key]
        found = self._told(rows, span)
        if self.layout.looped or len(self.layout.spans) < 3:
            while len(self.heard) >= RECALLED:
                del self.heard[next(iter(self.heard))]
            self.heard[key] = found
        return found

    def _told(self, rows: tuple[Row, ...], span: Span) -> Heard:
        import torch

        from twopop_models.nets.lean import Recalled

        seen = [self.conditions.context(row, span) for row in rows]
        context, lengths = (torch.cat(parts) for parts in zip(*seen, strict=True))
        return Heard(context, lengths, Recalled())

    def _control(self, rows: tuple[Row, ...], span: Span) -> ControlInput | None:
        """Time-aligned conditions of the rows that have some; the others cost nothing."""
        import torch

        steered = [number for number, row in enumerate(rows) if row.steered]
        if self.models.controlformer is None or not steered:
            return None
        some = [rows[number] for number in steered]
        return ControlInput(
            latents=self.conditions.stacked("broad", [row.broad for row in some], span),
            events=self.conditions.stacked("events", [row.events for row in some], span),
            rows=None if len(steered) == len(rows) else torch.tensor(steered, device=self.models.device.name),
            scale=self.conditions.strength,
        )


def denoise(
    denoiser: Guided,
    scheduler: Any,
    *,
    steps: int,
    noise: Tensor,
    generator: Generator,
    hold: Hold | None = None,
    tree: bool = True,
    report: Report = unheard,
) -> Tensor:
    """Clean latents (1, C, T), float32.

    Args:
        denoiser: the model under its conditions.
        scheduler: a fresh one of diffusers.
        steps: of the whole schedule; fewer are run from known music.
        noise: (1, C, T) standard normal.
        generator: of the scheduler's own chance.
        hold: known music to keep or to begin with.
        tree: the scheduler's own noise, where it has some, as the stock pipeline's; it keeps copies of the latents
            (torchsde's Brownian tree). False: drawn step by step, which is the same in law and keeps nothing.
        report: see ``Report``.

    """
    import torch

    scheduler.set_timesteps(steps, device=noise.device)
    if not tree and hasattr(scheduler, "noise_sampler"):
        scheduler.noise_sampler = Drawn(tuple(noise.shape), generator)
    begin, latents = _beginning(scheduler, noise, hold)
    moments = scheduler.timesteps[begin:]
    extra = {"generator": generator} if "generator" in inspect.signature(scheduler.step).parameters else {}
    with torch.inference_mode():
        for number, moment in enumerate(moments):
            done = number / len(moments)
            report(done)
            seen = scheduler.scale_model_input(latents, moment) if hasattr(scheduler, "scale_model_input") else latents
            velocity = denoiser.velocity(seen, _model_time(scheduler, moment), begin + number, partial(report, done))
            latents = _stepped(scheduler, velocity, moment, latents, extra)
            if hold is not None:
                latents = _held(scheduler, latents, hold, noise, begin + number + 1)
    report(1.0)
    return latents


def _stepped(scheduler: Any, velocity: Tensor, moment: Tensor, latents: Tensor, extra: dict[str, Generator]) -> Tensor:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Should have t[ab]", UserWarning)  # torchsde, over rounding in float32
        result: Tensor = scheduler.step(velocity, moment, latents, **extra).prev_sample
    return result


def is_flow(scheduler: Any) -> bool:
    """Whether the schedule is a straight flow from noise to music: x = (1 - s) music + s noise."""
    return not hasattr(scheduler, "init_noise_sigma")


def _model_time(scheduler: Any, moment: Tensor) -> Tensor:
    """What the model is told of a moment: flows count their time from 0 to 1."""
    moment = moment.unsqueeze(0)
    return moment / scheduler.config.num_train_timesteps if is_flow(scheduler) else moment


def noised(scheduler: Any, music: Tensor, noise: Tensor, place: int) -> Tensor:
    """Music as noisy as it is before step ``place`` of the schedule."""
    sigma = scheduler.sigmas[place].to(music.device)
    mixed: Tensor = (1 - sigma) * music + sigma * noise if is_flow(scheduler) else music + sigma * noise
    return mixed


def _beginning(scheduler: Any, noise: Tensor, hold: Hold | None) -> tuple[int, Tensor]:
    """The step that denoising begins with, and its latents."""
    count = len(scheduler.timesteps)
    begin = 0 if hold is None else min(count - 1, round((1 - hold.strength) * count))
    if begin and hold is not None:
        scheduler.set_begin_index(begin)
        return begin, noised(scheduler, hold.latents, noise, begin)
    scale = 1.0 if is_flow(scheduler) else scheduler.init_noise_sigma
    return 0, noise * scale


def _held(scheduler: Any, latents: Tensor, hold: Hold, noise: Tensor, place: int) -> Tensor:
    known = noised(scheduler, hold.latents, noise, place)
    return hold.keep * known + (1 - hold.keep) * latents
