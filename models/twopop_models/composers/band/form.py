"""Form: bars, sections and how much energy each bar has.

The heaviest hit is the peak; without hits the busiest stretch of picture is. Before it the cue builds,
after it it lets go. Energy mixes that arc with the picture's motion and the broad reference's contour.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band import grouping
from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.harmony import Chord
from twopop_models.composers.band.patterns import STEP, Stroke, strokes
from twopop_models.score import Meter, Section, TempoMap
from twopop_models.spotting.grids import first_bar
from twopop_models.types import Clip, Frames, Hit

ARC, MOTION, BROAD = 0.5, 0.3, 0.2
"""Weights of form, picture and broad reference in a bar's energy."""


@dataclass(frozen=True)
class Bar:
    """One bar of the body: ticks [start, stop), energy 0..1, and where it stands in the form."""

    index: int
    start: int
    stop: int
    meter: Meter
    section: str
    energy: float
    leads: bool  # the next bar begins a section
    pickup: bool = False

    @property
    def steps(self) -> int:
        """Whole 16ths in it, at least 1."""
        return max(1, (self.stop - self.start) // STEP)

    @property
    def groups(self) -> tuple[int, ...]:
        """Its groups of beats in 16ths, see ``grouping``; the bar may have been cut short."""
        return grouping.cut(grouping.groups(self.meter), self.steps)

    def fitted(self, line: str, *, half_time: bool = False) -> str:
        """A line of 16ths of 4/4 as this bar's meter has it, one character for each of its 16ths."""
        return grouping.fitted(line, self.groups, grouping.groups(self.meter), half_time=half_time)

    def strokes(self, line: str, *, half_time: bool = False) -> list[Stroke]:
        """The events of such a line in this bar."""
        return list(strokes(self.fitted(line, half_time=half_time), self.steps))

    @property
    def level(self) -> int:
        """0 quiet, 1 middle, 2 full."""
        return int(self.energy > 0.4) + int(self.energy > 0.66)


@dataclass(frozen=True)
class Harmony:
    """A chord on ticks [start, stop)."""

    start: int
    stop: int
    chord: Chord


def outline(
    clip: Clip, frames: Frames, hits: tuple[Hit, ...], brief: Brief, tempo_map: TempoMap, end: int
) -> tuple[Bar, ...]:
    """The bars before tick ``end``, where the last chord or the end of the range is."""
    lines = [(tick, meter) for tick, meter in tempo_map.bars(end)]
    stops = [*(tick for tick, _ in lines[1:]), end]
    if not lines:
        return ()
    times = np.array([float(tempo_map.seconds(tick)) for tick in (*(tick for tick, _ in lines), end)])
    peak = _peak(clip, frames, hits, times)
    names = _names(len(lines), peak)
    energy = _energy(clip, frames, brief, times, names, peak)
    pickup = first_bar(tempo_map)
    return tuple(
        Bar(
            index,
            start,
            stop,
            meter,
            names[index],
            float(energy[index]),
            index + 1 < len(names) and names[index + 1] != names[index],
            start < pickup < end,
        )
        for index, ((start, meter), stop) in enumerate(zip(lines, stops, strict=True))
    )


def sections(bars: tuple[Bar, ...]) -> tuple[Section, ...]:
    """Runs of bars with one name, with their mean energy."""
    starts = [index for index, bar in enumerate(bars) if index == 0 or bar.section != bars[index - 1].section]
    if not bars:
        return ()
    runs = [bars[start:stop] for start, stop in zip(starts, [*starts[1:], len(bars)], strict=True)]
    return tuple(
        Section(run[0].start, run[0].section, round(sum(bar.energy for bar in run) / len(run), 3)) for run in runs
    )


def _peak(clip: Clip, frames: Frames, hits: tuple[Hit, ...], times: NDArray[np.float64]) -> int:
    """The bar of the climax: the heaviest hit of the cue's later part, else most motion, else two thirds in."""
    count = len(times) - 1
    low, high = times[0] + 0.3 * np.ptp(times), times[0] + 0.92 * np.ptp(times)
    heavy = [hit for hit in hits if low <= clip.offset_of(hit.frame) <= high]
    if heavy:
        most = max(heavy, key=lambda hit: (hit.weight, hit.frame))
        return min(
            count - 1, max(0, int(np.searchsorted(times, float(clip.offset_of(most.frame)) + 0.03, "right")) - 1)
        )
    motion = _per_bar(frames.motion, clip, times)
    inner = range(int(0.4 * count), max(int(0.4 * count) + 1, int(0.9 * count)))
    if np.ptp(motion) > 0.05:
        return max(inner, key=lambda bar: float(motion[bar]))
    return int(0.66 * count)


def _names(count: int, peak: int) -> list[str]:
    """A section for each bar; long stretches are cut into themes of eight bars."""
    if count <= 2:
        return ["gesture"] * count
    intro = min(max(1, count // 10), 8, max(1, peak))
    top = min(max(1, count // 8), 8)
    tail = min(max(1, count // 10), 8)
    names = []
    for bar in range(count):
        if bar >= count - tail:
            names.append("ending")
        elif peak <= bar < peak + top:
            names.append("peak")
        elif bar < intro:
            names.append("intro")
        elif bar < peak:
            names.append(_theme(bar - intro, peak - intro))
        else:
            names.append("release" if bar < peak + top + 8 else _theme(bar - intro, 2 * count))
    return names


def _theme(bar: int, until: int) -> str:
    """The name "build" in the last eight bars before the peak; before that themes A B A C ... of eight bars."""
    if until - bar <= 8:
        return "build"
    number = bar // 8
    return f"theme {'ABACABDA'[number % 8]}{number + 1}"


def _energy(
    clip: Clip, frames: Frames, brief: Brief, times: NDArray[np.float64], names: list[str], peak: int
) -> NDArray[np.float64]:
    """Energy per bar, 0..1."""
    parts = [(ARC, _arc(names, peak))]
    motion = _per_bar(frames.motion, clip, times)
    if np.ptp(motion) > 0.02:
        parts.append((MOTION, (motion - motion.min()) / np.ptp(motion)))
    contour = brief.broad.track.energy if brief.broad else ()
    if len(contour) > 1:
        places = np.linspace(0, 1, len(contour))
        middles = (times[:-1] + times[1:]) / 2 / float(clip.seconds)
        parts.append((BROAD, np.interp(middles, places, np.asarray(contour))))
    mixed = sum(weight * curve for weight, curve in parts) / sum(weight for weight, _ in parts)
    whole = 0.25 + 0.5 * mixed + 0.6 * (brief.feeling.energy - 0.5) + brief.density
    whole = whole + np.where(np.arange(len(names)) == peak, 0.15, 0.0)
    return np.asarray(np.clip(whole, 0.05, 1.0))


def _arc(names: list[str], peak: int) -> NDArray[np.float64]:
    """The form's own curve: from a quiet start up to the peak and down again, with a wave of eight bars."""
    count = len(names)
    bars = np.arange(count)
    rise = 0.25 + 0.6 * bars / max(1, peak)
    fall = 0.8 - 0.45 * (bars - peak) / max(1, count - peak)
    base = np.where(bars < peak, rise, fall) + 0.08 * np.sin(2 * np.pi * bars / 16)
    special = {"intro": 0.15, "peak": 1.0, "gesture": 0.7}
    return np.array([special.get(name, value) for name, value in zip(names, base, strict=True)])


def _per_bar(curve: NDArray[np.float32], clip: Clip, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of a per-frame curve over each bar."""
    if not len(curve):
        return np.zeros(len(times) - 1)
    edges = np.clip((times * float(clip.rate)).astype(int), 0, len(curve) - 1)
    return np.array([float(curve[a : max(a + 1, b)].mean()) for a, b in pairwise(edges)])


def final_tick(
    clip: Clip, tempo_map: TempoMap, stop: int, ending: str, accents: tuple[tuple[int, float], ...]
) -> int | None:
    """Where the last chord stands: None for endings without one (fade, cut, loop).

    A heavy hit near the end takes it; else it is the last bar line, or beat, that leaves room to ring
    (an eighth of the cue, 1.2 to 4 s) or, for a button, a short silence (at least 0.35 s).
    """
    if ending not in ("ring", "button"):
        return None
    whole = clip.seconds
    room = Fraction(35, 100) if ending == "button" else min(max(whole / 8, Fraction(6, 5)), Fraction(4), whole * 2 / 5)
    wide = Fraction(9, 5) if ending == "button" else room + 2
    room = min(room, whole / 2)
    near = [tick for tick, weight in accents if weight >= 0.6 and room <= whole - tempo_map.seconds(tick) <= wide]
    if near:
        return near[-1]
    bars = [tick for tick, _ in tempo_map.bars(stop) if room <= whole - tempo_map.seconds(tick) <= wide]
    beats = [tick for tick in tempo_map.beats(stop) if room <= whole - tempo_map.seconds(tick)]
    return max(bars, default=max(beats, default=0))
