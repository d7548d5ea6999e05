"""Table 7 of the paper: whether fast is fast and slow is slow.

The tempo that is heard in cues for fast, medium and slow, by BeatNet with metricon's bar model, which composers do
not use. Trackers hear half or twice a tempo as lief as the tempo itself, so that the share of cues within the asked
range is also given with octaves folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import beats
from twopop_models.controls import Controls
from twopop_models.describers.wording import amend, read_text
from twopop_models.evaluating.playing import Order, Studio, bridged, picture
from twopop_models.evaluating.statistics import mean_of
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.vocabulary import GENRES, PACES

ASKED: Final = ("fast", "medium", "slow")
FOLDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0)


def folded(tempo: float, wanted: float) -> float:
    """A tempo moved by octaves to lie next to the wanted one; 0 stays 0.

    >>> folded(61.0, 120.0)
    122.0
    """
    return min((tempo * fold for fold in FOLDS), key=lambda one: abs(np.log2(one / wanted))) if tempo > 0 else 0.0


def heard(samples: NDArray[np.float32], sample_rate: int) -> float:
    """Beats per minute of (n, 2) samples, 0 for none."""
    import soxr

    mono = soxr.resample(samples.mean(axis=1), sample_rate, beats.SAMPLE_RATE)
    return beats.track_beats(np.asarray(mono, np.float32)).tempo


def inside(tempo: float, pace: str, *, fold: bool = False) -> bool:
    """Whether a tempo lies in a pace's range, or with ``fold`` one of its octaves does."""
    low, high = PACES[pace]
    return any(low <= tempo * factor < high for factor in (FOLDS if fold else (1.0,)))


def evaluate(studio: Studio, count: int, seeds: Sequence[int], seconds: float) -> tuple[Table, ...]:
    """The table over ``count`` genres.

    Raises:
        EngineError: what the composer raises.

    """
    genres = [GENRES[place] for place in np.random.default_rng(0).permutation(len(GENRES))[:count]]
    studio.wanted = len(ASKED) * len(genres) * len(seeds)
    found = {
        pace: [_tempos(studio, pace, genre, seed, seconds) for genre in genres for seed in seeds] for pace in ASKED
    }
    return (report(found),)


def _tempos(studio: Studio, pace: str, genre: str, seed: int, seconds: float) -> tuple[float, float]:
    """Heard and written."""
    controls = Controls.parse([("tempo", pace), ("genre", genre), ("seed", str(seed)), ("hits", "off")])
    text = amend(read_text("A scene"), controls)
    played = studio.play(Order(picture(seconds), bridged(text), controls), f"{pace} {genre}, seed {seed}")
    return heard(played.mix, played.sample_rate), played.music.tempo


def report(found: dict[str, list[tuple[float, float]]]) -> Table:
    """The table of (heard, written) tempos by pace."""
    rows: list[tuple[Cell, ...]] = []
    for pace, tempos in found.items():
        exact = [100.0 * inside(heard, pace) for heard, _ in tempos]
        octaves = [100.0 * inside(heard, pace, fold=True) for heard, _ in tempos]
        near = [100.0 * (abs(folded(heard, written) / written - 1) <= 0.02) for heard, written in tempos]
        low, high = PACES[pace]
        means = [mean_of([pair[place] for pair in tempos]) for place in (0, 1)]
        shares = (float(np.mean(values)) for values in (exact, octaves, near))
        rows.append((pace, f"{low:.0f} to {high:.0f}", *means, *shares))
    columns = ("asked", "range", "heard BPM", "written BPM", "in range, %", "octaves folded, %", "written is heard, %")
    notes = (
        f"{len(next(iter(found.values())))} cues each. Written is heard: within 2 %, octaves folded.",
        "The paper's figures for its Table 7 are in a picture only and could not be read.",
    )
    return Table("Table 7: tempo by words", columns, tuple(rows), notes, digits=1)
