"""Composer ``diffusion``: VMB's explicitly conditioned generation on a latent diffusion transformer.

::

    packs -> networks (``lineup``, ``devices``)
    description + attributes -> tokens (``words``) ------------------------------.
    targeted reference -> style tokens (``references``) -------------------------+-> ``conditions``
    broad reference -> latents on the cue's time (``references``) ---------------+       |
    picture, hits, bars -> event curves (``curves``) ----------------------------'       v
    noise -> steps (``sampling``) under scales (``guidance``) in windows (``windows``) -> latents
    latents -> sound of exact length (``decoding``), taken apart by a separator where one is installed
    ``job`` is all of it for one variation; ``editing`` goes on from sound; ``memory`` does with less
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twopop_models import devices
from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers import NOTHING_MORE, Kept, Resources
from twopop_models.composers.diffusion import lineup, memory
from twopop_models.composers.diffusion.job import Job
from twopop_models.composers.pacing import tempo_map
from twopop_models.composers.parting import Parts
from twopop_models.controls import Controls
from twopop_models.packs.shelf import Shelf
from twopop_models.spotting import mean_bpm
from twopop_models.types import Bridges, Clip, Frames, Hit, Music, Progress, Stage, ignore


class Composer:
    """Sound by diffusion; see the protocol in ``twopop_models.composers``.

    Args:
        resources: of them, the packs and the device.

    """

    name = "diffusion"

    def __init__(self, resources: Resources = NOTHING_MORE) -> None:
        self._resources = resources
        self._packs: lineup.Lineup | None = None
        self._models: lineup.Models | None = None
        self._parts = Parts(resources)

    def warm(self) -> None:
        """Read the networks; costs nothing when repeated.

        Raises:
            EngineError: ``pack_missing``, ``pack_corrupt``, ``extra_missing`` or ``device_missing``.

        """
        self.ready()

    def ready(self, breathe: Callable[[], None] = lambda: None) -> tuple[lineup.Lineup, lineup.Models]:
        """The line-up and its networks, read now if they were not; ``breathe`` as in ``lineup.load``."""
        if self._packs is None or self._models is None:
            packs = lineup.choose(Shelf.at(self._resources.packs))
            self._models = lineup.load(packs, devices.choose(self._resources.device), breathe)
            self._packs = packs
        return self._packs, self._models

    def compose(
        self,
        clip: Clip,
        frames: Frames,
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
            ControlError: ``bad_control``, a stem is asked for that only a separator could make, or nothing may sound.
            EngineError: what ``warm`` raises; ``device_memory``.

        """
        return self._make(clip, frames, bridges, hits, controls, None, seed, variation, folder, progress)

    def edit(
        self,
        clip: Clip,
        frames: Frames,
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        kept: Kept,
        *,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress = ignore,
    ) -> Music:
        """Generate from sound that there is: a variation, a range made anew, a longer cue; see the protocol."""
        return self._make(clip, frames, bridges, hits, controls, kept, seed, variation, folder, progress)

    def _make(
        self,
        clip: Clip,
        frames: Frames,
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        kept: Kept | None,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress,
    ) -> Music:
        progress(Stage.COMPOSE, 0.0)
        self._parts.refuse_impossible(controls, self.name)
        packs, models = self.ready(lambda: progress(Stage.COMPOSE, 0.0))
        tempo = kept.tempo if kept and kept.tempo else tempo_map(clip, hits, bridges, controls)
        job = Job(packs, models, clip, frames, bridges, hits, controls, tempo, seed, variation, kept)
        path = folder / "music.wav"
        said, thrift = memory.frugal(lambda rung: job.run(rung, path, progress), models.device.name)
        stems, parted = self._parts.of(path, controls, folder, progress)
        return Music(
            stems,
            SAMPLE_RATE,
            clip.samples(),
            mean_bpm(tempo, max(1, tempo.tick(clip.seconds))),
            controls.key or bridges.text.key,
            "diffusion",
            None,
            (*said, *thrift, parted),
        )
