"""VMB on one screen (arXiv 2412.09428): picture, text bridge, music bridge, composer, stems.

    picture -> Description (text bridge) -> references broad + targeted (music bridge) -> music -> stems

The text bridge can be edited (control ``text``) and each track of the music bridge replaced or
turned off (control ``reference``). Looking at a picture and describing it are remembered by
content, so a second request for the same picture begins where it differs from the first.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeVar

import twopop_models.listening as listening
import twopop_models.midi as midi
from twopop_models import picture
from twopop_models.bwf import Stamp
from twopop_models.cache import StageCache
from twopop_models.composers import Composer
from twopop_models.controls import Controls
from twopop_models.describers import Describer
from twopop_models.describers.wording import amend, read_text
from twopop_models.gate import Limits
from twopop_models.mastering import Mastered, master
from twopop_models.retrieval import Retriever, bridge
from twopop_models.rework import session
from twopop_models.spotting import check_hits, choose_hits
from twopop_models.types import (
    Bridges,
    Clip,
    Cue,
    Description,
    Frames,
    Hit,
    Landing,
    Music,
    Progress,
    Reference,
    Stage,
    Stem,
    Take,
    ignore,
)

CEILING_DBTP = -1.0

Result = TypeVar("Result")


class Listener(Protocol):
    """Who wants to hear of the bridges as soon as they stand."""

    def description(self, text: str) -> None:
        """The text bridge, as one or two sentences."""

    def reference(self, reference: Reference) -> None:
        """One track of the music bridge."""

    def hit(self, landing: Landing) -> None:
        """Where one hit of the first variation landed."""


@dataclass(frozen=True)
class Engine:
    """The back ends that a job is made with."""

    describer: Describer
    retriever: Retriever
    composer: Composer
    cache: StageCache
    limits: Limits


@dataclass
class Stopwatch:
    """Seconds spent in each stage, and which stages were remembered instead of run."""

    seconds: dict[str, float] = field(default_factory=dict)
    remembered: list[str] = field(default_factory=list)

    @contextmanager
    def timing(self, stage: Stage) -> Iterator[None]:
        """Add the time of the block to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage.value] = self.seconds.get(stage.value, 0.0) + time.perf_counter() - start


def score(
    clip: Clip,
    controls: Controls,
    *,
    engine: Engine,
    folder: Path,
    stamp: Stamp,
    listener: Listener,
    progress: Progress = ignore,
) -> Take:
    """Score a clip into ``folder`` (which exists): mastered stems, their mix and MIDI per variation.

    Raises:
        TwopopError: any leaf, with a stable code; ``Cancelled`` when ``progress`` raised it.

    """
    watch = Stopwatch()
    controls.check(clip)
    check_hits(controls, engine.limits)
    frames = look(clip, engine, watch, progress)
    text = describe(frames, controls, engine, watch, progress)  # the text bridge
    listener.description(text.sentence)
    with watch.timing(Stage.RETRIEVE):  # the music bridge
        progress(Stage.RETRIEVE, 0.0)
        broad, targeted = bridge(
            text, controls, retriever=engine.retriever, roots=engine.limits.roots, progress=progress
        )
        for reference in filter(None, (broad, targeted)):
            listener.reference(reference)
        progress(Stage.RETRIEVE, 1.0)
    bridges = Bridges(text, broad, targeted)
    hits = choose_hits(frames, controls, engine.limits)
    score_variation = _Scorer(clip, controls, frames, bridges, engine, folder, stamp, watch, progress)
    cues = tuple(score_variation(number, hits) for number in range(controls.variations))
    for landing in cues[0].landings:
        listener.hit(landing)
    return Take(clip, controls, frames, bridges, hits, cues, dict(watch.seconds), remembered=tuple(watch.remembered))


def look(clip: Clip, engine: Engine, watch: Stopwatch, progress: Progress) -> Frames:
    """Frames of the clip, remembered by the content of its media."""
    with watch.timing(Stage.PICTURE):
        return _remembered(
            engine.cache.frames(clip, engine.limits),
            Stage.PICTURE,
            watch,
            progress,
            lambda: engine.cache.keep_frames(picture.look(clip, engine.limits, progress=progress), engine.limits),
        )


def describe(frames: Frames, controls: Controls, engine: Engine, watch: Stopwatch, progress: Progress) -> Description:
    """The text bridge: what the picture says, amended by what the user says."""
    with watch.timing(Stage.DESCRIBE):
        if frames.facts.kind == "text":
            return amend(read_text(controls.text), controls)
        author = engine.describer
        seen = _remembered(
            engine.cache.description(frames.clip, author.name, engine.limits),
            Stage.DESCRIBE,
            watch,
            progress,
            lambda: engine.cache.keep_description(
                frames.clip, author.name, engine.limits, author.describe(frames, progress)
            ),
        )
        return amend(seen, controls)


def _remembered(
    found: Result | None, stage: Stage, watch: Stopwatch, progress: Progress, work: Callable[[], Result]
) -> Result:
    """What the cache holds, or the result of doing the work."""
    if found is None:
        progress(stage, 0.0)
        found = work()
    else:
        watch.remembered.append(stage.value)
    progress(stage, 1.0)
    return found


@dataclass(frozen=True)
class _Scorer:
    """Everything that the variations of one request share."""

    clip: Clip
    controls: Controls
    frames: Frames
    bridges: Bridges
    engine: Engine
    folder: Path
    stamp: Stamp
    watch: Stopwatch
    progress: Progress

    def __call__(self, number: int, hits: tuple[Hit, ...]) -> Cue:
        """Compose, render, master and listen to one variation."""
        report = share(self.progress, number, self.controls.variations)
        scratch = self.folder / f".raw-{number}"
        scratch.mkdir()
        with self.watch.timing(Stage.COMPOSE):
            music = self.engine.composer.compose(
                self.clip,
                self.frames,
                self.bridges,
                hits,
                self.controls,
                seed=self.controls.seed,
                variation=number,
                folder=scratch,
                progress=report,
            )
        with self.watch.timing(Stage.MASTER):
            mastered = master(
                music.stems,
                target=self.controls.loudness,
                ceiling=CEILING_DBTP,
                samples=music.samples,
                sample_rate=music.sample_rate,
                folder=self.folder / f"v{number + 1}",
                stamp=replace(self.stamp, variation=number),
                progress=report,
            )
            landings = listening.landings(mastered.mix, self.clip, hits, music.score)
        shutil.rmtree(scratch)
        music = replace(music, notes=music.notes + mastered.notes)
        return self._cue(number, music, mastered, landings)

    def _cue(self, number: int, music: Music, mastered: Mastered, landings: tuple[Landing, ...]) -> Cue:
        kept = session.of(
            music,
            mastered.curve,
            composer=self.engine.composer.name,
            clip=self.clip,
            controls=self.controls,
            variation=number,
            bridges=self.bridges,
            hits=tuple(landing.hit for landing in landings),
        )
        session.save(kept, mastered.curve, mastered.mix.parent)
        return cue_of(self.clip, self.controls.seed, number, music, mastered, landings)


def cue_of(clip: Clip, seed: int, number: int, music: Music, mastered: Mastered, landings: tuple[Landing, ...]) -> Cue:
    """A finished variation, its MIDI written beside its sound; ``mastered`` has a file for each of music's stems."""
    folder, sheet = mastered.mix.parent, None
    if music.score is not None:
        sheet = midi.write_all(music.score, folder, clip, tuple(landing.hit for landing in landings))
    stems = tuple(
        Stem(raw.name, path, music.samples, music.sample_rate, number, sheet and midi.of_stem(sheet, raw.name))
        for raw, path in zip(music.stems, mastered.stems, strict=True)
    )
    level = mastered.loudness
    return Cue(number, seed, stems, mastered.mix, sheet, music, landings, level.integrated, level.true_peak)


def share(progress: Progress, number: int, count: int) -> Progress:
    """Progress of one of several variations as progress of the whole stage."""
    return lambda stage, fraction: progress(stage, (number + fraction) / count)
