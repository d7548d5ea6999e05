"""Stable Audio 3: rectified flow of variable length, eight steps where it is distilled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twopop_models.composers.diffusion.decoding import Audio
from twopop_models.composers.waveform import Asked, Waveform, as_audio, quiet
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
        import torch
        from diffusers import StableAudio3Pipeline

        numbers = getattr(torch, device.numbers)
        how = {"local_files_only": True, "use_safetensors": True, "dtype": numbers}
        return quiet(StableAudio3Pipeline.from_pretrained(pack.folder, **how).to(device.name))

    def generate(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """Only as many frames as are needed."""
        steps = asked.steps or 8

        def told(_: Any, step: int, __: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            report((step + 1) / steps)
            return tensors

        scale = 1.0 if asked.guidance is None else asked.guidance
        made = model(
            asked.prompt,
            duration=seconds,
            num_inference_steps=steps,
            guidance_scale=scale,
            negative_prompt=asked.refused or None if scale > 1 else None,
            generator=generator,
            callback_on_step_end=told,
        )
        return as_audio(made.audios), int(model.vae.config.sampling_rate)
