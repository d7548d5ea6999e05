"""Whether music is copied: how like its nearest known piece a cue is, beside how like it real new pieces are.

All music is compared as latents of the beat grid, on the tonic C. Known pieces are those of a training corpus and the
cue's own references; the baseline are held-out pieces of the corpus, cut to the cue's length, against the same known
pieces; a corpus holds all versions of a piece out together.

* notes: the longest run of notes of a melody or bass that also stands in a known piece, as intervals and steps of
  time together; the same interval and step several times in a row count once, or every pedal note would be a copy.
* chroma: likeness of what sounds in each quarter note along the best path of dynamic time warping through a known
  piece, that may run half or twice as fast: 1 for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.evaluating.held import Piece
from twopop_models.evaluating.playing import Order, Studio, Told, bridged, picture, seeded, untold
from twopop_models.evaluating.statistics import Interval, mean_of
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.grid import files
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import LANES, STRUCK, Latents
from twopop_models.types import Track

LINES: Final = ("melody", "bass")
AT_ONCE: Final = 400
"""Known pieces that are looked through as one, which bounds the memory."""
HELD: Final = 100
"""Held-out pieces for the baseline; of more so many are drawn by chance."""
_GAP: Final = -1
_LONGEST: Final = 16  # sixteenths between two notes that are told apart
_OFF: Final = 0.05  # of a likeness's range: by so much a copy is above the baseline's highest

Line = NDArray[np.int64]
"""(notes - 1,) codes of an interval and a step of time."""


@dataclass(frozen=True, eq=False)
class Trace:
    """What is compared of a piece: its lines by stem, and (cells, 12) what sounds; rows of norm 1 or 0."""

    lines: tuple[Line, ...]
    chroma: NDArray[np.float64]


def trace(latents: Latents) -> Trace:
    """The trace of (``CHANNELS``, cells) latents."""
    return Trace(tuple(_line(latents, stem) for stem in LINES), _chroma(latents))


def _line(latents: Latents, stem: str) -> Line:
    """The highest notes where a stem strikes, as intervals and steps, repetitions left out."""
    roll = LANES[stem].read(latents) > 0
    steps = np.flatnonzero((LANES[f"{stem}+"].read(latents)[:, 0] > STRUCK) & roll.any(axis=1))
    if len(steps) < 2:
        return np.zeros(0, np.int64)
    tops = roll.shape[1] - 1 - roll[steps][:, ::-1].argmax(axis=1)
    codes = (np.diff(tops) + 64) * 32 + np.minimum(np.diff(steps), _LONGEST)
    return np.asarray(codes[np.r_[True, codes[1:] != codes[:-1]]], np.int64)


def _chroma(latents: Latents) -> NDArray[np.float64]:
    cells = latents.shape[1]
    found = np.zeros((cells, 12))
    for stem in ("bass", "harmony", "melody", "pads"):
        lane = LANES[stem]
        sounding = (lane.read(latents) > 0).reshape(cells, lane.steps, lane.rows).mean(axis=1)
        for row in range(lane.rows):
            found[:, (lane.low + row) % 12] += sounding[:, row]
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9))


def longest(one: Line, other: Line) -> int:
    """The length of the longest run that both have."""
    if not len(one) or not len(other):
        return 0
    best, runs = 0, np.zeros(len(other) + 1, np.int64)
    for code in one:
        runs[1:] = np.where(other == code, runs[:-1] + 1, 0)
        best = max(best, int(runs.max()))
    return best


def notes(one: Trace, other: Trace) -> float:
    """The longest run of any line that stands in the same stem's line of the other, in notes."""
    runs = [longest(mine, theirs) for mine, theirs in zip(one.lines, other.lines, strict=True)]
    return float(max(runs, default=0))


def chroma(one: Trace, other: Trace) -> float:
    """The highest mean likeness on a path of all of ``one`` through a part of ``other``; 0 for no path."""
    if len(one.chroma) < 2 or len(other.chroma) < 2:
        return 0.0
    near = one.chroma @ other.chroma.T
    near[:, np.isnan(near[0])] = -np.inf
    return float(_best_path(near))


def joined(traces: Sequence[Trace]) -> Trace:
    """Many pieces as one, with gaps that nothing runs across: looked through far faster than one by one."""
    if not traces:
        return Trace(tuple(np.zeros(0, np.int64) for _ in LINES), np.zeros((0, 12)))
    gap, hole = np.full(1, _GAP, np.int64), np.full((2, 12), np.nan)  # two cells, as a step may leave one out
    lines = [np.concatenate([part for one in traces for part in (one.lines[at], gap)]) for at in range(len(LINES))]
    return Trace(tuple(lines), np.concatenate([part for one in traces for part in (one.chroma, hole)]))


def _best_path(near: NDArray[np.float64]) -> float:
    """The highest mean of likeness on a path of steps (1, 1), (1, 2) and (2, 1) from the first row to the last."""
    rows, columns = near.shape
    total = np.full((rows, columns), -np.inf)
    count = np.ones((rows, columns))
    total[0] = near[0]
    for row in range(1, rows):
        ways = [(total[row - 1, :-1], count[row - 1, :-1], 1)]
        ways.append((total[row - 1, :-2], count[row - 1, :-2], 2))
        if row > 1:
            ways.append((total[row - 2, :-1], count[row - 2, :-1], 1))
        best, number = np.full(columns, -np.inf), np.ones(columns)
        for sums, counts, shift in ways:
            mean = np.full(columns, -np.inf)
            mean[shift:] = (sums + near[row, shift:]) / (counts + 1)
            known = np.divide(best, number)
            better = mean > known
            best[shift:] = np.where(better[shift:], sums + near[row, shift:], best[shift:])
            number[shift:] = np.where(better[shift:], counts + 1, number[shift:])
        total[row], count[row] = best, number
    ends = total[-1] / count[-1]
    return max(0.0, float(ends.max()))


MEASURES: Final[dict[str, Callable[[Trace, Trace], float]]] = {"notes": notes, "chroma": chroma}


@dataclass(frozen=True, eq=False)
class Known:
    """``count`` known pieces, many as one, and the latents of those held out."""

    pieces: tuple[Trace, ...]
    count: int
    held: tuple[Latents, ...]

    def nearest(self, found: Trace) -> dict[str, float]:
        """The highest of each measure over all known pieces."""
        each = [likeness(found, one) for one in self.pieces]
        return {name: max((values[name] for values in each), default=0.0) for name in MEASURES}


def likeness(one: Trace, other: Trace) -> dict[str, float]:
    """Every measure."""
    return {name: measure(one, other) for name, measure in MEASURES.items()}


def known_of(corpus: files.Corpus, seed: int = 0, told: Told = untold) -> Known:
    """All pieces for training, and some of those held out."""
    known = [piece for piece in corpus.pieces if not piece.held]
    held = [piece for piece in corpus.pieces if piece.held]
    drawn = sorted(np.random.default_rng(seed).permutation(len(held))[:HELD].tolist())
    batches = []
    for first in range(0, len(known), AT_ONCE):
        told("reading the corpus", first / len(known))
        batches.append(joined([trace(corpus.read(piece)) for piece in known[first : first + AT_ONCE]]))
    return Known(tuple(batches), len(known), tuple(corpus.read(held[place]) for place in drawn))


def evaluate(studio: Studio, pieces: Sequence[Piece], seeds: Sequence[int], known: Known) -> tuple[Table, ...]:
    """The nearest known pieces of cues with both references, beside those of held-out pieces.

    Raises:
        EngineError: what the composer raises.
        ControlError: ``bad_control`` for a composer without scores.

    """
    studio.wanted = studio.made + len(pieces) * len(seeds)
    training: list[dict[str, float]] = []
    references: dict[str, list[dict[str, float]]] = {"broad": [], "targeted": []}
    cells = 0
    for piece in pieces:
        tracks = {"broad": piece.broad, "targeted": piece.targeted}
        traces = {role: traced for role, track in tracks.items() if (traced := _of_track(track)) is not None}
        for seed in seeds:
            bridges = bridged(piece.asked, piece.broad, piece.targeted)
            order = Order(picture(piece.seconds), bridges, seeded(piece.controls, seed))
            latents = encode(studio.play(order, f"{piece.name}, seed {seed}").score)
            cells, found = max(cells, latents.shape[1]), trace(latents)
            training.append(known.nearest(found))
            for role, other in traces.items():
                references[role].append(likeness(found, other))
    real = []
    for number, latents in enumerate(known.held):
        studio.told("comparing held-out pieces", number / len(known.held))
        real.append(known.nearest(trace(latents[:, : cells or None])))
    rows = {"held-out pieces to training": real, "cues to training": training}
    rows |= {f"cues to their {role} reference": found for role, found in references.items()}
    return (report(rows, known.count),)


def _of_track(track: Track | None) -> Trace | None:
    """The trace of a reference that is latents; of sound the notes are not known."""
    return trace(files.read(track.path)) if track is not None and track.path.suffix.lower() in files.WRITTEN else None


def report(rows: dict[str, list[dict[str, float]]], count: int) -> Table:
    """The table of nearest values by row; the first is the baseline."""
    real = next(iter(rows.values()))
    highest = {name: max((found[name] for found in real), default=float("nan")) for name in MEASURES}
    lines: list[tuple[Cell, ...]] = []
    for name, found in rows.items():
        cells: list[Cell] = [name, len(found)]
        for measure in MEASURES:
            cells += [_mean(one[measure] for one in found), max((one[measure] for one in found), default=None)]
        above = [_above(one, highest) for one in found]
        cells.append(sum(above) if real else None)
        lines.append(tuple(cells))
    columns = ("what to what", "count", "notes", "most notes", "chroma", "most chroma", "above every real piece")
    notes_below = (
        f"{count} known pieces. Notes: the longest shared run; chroma: likeness along the best path.",
        "Above every real piece: cues that share more with a known piece than any held-out piece does.",
        "A broad reference is meant to be followed in its chords: there only the notes speak of copying.",
    )
    return Table("Copying", columns, tuple(lines), notes_below)


def _above(found: dict[str, float], highest: dict[str, float]) -> bool:
    return found["notes"] > highest["notes"] or found["chroma"] > highest["chroma"] + _OFF


def _mean(values: Iterable[float]) -> Interval:
    return mean_of(list(values))
