"""Picture and bars as event curves, one value for each latent frame; see ``nets.events`` for the channels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.clock import SAMPLE_RATE
from twopop_models.score import TempoMap
from twopop_models.types import Clip, Frames, Hit, Track

Curves = NDArray[np.float32]
Floats = NDArray[np.floating[Any]]
SMOOTH: Final = 1.0
"""Seconds over which motion becomes loudness."""


def curves(
    frames: Frames, hits: tuple[Hit, ...], tempo: TempoMap, reference: Track | None, count: int, step: float
) -> Curves:
    """(E, count) float32 event curves of a cue.

    Args:
        frames: what was seen; motion and brightness.
        hits: become impulses as high as their weight, in the latent frame they fall into.
        tempo: the cue's bars and beats.
        reference: the broad one, whose energy is half of the loudness asked for.
        count: latent frames, which may go on after the cue.
        step: seconds of one.

    """
    clip = frames.clip
    middle = (np.arange(count) + 0.5) * step
    seen = middle * float(clip.rate)
    motion, brightness = (np.interp(seen, np.arange(len(curve)), curve) for curve in (frames.motion, frames.brightness))
    cut = impulses(clip, hits, count, step)
    bar, beat = phases(tempo, float(clip.seconds), middle)
    loud = loudness(motion, reference, float(clip.seconds), middle, step)
    rows = (cut, motion, brightness, np.cos(bar), np.sin(bar), np.cos(beat), np.sin(beat), loud)
    return np.stack(rows).astype(np.float32)


def impulses(clip: Clip, hits: tuple[Hit, ...], count: int, step: float) -> Floats:
    """Weights of hits in the latent frames they fall into, 0 elsewhere."""
    found = np.zeros(count)
    for hit in hits:
        place = int(float(clip.offset_of(hit.frame)) / step)
        if place < count:
            found[place] = max(found[place], hit.weight)
    return found


def phases(tempo: TempoMap, seconds: float, moments: Floats) -> tuple[Floats, Floats]:
    """Angles in the bar and in the beat at some moments, 0 on the line; the last bar goes on."""
    stop = tempo.tick(Fraction(max(seconds, float(moments[-1])))) + 1
    lines = [tick for tick, _ in tempo.bars(stop)]
    last = next(meter for meter in reversed(tempo.meters) if meter.tick <= stop)
    bars = [*lines, lines[-1] + last.bar_ticks]
    beats = [*tempo.beats(stop)]
    return _angle(tempo, bars, moments), _angle(tempo, [*beats, beats[-1] + last.beat_ticks], moments)


def _angle(tempo: TempoMap, ticks: list[int], moments: Floats) -> Floats:
    times = np.array([tempo.sample(tick) / SAMPLE_RATE for tick in ticks])
    turns: Floats = 2 * np.pi * np.interp(moments, times, np.arange(len(times)))
    return turns


def loudness(motion: Floats, reference: Track | None, seconds: float, moments: Floats, step: float) -> Floats:
    """How loud the music should be: motion, smoothed, and the reference's contour laid over the cue's length."""
    width = max(1, round(SMOOTH / step))
    around = np.pad(motion, (width // 2, width - 1 - width // 2), mode="edge")
    smooth: Floats = np.convolve(around, np.ones(width) / width, mode="valid")
    if reference is None or not reference.energy:
        return smooth
    energy = np.asarray(reference.energy)
    laid = np.interp(moments / seconds * (len(energy) - 1), np.arange(len(energy)), energy)
    mixed: Floats = 0.5 * smooth + 0.5 * laid
    return mixed
