"""Stable Audio Open as its publisher runs it: text alone, always a full window of 47 seconds."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from twopop_models.composers import NOTHING_MORE, Resources, pipelines
from twopop_models.composers.diffusion import lineup
from twopop_models.composers.diffusion.decoding import Audio, decode
from twopop_models.composers.waveform import Asked, Waveform
from twopop_models.devices import Device
from twopop_models.packs.cards import Card
from twopop_models.packs.shelf import Pack, Shelf

if TYPE_CHECKING:
    from torch import Generator


class Composer(Waveform):
    """``StableAudioPipeline`` on the packs that ``diffusion`` uses, without its modules."""

    name = "stable_audio"
    families = ()
    known = lineup.KNOWN

    def __init__(self, resources: Resources = NOTHING_MORE) -> None:
        super().__init__(resources)
        self._packs: lineup.Lineup | None = None

    def choose(self, shelf: Shelf) -> Pack:
        """The transformer of the line-up."""
        self._packs = lineup.choose(shelf)
        return self._packs.transformer

    def open(self, pack: Pack, device: Device) -> Any:
        """The pipeline, put together."""
        from diffusers import StableAudioPipeline

        assert self._packs is not None  # noqa: S101  chosen before
        models = lineup.load(self._packs, device)
        parts = (models.autoencoder, models.text_encoder, models.projection, models.tokenizer, models.transformer)
        return pipelines.quiet(StableAudioPipeline(*parts, lineup.scheduler(pack.folder / "scheduler")))

    def longest(self, model: Any, card: Card) -> float:  # noqa: ARG002
        """The transformer's window."""
        return self._window_seconds(model)

    def _window_seconds(self, model: Any) -> float:
        return float(model.transformer.config.sample_size * model.vae.hop_length / model.vae.config.sampling_rate)

    def generate(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """A full window, cut to ``seconds``."""
        steps = asked.steps or 100
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Should have t[ab]", UserWarning)  # torchsde, over rounding in float32
            made = model(
                asked.prompt,
                negative_prompt=asked.refused or None,
                audio_end_in_s=min(seconds, self._window_seconds(model)),
                num_inference_steps=steps,
                guidance_scale=7.0 if asked.guidance is None else asked.guidance,
                generator=generator,
                callback=lambda step, *_: report((step + 1) / steps),
                output_type="latent",
            )
        rate = int(model.vae.config.sampling_rate)
        pieces = []
        for piece in decode(model.vae, made.audios):  # in float32, whatever the transformer took
            report(1.0)  # a piece takes seconds on a CPU
            pieces.append(piece)
        sound = np.concatenate(pieces)
        return sound[: round(seconds * rate)], rate
