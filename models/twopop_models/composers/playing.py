"""A finished score, played: what composers that write notes have in common."""

from __future__ import annotations

from pathlib import Path

from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers.pacing import whole_bars
from twopop_models.controls import Controls
from twopop_models.score import Score
from twopop_models.spotting import distances, steady_bpm
from twopop_models.types import Clip, Hit, Music, Progress, Stage


def warm(soundfont: Path | None) -> None:
    """Read the SoundFont and build the room; costs nothing when repeated.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    from twopop_models import assets, rendering

    rendering.warm(assets.soundfont(soundfont), SAMPLE_RATE)


def play(
    score: Score,
    clip: Clip,
    hits: tuple[Hit, ...],
    controls: Controls,
    folder: Path,
    progress: Progress,
    *,
    soundfont: Path | None,
    said: tuple[str, ...] = (),
) -> Music:
    """Render a score into ``folder``, and tell how it meets what was asked; ``said`` comes first of that.

    Raises:
        Cancelled: from ``progress``.
        EngineError: ``asset_missing``, ``asset_corrupt`` or ``render_failed``.

    """
    from twopop_models import assets
    from twopop_models.composers.band import styles
    from twopop_models.rendering import render  # the synthesiser is loaded by those who listen

    progress(Stage.COMPOSE, 1.0)
    samples = clip.samples(SAMPLE_RATE)
    font = assets.soundfont(soundfont)
    room, wanted = styles.load(score.style).room, controls.stems
    raw = render(score, samples, SAMPLE_RATE, folder, soundfont=font, progress=progress, stems=wanted, room=room)
    tempo = steady_bpm(score.tempo_map, score.stop)
    told = (*said, *notes(score, clip, hits, controls), f"Played on the SoundFont {font.stem}.")
    return Music(raw, SAMPLE_RATE, samples, tempo, score.key, score.style, score, told)


def notes(score: Score, clip: Clip, hits: tuple[Hit, ...], controls: Controls) -> tuple[str, ...]:
    """What a person should know: how the tempo meets the hits, and where a wish had to give way."""
    found = []
    tempo = steady_bpm(score.tempo_map, score.stop)
    if hits:
        landings = distances(score.tempo_map, clip, hits)
        near = sum(landing.error_frames is not None and abs(landing.error_frames) <= 1 for landing in landings)
        found.append(f"{near} of {len(hits)} hits lie within one frame of a beat at {tempo:.2f} bpm.")
    looped = score.ending.kind == "loop"
    if controls.host_tempo and controls.tempo is not None:
        found.append("The host's tempo map was followed; the tempo control was not used.")
    elif isinstance(controls.tempo, float) and abs(tempo / controls.tempo - 1) > 0.011:
        why = "Whole bars make the loop" if looped else "So that hits fall on beats, the tempo is mostly"
        found.append(f"{why} {tempo:.2f} bpm where {controls.tempo:g} was asked.")
    elif looped and not 40 <= tempo <= 240:
        found.append(f"One bar in so short a range makes the loop {tempo:.0f} bpm.")
    if controls.host_tempo and controls.meter and controls.host_tempo[0].frame is not None:
        found.append("The host's bars were followed; the meter control was not used.")
    if controls.host_tempo and looped and not whole_bars(score.tempo_map, score.stop):
        found.append("The range is no whole number of the host's bars, so the loop's seam is not a bar line.")
    silent = [stem for stem in controls.stems if stem not in score.stems]
    if silent:
        found.append(f"No instrument was left for: {', '.join(silent)}.")
    return tuple(found)
