"""What denoising steps buy: the notes that the composer ``score`` writes with few and many of them.

    python benchmarks/score_steps.py [--count 21] [--seconds 24] [--steps 2,4,8,16,32] [--pack FOLDER ...]

The requests of ``twopop evaluate against``, written and not rendered; differences are paired against the most steps of
the first pack, and so is ``agreement``: F1 of all notes, which are the same by stem, sixteenth and pitch. Without
``--pack`` that is the pack that ships; of several, say before and after the stage ``few``, each is measured.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from twopop_models.composers.score import networks
from twopop_models.composers.score.job import Job
from twopop_models.controls import Controls
from twopop_models.evaluating import against, craft
from twopop_models.evaluating.statistics import mean_of
from twopop_models.score import PPQ, Score

MEASURES = ("in key", "chord tones", "chord notes' motion", "returns", "notes a beat", "chords a bar", "CPU seconds")
SIXTEENTH = PPQ // 4
Notes = frozenset[tuple[str, int, int]]


def measured(request: against.Request, steps: int) -> tuple[tuple[float, ...], Notes]:
    """One cue by all measures, and its notes."""
    order, controls = request.order(1), _with(request.controls, steps)
    begun = time.process_time()
    job = Job(order.frames.clip, order.frames, order.bridges, order.hits, controls, 1, 0)
    score, _ = job.score(float)
    took = time.process_time() - begun
    parts = [part for part in score.parts if part.stem != "accents"]
    values = (
        craft.in_key(score, controls.key or score.key),
        craft.chord_tones(score),
        craft.motion(score),
        craft.returns(score),
        sum(len(part.notes) for part in parts) / (score.stop / PPQ),
        len(score.chords) / max(1, _bars(score)),
        took,
    )
    return values, frozenset((part.stem, note.tick // SIXTEENTH, note.pitch) for part in parts for note in part.notes)


def agreement(one: Notes, other: Notes) -> float:
    """F1 of two cues' notes."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _with(controls: Controls, steps: int) -> Controls:
    return Controls.parse((*controls.pairs(), ("steps", str(steps)), ("composer", "score")))


def _bars(score: Score) -> int:
    return sum(1 for _ in score.tempo_map.bars(score.stop))


def main() -> None:
    """Print the tables."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--count", type=int, default=21)
    words.add_argument("--seconds", type=float, default=24.0)
    words.add_argument("--steps", default="2,4,8,16,32")
    words.add_argument("--pack", type=Path, action="append")
    asked = words.parse_args()
    requests = against.requests(asked.count, asked.seconds)
    counts = sorted((int(item) for item in asked.steps.split(",")), reverse=True)
    print("| pack | steps |", " | ".join(MEASURES), "| agreement |")
    print("|---|---|" + "---|" * (len(MEASURES) + 1))
    read = networks.load
    best: tuple[np.ndarray, list[Notes]] | None = None
    for folder in asked.pack or [networks.FOLDER]:
        loaded = read(folder)
        networks.load = lambda loaded=loaded: loaded
        measured(requests[0], 2)  # everything else is read once
        for count in counts:
            found = [measured(request, count) for request in requests]
            rows, notes = np.array([values for values, _ in found]), [one for _, one in found]
            best = best or (rows, notes)
            gaps = [mean_of((rows - best[0])[:, column]) for column in range(len(MEASURES))]
            cells = [f"{rows[:, column].mean():.3f}{'*' if gap.sign else ''}" for column, gap in enumerate(gaps)]
            same = np.mean([agreement(*pair) for pair in zip(notes, best[1], strict=True)])
            print(f"| {folder.name} | {count} |", " | ".join(cells), f"| {same:.3f} |", flush=True)
    print(f"\n{len(requests)} cues; * surely other than the first row (95 % bootstrap of paired differences).")


if __name__ == "__main__":
    main()
