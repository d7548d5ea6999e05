"""How well the music analysis hears the 28 labelled tracks of the starter library.

    python benchmarks/analysis.py             the table of docs/benchmarks.md, "Music analysis"
    python benchmarks/analysis.py --levels    also how the taggers' input level moves their answers

The labels are what the tracks' makers asked their generator for (LICENSE-MUSIC in the package), not what a
listener heard: tempo and key of the prompt, mood of the folder, acoustic or electronic in the name.
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from importlib.metadata import distribution
from math import dist
from pathlib import Path
from statistics import mean, median
from time import perf_counter

import numpy as np

from twopop_models.analysis import Analysis, analyse, decode, musicnn, warm, words
from twopop_models.analysis.wording import feeling
from twopop_models.assets import find
from twopop_models.vocabulary import MOODS, parse_key


@dataclass(frozen=True)
class Label:
    path: Path
    tempo: float
    key: str

    @property
    def mood(self) -> str:
        return self.path.parent.name

    @property
    def electronic(self) -> bool:
        return "_electronic_" in self.path.name


def labels() -> list[Label]:
    text = distribution("immich-memories-music").read_text("licenses/LICENSE-MUSIC") or ""
    rows = {name: (float(bpm), key) for name, bpm, key in re.findall(r"(\S+\.opus)\s+(\d+) bpm\s+(\S+ \w+)\s", text)}
    return [Label(path, *rows[path.name]) for path in sorted(find("starter-tracks").glob("*/*.opus"))]


def near(found: float, asked: float) -> bool:
    return abs(found / asked - 1) <= 0.04


def share(hits: list[bool]) -> str:
    return f"{sum(hits)}/{len(hits)}"


def electronic_score(probabilities: dict[str, float]) -> float:
    wired = sum(probabilities[tag] for tag in ("electronic", "techno", "synth"))
    return wired - sum(probabilities[tag] for tag in ("guitar", "acoustic", "folk"))


def report(pairs: list[tuple[Label, Analysis]]) -> None:
    tempi = [(found.tempo, label.tempo) for label, found in pairs]
    print("tempo within 4 %            ", share([near(found, asked) for found, asked in tempi]))
    print("tempo, or half, or double   ", share([any(near(f * x, a) for x in (0.5, 1, 2)) for f, a in tempi]))
    keys = [(parse_key(found.key), parse_key(label.key)) for label, found in pairs]
    print("key                         ", share([found == asked for found, asked in keys]))
    print("mode                        ", share([found[1] == asked[1] for found, asked in keys]))
    scores = [(electronic_score(dict(found.tags)), label.electronic) for label, found in pairs]
    print("acoustic or electronic      ", share([(score > 0) == wired for score, wired in scores]))
    found_words = [words(found.tags, found.tempo, found.key, found.energy) for _, found in pairs]
    print(
        "genre says electronic       ",
        rates([("electronic" in w.genres, p[0].electronic) for w, p in both(found_words, pairs)]),
    )
    print(
        "genre says folk             ",
        rates([("folk" in w.genres, not p[0].electronic) for w, p in both(found_words, pairs)]),
    )
    print(
        "says acoustic guitar        ",
        rates([("acoustic-guitar" in w.instruments, not p[0].electronic) for w, p in both(found_words, pairs)]),
    )
    moods(pairs)


def both(one: list, two: list) -> list:
    return list(zip(one, two, strict=True))


def rates(pairs: list[tuple[bool, bool]]) -> str:
    yes = [said for said, true in pairs if true]
    no = [said for said, true in pairs if not true]
    return f"{share(yes)} where it should, {share(no)} where it should not"


def moods(pairs: list[tuple[Label, Analysis]]) -> None:
    asked = sorted({label.mood for label, _ in pairs})
    places = [feeling(found.tags, found.tempo, found.key, found.energy) for _, found in pairs]
    nearest = [min(asked, key=lambda mood: dist(MOODS[mood], place)) for place in places]
    print("mood, nearest of the five   ", share([mood == label.mood for mood, (label, _) in both(nearest, pairs)]))
    for mood in asked:
        here = [place for place, (label, _) in both(places, pairs) if label.mood == mood]
        print(f"  {mood:<10} mean valence {mean(v for v, _ in here):+.2f} arousal {mean(a for _, a in here):+.2f}")


def levels(pairs: list[tuple[Label, Analysis]]) -> None:
    print("\nlevel of the taggers' input: gap between the most acoustic electronic and most electronic acoustic track")
    for level in (-24.0, -19.0, -14.0, -10.0):
        wired, plain = [], []
        for label, found in pairs:
            gain = np.float32(10 ** ((level - found.loudness) / 20))
            tagging = musicnn.tag(decode(label.path, musicnn.SAMPLE_RATE) * gain)
            (wired if label.electronic else plain).append(electronic_score(dict(tagging.tags)))
        effect = (mean(wired) - mean(plain)) / np.sqrt((np.var(wired) + np.var(plain)) / 2)
        print(f"  {level:.0f} LUFS: {min(wired) - max(plain):.2f}, effect size {effect:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levels", action="store_true")
    asked = parser.parse_args()
    begun = perf_counter()
    warm()
    print(f"warm up {perf_counter() - begun:.1f} s, OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}")
    pairs, spent = [], []
    for label in labels():
        begun = perf_counter()
        pairs.append((label, analyse(label.path)))
        spent.append((perf_counter() - begun) / pairs[-1][1].seconds * 30)
    print(f"{len(pairs)} tracks; seconds per 30 s of music: median {median(spent):.1f}, worst {max(spent):.1f}")
    report(pairs)
    if asked.levels:
        levels(pairs)


if __name__ == "__main__":
    main()
