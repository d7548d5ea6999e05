"""ACE-Step 1.5: told tempo and key as such, without words to sing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twopop_models.composers.diffusion.decoding import Audio
from twopop_models.composers.waveform import Asked, Waveform, as_audio, at_each_step, published
from twopop_models.devices import Device
from twopop_models.packs.shelf import Pack

if TYPE_CHECKING:
    from torch import Generator

INSTRUMENTAL = "[Instrumental]"
SHORTEST = 10.0
"""Seconds; it was trained on nothing shorter."""


class Composer(Waveform):
    """``AceStepPipeline``."""

    name = "ace_step"
    families = ("ace-step",)
    known = "ace-step-1.5-xl-turbo"

    def open(self, pack: Pack, device: Device) -> Any:
        """The pipeline as published."""
        from diffusers import AceStepPipeline

        return published(AceStepPipeline, pack, device)

    def keeps_out(self, model: Any, asked: Asked) -> bool:  # noqa: ARG002
        """It has no words for that."""
        return False

    def generate(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """At least ten seconds."""
        steps = asked.steps or 8
        guidance = 7.0 if asked.guidance is None else asked.guidance
        made = model(
            asked.prompt,
            INSTRUMENTAL,
            audio_duration=max(seconds, SHORTEST),
            num_inference_steps=steps,
            bpm=round(asked.tempo),
            keyscale=asked.key or None,
            generator=generator,
            guidance_scale=1.0 if model.is_turbo else guidance,  # distilled ones go without
            callback_on_step_end=at_each_step(report, steps),
        )
        return as_audio(made.audios), int(model.vae.config.sampling_rate)
