"""What the control ``scenes`` does to a cue of ``score``, and what it costs.

    python benchmarks/score_scenes.py [--seeds 5] [--seconds 30]

Cues of two scenes and of their moods alone, by the same seed. Each half is compared with the same half of either mood
alone, root mean square of latents; cells of the crossfade count for none.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from twopop_models import picture
from twopop_models.composers.band.writing import open_desk
from twopop_models.composers.score import networks, sampling
from twopop_models.composers.score.job import Job
from twopop_models.controls import Controls
from twopop_models.gate import Limits
from twopop_models.grid import bars
from twopop_models.types import Bridges, Clip, Description

PAIRS = (("calm", "energetic"), ("energetic", "calm"), ("sad", "happy"), ("happy", "sad"), ("dreamy", "tense"))
BRIDGES = Bridges(Description("A pop track"), None, None)


def latents(mood: str, scenes: str, seed: int, seconds: float) -> tuple[NDArray[np.float32], int, float]:
    """(C, cells) of a cue, the cell that its scene begins with, and CPU seconds."""
    clip = Clip(None, 0, round(25 * seconds), Fraction(25))
    asked = {"genre": "pop", "key": "C minor", "tempo": "100", "ending": "cut", "mood": mood, "scenes": scenes}
    controls = Controls.parse(asked.items())
    job = Job(clip, picture.look(clip, Limits(())), BRIDGES, (), controls, seed, 0)
    desk = open_desk(clip, job.frames, BRIDGES, (), controls, seed=seed, variation=0)
    wish = job._wish(desk, bars.origin(desk.tempo_map))
    begun = time.process_time()
    found = sampling.sample(networks.load(), wish)
    return found, wish.passages[0].first if wish.passages else 0, time.process_time() - begun


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seeds", type=int, default=5)
    words.add_argument("--seconds", type=float, default=30.0)
    asked = words.parse_args()
    middle = round(25 * asked.seconds / 2)
    latents("calm", "", 0, 2.0)  # the networks are read once
    print("| scenes | to its own mood | to the other's | halves nearer to their own | CPU, of one mood's |")
    print("|---|---|---|---|---|")
    for one, other in PAIRS:
        rows = []
        for seed in range(asked.seeds):
            first, _, plain = latents(one, "", seed, asked.seconds)
            second, _, _ = latents(other, "", seed, asked.seconds)
            both, begin, took = latents(one, f"{middle}:{other}", seed, asked.seconds)
            halves = ((slice(0, begin - 2), first, second), (slice(begin, None), second, first))
            for part, own, others in halves:
                near, far = (float(np.sqrt(np.square(both - that)[:, part].mean())) for that in (own, others))
                rows.append((near, far, near < far, took / plain))
        near, far, right, cost = np.mean(rows, axis=0)
        print(f"| {one}, {other} | {near:.3f} | {far:.3f} | {right:.2f} | {cost:.2f} |")


if __name__ == "__main__":
    main()
