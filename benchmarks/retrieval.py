"""How well the music bridge finds the 28 labelled tracks of the starter library, and how fast.

    python benchmarks/retrieval.py             average precision per query, with and without each term
    python benchmarks/retrieval.py --speed     also times with 28 and with 5,000 tracks

The labels are what the tracks' makers asked their generator for: mood of the folder, acoustic or
electronic in the name. Chance is the mean over random orders, computed exactly.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from twopop_models import embedders, retrieval
from twopop_models.controls import Controls
from twopop_models.describers.wording import read_text
from twopop_models.library import Library, starter
from twopop_models.library.rows import to_json
from twopop_models.library.starter import packed
from twopop_models.retrieval import Retriever
from twopop_models.types import Role

QUERIES = {  # of the first survey of what pip can install, before this code was written: query -> label
    "acoustic guitar folk": "acoustic",
    "electronic synth techno": "electronic",
    "happy cheerful": "happy",
    "calm relaxing slow": "calm",
    "energetic fast dance party": "energetic",
    "nostalgic sad": "nostalgic",
    "tender soft love": "tender",
}
SENTENCES = {  # the pattern of the text bridge
    "A calm, dreamy soundtrack with soft piano for a quiet morning by the lake.": "calm",
    "An energetic, driving soundtrack for a fast chase through the city, at 140 BPM.": "energetic",
    "A happy, playful soundtrack for children running across a sunny meadow.": "happy",
    "A melancholic, nostalgic soundtrack for old photographs of a lost summer, at a slow tempo.": "nostalgic",
    "A tender, romantic soundtrack for a couple dancing in the kitchen.": "tender",
    "A folk soundtrack with acoustic guitar for a walk through the woods.": "acoustic",
    "An electronic soundtrack with synth and drums for a drive through neon streets.": "electronic",
}
SHARES = {"all": (0.25, 0.10), "without mood": (0.0, 0.10), "without tempo": (0.25, 0.0), "cosine only": (0.0, 0.0)}


def precision(right: list[bool]) -> float:
    """Average precision of a ranking."""
    places = [place for place, hit in enumerate(right, 1) if hit]
    return mean(number / place for number, place in enumerate(places, 1))


def chance(good: int, count: int) -> float:
    """The expected average precision of a random order of ``count`` items of which ``good`` are right."""
    return mean((1 + (good - 1) * (place - 1) / (count - 1)) / place for place in range(1, count + 1))


def ranked(retriever: Retriever, query: str) -> list[Path]:
    found = retriever.ranked(Role.BROAD, read_text(query), Controls(), retriever.library.count())
    return [item.track.path for item in found]


def is_right(path: Path, label: str) -> bool:
    return f"_{label}_" in path.name if label in ("acoustic", "electronic") else path.parent.name == label


def ablate(retriever: Retriever, queries: dict[str, str]) -> None:
    print("| query | chance | " + " | ".join(SHARES) + " |")
    print("|---|" + "---|" * (1 + len(SHARES)))
    moods: dict[str, list[float]] = {name: [] for name in ("chance", *SHARES)}
    for query, label in queries.items():
        row = {}
        for name, (retrieval.MOOD_SHARE, retrieval.TEMPO_SHARE) in SHARES.items():
            right = [is_right(path, label) for path in ranked(retriever, query)]
            row["chance"] = chance(sum(right), len(right))
            row[name] = precision(right)
        if label not in ("acoustic", "electronic"):
            for name, value in row.items():
                moods[name].append(value)
        print(f"| {query} | " + " | ".join(f"{row[name]:.2f}" for name in moods) + " |")
    print("| **mean of the five moods** | " + " | ".join(f"{mean(values):.2f}" for values in moods.values()) + " |\n")
    retrieval.MOOD_SHARE, retrieval.TEMPO_SHARE = SHARES["all"]


def milliseconds(retriever: Retriever) -> str:
    times = []
    for query in [*QUERIES, *SENTENCES]:
        said, start = read_text(query), perf_counter()
        retriever.targeted(said, Controls())
        times.append(1000 * (perf_counter() - start))
    return f"median {median(times):.0f} ms, worst {max(times):.0f} ms"


def grow(library: Library, count: int) -> None:
    """More tracks, each one of the starter's under another name."""
    pack = [entry.track for entry in packed()]
    with library._database.transaction() as execute:
        for number in range(count):
            name = f"{number:012x}"
            track = replace(pack[number % len(pack)], id=name, path=Path(f"/music/{name}.wav"), title=name)
            body = json.dumps(to_json(track))
            execute("insert into tracks values (?, ?, ?, ?, 1)", (name, f"{number:064x}", str(track.path), body))


def speed(retriever: Retriever) -> None:
    print("28 tracks:   ", milliseconds(retriever))
    grow(retriever.library, 5_000)
    start = perf_counter()
    retriever.warm()
    print(f"5,000 more embedded and indexed in {perf_counter() - start:.1f} s")
    again, start = Retriever(retriever.library, retriever.embedder), perf_counter()
    retriever.library._index = None
    again.warm()
    print(f"index of 5,028 read anew in {perf_counter() - start:.2f} s")
    print("5,028 tracks:", milliseconds(retriever))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder))
        starter(library)
        retriever, start = Retriever(library, embedders.load("auto")), perf_counter()
        retriever.warm()
        print(f"cold start {perf_counter() - start:.1f} s\n")
        ablate(retriever, QUERIES)
        ablate(retriever, SENTENCES)
        if asked.speed:
            speed(retriever)
        library.close()


if __name__ == "__main__":
    main()
