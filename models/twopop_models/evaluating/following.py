"""Whether the broad reference is followed: chords and energy of the own reference against those of random others.

Cues are made with the broad reference alone, at several settings of the slider that says how closely to follow it.
Each measure is taken with the own reference and with those of all other pieces; what counts is own minus the mean of
the others ("random", its expectation). A slider is monotonic when the mean of the own
measure never falls as it rises, and pieces surely rise with it in rank.

* roots, bar by bar: share of bars whose root is the reference's as a degree of each one's key, from the beginning.
* roots, best turn: the same at the best of all rotations of the reference's bars.
* energy, beat by beat: Pearson's r of loudness, two values a second, the reference's at the cue's tempo, repeated.
* energy, stretched: the same with the reference stretched to the cue's length.
* roots and drums on the grid: cells and steps one by one as far as both go, see ``grid.following``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis.energy import measure_energy
from twopop_models.controls import BY_NAME, Controls, Kind
from twopop_models.evaluating import harmonies
from twopop_models.evaluating.held import Piece
from twopop_models.evaluating.playing import Order, Played, Studio, bridged, picture, seeded
from twopop_models.evaluating.statistics import correlation, mean_of, middle, rank_correlation
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.grid import following as grid
from twopop_models.grid import hearing
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import Latents
from twopop_models.types import Track

LEVELS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_SLACK: Final = 0.01  # by which a mean may fall from step to step and still count as rising


@dataclass(frozen=True, eq=False)
class Cue:
    """What is compared of a cue: degrees per bar, loudness 0..1 twice a second, beats per minute, and its latents."""

    degrees: tuple[harmonies.Degree, ...]
    energy: NDArray[np.float64]
    tempo: float
    latents: Latents | None = None


Measure = Callable[[Cue, Track], float]


def cue_of(played: Played) -> Cue:
    """Listen to a cue before its last chord."""
    score = played.score
    until = max(1, int(2 * float(score.tempo_map.seconds(harmonies.last(score)))))
    contour = np.array(measure_energy(played.mix, played.sample_rate).contour[:until])
    return Cue(harmonies.of_score(score), contour, played.music.tempo, encode(score))


def _beat_by_beat(cue: Cue, track: Track) -> float:
    known = np.array(track.energy)
    places = np.arange(len(cue.energy)) * (cue.tempo / track.tempo if track.tempo > 0 else 1.0)
    return correlation(cue.energy, np.interp(places % max(1, len(known) - 1), np.arange(len(known)), known))


def _stretched(cue: Cue, track: Track) -> float:
    known = np.array(track.energy)
    return correlation(cue.energy, np.interp(np.linspace(0, 1, len(cue.energy)), np.linspace(0, 1, len(known)), known))


def _on_grid(measure: Callable[[Latents, Latents], float], cue: Cue, track: Track) -> float:
    return float("nan") if cue.latents is None else measure(cue.latents, hearing.encode(track))


MEASURES: Final[dict[str, Measure]] = {
    "roots, bar by bar": lambda cue, track: harmonies.aligned(cue.degrees, harmonies.of_track(track)),
    "roots, best turn": lambda cue, track: harmonies.rotated(cue.degrees, harmonies.of_track(track)),
    "energy, beat by beat": _beat_by_beat,
    "energy, stretched": _stretched,
    "roots, cell by cell": lambda cue, track: _on_grid(grid.roots, cue, track),
    "drums, step by step": lambda cue, track: _on_grid(grid.pattern, cue, track),
}


def slider_of(composer: str) -> str:
    """The control that says how closely a composer follows the broad reference."""
    return "follow" if composer == "band" else "guide_broad"


def at_level(controls: Controls, slider: str, level: float) -> Controls:
    """The controls with a slider at 0..1 (of 100 % where it is a percentage).

    Raises:
        ControlError: ``unknown_control`` or ``bad_control``.

    """
    scale = 100.0 if slider in BY_NAME and BY_NAME[slider].kind is Kind.PERCENT else 1.0
    value = getattr(Controls.parse([(slider, f"{level * scale:g}")]), slider)
    return replace(controls, **{slider: value})


def evaluate(
    studio: Studio, pieces: Sequence[Piece], seeds: Sequence[int], slider: str, levels: Sequence[float] = LEVELS
) -> tuple[Table, ...]:
    """Every measure at every level of the slider, and how monotonic it is.

    Raises:
        EngineError: what the composer raises.
        ControlError: ``bad_control`` for a composer without scores.

    """
    known = [piece for piece in pieces if piece.broad is not None]
    studio.wanted = studio.made + len(known) * len(levels) * len(seeds)
    cues = {
        level: [[_cue(studio, piece, slider, level, seed) for seed in seeds] for piece in known] for level in levels
    }
    tracks = [piece.broad for piece in known if piece.broad is not None]
    return report(cues, tracks, slider)


def _cue(studio: Studio, piece: Piece, slider: str, level: float, seed: int) -> Cue:
    controls = seeded(at_level(piece.controls, slider, level), seed)
    order = Order(picture(piece.seconds), bridged(piece.asked, piece.broad), controls)
    return cue_of(studio.play(order, f"{piece.name}, {slider} at {level:g}, seed {seed}"))


def report(cues: dict[float, list[list[Cue]]], tracks: Sequence[Track], slider: str) -> tuple[Table, ...]:
    """The tables of cues (level, piece, seed); ``tracks`` are the pieces' own broad references."""
    rows: list[tuple[Cell, ...]] = []
    slopes: list[tuple[Cell, ...]] = []
    for name, measure in MEASURES.items():
        own_by_level = []
        for level, found in cues.items():
            pairs = [_own_and_random(measure, found[place], tracks, place) for place in range(len(tracks))]
            own, random = ([pair[side] for pair in pairs] for side in (0, 1))
            gain = mean_of([one - other for one, other in pairs])
            rows.append((name, level, mean_of(own), mean_of(random), gain, _yes(gain.sign > 0)))
            own_by_level.append(own)
        slopes.append(_slope(name, list(cues), own_by_level))
    notes = (f"{len(tracks)} pieces; random: the mean over the other pieces' references.",)
    columns = ("measure", slider, "own", "random", "own - random", "followed")
    slope_columns = ("measure", "rank correlation with the slider", "lowest", "highest", "monotonic")
    return (
        Table("The broad reference", columns, tuple(rows), notes, digits=3),
        Table(f"The slider {slider}", slope_columns, tuple(slopes), digits=3),
    )


def _own_and_random(measure: Measure, cues: list[Cue], tracks: Sequence[Track], place: int) -> tuple[float, float]:
    others = [track for track in tracks if track.id != tracks[place].id]
    own = [measure(cue, tracks[place]) for cue in cues]
    random = [measure(cue, track) for cue in cues for track in others]
    return middle(own), middle(random)


def _slope(name: str, levels: list[float], own: list[list[float]]) -> tuple[Cell, ...]:
    by_piece = [rank_correlation(levels, values) for values in zip(*own, strict=True) if not any(map(np.isnan, values))]
    means = [middle(values) for values in own]
    rises = all(later >= earlier - _SLACK for earlier, later in pairwise(means)) and means[-1] > means[0]
    slope = mean_of(by_piece)
    return name, slope, means[0], means[-1], _yes(rises and slope.sign > 0)


def _yes(what: bool) -> str:
    return "yes" if what else "no"
