"""From a score to raw stems: a synthesiser per part, a room per stem, all in a stream.

Every note begins on its exact sample. A stem is the sum of its parts (pan and gain by part) and of what
the room answers to their sends; both are linear, so stems sum to the mix. What still rings at the last
sample is closed within 10 ms (5 ms for a cut); a loop has its tail added to its head instead.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from twopop_models.rendering.endings import Closing, wrap
from twopop_models.rendering.mixer import BLOCK, Strip
from twopop_models.rendering.room import Reverb, Room
from twopop_models.rendering.synthesiser import load
from twopop_models.score import Score
from twopop_models.types import Progress, RawStem, Stage, ignore

__all__ = ["Room", "render", "warm"]


def warm(soundfont: Path, sample_rate: int) -> None:
    """Read the font and build the usual room, so that the first cue is as quick as the second.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    load(soundfont)
    Reverb(Room(), sample_rate, BLOCK)


def render(
    score: Score,
    samples: int,
    sample_rate: int,
    folder: Path,
    *,
    soundfont: Path,
    progress: Progress = ignore,
    stems: tuple[str, ...] = (),
    room: Room | None = None,
) -> tuple[RawStem, ...]:
    """Play a score into ``<folder>/<stem>.raw.wav``: float32 stereo, each exactly ``samples`` long.

    Only ``stems`` are played, in this order; empty means all of the score, and one that nobody plays is
    silent. ``room`` is where they stand; None for the usual one.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt`` for synthesiser and SoundFont,
            ``render_failed`` when the font lacks an instrument.
        Cancelled: from ``progress``.

    """
    font = load(soundfont)
    sample_of = cache(lambda tick: score.tempo_map.sample(tick, sample_rate))
    closing = Closing.of(score, samples, sample_rate)
    names = stems or score.stems
    made = []
    for number, name in enumerate(names):
        parts = tuple(part for part in score.parts if part.stem == name)
        strip = Strip(parts, font, sample_of, samples, sample_rate, room or Room())
        stem = RawStem(name, folder / f"{name}.raw.wav")
        _record(strip, closing, stem.path, samples, sample_rate, _share(progress, number, len(names)))
        made.append(stem)
    progress(Stage.RENDER, 1.0)
    return tuple(made)


def _record(strip: Strip, closing: Closing, path: Path, samples: int, sample_rate: int, progress: Progress) -> None:
    import soundfile

    with soundfile.SoundFile(path, "w", sample_rate, 2, "FLOAT", format="WAV") as file:
        for start in range(0, samples, BLOCK):
            progress(Stage.RENDER, start / samples)
            block = strip.play(min(BLOCK, samples - start))
            file.write(closing.applied(block, start))
    if closing.loops:
        wrap(path, strip, samples, sample_rate)


def _share(progress: Progress, number: int, count: int) -> Progress:
    return lambda stage, fraction: progress(stage, (number + fraction) / count)
