"""Whether the picture is followed: onsets where it moves, strokes where it is cut.

Pictures are four courses of motion (rising, falling, a hill, a valley) with cuts at places drawn by chance; there are
no references. What counts is the measure with the own picture minus its mean with the other pictures.

* density: Pearson's r of the notes that begin in each two seconds with the motion there.
* strokes: velocity that begins within a frame of a cut, per cut, as a multiple of what begins around a beat.
* met: share of cuts with a note that begins within a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.controls import Controls
from twopop_models.describers.wording import read_text
from twopop_models.evaluating.harmonies import last
from twopop_models.evaluating.playing import RATE, Order, Studio, bridged, picture
from twopop_models.evaluating.statistics import correlation, mean_of, middle
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.score import Score
from twopop_models.types import Frames

COURSES: Final[dict[str, tuple[float, ...]]] = {
    "rising": (0.0, 1.0),
    "falling": (1.0, 0.0),
    "hill": (0.0, 1.0, 0.0),
    "valley": (1.0, 0.0, 1.0),
}
MEASURES: Final = ("density", "strokes", "met")
WINDOW: Final = 2.0
FRAME: Final = float(1 / RATE)


@dataclass(frozen=True, eq=False)
class Struck:
    """Notes of a score before its last chord: when each begins (seconds) and how hard; and when beats are."""

    times: NDArray[np.float64]
    velocities: NDArray[np.float64]
    beats: NDArray[np.float64]
    seconds: float


def struck(score: Score) -> Struck:
    """The beginnings of all notes; accents count as what they are, notes."""
    stop, seconds = last(score), score.tempo_map.seconds
    notes = sorted((note.tick, note.velocity) for part in score.parts for note in part.notes if note.tick < stop)
    times = np.array([float(seconds(tick)) for tick, _ in notes])
    beats = np.array([float(seconds(tick)) for tick in score.tempo_map.beats(stop)])
    return Struck(times, np.array([float(velocity) for _, velocity in notes]), beats, float(seconds(stop)))


def density(found: Struck, frames: Frames) -> float:
    """Correlation of onsets with motion, in windows of two seconds."""
    edges = np.arange(0, found.seconds + 1e-9, WINDOW)
    if len(edges) < 4:
        return float("nan")
    counts = np.histogram(found.times, edges)[0].astype(np.float64)
    places = (np.arange(len(frames.motion)) + 0.5) * FRAME
    motion = [frames.motion[(places >= low) & (places < low + WINDOW)].mean() for low in edges[:-1]]
    return correlation(counts, np.array(motion))


def strokes(found: Struck, cuts: Sequence[float]) -> float:
    """Velocity per cut over velocity per beat; nan without cuts or notes."""
    usual = np.mean([_force(found, beat) for beat in found.beats]) if len(found.beats) else 0.0
    near = [_force(found, cut) for cut in cuts if cut < found.seconds]
    return float(np.mean(near) / usual) if near and usual > 0 else float("nan")


def met(found: Struck, cuts: Sequence[float]) -> float:
    """Share of cuts on which something begins."""
    near = [_force(found, cut) > 0 for cut in cuts if cut < found.seconds]
    return float(np.mean(near)) if near else float("nan")


def _force(found: Struck, at: float) -> float:
    return float(found.velocities[np.abs(found.times - at) <= FRAME + 1e-9].sum())


def pictures(count: int, seconds: float, seed: int = 0) -> list[tuple[str, Frames]]:
    """``count`` pictures: the courses in turn, each with cuts of its own every two to six seconds."""
    rng, found = np.random.default_rng(seed), []
    for number in range(count):
        name = list(COURSES)[number % len(COURSES)]
        places = np.cumsum(rng.uniform(2, 6, int(seconds)))
        cuts = [round(float(at * RATE)) for at in places if at < seconds - 1]
        found.append((name, picture(seconds, COURSES[name], cuts)))
    return found


def evaluate(studio: Studio, count: int, seeds: Sequence[int], seconds: float) -> tuple[Table, ...]:
    """The table over ``count`` pictures, at least two.

    Raises:
        EngineError: what the composer raises.
        ControlError: ``bad_control`` for a composer without scores.

    """
    shown = pictures(max(2, count), seconds)
    studio.wanted = studio.made + len(shown) * len(seeds)
    made = []
    for name, frames in shown:
        for seed in seeds:
            order = Order(frames, bridged(read_text("A scene")), Controls(seed=seed), frames.hits)
            made.append((frames, name, struck(studio.play(order, f"{name}, seed {seed}").score)))
    return (report(made, shown),)


def report(made: Sequence[tuple[Frames, str, Struck]], shown: Sequence[tuple[str, Frames]]) -> Table:
    """The table of cues: the picture of each, its course's name, its notes."""
    rows: list[tuple[Cell, ...]] = []
    for measure in MEASURES:
        pairs = []
        for frames, name, found in made:
            others = [
                other for course, other in shown if other is not frames and (measure != "density" or course != name)
            ]
            pairs.append((_taken(measure, found, frames), middle([_taken(measure, found, other) for other in others])))
        gain = mean_of([own - random for own, random in pairs])
        means = (mean_of([pair[side] for pair in pairs]) for side in (0, 1))
        rows.append((measure, *means, gain, "yes" if gain.sign > 0 else "no"))
    columns = ("measure", "own picture", "random picture", "own - random", "followed")
    notes = (f"{len(made)} cues, hits on, no references. Density is compared with other courses of motion only.",)
    return Table("Cuts and motion", columns, tuple(rows), notes, digits=3)


def _taken(measure: str, found: Struck, frames: Frames) -> float:
    if measure == "density":
        return density(found, frames)
    cuts = [hit.frame * FRAME for hit in frames.hits]
    return strokes(found, cuts) if measure == "strokes" else met(found, cuts)
