"""The way of a request that keeps a take: open it, see that it fits, write anew what is asked, put both together."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, fields, replace
from pathlib import Path

from twopop_models import listening
from twopop_models.bwf import Stamp
from twopop_models.composers import Again, Reworker
from twopop_models.controls import Controls
from twopop_models.errors import BaseError, MediaError
from twopop_models.gate import admit
from twopop_models.mastering import Mastered
from twopop_models.mastering.limiter import Curve
from twopop_models.pipeline import CEILING_DBTP, Engine, Listener, Stopwatch, cue_of, look, share
from twopop_models.rework import session as sessions
from twopop_models.rework import telling
from twopop_models.rework.mixdown import Console, Mixdown
from twopop_models.rework.session import Session
from twopop_models.rework.spans import Span, merged, span_of, window_of
from twopop_models.score import Score
from twopop_models.types import Bridges, Clip, Cue, Frames, Music, Progress, RawStem, Stage, Take, ignore
from twopop_models.vocabulary import STEMS

OWN = frozenset({"base", "redo", "stems", "seed", "variations"})
"""Controls that a request beside ``base`` may set; all others are the base's."""


@dataclass(frozen=True)
class Base:
    """One variation of a finished take: its session, its mastering gain and the files of its stems."""

    session: Session
    curve: Curve
    stems: tuple[Path, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The stems that it has, in order."""
        return self.session.stems

    @property
    def mix(self) -> Path:
        """The file of their sum."""
        return self.stems[0].parent / "mix.wav"


def open_base(take: Path, variation: int) -> Base:
    """Variation ``variation``, from 0, of the take in a folder; nothing outside that folder is read.

    Raises:
        BaseError: ``base_missing`` or ``base_no_score``.

    """
    folder = take / f"v{variation + 1}"
    if not folder.is_dir():
        raise BaseError("base_missing", f"The base take has no variation {variation + 1}", "Name one that it has")
    try:
        admit(folder / sessions.NAME, (take,))
        session, curve = sessions.load(folder)
        if not set(session.stems) <= set(STEMS):
            raise BaseError("base_no_score", "The base take's score names unknown stems", "Score the range again")
        return Base(session, curve, tuple(admit(folder / f"{name}.wav", (take,)) for name in session.stems))
    except MediaError as error:
        raise BaseError("base_no_score", f"A file of the base take is missing: {error.text}", "Score again") from error


def rework(
    clip: Clip,
    controls: Controls,
    base: Base,
    *,
    engine: Engine,
    folder: Path,
    stamp: Stamp,
    listener: Listener,
    progress: Progress = ignore,
) -> Take:
    """Make ``controls.stems`` of a base anew, over ``controls.redo`` or the whole range, into ``folder``.

    Raises:
        TwopopError: any leaf; ``BaseError`` where the base and the request do not fit.

    """
    composer = engine.composer
    varies = isinstance(composer, Reworker) and composer.varies
    effective = fitting(base, clip, controls, OWN | {"strength"} if varies else OWN)
    if not isinstance(composer, Reworker) or composer.name != base.session.composer:
        text = f"The composer {composer.name!r} cannot work on what {base.session.composer!r} wrote"
        raise BaseError("base_no_score", text, "Score the range again")
    span = None if controls.redo is None else span_of(base.session.written, clip, controls.redo)
    watch = Stopwatch()
    frames = look(clip, engine, watch, progress)
    bridges = recalled(base.session.bridges, watch, listener, progress)
    work = _Working(base, clip, effective, span, frames, composer, folder, stamp, watch, progress)
    cues = tuple(work.cue(number) for number in range(controls.variations))
    for landing in cues[0].landings:
        listener.hit(landing)
    hits = base.session.hits
    return Take(clip, effective, frames, bridges, hits, cues, dict(watch.seconds), remembered=tuple(watch.remembered))


def recalled(bridges: Bridges, watch: Stopwatch, listener: Listener, progress: Progress) -> Bridges:
    """The bridges as the base has them, told as if they had just been found."""
    for stage in (Stage.DESCRIBE, Stage.RETRIEVE):
        with watch.timing(stage):
            progress(stage, 1.0)
        watch.remembered.append(stage.value)
    listener.description(bridges.text.sentence)
    for reference in filter(None, (bridges.broad, bridges.targeted)):
        listener.reference(reference)
    return bridges


def fitting(base: Base, clip: Clip, controls: Controls, own: frozenset[str] = OWN) -> Controls:
    """The controls of the base with what the request sets itself; ``own`` are those that it may.

    Raises:
        BaseError: ``base_mismatch``: another range, or a control with another value; ``stem_missing``.

    """
    was = base.session.clip
    if (was.first, was.stop, was.rate) != (clip.first, clip.stop, clip.rate):
        text = f"The base take is of frames {was.first}:{was.stop} at {was.rate}, not {clip.first}:{clip.stop}"
        raise BaseError("base_mismatch", f"{text} at {clip.rate}", "Send the base's range and rate")
    if _real(was.media) != _real(clip.media):
        raise BaseError("base_mismatch", f"The base take is of {was.media or 'a text'}", "Send the base's media")
    kept, plain = base.session.controls, Controls()
    made = replace(kept, composer=base.session.composer)  # whom "auto" chose may be named
    for name in (item.name for item in fields(Controls) if item.name not in own):
        if getattr(controls, name) not in [getattr(known, name) for known in (plain, kept, made)]:
            raise BaseError("base_mismatch", f"Control {name!r} is another in the base take", "Leave it out")
    for stem in controls.stems:
        if stem not in base.names:
            raise BaseError("stem_missing", f"The base take has no {stem}", f"It has {', '.join(base.names)}")
    return replace(kept, **{name: getattr(controls, name) for name in own})


def _real(media: Path | None) -> Path | None:
    return None if media is None else media.resolve()


@dataclass(frozen=True)
class _Working:
    """Everything that the variations of one request share."""

    base: Base
    clip: Clip
    controls: Controls
    span: Span | None
    frames: Frames
    composer: Reworker
    folder: Path
    stamp: Stamp
    watch: Stopwatch
    progress: Progress

    @property
    def names(self) -> tuple[str, ...]:
        """The stems that are made anew."""
        return self.controls.stems or self.base.names

    def cue(self, number: int) -> Cue:
        """One variation of what is asked."""
        report = share(self.progress, number, self.controls.variations)
        scratch = self.folder / f".raw-{number}"
        scratch.mkdir()
        with self.watch.timing(Stage.COMPOSE):
            music = self._compose(number, scratch, report)
        if music.score is None or _lead_sheet(music.score) != _lead_sheet(self.base.session.written):
            raise BaseError("base_outdated", "The base take's plan cannot be written any more", "Score the range again")
        score = merged(self.base.session.written, music.score, self.names, self.span)
        with self.watch.timing(Stage.MASTER):
            down = self._console(music).finish(
                self.folder / f"v{number + 1}", replace(self.stamp, variation=number), report
            )
            landings = listening.landings(down.mix, self.clip, self.base.session.hits, score)
        shutil.rmtree(scratch)
        kept = self.base.session
        sessions.save(replace(kept, generation=kept.generation + 1, score=score), self.base.curve, down.mix.parent)
        stems = tuple(RawStem(name, path) for name, path in zip(self.base.names, down.stems, strict=True))
        notes = (*music.notes, *self._notes(score, down))
        music = replace(music, stems=stems, score=score, notes=notes)
        mastered = Mastered(down.stems, down.mix, down.loudness, self.base.curve)
        return cue_of(self.clip, self.controls.seed, number, music, mastered, landings)

    @property
    def share(self) -> float:
        """How much of the stems is made anew, 0 to 1: all of them by a composer that does not vary."""
        return self.controls.strength / 100 if self.composer.varies else 1.0

    def _compose(self, number: int, scratch: Path, report: Progress) -> Music:
        plan = self.base.session
        within = None if self.span is None else (self.span.cut_in, self.span.cut_out)
        again = Again(self.names, self.controls.seed, number, plan.generation + 1, plan.written, self.share, within)
        return self.composer.compose_again(
            self.clip,
            self.frames,
            plan.bridges,
            plan.hits,
            plan.controls,
            again,
            seed=plan.seed,
            variation=plan.variation,
            folder=scratch,
            progress=report,
        )

    def _console(self, music: Music) -> Console:
        base = self.base
        window = window_of(self.span, base.session.written, music.samples, music.sample_rate)
        return Console(
            base.names,
            base.stems,
            music.stems,
            base.curve,
            window,
            music.samples,
            music.sample_rate,
            CEILING_DBTP,
        )

    def _notes(self, score: Score, down: Mixdown) -> tuple[str, ...]:
        return telling.notes(
            self.base.session.written,
            score,
            self.names,
            self.span,
            self.clip,
            down,
            self.controls.loudness,
            self.share,
        )


def _lead_sheet(score: Score) -> Score:
    """What all stems are written over."""
    return replace(score, parts=())
