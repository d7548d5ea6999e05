"""AudioLDM 2 for music: 16 kHz, mono, ten seconds at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twopop_models.composers import pipelines
from twopop_models.composers.diffusion.decoding import Audio
from twopop_models.composers.waveform import Asked, Waveform, as_audio
from twopop_models.devices import Device
from twopop_models.packs.shelf import Pack

if TYPE_CHECKING:
    from torch import Generator


class Composer(Waveform):
    """``AudioLDM2Pipeline``."""

    name = "audioldm2"
    families = ("audioldm2",)
    known = "audioldm2-music"

    def open(self, pack: Pack, device: Device) -> Any:
        """The pipeline as published, in float32: its vocoder is not made for less."""
        from diffusers import AudioLDM2Pipeline

        return pipelines.quiet(
            AudioLDM2Pipeline.from_pretrained(pack.folder, local_files_only=True, use_safetensors=True).to(device.name)
        )

    def generate(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """So many seconds."""
        steps = asked.steps or 200
        made = model(
            asked.prompt,
            audio_length_in_s=seconds,
            num_inference_steps=steps,
            guidance_scale=3.5 if asked.guidance is None else asked.guidance,
            negative_prompt=asked.refused or None,
            generator=generator,
            callback=lambda step, *_: report((step + 1) / steps),
        )
        return as_audio(made.audios), int(model.vocoder.config.sampling_rate)
