"""How long a score takes to become finished files, and whether memory stays flat with length.

Plays a made-up score of five stems and six parts (drums, bass, piano, strings, pad, tune) through the
floor SoundFont, masters it, and prints wall and processor seconds; then does 10 s and 10 min, each in a
fresh process, and prints the highest resident memory of each.

    OMP_NUM_THREADS=1 python benchmarks/rendering.py [SECONDS]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

from tests.models.rendering.scores import band, font

from twopop_models.bwf import Stamp
from twopop_models.mastering import master
from twopop_models.rendering import render

RATE = 48_000
RUNS = 5


def make(seconds: int, target: float, folder: Path) -> tuple[float, float, float, float]:
    """Wall and processor seconds of rendering, then of mastering."""
    score, samples = band(seconds // 2), seconds * RATE
    marks = [(time.perf_counter(), time.process_time())]
    raw = render(score, samples, RATE, folder, soundfont=font())
    marks.append((time.perf_counter(), time.process_time()))
    stamp = Stamp(0, Fraction(24_000, 1_001))
    master(raw, target=target, samples=samples, sample_rate=RATE, folder=folder / "v1", stamp=stamp)
    marks.append((time.perf_counter(), time.process_time()))
    (a, b), (c, d), (e, f) = marks
    return c - a, d - b, e - c, f - d


def speed(seconds: int) -> None:
    """The best and the median of several warm runs."""
    for target in (-23.0, -14.0, -10.0):
        with tempfile.TemporaryDirectory() as folder:
            make(4, target, Path(folder))
            runs = sorted(make(seconds, target, Path(folder)) for _ in range(RUNS))
        best, middle = (tuple(f"{value:.2f}" for value in runs[place]) for place in (0, RUNS // 2))
        print(f"{seconds} s to {target:g} LUFS: render wall {best[0]} (median {middle[0]}), cpu {best[1]};", end=" ")
        print(f"master wall {best[2]} (median {middle[2]}), cpu {best[3]}")


def memory(seconds: int) -> str:
    """Highest resident memory of a fresh process that makes so many seconds."""
    return subprocess.run(
        [sys.executable, __file__, "--alone", str(seconds)], capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> None:
    """Print the figures."""
    if "--alone" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            make(int(sys.argv[-1]), -10.0, Path(folder))
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.0f} MiB")
        return
    speed(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
    for seconds in (10, 60, 600):
        print(f"{seconds} s, with the limiter: {memory(seconds)}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
