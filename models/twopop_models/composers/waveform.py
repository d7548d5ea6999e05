"""What the generators of others share: words in, one sound out, as long as the cue whatever their window is.

A generator is a thin module with a subclass of ``Waveform``: which packs it reads, and how it is called.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from twopop_models import devices
from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers import NOTHING_MORE, Resources, chance, pipelines
from twopop_models.composers.diffusion.decoding import Audio, write
from twopop_models.composers.diffusion.memory import is_shortage
from twopop_models.composers.diffusion.words import prompt, refusal
from twopop_models.composers.pacing import tempo_map
from twopop_models.composers.parting import Parts
from twopop_models.controls import Controls
from twopop_models.devices import Device
from twopop_models.errors import EngineError, TwopopError
from twopop_models.packs import cards
from twopop_models.packs.cards import Card
from twopop_models.packs.cards import Role as PackRole
from twopop_models.packs.shelf import Pack, Shelf
from twopop_models.spotting import mean_bpm
from twopop_models.types import Bridges, Clip, Frames, Hit, Music, Progress, Role, Stage, Track, ignore

if TYPE_CHECKING:
    from torch import Generator

JOIN: Final = 2.0
"""Seconds over which one window gives way to the next, half of a window at most."""


@dataclass(frozen=True)
class Asked:
    """What a generator is asked for, in its own terms. ``refused`` must not be heard; ``steps`` 0 is its own choice."""

    prompt: str
    refused: str
    tempo: float
    key: str
    steps: int
    guidance: float | None
    melody: Track | None


class Waveform(ABC):
    """A composer that calls somebody's pipeline; see the protocol in ``twopop_models.composers``."""

    name: str
    families: tuple[str, ...]
    known: str  # the pack to get where none is installed

    def __init__(self, resources: Resources = NOTHING_MORE) -> None:
        self._resources = resources
        self._parts = Parts(resources)
        self._model: Any = None
        self._device: Device | None = None
        self._pack: Card | None = None

    @abstractmethod
    def open(self, pack: Pack, device: Device) -> Any:
        """The pipeline of a pack, ready to run; only local files and safetensors are read."""

    @abstractmethod
    def generate(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        """At least ``seconds`` of sound, (samples, channels) float32, and its sample rate.

        ``report`` is called at every step with how much is done; it may raise ``Cancelled``.
        """

    def longest(self, model: Any, card: Card) -> float:  # noqa: ARG002  some ask the model
        """Seconds of the model's window."""
        return card.training.longest or 30.0

    def keeps_out(self, model: Any, asked: Asked) -> bool:  # noqa: ARG002  some ask the model
        """Whether the model can be told what must not be heard: on the other side of guidance, if there is any."""
        return asked.guidance is None or asked.guidance > 1

    def hears(self, model: Any) -> tuple[Role, ...]:  # noqa: ARG002  some ask the model
        """Tracks of the music bridge that the model listens to; most read words alone."""
        return ()

    def warm(self) -> None:
        """Read the pack; costs nothing when repeated.

        Raises:
            EngineError: ``pack_missing``, ``pack_corrupt``, ``extra_missing`` or ``device_missing``.

        """
        self._ready()

    def _ready(self) -> tuple[Any, Card, Device]:
        if self._model is None or self._pack is None or self._device is None:
            pack = self.choose(Shelf.at(self._resources.packs))
            pipelines.require(self.name)
            device = devices.choose(self._resources.device)
            try:
                with pipelines.hushed():
                    self._model = self.open(pack, device)
            except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
                raise cards.unusable(pack.card, error) from error
            self._pack, self._device = pack.card, device
        return self._model, self._pack, self._device

    def choose(self, shelf: Shelf) -> Pack:
        """The first installed pack of ours."""
        for family in self.families:
            for card in shelf.of_role(PackRole.PIPELINE, family):
                return shelf.open(card.name)
        text = f"No model for the composer {self.name} is installed"
        raise EngineError("pack_missing", text, f"Run: twopop models get {self.known}")

    def compose(
        self,
        clip: Clip,
        frames: Frames,  # noqa: ARG002  these models do not look
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        *,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress = ignore,
    ) -> Music:
        """Generate one variation into ``folder``; see the protocol.

        Raises:
            Cancelled: from ``progress``.
            ControlError: ``bad_control``.
            EngineError: what ``warm`` raises; ``device_memory``, ``render_failed``.

        """
        progress(Stage.COMPOSE, 0.0)
        self._parts.refuse_impossible(controls, self.name)
        model, card, device = self._ready()
        tempo = tempo_map(clip, hits, bridges, controls)
        bpm = mean_bpm(tempo, max(1, tempo.tick(clip.seconds)))
        asked = asked_of(bridges, controls, bpm)
        path = folder / "music.wav"
        pieces, rate, count = self._sound(model, card, asked, clip, seed, variation, progress)
        write(pieces, rate, path, clip.samples(), controls.ending, lambda done: progress(Stage.RENDER, done))
        stems, parted = self._parts.of(path, controls, folder, progress)
        ran = f"{card.name} on {device.title}, {f'{count} windows crossfaded' if count > 1 else 'one window'}"
        said = (*self._missed(model, asked, bridges, controls), ran, parted)
        return Music(stems, SAMPLE_RATE, clip.samples(), bpm, asked.key, self.name, None, said)

    def _missed(self, model: Any, asked: Asked, bridges: Bridges, controls: Controls) -> Iterator[str]:
        """What was asked and could not be heard."""
        if asked.refused and not self.keeps_out(model, asked):
            yield f"Nothing keeps {asked.refused} out: {self.name} cannot be told so"
        if controls.ending == "loop":
            yield f"The end does not flow into the beginning: {self.name} makes no loops (composer=diffusion does)"
        for role, guide in ((Role.BROAD, controls.guide_broad), (Role.TARGETED, controls.guide_style)):
            if getattr(bridges, role.value) and guide != 0 and role not in self.hears(model):
                yield f"The {role.value} reference was not heard: {self.name} does not listen to it"

    def _sound(
        self, model: Any, card: Card, asked: Asked, clip: Clip, seed: int, variation: int, progress: Progress
    ) -> tuple[Iterator[Audio], int, int]:
        """Windows one after the other, crossfaded; their rate, and how many they are."""
        seconds, longest = float(clip.seconds) + 0.1, self.longest(model, card)
        spans = spread(seconds, longest)
        made = []
        for number, length in enumerate(spans):

            def report(done: float, number: int = number) -> None:
                progress(Stage.COMPOSE, (number + min(1.0, done)) / len(spans))

            made.append(self._window(model, asked, length, chance.dice(seed, variation, number), report))
        rate = made[0][1]
        return iter([joined([sound for sound, _ in made], round(overlap(longest) * rate))]), rate, len(spans)

    def _window(
        self, model: Any, asked: Asked, seconds: float, generator: Generator, report: Callable[[float], None]
    ) -> tuple[Audio, int]:
        try:
            return self.generate(model, asked, seconds, generator, report)
        except TwopopError:
            raise
        except Exception as error:
            if is_shortage(error):
                text = f"The composer {self.name} needs more memory than there is"
                raise EngineError("device_memory", text, "Score a shorter range, or use composer=band.") from error
            text = f"The composer {self.name} failed: {type(error).__name__}: {error}"
            raise EngineError("render_failed", text[:300], "Report it with the server's log.") from error


def asked_of(bridges: Bridges, controls: Controls, bpm: float) -> Asked:
    """The bridges in words; the broad reference is handed on for models that follow a melody."""
    return Asked(
        prompt(bridges, controls, bpm, styled=False),
        refusal(bridges.text, controls),
        bpm,
        controls.key or bridges.text.key,
        controls.steps,
        controls.guidance,
        bridges.broad.track if bridges.broad and controls.guide_broad != 0 else None,
    )


def overlap(longest: float) -> float:
    """Seconds that two windows share."""
    return min(JOIN, longest / 2)


def spread(seconds: float, longest: float) -> tuple[float, ...]:
    """Lengths of the windows whose crossfaded row is at least ``seconds``: one, or so many equal ones."""
    if seconds <= longest:
        return (seconds,)
    shared = overlap(longest)
    count = math.ceil((seconds - shared) / (longest - shared))
    return (longest,) * count


def joined(pieces: list[Audio], shared: int) -> Audio:
    """Pieces in a row, each fading into the next over ``shared`` samples at equal power."""
    result = pieces[0]
    turn = np.linspace(0, np.pi / 2, shared, dtype=np.float32)[:, None]
    for piece in pieces[1:]:
        fade = result[-shared:] * np.cos(turn) + piece[:shared] * np.sin(turn)
        result = np.concatenate([result[:-shared], fade, piece[shared:]])
    return result


def published(kind: Any, pack: Pack, device: Device) -> Any:
    """A pipeline of diffusers as its publisher has it, in the device's numbers; local safetensors only."""
    import torch

    how = {"local_files_only": True, "use_safetensors": True, "dtype": getattr(torch, device.numbers)}
    return pipelines.quiet(kind.from_pretrained(pack.folder, **how).to(device.name))


def at_each_step(report: Callable[[float], None], steps: int) -> Callable[[Any, int, Any, dict[str, Any]], Any]:
    """A ``callback_on_step_end`` that reports and changes nothing."""

    def told(_: Any, step: int, __: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        report((step + 1) / steps)
        return tensors

    return told


def as_audio(tensor: Any) -> Audio:
    """(1, channels, samples) or (1, samples) as (samples, channels) float32."""
    array = np.asarray(tensor.detach().cpu().float() if hasattr(tensor, "detach") else tensor, np.float32)[0]
    return np.ascontiguousarray(array.T if array.ndim == 2 else array[:, None])
