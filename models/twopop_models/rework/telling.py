"""What a person should know of a reworked variation: what was made anew, how it joins, and its level."""

from __future__ import annotations

import math

from twopop_models.mastering import TOLERANCE
from twopop_models.pipeline import CEILING_DBTP
from twopop_models.rework.mixdown import Mixdown
from twopop_models.rework.spans import Span
from twopop_models.rework.splice import Fade
from twopop_models.score import PPQ, Score
from twopop_models.types import Clip


def notes(
    base: Score,
    score: Score,
    stems: tuple[str, ...],
    span: Span | None,
    clip: Clip,
    down: Mixdown,
    target: float,
    share: float,
) -> tuple[str, ...]:
    """Sentences about one variation; ``target`` is the loudness asked for, in LUFS, ``share`` how much is made anew."""
    kept = [stem for stem in base.stems if stem not in stems]
    said = [f"Made anew: {', '.join(stems)}. Kept as they are: {', '.join(kept) or 'none'}."]
    if share < 1:
        said.append(f"Of their bars {100 * share:.0f} %, at least one, have new notes; the others are played again.")
    if span is not None:
        said.append(_joins(score, span, clip, down))
    same = [stem for stem in stems if _played(base, stem, span) == _played(score, stem, span)]
    if same:
        said.append(f"No other notes were found for: {', '.join(same)}; timing, loudness or sound may differ.")
    if down.given_way > 0:
        most = f"{down.given_way:.1f} dB"
        said.append(f"New sound gives way by up to {most} where the mix is loudest, for kept stems stay as they are.")
    loudness = down.loudness
    if math.isfinite(loudness.integrated) and abs(loudness.integrated - target) > TOLERANCE:
        said.append(f"Loudness is {loudness.integrated:.1f} LUFS, not {target:g}: the gain is the base take's.")
    if loudness.true_peak > CEILING_DBTP:
        said.append(f"True peak is {loudness.true_peak:.1f} dBTP: what is kept passes the ceiling by itself.")
    return tuple(said)


def _joins(score: Score, span: Span, clip: Clip, down: Mixdown) -> str:
    """Where new sound is heard, in frames, and how it comes and goes."""
    frames = [clip.first + float(score.tempo_map.seconds(tick) * clip.rate) for tick in (span.begin, span.stop)]
    words = [f"Only frames {frames[0]:.1f} to {frames[1]:.1f} are new"]
    words += [_fade(fade, name) for fade, name in ((down.window.fade_in, "in"), (down.window.fade_out, "out")) if fade]
    return ", ".join(words) + "."


def _fade(fade: Fade, name: str) -> str:
    return f"faded {name} over one beat (correlation {fade.correlation:.2f})"


def _played(score: Score, stem: str, span: Span | None) -> set[tuple[int, int]]:
    """What a stem plays where it was made anew, on a grid of 16ths: place and pitch."""
    notes = (note for part in score.parts if part.stem == stem for note in part.notes)
    inside = (note for note in notes if span is None or span.cut_in <= note.tick < span.cut_out)
    return {(round(4 * note.tick / PPQ), note.pitch) for note in inside}
