"""Whether the targeted reference is followed: who plays, against who plays in random other references.

Cues are made with the targeted reference alone and with none. A histogram is how much of all sounding time each
instrument has; of a reference it is even over the instruments that are heard in it, or how much of the piece each
plays where its latents are known. Likeness is 1 minus half the sum of differences: 1 for the same, 0 for none shared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twopop_models.evaluating.held import Piece
from twopop_models.evaluating.playing import Order, Studio, bridged, picture, seeded
from twopop_models.evaluating.statistics import mean_of
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.grid import files
from twopop_models.grid import following as grid
from twopop_models.score import Score
from twopop_models.types import Track
from twopop_models.vocabulary import INSTRUMENTS

Histogram = NDArray[np.float64]


def of_score(score: Score) -> Histogram:
    """(instruments,) shares of sounding time; accents do not count, for they answer hits."""
    found = np.zeros(len(INSTRUMENTS))
    for part in score.parts:
        if part.stem != "accents" and part.instrument in INSTRUMENTS:
            found[INSTRUMENTS.index(part.instrument)] += sum(note.length for note in part.notes)
    return _even(found)


def of_track(track: Track) -> Histogram:
    """(instruments,) shares of a reference."""
    if track.path.suffix.lower() in files.WRITTEN:
        return np.asarray(grid.histogram(files.read(track.path)), np.float64)
    return _even(np.array([float(name in track.instruments) for name in INSTRUMENTS]))


def likeness(one: Histogram, other: Histogram) -> float:
    """1 for the same, 0 for nothing shared; nan when one of the two is empty."""
    if not one.any() or not other.any():
        return float("nan")
    return 1 - float(np.abs(one - other).sum()) / 2


def _even(found: NDArray[np.floating]) -> Histogram:
    total = float(found.sum())
    return np.asarray(found / total if total else found, np.float64)


def evaluate(studio: Studio, pieces: Sequence[Piece], seeds: Sequence[int]) -> tuple[Table, ...]:
    """The table with the reference and without.

    Raises:
        EngineError: what the composer raises.
        ControlError: ``bad_control`` for a composer without scores.

    """
    known = [(piece, piece.targeted) for piece in pieces if piece.targeted is not None]
    studio.wanted = studio.made + 2 * len(known) * len(seeds)
    made: dict[str, list[list[Histogram]]] = {}
    for name, given in (("on", True), ("off", False)):
        made[name] = [[_cue(studio, piece, track if given else None, seed) for seed in seeds] for piece, track in known]
    return (report(made, [track for _, track in known]),)


def _cue(studio: Studio, piece: Piece, track: Track | None, seed: int) -> Histogram:
    order = Order(picture(piece.seconds), bridged(piece.asked, None, track), seeded(piece.controls, seed))
    return of_score(studio.play(order, f"{piece.name}, targeted {'on' if track else 'off'}, seed {seed}").score)


def report(made: dict[str, list[list[Histogram]]], tracks: Sequence[Track]) -> Table:
    """The table of cues (on or off, piece, seed); ``tracks`` are the pieces' own targeted references."""
    wanted = [of_track(track) for track in tracks]
    rows: list[tuple[Cell, ...]] = []
    for name, found in made.items():
        own, random = [], []
        for place, cues in enumerate(found):
            others = [one for one, track in zip(wanted, tracks, strict=True) if track.id != tracks[place].id]
            own.append(float(np.mean([likeness(cue, wanted[place]) for cue in cues])))
            random.append(float(np.mean([likeness(cue, one) for cue in cues for one in others] or [float("nan")])))
        gain = mean_of([one - other for one, other in zip(own, random, strict=True)])
        rows.append((name, mean_of(own), mean_of(random), gain, "yes" if gain.sign > 0 else "no"))
    columns = ("targeted", "own", "random", "own - random", "above 0")
    notes = ("With it off, what is left comes from the description, which speaks of the same instruments.",)
    return Table("The targeted reference: instruments", columns, tuple(rows), notes, digits=3)
