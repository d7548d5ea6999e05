"""Table 6 of the paper: what the two tracks of the music bridge do.

Every held-out piece is asked for four times from one description: with both references, the broad one alone, the
targeted one alone, with neither. What is made is compared with the pieces themselves, by the judge:

* FD: Frechet distance of the hidden layer, patches of 3 s, all pieces together.
* KL: of the posteriors, KL(made || piece) per piece, mean, times 100.
* score: cosine of the piece's sentence and of what is heard, times 100.

The description of a held-out piece is of the music, with its genre and players; that of a picture knows neither, and
what references are for is to tell them. Pieces whose ``telling`` is ``MOOD`` are asked for as a picture would.

Intervals resample pieces, all seeds of a piece together. Differences are paired: the same pieces are drawn for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.evaluating import judging
from twopop_models.evaluating.held import Piece
from twopop_models.evaluating.playing import Order, Studio, bridged, picture, seeded
from twopop_models.evaluating.statistics import Floats, Interval, between, divergence, figure_of, frechet, mean_of
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.evaluating.telling import Telling

Figure = tuple[Interval, Floats]


@dataclass(frozen=True)
class Condition:
    """Which references are given; the paper's FD and KL for that, on its own data and encoders."""

    name: str
    broad: bool
    targeted: bool
    paper_frechet: float
    paper_divergence: float


CONDITIONS: Final = (
    Condition("both", True, True, 177.27, 75.29),
    Condition("broad only", True, False, 199.74, 91.89),
    Condition("targeted only", False, True, 387.14, 91.07),
    Condition("none", False, False, 360.29, 96.42),
)
MEASURES: Final = ("FD", "KL", "score")
BETTER: Final = {"FD": -1, "KL": -1, "score": 1}
_KL: Final = "KL x100"
_SCORE: Final = "score x100"


@dataclass(frozen=True, eq=False)
class Answer:
    """What was made of a piece under a condition, all seeds: patches (n, 200), and means over seeds."""

    patches: NDArray[np.float32]
    divergence: float
    score: float


def evaluate(studio: Studio, pieces: Sequence[Piece], seeds: Sequence[int]) -> tuple[Table, ...]:
    """The table and the differences between its rows.

    Raises:
        EngineError: what the composer raises.

    """
    studio.wanted = len(pieces) * len(seeds) * len(CONDITIONS)
    answers = {one.name: [_answer(studio, piece, one, seeds) for piece in pieces] for one in CONDITIONS}
    table, differences = report(answers, [piece.real for piece in pieces], len(seeds), pieces[0].telling)
    return replace(table, rows=(*table.rows, *bounds(pieces))), differences


def bounds(pieces: Sequence[Piece]) -> tuple[tuple[Cell, ...], ...]:
    """What the judge says of the pieces themselves, and of each piece's sentence and posterior with another piece."""
    own = [100 * judging.text_audio(piece.text.sentence, piece.real) for piece in pieces]
    pairs = [(one, other) for one in pieces for other in pieces if one is not other]
    scores = [100 * judging.text_audio(one.text.sentence, other.real) for one, other in pairs]
    apart = [100 * divergence(other.real.posterior, one.real.posterior) for one, other in pairs]
    blank: tuple[Cell, ...] = ("-", "-", None)
    return (
        ("the piece itself", *blank, 0.0, mean_of(own), None, None),
        ("any other piece", *blank, mean_of(apart), mean_of(scores), None, None),
    )


def _answer(studio: Studio, piece: Piece, condition: Condition, seeds: Sequence[int]) -> Answer:
    bridges = bridged(
        piece.asked, piece.broad if condition.broad else None, piece.targeted if condition.targeted else None
    )
    frames, heard = picture(piece.seconds), []
    for seed in seeds:
        order = Order(frames, bridges, seeded(piece.controls, seed))
        played = studio.play(order, f"{piece.name}, {condition.name}, seed {seed}")
        heard.append(judging.hear(played.mix, played.sample_rate))
    return Answer(
        np.concatenate([one.embeddings for one in heard]),
        float(np.mean([divergence(one.posterior, piece.real.posterior) for one in heard])),
        float(np.mean([judging.text_audio(piece.text.sentence, one) for one in heard])),
    )


def report(
    answers: dict[str, list[Answer]], real: Sequence[judging.Heard], seeds: int, telling: Telling = Telling.ALL
) -> tuple[Table, ...]:
    """The tables of answers by condition, all in the order of ``real``."""
    figures = {name: _figures(found, real) for name, found in answers.items()}
    rows: list[tuple[Cell, ...]] = []
    for one in CONDITIONS:
        found = [figures[one.name][measure][0] for measure in MEASURES]
        marks = ["yes" if given else "no" for given in (one.broad, one.targeted)]
        rows.append((one.name, *marks, *found, one.paper_frechet, one.paper_divergence))
    best = {measure: _best(measure, figures) for measure in MEASURES}
    order = "; ".join(f"{measure}: {name}" for measure, name in best.items())
    notes = (
        f"{len(real)} held-out pieces, {seeds} seeds each; told: {telling}.",
        f"Best: {order}. The paper's best is both in FD and KL.",
        "Paper: other music, other encoders (openl3, PaSST). Only the order of rows can be compared.",
        "With few pieces FD is far too large for all rows alike; it is compared between rows only.",
    )
    columns = ("references", "broad", "targeted", "FD", _KL, _SCORE, "paper FD", "paper KL x100")
    return Table("Table 6: the music bridge on held-out pieces", columns, tuple(rows), notes), _differences(figures)


def _figures(found: list[Answer], real: Sequence[judging.Heard]) -> dict[str, Figure]:
    def distance(places: NDArray[np.intp]) -> float:
        made = np.concatenate([found[place].patches for place in places])
        return frechet(made, np.concatenate([real[place].embeddings for place in places]))

    divergences = 100 * np.array([one.divergence for one in found])
    scores = 100 * np.array([one.score for one in found])
    return {
        "FD": figure_of(distance, len(found)),
        "KL": figure_of(lambda places: float(divergences[places].mean()), len(found), draws=2_000),
        "score": figure_of(lambda places: float(scores[places].mean()), len(found), draws=2_000),
    }


def _best(measure: str, figures: dict[str, dict[str, Figure]]) -> str:
    return max(figures, key=lambda name: BETTER[measure] * figures[name][measure][0].value)


def _differences(figures: dict[str, dict[str, Figure]]) -> Table:
    """Each condition against each that has less."""
    pairs = [
        ("both", "none"),
        ("both", "broad only"),
        ("both", "targeted only"),
        ("broad only", "none"),
        ("targeted only", "none"),
    ]
    rows: list[tuple[Cell, ...]] = []
    for more, less in pairs:
        found = {name: between(figures[more][name], figures[less][name]) for name in MEASURES}
        gains = [name for name in MEASURES if found[name].sign == BETTER[name]]
        losses = [name for name in MEASURES if found[name].sign == -BETTER[name]]
        rows.append((more, less, *found.values(), ", ".join(gains) or "-", ", ".join(losses) or "-"))
    columns = ("with", "minus", "FD", _KL, _SCORE, "surely better", "surely worse")
    return Table("Differences, paired by piece", columns, tuple(rows), ("FD and KL: less is better.",))
