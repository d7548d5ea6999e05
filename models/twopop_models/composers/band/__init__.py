"""Composer ``band``: writes a score to the picture and plays it on a SoundFont.

Rooms in order of work: ``briefing`` and ``moods`` (what is decided), ``players``; ``form`` with ``sectioning``,
``energies``, ``textures`` and ``regions``; ``changes``, ``enriching`` and ``harmony`` (chords); ``styles``, one file
per family, which play by ``figures`` or by ``comping``, ``bassline``, ``drumming`` and ``tunes``, in any meter
(``grouping``); ``hits``, ``answers`` and ``gestures``; ``shaping`` and ``polish`` (hands), ``leading``, ``holes``,
``endings``, ``tuning``. ``busyness`` (how much begins) and ``dynamics`` (how loud) follow the references.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from twopop_models.composers import NOTHING_MORE, Again, Resources, playing
from twopop_models.composers.band.desk import Desk
from twopop_models.composers.band.writing import driven, open_desk, write
from twopop_models.controls import Controls
from twopop_models.types import Bridges, Clip, Frames, Hit, Music, Progress, Stage, ignore

__all__ = ["Composer", "write"]


class Composer:
    """Symbolic composition, rendered; see the protocol in ``twopop_models.composers``.

    Args:
        resources: of them, the SoundFont.

    """

    name = "band"
    varies = False

    def __init__(self, resources: Resources = NOTHING_MORE) -> None:
        self._soundfont = resources.soundfont

    def warm(self) -> None:
        """Read the SoundFont and build the room; costs nothing when repeated.

        Raises:
            EngineError: ``asset_missing`` or ``asset_corrupt``.

        """
        playing.warm(self._soundfont)

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
        """Write one variation and render it into ``folder``; see the protocol.

        Raises:
            Cancelled: from ``progress``.
            ControlError: ``bad_control``, every instrument is forbidden.
            EngineError: ``asset_missing``, ``asset_corrupt`` or ``render_failed``.

        """
        progress(Stage.COMPOSE, 0.0)
        desk = open_desk(clip, frames, bridges, hits, controls, seed=seed, variation=variation)
        return self._played(desk, hits, folder, progress)

    def compose_again(
        self,
        clip: Clip,
        frames: Frames,
        bridges: Bridges,
        hits: tuple[Hit, ...],
        controls: Controls,
        again: Again,
        *,
        seed: int,
        variation: int,
        folder: Path,
        progress: Progress = ignore,
    ) -> Music:
        """Write some stems anew over the same chart, and render them alone; see ``composers.Reworker``.

        Raises:
            Cancelled: from ``progress``.
            EngineError: ``asset_missing``, ``asset_corrupt`` or ``render_failed``.

        """
        progress(Stage.COMPOSE, 0.0)
        controls = replace(controls, stems=again.stems)
        desk = open_desk(clip, frames, bridges, hits, controls, seed=seed, variation=variation, again=again)
        return self._played(desk, hits, folder, progress)

    def _played(self, desk: Desk, hits: tuple[Hit, ...], folder: Path, progress: Progress) -> Music:
        score, font = desk.as_full_as_its_reference(hits).score(hits), self._soundfont
        return playing.play(score, desk.clip, hits, desk.controls, folder, progress, soundfont=font, said=driven(desk))
