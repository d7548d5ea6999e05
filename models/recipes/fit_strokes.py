"""Fit what tells drums apart in a recording: ``models/twopop_models/grid/stroke_weights.py``.

Run from the repository's root: ``python models/recipes/fit_strokes.py``. Renders two cues of every genre, half a
minute each, and takes a few minutes. It prints F1 of pieces whose genres were held out, then writes the module.
"""

from __future__ import annotations

import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import decode
from twopop_models.assets import soundfont
from twopop_models.clock import SAMPLE_RATE
from twopop_models.composers.band import write
from twopop_models.controls import Controls
from twopop_models.grid import encoding, strokes
from twopop_models.grid.lanes import LANES, STEPS, heard
from twopop_models.rendering import render
from twopop_models.score import PPQ, Score
from twopop_models.types import Bridges, Clip, Description, Frames, Shot, SourceFacts
from twopop_models.vocabulary import GENRES

MODULE: Final = Path(strokes.__file__).with_name("stroke_weights.py")
SECONDS: Final = 30
SEEDS: Final = (1, 2)
FOLDS: Final = 4

Floats = NDArray[np.floating[Any]]
Example = tuple[Floats, NDArray[np.bool_]]
"""(steps, features), (steps, 3) whether there is a stroke."""


def main() -> None:
    """Render, fit, print and write."""
    found = {(genre, seed): example(a_score(genre, seed)) for genre in GENRES for seed in SEEDS}
    sys.stdout.write(f"F1 of kick, snare, hat in genres held out: {held_out(found).round(3)}\n")
    MODULE.write_text(as_module(fit(list(found.values()))), "utf-8")


def a_score(genre: str, seed: int) -> Score:
    """Half a minute that ``band`` writes, straight."""
    clip = Clip(None, 0, SECONDS * 25, Fraction(25))
    facts = SourceFacts("text", 8, 8, None, False, 0, "", "")
    curve = np.linspace(0.3, 1, clip.frames).astype(np.float32)
    frames = Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, curve, (Shot(0, clip.frames),), ())
    bridges = Bridges(Description(""), None, None)
    return write(clip, frames, bridges, (), Controls(genre=genre), seed=seed, variation=0, straight=True)


def example(score: Score) -> Example:
    """What is heard of a score at each of its sixteenths, and what is struck there."""
    samples, known = sound(score), LANES["drums"].read(heard(encoding.encode(score)))[:, :3] > 0
    origin = score.tempo_map.pickup
    times = [float(score.tempo_map.seconds(origin + step * PPQ // STEPS)) for step in range(len(known))]
    return strokes.features(samples, np.array(times)), known


def sound(score: Score) -> Floats:
    """A score's mix, mono, as ``strokes`` wants it."""
    import soundfile

    with tempfile.TemporaryDirectory() as place:
        stems = render(score, SECONDS * SAMPLE_RATE, SAMPLE_RATE, Path(place), soundfont=soundfont(None))
        mix = sum(soundfile.read(stem.path, dtype="float32")[0] for stem in stems)
        path = Path(place, "mix.wav")
        soundfile.write(path, mix / max(1.0, float(np.abs(mix).max())), SAMPLE_RATE, "FLOAT")
        return decode(path, strokes.SAMPLE_RATE)


def fit(examples: list[Example]) -> Floats:
    """(features + 1, 3): weights, and below them what is added."""
    from sklearn.linear_model import LogisticRegression

    seen, known = (np.concatenate(part) for part in zip(*examples, strict=True))
    mean, spread = seen.mean(0), seen.std(0) + 1e-6
    weights = np.zeros((seen.shape[1] + 1, known.shape[1]))
    for voice in range(known.shape[1]):
        model = LogisticRegression(C=0.1, max_iter=1000).fit((seen - mean) / spread, known[:, voice])
        weights[:-1, voice] = model.coef_[0] / spread
        weights[-1, voice] = model.intercept_[0] - (model.coef_[0] * mean / spread).sum()
    return weights


def held_out(found: dict[tuple[str, int], Example]) -> Floats:
    """(3,) mean F1 of each voice over pieces that have it, each with weights of other genres."""
    genres = sorted({genre for genre, _ in found})
    np.random.default_rng(0).shuffle(genres)
    scores: list[list[float]] = [[], [], []]
    for fold in range(FOLDS):
        away = set(genres[fold::FOLDS])
        weights = fit([one for (genre, _), one in found.items() if genre not in away])
        for (genre, _), (seen, known) in found.items():
            guessed = seen @ weights[:-1] + weights[-1] > strokes.SURE
            for voice in range(3 if genre in away else 0):
                if known[:, voice].mean() > 0.05:
                    scores[voice].append(f1(guessed[:, voice], known[:, voice]))
    return np.array([np.mean(values) for values in scores])


def f1(guessed: NDArray[np.bool_], known: NDArray[np.bool_]) -> float:
    """Harmonic mean of precision and recall."""
    return float(2 * (guessed & known).sum() / max(1, guessed.sum() + known.sum()))


def as_module(weights: Floats) -> str:
    """The weights as a module's text."""
    rows = "".join(f"    ({', '.join(f'{value:.3f}' for value in row)}),\n" for row in weights)
    return (
        '"""Weights of ``strokes.features`` for kick, snare and hat, and below them what is added to the log odds.\n\n'
        'Written by ``models/recipes/fit_strokes.py``.\n"""\n\nfrom __future__ import annotations\n\n'
        f"from typing import Final\n\nWEIGHTS: Final = (\n{rows})\n"
    )


if __name__ == "__main__":
    main()
