"""The way of a request that goes on from sound: another variation of it, a range made anew, a longer cue.

The sound may be anybody's: a composer that makes sound out of sound goes on from a take that another one wrote or
generated, along its bars and in its key where they are known.

Outside the range that is made anew files stay as they are, to the bit. A longer cue begins with the kept
sound itself and is mastered anew, so its beginning may be louder or softer than it was.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import soundfile

from twopop_models import listening
from twopop_models.bwf import Stamp
from twopop_models.clock import sample_of_frame
from twopop_models.composers import Editor, Kept
from twopop_models.composers.parting import WHOLE
from twopop_models.controls import Controls
from twopop_models.errors import BaseError, MediaError
from twopop_models.gate import admit
from twopop_models.mastering import Mastered, master
from twopop_models.pipeline import CEILING_DBTP, Engine, Listener, Stopwatch, cue_of, look, share
from twopop_models.rework import session as sessions
from twopop_models.rework.mixdown import Console
from twopop_models.rework.splice import Fade, Window
from twopop_models.rework.working import OWN, Base, fitting, recalled
from twopop_models.spotting import choose_hits
from twopop_models.types import Bridges, Clip, Cue, Frames, Hit, Music, Progress, RawStem, Stage, Take, ignore

KNOBS: Final = frozenset({"composer", "steps", "guidance", "guide_broad", "guide_style", "guide_events"})
"""Controls that a request beside ``base`` may set otherwise than the base; left out they are the base's."""
JOIN: Final = 0.25
"""Seconds over which new sound comes and goes, in what is kept."""
BLOCK: Final = 1 << 16


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
    """Make sound anew from a base take: all of it, the frames of ``redo``, or what a longer range adds.

    Raises:
        TwopopError: any leaf; ``BaseError`` where the base and the request do not fit.

    """
    longer = _is_longer(base.session.clip, clip)
    effective = _turned(base, replace(clip, stop=base.session.clip.stop) if longer else clip, controls)
    composer = _editor(engine, base)
    if base.session.score is not None and (effective.redo or effective.stems):
        text = f"Parts of what {base.session.composer!r} wrote are not made anew by {composer.name!r}"
        raise BaseError("base_mismatch", text, "Leave 'composer' out, or 'redo' and 'stems'")
    if longer and (effective.redo or effective.stems):
        text = "A longer range and a part to be made anew are two requests"
        raise BaseError("redo_range", text, "Send one, then the other")
    watch = Stopwatch()
    frames = look(clip, engine, watch, progress)
    bridges = recalled(base.session.bridges, watch, listener, progress)
    hits = choose_hits(frames, effective, engine.limits) if longer else base.session.hits
    work = _Sounding(base, clip, effective, frames, bridges, hits, composer, longer, folder, stamp, watch, progress)
    cues = tuple(work.cue(number) for number in range(controls.variations))
    for landing in cues[0].landings:
        listener.hit(landing)
    return Take(clip, effective, frames, bridges, hits, cues, dict(watch.seconds), remembered=tuple(watch.remembered))


def _editor(engine: Engine, base: Base) -> Editor:
    """The composer, if it makes sound out of sound.

    Raises:
        BaseError: ``base_mismatch``, another composer was asked for than the base's, which cannot;
            ``base_no_score``, the base's own cannot.

    """
    composer = engine.composer
    if isinstance(composer, Editor):
        return composer
    text = f"The composer {composer.name!r} does not go on from sound"
    remedy = "set composer=diffusion, which goes on from any take"
    if composer.name != base.session.composer:
        raise BaseError("base_mismatch", text, f"Leave 'composer' out, or {remedy}")
    raise BaseError("base_no_score", text, f"Score the range again, or {remedy}")


def _turned(base: Base, clip: Clip, controls: Controls) -> Controls:
    """The controls of the base with what the request sets itself, knobs only where it turns them."""
    own, plain = OWN | KNOBS | {"strength"}, Controls()
    effective = fitting(base, clip, controls, own)
    left = {name for name in KNOBS if getattr(controls, name) == getattr(plain, name)}
    return replace(effective, **{name: getattr(base.session.controls, name) for name in left})


def _admitted(mix: Path) -> Path:
    """The base's mix, if it really lies where its stems do.

    Raises:
        BaseError: ``base_no_score``.

    """
    try:
        return admit(mix, (mix.parent,))
    except MediaError as error:
        raise BaseError("base_no_score", f"A file of the base take is missing: {error.text}", "Score again") from error


def _is_longer(was: Clip, clip: Clip) -> bool:
    """Whether a range begins as the base's does and goes on after its end."""
    return (was.first, was.rate) == (clip.first, clip.rate) and clip.stop > was.stop


@dataclass(frozen=True)
class _Sounding:
    """Everything that the variations of one request share."""

    base: Base
    clip: Clip
    controls: Controls
    frames: Frames
    bridges: Bridges
    hits: tuple[Hit, ...]
    composer: Editor
    longer: bool
    folder: Path
    stamp: Stamp
    watch: Stopwatch
    progress: Progress

    def cue(self, number: int) -> Cue:
        """One variation of what is asked."""
        report = share(self.progress, number, self.controls.variations)
        scratch = self.folder / f".raw-{number}"
        scratch.mkdir()
        with self.watch.timing(Stage.COMPOSE):
            music = self._edit(number, scratch, report)
        with self.watch.timing(Stage.MASTER):
            mastered = self._finish(number, music, scratch, report)
            landings = listening.landings(mastered.mix, self.clip, self.hits, None)
        shutil.rmtree(scratch)
        stems = tuple(RawStem(path.stem, path) for path in mastered.stems)
        music = replace(music, stems=stems, notes=(*music.notes, *mastered.notes, self._said()))
        self._keep(number, music, mastered)
        return cue_of(self.clip, self.controls.seed, number, music, mastered, landings)

    @property
    def fresh(self) -> tuple[int, int] | None:
        """Samples of the range that are made anew; None for all."""
        if self.longer:
            return self.base.session.samples, self.clip.samples()
        if self.controls.redo is None:
            return None
        first, stop = self.controls.redo
        if not self.clip.first <= first < stop <= self.clip.stop:
            text = f"The frames {first}:{stop} to be made anew are not inside {self.clip.first}:{self.clip.stop}"
            raise BaseError("redo_range", text, "Send frames of the picture, counted as in the range")
        begin = self.clip.first_sample()
        places = [sample_of_frame(frame, self.clip.rate) - begin for frame in (first, stop)]
        return places[0], places[1]

    def _edit(self, number: int, scratch: Path, report: Progress) -> Music:
        score, controls = self.base.session.score, self.controls
        tempo = None if score is None else score.tempo_map
        if score is not None and not controls.key:
            controls = replace(controls, key=score.key)
        return self.composer.edit(
            self.clip,
            self.frames,
            self.bridges,
            self.hits,
            controls,
            Kept(_admitted(self.base.mix), self.base.curve.constant, self.fresh, tempo),
            seed=self.controls.seed,
            variation=number + 100 * (self.base.session.generation + 1),  # another one than those that were heard
            folder=scratch,
            progress=report,
        )

    def _finish(self, number: int, music: Music, scratch: Path, report: Progress) -> Mastered:
        folder, stamp = self.folder / f"v{number + 1}", replace(self.stamp, variation=number)
        if self.controls.redo is not None or self.controls.stems:
            down = self._console(music).finish(folder, stamp, report)
            return Mastered(down.stems, down.mix, down.loudness, self.base.curve)
        stems = tuple(self._begun(stem, scratch) for stem in music.stems) if self.longer else music.stems
        return master(
            stems,
            target=self.controls.loudness,
            ceiling=CEILING_DBTP,
            samples=music.samples,
            sample_rate=music.sample_rate,
            folder=folder,
            stamp=stamp,
            progress=report,
        )

    def _console(self, music: Music) -> Console:
        """Old and new side by side; stems that are not made anew are copied."""
        base = self.base
        odd = [stem.name for stem in music.stems if stem.name not in base.names]
        if odd or not (self.controls.stems or len(music.stems) == len(base.names)):
            names = ", ".join(stem.name for stem in music.stems)
            text = f"The base take has {', '.join(base.names)}, now there would be {names}"
            raise BaseError("base_outdated", text, "Score the range again")
        return Console(
            base.names,
            base.stems,
            music.stems,
            base.curve,
            self._window(music),
            music.samples,
            music.sample_rate,
            CEILING_DBTP,
        )

    def _window(self, music: Music) -> Window:
        """Where new sound is heard: all along, or inside the range that is made anew."""
        if self.fresh is None:
            return Window()
        (first, stop), fade = self.fresh, round(JOIN * music.sample_rate)
        return Window(
            Fade(max(0, first - fade), first) if first else None,
            Fade(stop, min(music.samples, stop + fade)) if stop < music.samples else None,
        )

    def _begun(self, stem: RawStem, scratch: Path) -> RawStem:
        """A new stem whose beginning is the kept one's own sound, at the level that it had before mastering."""
        if stem.name in self.base.names:
            old = self.base.stems[self.base.names.index(stem.name)]
        elif stem.name == WHOLE:
            old = _admitted(self.base.mix)
        else:
            return stem
        path, size = scratch / f"joined-{stem.name}.wav", self.base.session.samples
        window = Window(Fade(max(0, size - round(JOIN * 48_000)), size))
        with (
            soundfile.SoundFile(stem.path) as new,
            soundfile.SoundFile(old) as known,
            soundfile.SoundFile(path, "w", new.samplerate, 2, "FLOAT") as file,
        ):
            for start in range(0, len(new), BLOCK):
                fresh = new.read(BLOCK, dtype="float64", always_2d=True)
                kept = known.read(len(fresh), dtype="float64", always_2d=True, fill_value=0.0)
                going, coming = window.over(start, len(fresh))
                file.write(fresh * coming + kept / self.base.curve.over(start, len(fresh)) * going)
        return RawStem(stem.name, path)

    def _keep(self, number: int, music: Music, mastered: Mastered) -> None:
        kept = sessions.of(
            music,
            mastered.curve,
            composer=self.composer.name,
            clip=self.clip,
            controls=self.controls,
            variation=number,
            bridges=self.bridges,
            hits=self.hits,
        )
        kept = replace(kept, generation=self.base.session.generation + 1)
        sessions.save(kept, mastered.curve, mastered.mix.parent)

    def _said(self) -> str:
        fresh, stems = self.fresh, self.controls.stems
        if stems and set(stems) < set(self.base.names):
            kept = ", ".join(name for name in self.base.names if name not in stems)
            return f"Made anew: {', '.join(stems)}. Kept as they are: {kept}."
        if fresh is None:
            return f"A variation of the base take, {self.controls.strength:g} % away from it."
        seconds = [place / 48_000 for place in fresh]
        return f"New from {seconds[0]:.2f} to {seconds[1]:.2f} seconds; the rest is the base take's sound."
