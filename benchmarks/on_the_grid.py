"""What of a recording is heard on the beat grid: scores that are known, rendered, analysed and heard again.

    PYTHONPATH=benchmarks python benchmarks/on_the_grid.py [--seeds 2] [--jobs 1]

Every genre of ``band`` at 30 s without references or hits. Cells are compared by time, in the true key, so what is
judged is hearing and not the phase of the bar; drum voices only where they are struck in more than one step of
twenty. The drums' weights were fitted on such pieces (``recipes.fit_strokes``): their figures here are flattered.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from bandstand import Floats, Made, Order, arguments, play, table

from twopop_models.analysis import analyse
from twopop_models.grid import following, hearing, strokes
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import LANES, Latents, heard
from twopop_models.library.rows import track_of
from twopop_models.score import PPQ
from twopop_models.types import Clip
from twopop_models.vocabulary import GENRES, parse_key

COLUMNS = ("genre", "roots", "chroma F1", "energy r", "kick F1", "snare F1", "hat F1", "tempo, times")


def main() -> None:
    """Print the table."""
    words = arguments(__doc__)
    words.add_argument("--seeds", type=int, default=2)
    asked = words.parse_args()
    clip = Clip(None, 0, 750, Fraction(25))
    pairs = [
        (("genre", genre), ("seed", str(seed)), ("reference", "off"), ("hits", "off"))
        for genre in GENRES
        for seed in range(asked.seeds)
    ]
    rows = []
    for made in play([Order(clip, pair) for pair in pairs], asked.folder, asked.jobs):
        rows.append((made.score.style, *judged(made)))
    means = ("mean", *np.nanmean([row[1:] for row in rows], axis=0))
    print(table(COLUMNS, [(row[0], *(f"{value:.2f}" for value in row[1:])) for row in (*rows, means)]))


def judged(made: Made) -> tuple[float, ...]:
    """The figures of one cue, in the order of the columns."""
    home = parse_key(made.score.key)[0]
    track = track_of(analyse(made.mix), made.mix, "cue", "cue")
    ours, edges = hearing.encode(track, home), hearing.cells(track)
    truth = heard(encode(made.score, home))
    first, tempo_map = made.score.tempo_map.pickup, made.score.tempo_map
    lines = np.array([float(tempo_map.seconds(first + PPQ * cell)) for cell in range(truth.shape[1] + 1)])
    places = np.searchsorted(lines, (edges[:-1] + edges[1:]) / 2) - 1
    inside = (places >= 0) & (places < truth.shape[1])
    one, other = ours[:, inside], truth[:, places[inside]]
    found = (following.roots(one, other), chroma(one, other), following.energy(one, other))
    return (*found, *drums(ours, truth, edges, lines), float(np.median(np.diff(lines)) / np.median(np.diff(edges))))


def chroma(one: Latents, other: Latents) -> float:
    """F1 of chord tones where there is a chord."""
    lane = LANES["chroma"].channels
    known = (other[lane] > 0).any(0)
    return f1(one[lane][:, known] > 0, other[lane][:, known] > 0)


def drums(ours: Latents, truth: Latents, edges: Floats, lines: Floats) -> list[float]:
    """F1 of kick, snare and hats, each heard stroke counted at the true step that is nearest; nan where they rest."""
    here, there = strokes.step_times(edges), strokes.step_times(lines)
    struck, meant = (LANES["drums"].read(latents)[:, :3] > 0 for latents in (ours, truth))
    nearest = np.abs(there[:, None] - here[None]).argmin(0)
    moved = np.zeros_like(meant)
    for place, step in zip(nearest, struck, strict=False):
        if place < len(moved):
            moved[place] |= step
    low, high = int(nearest.min()), min(int(nearest.max()) + 1, len(meant))
    return [
        f1(moved[low:high, voice], meant[low:high, voice]) if meant[:, voice].mean() > 0.05 else float("nan")
        for voice in range(3)
    ]


def f1(one: np.ndarray, other: np.ndarray) -> float:
    """Twice what both have, of all that either has."""
    return float(2 * (one & other).sum() / max(1, one.sum() + other.sum()))


if __name__ == "__main__":
    main()
