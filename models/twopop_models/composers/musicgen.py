"""MusicGen: tokens of sound, one after the other; its melody model follows the broad reference."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twopop_models.analysis.decoding import decode
from twopop_models.composers.diffusion.decoding import Audio
from twopop_models.composers.waveform import Asked, Waveform, as_audio
from twopop_models.devices import Device
from twopop_models.packs import vocabularies
from twopop_models.packs.shelf import Pack
from twopop_models.types import Role, Track

if TYPE_CHECKING:
    from torch import Generator

MELODY_SECONDS = 30


@dataclass(frozen=True)
class Parts:
    """Network, tokenizer, and the melody model's ears."""

    network: Any
    tokenizer: Any
    ears: Any
    device: Device

    @property
    def sample_rate(self) -> int:
        """Of the sound."""
        return int(self.network.config.audio_encoder.sampling_rate)


class Composer(Waveform):
    """``MusicgenForConditionalGeneration`` or ``MusicgenMelodyForConditionalGeneration``."""

    name = "musicgen"
    families = ("musicgen-melody", "musicgen")
    known = "musicgen-small"

    def open(self, pack: Pack, device: Device) -> Parts:
        """Network and tokenizer as published, in float32."""
        import transformers

        melodic = pack.card.family == "musicgen-melody"
        kind = "MusicgenMelodyForConditionalGeneration" if melodic else "MusicgenForConditionalGeneration"
        how = {"local_files_only": True}
        network = getattr(transformers, kind).from_pretrained(pack.folder, use_safetensors=True, **how)
        words = vocabularies.read(pack.folder, pack.folder)
        hearing: Any = transformers.AutoFeatureExtractor
        ears = hearing.from_pretrained(pack.folder, **how) if melodic else None
        return Parts(network.to(device.name).train(False), words, ears, device)

    def keeps_out(self, model: Parts, asked: Asked) -> bool:  # noqa: ARG002
        """It has no words for that."""
        return False

    def hears(self, model: Parts) -> tuple[Role, ...]:
        """The melody model follows the broad reference."""
        return () if model.ears is None else (Role.BROAD,)

    def generate(
        self, model: Parts, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """As many tokens as the seconds need."""
        import torch
        from transformers import StoppingCriteriaList

        config = model.network.config.audio_encoder
        count = math.ceil(seconds * config.sampling_rate / math.prod(config.upsampling_ratios)) + 1
        given = dict(model.tokenizer([asked.prompt], truncation=True, max_length=64, return_tensors="pt"))
        given.pop("token_type_ids", None)
        if model.ears is not None and asked.melody is not None:
            given |= melody(model, asked.melody)
        scale = {} if asked.guidance is None else {"guidance_scale": asked.guidance}
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(generator.initial_seed())
            made = model.network.generate(
                **{name: value.to(model.device.name) for name, value in given.items()},
                do_sample=True,
                max_new_tokens=count + model.network.config.decoder.num_codebooks,
                stopping_criteria=StoppingCriteriaList([_Told(count, report)]),
                **scale,
            )
        return as_audio(made), model.sample_rate


def melody(model: Parts, track: Track) -> dict[str, Any]:
    """The beginning of a track as the melody that is followed."""
    rate = int(model.ears.sampling_rate)
    sound = decode(track.path, rate)[: MELODY_SECONDS * rate]
    return dict(model.ears(sound, sampling_rate=rate, return_tensors="pt"))


class _Told:
    """Reports at every token; stops nothing, unless ``report`` raises."""

    def __init__(self, count: int, report: Callable[[float], None]) -> None:
        self._count, self._done, self._report = count, 0, report

    def __call__(self, tokens: Any, scores: Any, **more: Any) -> Any:  # noqa: ARG002
        import torch

        self._done += 1
        self._report(self._done / self._count)
        return torch.zeros(tokens.shape[0], dtype=torch.bool, device=tokens.device)
