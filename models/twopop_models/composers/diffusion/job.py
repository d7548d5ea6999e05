"""One variation of one request, from its bridges to a file: every choice that the controls and packs leave open."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from twopop_models.composers import Kept, chance
from twopop_models.composers.diffusion import (
    conditions,
    curves,
    decoding,
    editing,
    guidance,
    lineup,
    memory,
    references,
    sampling,
    windows,
    words,
)
from twopop_models.composers.diffusion.memory import Thrift
from twopop_models.composers.pacing import whole_bars
from twopop_models.controls import Controls
from twopop_models.spotting import mean_bpm
from twopop_models.types import Bridges, Clip, Frames, Hit, Progress, Role, Stage

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from twopop_models.score import TempoMap

STEPS: Final = 100
"""Steps of a model that was not made for few, as Stable Audio Open's own default."""
GUIDANCE: Final = 7.0
FOLLOW: Final = 70.0
"""The control ``follow`` at which the control branch counts as it was trained."""


@dataclass(frozen=True, eq=False)
class Job:
    """One variation of one request."""

    packs: lineup.Lineup
    models: lineup.Models
    clip: Clip
    frames: Frames
    bridges: Bridges
    hits: tuple[Hit, ...]
    controls: Controls
    tempo: TempoMap
    seed: int
    variation: int
    kept: Kept | None = None

    def run(self, thrift: Thrift, path: Path, progress: Progress) -> tuple[str, ...]:
        """Generate and write; returns what a person should know of it."""
        models, scheduler = self.models, lineup.scheduler(self.models.schedule)
        plan = self.layout(thrift)

        def breathe() -> None:
            progress(Stage.COMPOSE, 0.0)

        laid = self._laid(plan, breathe)
        given, known = self.conditions(plan, laid, breathe), self._hold(plan, laid, breathe)
        guide = guidance.guide(self.scales(), given.there)
        with self.aside(thrift):
            latents = sampling.denoise(
                sampling.Denoiser(models, given, guide, plan, thrift.batched),
                scheduler,
                steps=self.steps,
                noise=self.noise(plan.frames),
                generator=self.generator("steps"),
                hold=known,
                tree=len(plan.spans) == 1 and not plan.looped,
                report=lambda done: progress(Stage.COMPOSE, done),
            )
        self._write(latents, plan, thrift, path, lambda done: progress(Stage.RENDER, done))
        return self.said(plan, given.there, type(scheduler).__name__)

    def _write(
        self, latents: Tensor, plan: windows.Layout, thrift: Thrift, path: Path, report: Callable[[float], None]
    ) -> None:
        models, samples = self.models, self.clip.samples()
        if plan.looped:
            pieces = decoding.decode_round(models.autoencoder, latents, thrift.chunk)
            decoding.write_round(pieces, plan.frames, models.hop, path, samples, report)
        else:
            pieces = decoding.decode(models.autoencoder, latents, thrift.chunk)
            decoding.write(pieces, models.sample_rate, path, samples, self.controls.ending, report)

    def layout(self, thrift: Thrift) -> windows.Layout:
        """How many latent frames, in which windows."""
        asked = self.clip.samples(), self.models.sample_rate, self.models.hop
        any_length = self.packs.transformer.card.training.any_length
        window = max(2, self.models.window // thrift.windows)
        if self.controls.ending == "loop":
            return windows.ring(decoding.period_for(*asked), window, any_length)
        return windows.layout(decoding.frames_for(*asked), window, any_length)

    @property
    def steps(self) -> int:
        """Of the schedule: asked for, or what the model was made for."""
        return self.controls.steps or self.packs.transformer.card.training.few_steps or STEPS

    def scales(self) -> guidance.Scales:
        """As asked; a model of few steps was made to go without guidance."""
        asked, few = self.controls, self.packs.transformer.card.training.few_steps
        text = (1.0 if few else GUIDANCE) if asked.guidance is None else asked.guidance
        return guidance.Scales(text, asked.guide_broad, asked.guide_style, asked.guide_events)

    def conditions(
        self, plan: windows.Layout, laid: Tensor | None, breathe: Callable[[], None]
    ) -> conditions.Conditions:
        """The bridges, as far as there are networks for them; ``laid`` is the broad reference, see ``_laid``."""
        models, controls = self.models, self.controls
        style = self._style(breathe)
        text = words.prompt(self.bridges, controls, self.bpm, style is not None)
        refused = words.refusal(self.bridges.text, controls)
        return conditions.Conditions(
            models,
            words.encode(models, text, 0 if style is None else style.shape[1]),
            words.encode(models, refused) if refused else None,
            float(self.clip.seconds),
            self._broad(laid),
            style,
            self._events(plan),
            controls.follow / FOLLOW,
            plan.looped,
        )

    @property
    def bpm(self) -> float:
        """The cue's mean tempo."""
        return mean_bpm(self.tempo, max(1, self.tempo.tick(self.clip.seconds)))

    def _laid(self, plan: windows.Layout, breathe: Callable[[], None]) -> Tensor | None:
        """Latents of the broad reference on the cue's time, where anything will hear them."""
        if self.bridges.broad is None or not (self._steered or self._begun):
            return None
        encoder = references.Encoder.of(self.models, breathe)
        return references.laid(encoder, self.bridges.broad.track, self._timing(plan))

    @property
    def _steered(self) -> bool:
        """Whether the control branch is to follow the broad reference."""
        return self.models.controlformer is not None and self.controls.guide_broad != 0

    @property
    def _begun(self) -> bool:
        """Whether denoising begins with the broad reference."""
        return self.kept is None and self.controls.strength < 100

    def _broad(self, laid: Tensor | None) -> Tensor | None:
        if laid is None or not self._steered:
            return None
        return references.blurred(laid, references.MOST_BLUR * (1 - self.controls.follow / 100))

    def _timing(self, plan: windows.Layout) -> references.Timing:
        """The cue's clock for the broad reference."""
        seconds = self.models.hop / self.models.sample_rate
        downbeat = round(float(self.tempo.seconds(self.tempo.pickup)) / seconds)
        return references.Timing(plan.frames, downbeat, self.bpm)

    def _hold(self, plan: windows.Layout, laid: Tensor | None, breathe: Callable[[], None]) -> sampling.Hold | None:
        """What denoising begins with or must keep."""
        strength = self.controls.strength / 100
        if self.kept is not None:
            return editing.hold(self.models, self.kept, plan.frames, strength, breathe, plan.looped)
        return editing.from_reference(laid, strength) if laid is not None and self._begun else None

    def _events(self, plan: windows.Layout) -> Tensor | None:
        import torch

        branch = self.models.controlformer
        if branch is None or branch.event_gate is None or self.controls.guide_events == 0:
            return None
        step = self.models.hop / self.models.sample_rate
        broad = self.bridges.broad.track if self.bridges.broad else None
        found = curves.curves(self.frames, self.hits, self.tempo, broad, plan.frames, step)
        return torch.from_numpy(found).unsqueeze(0).to(self.models.device.name)

    def _style(self, breathe: Callable[[], None]) -> Tensor | None:
        if self.bridges.targeted is None or self.controls.guide_style == 0:
            return None
        return references.style(self.models, self.bridges.targeted.track, breathe)

    def generator(self, purpose: str) -> Generator:
        """Chance for one purpose."""
        return chance.dice(self.seed, self.variation, *purpose.encode())

    def noise(self, frames: int) -> Tensor:
        """(1, C, T) standard normal."""
        import torch

        made = torch.randn((1, self.models.channels, frames), generator=self.generator("noise"))
        return made.to(self.models.device.name)

    @contextlib.contextmanager
    def aside(self, thrift: Thrift) -> Iterator[None]:
        """While the block runs, the autoencoder waits in main memory, if thrift asks for it and that helps."""
        models = self.models
        away = thrift.offload and models.device.name != "cpu"
        if away:
            models.autoencoder.to("cpu")
            memory.forget()
        try:
            yield
        finally:
            if away:
                models.autoencoder.to(models.device.name)

    def said(self, plan: windows.Layout, there: guidance.Row, scheduler: str) -> tuple[str, ...]:
        """What ran, for the take's card."""
        steered = [name for name in ("broad", "style", "events") if getattr(there, name)]
        by = f", steered by {', '.join(steered)}" if steered else ", by text alone"
        return (
            *self._unheard(there),
            *self._unsaid(),
            f"{' + '.join(self.packs.names)} on {self.models.device}",
            f"{self.steps} steps of {scheduler}{by}",
            *self._placed(plan),
        )

    def _placed(self, plan: windows.Layout) -> Iterator[str]:
        """Which frames were computed, and of a loop, whether its joint is a bar line."""
        yield plan.said
        if plan.looped and not whole_bars(self.tempo, self.tempo.tick(self.clip.seconds)):
            yield "The range is no whole number of bars, so the loop's seam is not a bar line."

    def _unheard(self, there: guidance.Row) -> Iterator[str]:
        """References that were found, wanted, and have no network to hear them."""
        for role, name in ((Role.BROAD, "broad"), (Role.TARGETED, "style")):
            wanted = getattr(self.bridges, role.value) and getattr(self.controls, f"guide_{name}") != 0
            if wanted and not getattr(there, name):
                yield f"The {role.value} reference was not heard: no pack for it is installed (twopop models list)"

    def _unsaid(self) -> Iterator[str]:
        """What must not be heard stands on the other side of guidance, and without guidance there is none."""
        refused = words.refusal(self.bridges.text, self.controls)
        if refused and self.scales().text == 1:
            yield f"Nothing keeps {refused} out: the model runs without guidance (set guidance above 1)"
