"""From a finished take to the folder that a person opens.

::

    take.json            everything about the take, for machines
    cue.rpp              opens in REAPER by itself
    cue-sheet.md         request, bridges, hits, for people; hits.csv beside it
    hits/                the hits for other programs: reaper.csv, nuendo.csv, hits.edl, hits.otio
    contact-sheet.png    what was seen and what the music does about it
    v1/  v2/ ...         one folder per variation: stems and mix (BWF), cue.mid, midi/<stem>.mid,
                         cue-map.png (picture and music on one time axis), score.json (for working on it again)
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twopop.delivery.card import HitLine, MixLine, Origin, ReferenceLine, StemLine, TakeCard, TempoLine
from twopop.delivery.tempo import meters, tempo_points
from twopop.timeline import timecode
from twopop_models.controls import Controls
from twopop_models.errors import TwopopError
from twopop_models.gate import Limits
from twopop_models.types import Clip, Cue, Description, Frames, Landing, Progress, Reference, Stage, Take, ignore

if TYPE_CHECKING:
    from twopop.delivery.contact import Stills
    from twopop_models.auditioning import Audition

_MADE_WITH = ("twopop", "numpy", "torch", "av", "tinysoundfont", "transformers", "scenedetect-headless", "matplotlib")


def deliver(take: Take, job: str, folder: Path, limits: Limits, progress: Progress = ignore) -> TakeCard:
    """Write everything but the audio, which is there already, into ``folder``; returns the card.

    Raises:
        OSError: the disk is full or not writable.
        MediaError: the picture cannot be read any more.
        Cancelled: from ``progress``.

    """
    from twopop.delivery.contact import shot_stills, write_contact_sheet
    from twopop.delivery.cuesheet import cue_sheet, hits_csv
    from twopop.delivery.hitfiles import write_hit_files
    from twopop.delivery.reaper import write_project

    progress(Stage.DELIVER, 0.0)
    label = labels(take)
    names = tuple(f"{landing.hit.label or 'hit'} {landing.hit.frame}" for landing in take.cues[0].landings)
    write_project(take, folder / "cue.rpp", job, names)
    (folder / "cue-sheet.md").write_text(cue_sheet(take, job, label), "utf-8")
    (folder / "hits.csv").write_text(hits_csv(take, label), "utf-8")
    write_hit_files(take, folder / "hits")
    stills = shot_stills(take, limits, lambda stage, fraction: progress(stage, fraction / 2))
    write_contact_sheet(take, folder / "contact-sheet.png", label, stills)
    maps = draw_maps(take, label, stills, progress)
    card = card_of(take, job, folder, maps)
    card.save()
    progress(Stage.DELIVER, 1.0)
    return card


@dataclass(frozen=True)
class Maps:
    """Cue maps of the variations, in their order, None for one that could not be drawn; and why not."""

    paths: tuple[Path | None, ...]
    notes: tuple[str, ...]


def draw_maps(take: Take, label: Callable[[int], str], stills: Stills, progress: Progress) -> Maps:
    """Draw the cue map of each variation beside its mix.

    A picture is not worth a take: what goes wrong in drawing, but for a disk that fails, becomes a note.
    """
    from twopop.delivery import cuemap

    paths: list[Path | None] = []
    notes: list[str] = []
    for number, cue in enumerate(take.cues):
        path = cue.mix.with_name(cuemap.NAME)

        def told(fraction: float, number: int = number) -> None:
            progress(Stage.DELIVER, 0.5 + 0.5 * (number + fraction) / len(take.cues))

        try:
            cuemap.write_cue_map(take, cue, path, label, stills, told)
        except (OSError, TwopopError):
            raise
        except Exception as error:  # noqa: BLE001  whatever a drawing library can raise
            notes.append(f"The cue map of variation {number + 1} could not be drawn: {type(error).__name__}: {error}")
        paths.append(path if path.exists() else None)
    return Maps(tuple(paths), tuple(notes))


def labels(take: Take) -> Callable[[int], str]:
    """SMPTE labels of the request's frames, non-drop."""
    return lambda frame: timecode(frame, take.clip.rate)


def card_of(take: Take, job: str, folder: Path, maps: Maps) -> TakeCard:
    """The card of a take whose files lie in ``folder``."""
    lead = take.cues[0]
    return TakeCard(
        job=job,
        folder=folder,
        description=take.bridges.text.sentence,
        references=tuple(reference_line(item) for item in (take.bridges.broad, take.bridges.targeted) if item),
        hits=tuple(hit_line(landing) for landing in lead.landings),
        stems=tuple(line for cue in take.cues for line in _stems(take, cue)),
        tempo=lead.music.tempo,
        key=lead.music.key,
        style=lead.music.style,
        seed=take.seed,
        seconds_per_stage=tuple(take.seconds_per_stage.items()),
        notes=(*dict.fromkeys(note for cue in take.cues for note in cue.music.notes), *maps.notes),
        mixes=tuple(
            MixLine(cue.mix, cue.midi, cue.variation, cue.loudness, cue.true_peak, path, _tempo(take, cue))
            for cue, path in zip(take.cues, maps.paths, strict=True)
        ),
        origin=_origin(take.clip, take.controls, take.frames, take.bridges.text, take.remembered, _redone(take)),
        meter="" if lead.music.score is None else meters(lead.music.score.tempo_map),
    )


def deliver_audition(found: Audition, job: str, folder: Path) -> TakeCard:
    """Write what auditioning found into ``folder``: a card with references and without music.

    Raises:
        OSError: the disk is full or not writable.

    """
    card = TakeCard(
        job=job,
        folder=folder,
        description=found.text.sentence,
        references=tuple(reference_line(item) for item in found.references),
        hits=(),
        stems=(),
        tempo=0.0,
        key="",
        style="",
        seed=found.controls.seed,
        seconds_per_stage=found.seconds_per_stage,
        origin=_origin(found.clip, found.controls, found.frames, found.text, found.remembered),
    )
    card.save()
    return card


def reference_line(reference: Reference) -> ReferenceLine:
    """A reference as clients see it."""
    track = reference.track
    return ReferenceLine(reference.role.value, track.title, track.path, reference.score, reference.why, track.id)


def hit_line(landing: Landing) -> HitLine:
    """A hit as clients see it."""
    hit = landing.hit
    return HitLine(hit.frame, hit.weight, landing.error_frames, hit.tolerance, hit.label, landing.event)


def _stems(take: Take, cue: Cue) -> tuple[StemLine, ...]:
    return tuple(
        StemLine(
            stem.name,
            stem.path,
            take.clip.first_sample(stem.sample_rate),
            stem.samples,
            stem.sample_rate,
            stem.variation,
            stem.midi,
        )
        for stem in cue.stems
    )


def _tempo(take: Take, cue: Cue) -> tuple[TempoLine, ...]:
    score = cue.music.score
    return () if score is None else tempo_points(score.tempo_map, take.clip.seconds)


def _origin(
    clip: Clip,
    controls: Controls,
    frames: Frames,
    text: Description,
    remembered: tuple[str, ...],
    redone: tuple[str, ...] = (),
) -> Origin:
    return Origin(
        media=str(clip.media or ""),
        first=clip.first,
        stop=clip.stop,
        rate=clip.rate,
        controls=controls.pairs(),
        shots=tuple((shot.first, shot.stop) for shot in frames.shots),
        describer=text.author,
        evidence=text.evidence,
        remembered=remembered,
        base=controls.base,
        redone=redone,
        redo=controls.redo,
        start_timecode=frames.facts.start_timecode,
        versions=tuple((name, _version(name)) for name in _MADE_WITH),
    )


def _redone(take: Take) -> tuple[str, ...]:
    """The stems that were made anew; none for a take of its own."""
    if not take.controls.base:
        return ()
    return take.controls.stems or tuple(stem.name for stem in take.cues[0].stems)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
