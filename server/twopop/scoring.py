"""The engine that the worker runs: the pipeline with its back ends, and the delivery of what it made.

Imported by the engine process only. Back ends are loaded once per process and kept warm.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from twopop.delivery import cuemap, deliver, deliver_audition, hit_line, reference_line
from twopop.delivery.card import TakeCard
from twopop.history import maker_of
from twopop.limits import limits_of
from twopop.messages import ScoreRequest
from twopop.pipe import Report
from twopop.settings import Settings
from twopop.shelf import base_folder
from twopop_models import composers, describers, embedders, library, pipeline
from twopop_models.auditioning import audition
from twopop_models.bwf import Stamp
from twopop_models.cache import StageCache
from twopop_models.controls import Controls
from twopop_models.errors import BaseError, EngineError
from twopop_models.retrieval import Retriever
from twopop_models.rework import sounding, working
from twopop_models.rework.working import Base, open_base
from twopop_models.types import Clip, Landing, Reference, Take


@dataclass(frozen=True)
class _Listener:
    """Passes what the pipeline says on to the desk."""

    report: Report

    def description(self, text: str) -> None:
        """The text bridge."""
        self.report.description(text)

    def reference(self, reference: Reference) -> None:
        """One track of the music bridge."""
        self.report.reference(reference_line(reference))

    def hit(self, landing: Landing) -> None:
        """Where a hit landed."""
        self.report.hit(hit_line(landing))


@functools.lru_cache(maxsize=1)
def _shelf(folder: Path) -> library.Library:
    """The reference library, with the starter tracks on it."""
    shelf = library.Library.open(folder)
    library.starter(shelf)
    return shelf


@functools.lru_cache(maxsize=4)
def _describer(name: str) -> describers.Describer:
    return describers.load(name)


@functools.lru_cache(maxsize=1)
def _orchestra(name: str, resources: composers.Resources) -> composers.Composer:
    return composers.load(name, resources)


@functools.lru_cache(maxsize=1)  # the networks of two may not fit into memory
def _networks(name: str, resources: composers.Resources) -> composers.Composer:
    return composers.load(name, resources)


def _composer(name: str, resources: composers.Resources) -> composers.Composer:
    """The composer of that name, kept; of those by networks only the last."""
    return (_networks if maker_of(name) else _orchestra)(name, resources)


@functools.lru_cache(maxsize=2)
def _embedder(name: str, packs: Path) -> embedders.Embedder:
    return embedders.load(name, packs)


def engine_for(controls: Controls, settings: Settings) -> pipeline.Engine:
    """The back ends that a request asks for."""
    return pipeline.Engine(
        describer=_describer(controls.describer),
        retriever=Retriever(_shelf(settings.library_folder), _embedder(settings.embedder, settings.packs_folder)),
        composer=_composer(
            controls.writer, composers.Resources(settings.soundfont, settings.packs_folder, settings.device)
        ),
        cache=StageCache(settings.cache_folder),
        limits=limits_of(settings),
    )


def warm(settings: Settings) -> None:
    """Load the preferred back ends and what draws, so that the first job is as quick as the second.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    engine = engine_for(Controls(), settings)
    engine.describer.warm()
    engine.retriever.warm()
    engine.composer.warm()
    cuemap.warm()


def run(request: ScoreRequest, work: Path, settings: Settings, report: Report) -> TakeCard:
    """Score a request into ``work`` and deliver the take there.

    Raises:
        TwopopError: any leaf; ``Cancelled`` when ``report`` raised it.

    """
    clip, controls = request.clip, request.controls
    if controls.audition:
        return _audition(request, work, settings, report)
    make: Callable[..., Take] = pipeline.score
    composer = controls.composer
    if controls.base:
        base = open_base(*base_folder(controls.base, settings))
        composer = maker_of_base(base) if composer == "auto" else composer
        written = base.session.score is not None and composer == base.session.composer
        make = functools.partial(working.rework if written else sounding.rework, base=base)
    engine = engine_for(replace(controls, composer=composer), settings)
    if controls.scenes and not controls.base:
        _ready_for_scenes(engine, controls)
    take = make(
        clip,
        controls,
        engine=engine,
        folder=work,
        stamp=stamp_of(request.job, clip, controls),
        listener=_Listener(report),
        progress=report.progress,
    )
    return deliver(take, request.job, work, limits_of(settings), report.progress)


def _ready_for_scenes(engine: pipeline.Engine, controls: Controls) -> None:
    """Whether who writes scenes can work here, before the picture is looked at; ``auto`` says why it took that one.

    Raises:
        EngineError: as the composer's ``warm``.

    """
    try:
        engine.composer.warm()
    except EngineError as error:
        if controls.composer != "auto":
            raise
        text = f"For the control 'scenes' auto takes the composer {controls.writer}. {error.text}"
        raise EngineError(error.code, text, f"{error.remedy.rstrip('.')}, or leave 'scenes' out.") from error


def maker_of_base(base: Base) -> str:
    """Who made a take; it may come from any folder, so that its word is not taken for it.

    Raises:
        BaseError: ``base_no_score``.

    """
    name = base.session.composer
    if name not in composers.NAMES:
        raise BaseError("base_no_score", f"The base take was made by {name[:40]!r}, which is not here", "Score again")
    return name


def _audition(request: ScoreRequest, work: Path, settings: Settings, report: Report) -> TakeCard:
    """Only the bridges; see ``auditioning``."""
    found = audition(
        request.clip,
        request.controls,
        engine=engine_for(request.controls, settings),
        listener=_Listener(report),
        progress=report.progress,
    )
    return deliver_audition(found, request.job, work)


def stamp_of(job: str, clip: Clip, controls: Controls) -> Stamp:
    """What every file of the take says of itself. No wall clock: the same request gives the same bits."""
    asked = "; ".join(f"{name}={value}" for name, value in controls.pairs())
    return Stamp(
        first_sample=clip.first_sample(),
        rate=clip.rate,
        title=job,
        comment=f"Generated by twopop; seed={controls.seed}; {asked}".rstrip("; "),
    )
