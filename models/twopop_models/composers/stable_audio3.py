"""Stable Audio 3: rectified flow of variable length, eight steps where it is distilled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twopop_models.composers.diffusion.decoding import Audio
from twopop_models.composers.waveform import Asked, Waveform, as_audio, at_each_step, published
from twopop_models.devices import Device
from twopop_models.packs.shelf import Pack

if TYPE_CHECKING:
    from torch import Generator


class Composer(Waveform):
    """``StableAudio3Pipeline``."""

    name = "stable_audio3"
    families = ("stable-audio-3",)
    known = "stable-audio-3-medium"

    def open(self, pack: Pack, device: Device) -> Any:
        """The pipeline as published; the autoencoder, too, in the device's numbers."""
        from diffusers import StableAudio3Pipeline

        return published(StableAudio3Pipeline, pack, device)

    def keeps_out(self, model: Any, asked: Asked) -> bool:  # noqa: ARG002
        """Only under guidance, which a distilled model does without."""
        return (asked.guidance or 1.0) > 1

    def generate(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """Only as many frames as are needed."""
        steps = asked.steps or 8

        scale = 1.0 if asked.guidance is None else asked.guidance
        made = model(
            asked.prompt,
            duration=seconds,
            num_inference_steps=steps,
            guidance_scale=scale,
            negative_prompt=(asked.refused or None) if scale > 1 else None,
            generator=generator,
            callback_on_step_end=at_each_step(report, steps),
        )
        return as_audio(made.audios), int(model.vae.config.sampling_rate)
