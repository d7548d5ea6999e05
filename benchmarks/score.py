"""How long the composer ``score`` takes, how much memory, how soon it stops, and whether it repeats itself.

    python benchmarks/score.py [--seconds 30] [--rounds 3]

A cue of text and picture alone, and one with both references out of the starter library, warm; the longest time
between two reports of progress is how late a cancel may be. Seconds are of this machine: compare them with the line
of ``band`` from the same run.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from twopop_models import assets, composers
from twopop_models.controls import Controls
from twopop_models.gate import Limits
from twopop_models.library.starter import packed
from twopop_models.picture import look
from twopop_models.types import Bridges, Clip, Description, Hit, Reference, Role

RATE = Fraction(25)


def cue(composer: composers.Composer, seconds: float, bridges: Bridges) -> tuple[float, float, str]:
    """Seconds, the longest silence between reports, and a hash of all stems."""
    clip = Clip(None, 0, round(seconds * RATE), RATE)
    hits = tuple(Hit(frame, 0.8) for frame in range(40, clip.frames, 150))
    told: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        music = composer.compose(
            clip,
            look(clip, Limits(())),
            bridges,
            hits,
            Controls(),
            seed=1,
            variation=0,
            folder=Path(folder),
            progress=lambda *_: told.append(time.perf_counter()),
        )
        took = time.perf_counter() - begun
        digest = hashlib.sha256()
        for stem in music.stems:
            digest.update(stem.path.read_bytes()[200:])
    gaps = [later - one for one, later in zip([begun, *told], told, strict=False)]
    return took, max(gaps), digest.hexdigest()[:12]


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seconds", type=float, default=30.0)
    words.add_argument("--rounds", type=int, default=3)
    asked = words.parse_args()
    folder = assets.find("starter-tracks")
    tracks = [replace(entry.track, path=folder / entry.file) for entry in packed()[:2]]
    text = Description("A dark, tense cinematic soundtrack", ("dark", "tense"), ("cinematic",), ("strings",))
    alone = Bridges(text, None, None)
    both = Bridges(text, Reference(Role.BROAD, tracks[0], 0.5, ""), Reference(Role.TARGETED, tracks[1], 0.5, ""))
    print("| composer | references | seconds, each round | longest silence, ms | bits |")
    print("|---|---|---|---|---|")
    for name in ("band", "score"):
        composer = composers.load(name)
        composer.warm()
        for said, bridges in (("none", alone), ("both", both)):
            cue(composer, 4.0, bridges)  # references are heard once
            found = [cue(composer, asked.seconds, bridges) for _ in range(asked.rounds)]
            times = ", ".join(f"{took:.2f}" for took, _, _ in found)
            same = "same" if len({bits for *_, bits in found}) == 1 else "DIFFER"
            print(f"| {name} | {said} | {times} | {1000 * max(gap for _, gap, _ in found):.0f} | {same} |")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {name} | peak memory so far, MB | {peak:.0f} | | |")


if __name__ == "__main__":
    main()
