"""The energy panel of a cue map: what the form wants, what is heard of it, and what it follows.

The form's sections are steps of 0 to 1. Loudness is measured on the written mix. The picture's motion and
the broad reference's contour are averaged over the same window as loudness is; r is Pearson's correlation
of loudness with each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twopop.delivery.cuemap.measuring import SHORT_TERM, STEP, Floats, correlation, grid, loudness, smoothed, window_for
from twopop.delivery.cuemap.page import BROAD, DIM, FORM, INK, LOUD, MOTION, Page, fainter
from twopop_models.score import Score
from twopop_models.types import Frames, Take

_SPAN = 24.0
"""LU between the panel's upper and lower edge; what is quieter lies on the lower edge."""


@dataclass(frozen=True, eq=False)
class Energy:
    """Curves of one cue on the grid of ``measuring``; None where there is nothing to draw.

    ``loudness`` is in LUFS over ``window`` seconds; ``motion`` and ``broad`` are averaged over it too;
    ``form`` is the section's energy of each moment.
    """

    times: Floats
    window: float
    loudness: Floats
    motion: Floats | None
    form: Floats | None
    broad: Floats | None

    def likeness(self, name: str) -> float | None:
        """Correlation of loudness with the curve of that name; None where one of them is absent or flat."""
        other = getattr(self, name)
        return None if other is None else correlation(self.loudness, other)


def energy_of(take: Take, mix: Path, score: Score | None, breathe: Callable[[], None] = lambda: None) -> Energy:
    """Measure a cue.

    Raises:
        OSError: the mix cannot be read.

    """
    seconds = float(take.clip.seconds)
    window = window_for(seconds)
    heard = loudness(mix, window, breathe)
    times = grid(seconds)
    heard = np.interp(times, grid(STEP * len(heard)), heard)  # a last block of some samples more or less
    return Energy(
        times, window, heard, _motion(take.frames, times, window), _form(score, times), _broad(take, times, window)
    )


def _motion(frames: Frames, times: Floats, window: float) -> Floats | None:
    if frames.facts.kind == "text" or not len(frames.motion):
        return None
    return smoothed(frames.motion, float(1 / frames.clip.rate), times, window)


def _form(score: Score | None, times: Floats) -> Floats | None:
    if score is None or not score.sections:
        return None
    starts = [float(score.tempo_map.seconds(section.tick)) for section in score.sections]
    ruling = np.maximum(np.searchsorted(starts, times, "right") - 1, 0)
    return np.array([section.energy for section in score.sections])[ruling]


def _broad(take: Take, times: Floats, window: float) -> Floats | None:
    """The broad reference's contour, stretched over the cue as the form stretches it."""
    contour = take.bridges.broad.track.energy if take.bridges.broad else ()
    if len(contour) < 2:
        return None
    seconds = float(take.clip.seconds)
    return smoothed(np.interp(times, np.linspace(0, seconds, len(contour)), contour), STEP, times, window)


def draw_energy(page: Page, energy: Energy, hits: Sequence[float] = ()) -> None:
    """Steps, curves, the scale of loudness at the right, and a faint line at the seconds of each hit."""
    axes, times = page.panels["energy"], energy.times
    axes.set_ylim(0, 1.05)
    axes.vlines(hits, 0, 1.05, color=INK, linewidth=0.6, alpha=fainter(0.35, len(hits)))
    if energy.form is not None:
        starts = np.flatnonzero(np.diff(energy.form, prepend=np.nan))
        edges = np.concatenate([[0.0], times[starts[1:]] - STEP / 2, [page.seconds]])
        axes.stairs(energy.form[starts], edges, fill=True, color=FORM, alpha=0.45)
        axes.stairs(energy.form[starts], edges, color=FORM, linewidth=1.4, baseline=None)
    if energy.motion is not None:
        axes.plot(times, energy.motion / max(float(energy.motion.max()), 1e-6), color=MOTION, linewidth=1.2)
    if energy.broad is not None:
        axes.plot(times, energy.broad, color=BROAD, linewidth=1.2, linestyle=(0, (5, 3)))
    top = 3 * np.ceil(float(energy.loudness.max()) / 3)
    axes.plot(times, np.clip(1 + (energy.loudness - top) / _SPAN, 0, None), color=LOUD, linewidth=2)
    page.scale("energy", [(1 + lufs / _SPAN, f"{top + lufs:.0f}") for lufs in (0, -6, -12, -18, -24)], LOUD)
    page.caption("energy", "energy", tuple(_legend(energy)))


def _legend(energy: Energy) -> Iterator[tuple[str, str]]:
    kind = "3 s" if energy.window == SHORT_TERM else "0.4 s"
    yield f"loudness of mix, {kind}, LUFS", LOUD
    yield "r of loudness with", DIM
    words = {"form": ("sections' energy", FORM), "motion": ("picture's motion", MOTION), "broad": ("reference", BROAD)}
    for name, (text, colour) in words.items():
        if getattr(energy, name) is not None:
            r = energy.likeness(name)
            yield f"{text}: {'flat' if r is None else f'{r:+.2f}'}", colour
