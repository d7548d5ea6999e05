"""Form: bars, sections and how much energy each bar has.

The heaviest hit is the peak; without hits the busiest stretch of picture is. Before it the cue builds,
after it it lets go. ``sectioning`` names the sections, ``energies`` says how full they are, ``textures`` who
plays in them and ``regions`` in which key.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band import grouping
from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.energies import energies, per_bar
from twopop_models.composers.band.harmony import Chord
from twopop_models.composers.band.patterns import STEP, Stroke, strokes
from twopop_models.composers.band.regions import regions
from twopop_models.composers.band.scenes import Placed, fullness
from twopop_models.composers.band.sectioning import named_sections
from twopop_models.composers.band.textures import resting, thin
from twopop_models.score import Meter, Section, TempoMap
from twopop_models.types import Clip, Frames, Hit

HEAVY = 0.6
"""Weight from which a hit can begin a section."""


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
    key: tuple[int, str] | None = None  # None: the cue's own
    rests: frozenset[str] = frozenset()  # roles that do not play
    thin: bool = False  # second players of a role do not play

    @cached_property
    def steps(self) -> int:
        """Whole 16ths in it, at least 1."""
        return max(1, (self.stop - self.start) // STEP)

    @cached_property
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
    clip: Clip,
    frames: Frames,
    hits: tuple[Hit, ...],
    brief: Brief,
    tempo_map: TempoMap,
    end: int,
    follow: float = 70.0,
    fuller: float = 0.0,
    scenes: tuple[Placed, ...] = (),
) -> tuple[Bar, ...]:
    """The bars before tick ``end``, where the last chord or the end of the range is.

    ``follow``, 0..100, weighs picture and broad reference against the form's own energy, see ``energies``;
    ``fuller`` is added to the energy of every bar. A scene is as full as its mood, and sections begin with it.
    """
    lines = [(tick, meter) for tick, meter in tempo_map.bars(end)]
    stops = [*(tick for tick, _ in lines[1:]), end]
    if not lines:
        return ()
    times = np.array([float(tempo_map.seconds(tick)) for tick in (*(tick for tick, _ in lines), end)])
    peak = _peak(clip, frames, hits, times)
    marks = _marks(clip, hits, times) | {scene.bar for scene in scenes}
    names = named_sections(len(lines), peak, marks)
    contour = brief.broad.track.energy if brief.broad else ()
    felt = fullness(brief.feeling.energy, len(lines), scenes)
    level = 0.5 + 0.6 * (felt - 0.5) + brief.density + fuller
    energy = energies(frames, contour, times, names, peak, level=level, follow=follow)
    home = (brief.tonic, brief.mode)
    steered = brief.broad is not None and bool(brief.broad.track.chords)
    keys = [home] * len(names) if steered else regions(names, home, brief.feeling)
    rests, few = resting(names, energy), thin(energy)
    pickup = tempo_map.pickup
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
            keys[index],
            rests[index],
            few[index],
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
    motion = per_bar(frames.motion, clip.rate, times)
    inner = range(int(0.4 * count), max(int(0.4 * count) + 1, int(0.9 * count)))
    if np.ptp(motion) > 0.05:
        return max(inner, key=lambda bar: float(motion[bar]))
    return int(0.66 * count)


def _marks(clip: Clip, hits: tuple[Hit, ...], times: NDArray[np.float64]) -> frozenset[int]:
    """Bars on whose bar line a heavy hit lies, to 0.1 s."""
    heavy = [float(clip.offset_of(hit.frame)) for hit in hits if hit.weight >= HEAVY]
    return frozenset(int(np.argmin(abs(times - at))) for at in heavy if abs(times - at).min() < 0.1)


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
