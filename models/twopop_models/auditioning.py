"""Auditioning references: the bridges without the music.

    picture -> Description (text bridge) -> the nearest tracks for each role of the music bridge

A sound designer looks here for what a cue could be written with; control ``audition`` says how many
tracks of each role are wanted. Nothing is composed.
"""

from __future__ import annotations

from dataclasses import dataclass

from twopop_models.controls import Controls
from twopop_models.errors import LibraryError
from twopop_models.pipeline import Engine, Listener, Stopwatch, describe, look
from twopop_models.retrieval import Retriever
from twopop_models.types import Clip, Description, Frames, Progress, Reference, Role, Stage, ignore


@dataclass(frozen=True)
class Audition:
    """What was found: the nearest tracks of the broad role, then of the targeted one, the nearest first."""

    clip: Clip
    controls: Controls
    frames: Frames
    text: Description
    references: tuple[Reference, ...]
    seconds_per_stage: tuple[tuple[str, float], ...]
    remembered: tuple[str, ...]


def audition(
    clip: Clip, controls: Controls, *, engine: Engine, listener: Listener, progress: Progress = ignore
) -> Audition:
    """List ``controls.audition`` references for each role, as a score of the same request would rank them.

    Raises:
        TwopopError: any leaf of picture, describers and library; ``Cancelled`` when ``progress`` raised it.

    """
    watch = Stopwatch()
    frames = look(clip, engine, watch, progress)
    text = describe(frames, controls, engine, watch, progress)
    listener.description(text.sentence)
    with watch.timing(Stage.RETRIEVE):
        progress(Stage.RETRIEVE, 0.0)
        found = nearest(text, controls, engine.retriever)
        for reference in found:
            listener.reference(reference)
        progress(Stage.RETRIEVE, 1.0)
    return Audition(clip, controls, frames, text, found, tuple(watch.seconds.items()), tuple(watch.remembered))


def nearest(text: Description, controls: Controls, retriever: Retriever) -> tuple[Reference, ...]:
    """The nearest tracks of both roles; the control ``reference`` is not looked at.

    Raises:
        LibraryError: ``library_empty``.

    """
    if not retriever.library.count():
        raise LibraryError("library_empty", "The reference library is empty", "Run twopop library add FOLDER")
    return tuple(track for role in Role for track in retriever.ranked(role, text, controls, controls.audition))
