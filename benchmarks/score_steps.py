"""What denoising steps buy: the notes that the composer ``score`` writes with few and many of them.

    python benchmarks/score_steps.py [--count 21] [--seconds 24] [--steps 2,4,8,16,32]

The requests of ``twopop evaluate against``, written and not rendered; differences are paired against the most steps.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from twopop_models.composers.score.job import Job
from twopop_models.controls import Controls
from twopop_models.evaluating import against, craft
from twopop_models.evaluating.statistics import mean_of
from twopop_models.score import PPQ, Score

MEASURES = ("in key", "chord tones", "chord notes' motion", "returns", "notes a beat", "chords a bar", "CPU seconds")


def measured(request: against.Request, steps: int) -> tuple[float, ...]:
    """One cue by all measures."""
    order, controls = request.order(1), _with(request.controls, steps)
    begun = time.process_time()
    job = Job(order.frames.clip, order.frames, order.bridges, order.hits, controls, 1, 0)
    score, _ = job.score(float)
    took = time.process_time() - begun
    notes = sum(len(part.notes) for part in score.parts if part.stem != "accents")
    return (
        craft.in_key(score, controls.key or score.key),
        craft.chord_tones(score),
        craft.motion(score),
        craft.returns(score),
        notes / (score.stop / PPQ),
        len(score.chords) / max(1, _bars(score)),
        took,
    )


def _with(controls: Controls, steps: int) -> Controls:
    return Controls.parse((*controls.pairs(), ("steps", str(steps)), ("composer", "score")))


def _bars(score: Score) -> int:
    return sum(1 for _ in score.tempo_map.bars(score.stop))


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--count", type=int, default=21)
    words.add_argument("--seconds", type=float, default=24.0)
    words.add_argument("--steps", default="2,4,8,16,32")
    asked = words.parse_args()
    requests = against.requests(asked.count, asked.seconds)
    counts = [int(item) for item in asked.steps.split(",")]
    measured(requests[0], 2)  # the networks are read once
    found = {count: np.array([measured(request, count) for request in requests]) for count in counts}
    print("| steps |", " | ".join(MEASURES), "|")
    print("|---|" + "---|" * len(MEASURES))
    for count, rows in found.items():
        gaps = [mean_of((rows - found[counts[-1]])[:, column]) for column in range(len(MEASURES))]
        cells = [f"{rows[:, column].mean():.3f}{'*' if gap.sign else ''}" for column, gap in enumerate(gaps)]
        print(f"| {count} |", " | ".join(cells), "|")
    print(
        f"\n{len(requests)} cues; * surely other than with {counts[-1]} steps (95 % bootstrap of paired differences)."
    )


if __name__ == "__main__":
    main()
