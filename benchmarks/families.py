"""Are the style families told apart by ear? A tagger's hidden layer and the simplest classifiers say so.

    python benchmarks/families.py [--few] [--jobs 2] [--cues 6]

Six cues of every family, each combination of seed, mood, key, line-up and length the same in all families and found
once in each. Features: musicnn's penultimate activations (400: both heads, mean over time) of the mix at -14 LUFS;
references are off, so the composer hears of no tagger. Each combination is left out in turn with all its cues, so
that a family is only recognised from other seeds, moods and keys. The linear one (logistic regression on standardised
features, C = 0.1) is the measure; nearest neighbour and nearest class mean stand beside it. Chance is 1 / families.

The tagger is not untouched: some families were balanced by its tags while they were written (see ``tagging.py``). How
far they lie apart was not what that aimed at.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from bandstand import Floats, Made, Order, arguments, heard, play, share, table
from numpy.typing import NDArray

from twopop_models.analysis import musicnn
from twopop_models.composers.band import styles
from twopop_models.types import Clip
from twopop_models.vocabulary import GENRES

BAR = 0.80
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Combination:
    """What all families play once."""

    seed: int
    mood: str
    key: str
    variation: int
    seconds: int


COMBINATIONS = (
    Combination(11, "calm", "C major", 0, 16),
    Combination(12, "energetic", "E minor", 1, 20),
    Combination(13, "dark", "A minor", 2, 18),
    Combination(14, "happy", "F# major", 0, 20),
    Combination(15, "emotional", "Bb minor", 1, 16),
    Combination(16, "epic", "D minor", 2, 18),
    Combination(17, "romantic", "Ab major", 0, 20),
    Combination(18, "tense", "G minor", 1, 16),
)
METHODS = ("linear", "nearest neighbour", "nearest mean")


def families() -> list[str]:
    """Every family that can be asked for by its own name."""
    return [name for name in styles.NAMES if name in GENRES]


def orders(names: list[str], combinations: tuple[Combination, ...]) -> list[Order]:
    """One cue per family and combination, without a picture, so that nothing but these differs."""
    made = []
    for name in names:
        for one in combinations:
            pairs = (("genre", name), ("mood", one.mood), ("key", one.key), ("seed", str(one.seed)))
            clip = Clip(None, 0, 25 * one.seconds, Fraction(25))
            made.append(Order(clip, (*pairs, ("text", "A scene"), ("reference", "off")), one.variation))
    return made


def embedded(made: Made) -> Floats:
    """The (400,) vector of a mix."""
    return np.asarray(musicnn.tag(heard(made, musicnn.SAMPLE_RATE, musicnn.LEVEL)).embedding, np.float64)


def guesses(features: Floats, labels: Labels, groups: Labels, method: str) -> Labels:
    """The label of every cue as guessed from those of the other groups."""
    found = np.empty_like(labels)
    for group in np.unique(groups):
        test = groups == group
        middle, spread = features[~test].mean(axis=0), features[~test].std(axis=0) + 1e-6
        known, asked = (features[~test] - middle) / spread, (features[test] - middle) / spread
        found[test] = _guess(known, labels[~test], asked, method)
    return found


def _guess(known: Floats, labels: Labels, asked: Floats, method: str) -> Labels:
    if method == "linear":
        from sklearn.linear_model import LogisticRegression

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(LogisticRegression(C=0.1, max_iter=2000).fit(known, labels).predict(asked))
    if method == "nearest mean":
        names = np.unique(labels)
        known, labels = np.stack([known[labels == name].mean(axis=0) for name in names]), names
    unit, other = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (known, asked))
    return np.asarray(labels[(other @ unit.T).argmax(axis=1)])


def confusion(names: list[str], labels: Labels, found: Labels) -> str:
    """Rows are what was asked, columns what was guessed; a dot is none."""
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (labels, found), 1)
    rows = [(name, *(str(count) if count else "." for count in row)) for name, row in zip(names, counts, strict=True)]
    return table(("asked \\ guessed", *names), rows)


def report(names: list[str], features: Floats, size: int) -> str:
    """Shares by method, and the linear one's confusions; ``features`` family by family, ``size`` cues each."""
    labels = np.repeat(np.arange(len(names)), size)
    groups = np.tile(np.arange(size), len(names))
    found = {method: guesses(features, labels, groups, method) for method in METHODS}
    rows = [(method, share((found[method] == labels).tolist())) for method in METHODS]
    weak = [
        f"{name} {share((found['linear'] == labels)[labels == number].tolist())}"
        for number, name in enumerate(names)
        if ((found["linear"] == labels)[labels == number]).mean() < BAR
    ]
    return "\n\n".join(
        (
            table((f"{len(names)} families, {size} cues each", f"recognised (bar {BAR:.0%})"), rows),
            confusion(names, labels, found["linear"]),
            "Below the bar: " + (", ".join(weak) or "none"),
        )
    )


def main() -> None:
    """Make the cues and tell them apart."""
    parser = arguments(__doc__)
    parser.add_argument("--cues", type=int, default=6, choices=range(2, len(COMBINATIONS) + 1), metavar="N")
    given = parser.parse_args()
    folder: Path = given.folder
    names = families()[:3] if given.few else families()
    size = 2 if given.few else given.cues
    cues = play(orders(names, COMBINATIONS[:size]), folder, given.jobs)
    print(report(names, np.stack([embedded(made) for made in cues]), size))
    silent = [name for name in styles.NAMES if name not in GENRES]
    if silent:
        print(f"\nFamilies without a word of their own, not judged: {', '.join(silent)}")


if __name__ == "__main__":
    main()
