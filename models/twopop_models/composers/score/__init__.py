"""Composer ``score``: a small trained VMB whose latents are scores on a beat grid.

Rooms in order of work: ``job`` (one variation: the plan and the wish, then the score), ``words``, ``references``
and ``happenings`` (the conditions), ``networks`` and ``sampling`` (the pack and its denoising), ``sheets`` (what it
wrote, as the band's desk reads it: hits, hands, endings, balance and limits are the same for both composers).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from twopop_models.composers import NOTHING_MORE, Again, Resources, playing
from twopop_models.controls import Controls
from twopop_models.types import Bridges, Clip, Frames, Hit, Music, Progress, Stage, ignore


class Composer:
    """Trained composition on a beat grid, rendered; see the protocol in ``twopop_models.composers``.

    Args:
        resources: of them, the SoundFont; the pack ships.

    """

    name = "score"
    varies = True

    def __init__(self, resources: Resources = NOTHING_MORE) -> None:
        self._soundfont = resources.soundfont

    def warm(self) -> None:
        """Read the networks and the SoundFont; costs nothing when repeated.

        Raises:
            EngineError: ``extra_missing``, ``pack_missing``, ``pack_corrupt``, ``asset_missing`` or
                ``asset_corrupt``.

        """
        from twopop_models.composers.score import networks
        from twopop_models.embedders.sentences import tokens

        networks.load()
        tokens("ready", 4)
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
            EngineError: as ``warm``, or ``render_failed``.
            LibraryError: ``track_missing`` or ``track_unreadable``, a reference cannot be heard.

        """
        from twopop_models.composers.score.job import Job

        progress(Stage.COMPOSE, 0.0)
        job = Job(clip, frames, bridges, hits, controls, seed, variation)
        score, said = job.score(lambda done: progress(Stage.COMPOSE, done))
        return playing.play(score, clip, hits, controls, folder, progress, soundfont=self._soundfont, said=said)

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
        """Write some stems anew against the others, and render them alone; see ``composers.Reworker``.

        The rest is what ``compose`` writes for the same arguments; the network fills in the stems' lanes. Raises
        what ``compose`` does.
        """
        from twopop_models.composers.score.job import Job

        progress(Stage.COMPOSE, 0.0)
        wanted = replace(controls, stems=again.stems)
        job = Job(clip, frames, bridges, hits, wanted, seed, variation, again)
        score, said = job.score(lambda done: progress(Stage.COMPOSE, done))
        return playing.play(score, clip, hits, wanted, folder, progress, soundfont=self._soundfont, said=said)
