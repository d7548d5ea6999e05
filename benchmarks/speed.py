"""How long 30 seconds of picture take, how much memory ten minutes need, and whether the same is the same.

    python benchmarks/speed.py                     all four
    python benchmarks/speed.py stages [--runs 5]   seconds per stage, first look and remembered; bar 3 s
    python benchmarks/speed.py memory              peak memory of a fresh process per length; bar: flat
    python benchmarks/speed.py hits                ten minutes of words with 0, 5 and 300 hits; bars: 40 s, flat
    python benchmarks/speed.py same                the same request twice here and once in a fresh process

Everything is made anew in a temporary folder. A stage lasts from its first word of progress to the next one's.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import subprocess
import sys
import tempfile
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

from sampling import make
from workbench import edit, forget, settings_in, street

from twopop import scoring
from twopop.delivery.card import HitLine, ReferenceLine
from twopop.messages import ScoreRequest
from twopop.settings import Settings
from twopop_models.controls import Controls
from twopop_models.types import Clip, Stage

LENGTHS = (10, 60, 600)
CHOICES = ("all", "stages", "memory", "hits", "same", "peak", "many", "digest")
HITS = (0, 5, 300)


class Marks:
    """A report that writes down when each stage began."""

    def __init__(self) -> None:
        self.begun: dict[Stage, float] = {}

    def progress(self, stage: Stage, fraction: float) -> None:  # noqa: ARG002  only beginnings count
        """The engine works on a stage."""
        self.begun.setdefault(stage, perf_counter())

    def description(self, text: str) -> None:
        """Not timed."""

    def reference(self, line: ReferenceLine) -> None:
        """Not timed."""

    def hit(self, line: HitLine) -> None:
        """Not timed."""

    def seconds(self, end: float) -> dict[str, float]:
        """Seconds of each stage."""
        places = [*sorted(self.begun.items(), key=lambda item: item[1]), (None, end)]
        return {stage.value: after - at for (stage, at), (_, after) in pairwise(places) if stage is not None}


def thirty(folder: Path) -> Clip:
    """The demonstration's edit made longer by its first cuts: 720 frames at 24000/1001, 30.03 s."""
    import opentimelineio as otio

    short = edit(folder)
    timeline = otio.adapters.read_from_file(str(short.media))
    track, missing = timeline.tracks[0], 720 - short.frames
    for shot in [copy.deepcopy(shot) for shot in track]:
        if missing <= 0:
            break
        span = shot.source_range
        frames = min(missing, round(span.duration.value))
        length = otio.opentime.RationalTime(frames, span.duration.rate)
        shot.source_range = otio.opentime.TimeRange(span.start_time, length)
        track.append(shot)
        missing -= frames
    path = folder / "footage" / "thirty.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return Clip(path.resolve(), 0, 720, short.rate)


def once(clip: Clip, controls: Controls, work: Path, where: Settings) -> tuple[dict[str, float], int]:
    """Score and deliver as the worker does; seconds per stage, and how many stems there were."""
    work.mkdir(parents=True)
    marks, begun = Marks(), perf_counter()
    card = scoring.run(ScoreRequest("speed", clip, controls), work, where, marks)
    end = perf_counter()
    return marks.seconds(end) | {"total": end - begun}, len(card.stems)


def stages(runs: int) -> None:
    """Print seconds per stage of 30 s, engine warm."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        where, clip = settings_in(folder), thirty(folder)
        begun = perf_counter()
        scoring.warm(where)
        print(
            f"warming up took {perf_counter() - begun:.1f} s; {float(clip.seconds):.2f} s of picture, {runs} runs each"
        )
        controls = Controls.parse([("genre", "cinematic"), ("mood", "uplifting"), ("seed", "7")])
        once(street(), controls, folder / "first", where)  # the very first job of a process pays for imports
        for name in ("first look", "remembered"):
            found = []
            for run in range(runs):
                if name == "first look":
                    forget(where)
                times, stems = once(clip, controls, folder / f"{name}-{run}", where)
                found.append(times)
            totals = sorted(times["total"] for times in found)
            quickest = next(times for times in found if times["total"] == totals[0])
            line = "  ".join(f"{stage} {spent:.2f}" for stage, spent in quickest.items())
            print(
                f"{name:<11} {stems} stems, quickest run: {line}; median {median(totals):.2f}, slowest {totals[-1]:.2f}"
            )


def memory() -> None:
    """Print the peak memory of fresh processes that score ranges of one video."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make(folder / "long.mp4", LENGTHS[-1], 120)
        for seconds in LENGTHS:
            peak, spent = _child("peak", str(folder), str(seconds))
            print(f"{seconds:4d} s of picture: peak {peak / 1024:.0f} MiB, {spent:.1f} s of work")


def hits() -> None:
    """Print the time and the peak memory of fresh, warm processes that score ten minutes with few and many hits."""
    with tempfile.TemporaryDirectory() as scratch:
        for count in HITS:
            peak, spent = _child("many", scratch, str(count))
            print(f"10 minutes of words, {count:3d} hits: {spent:.1f} s of work, peak {peak / 1024:.0f} MiB")


def many(folder: Path, count: int) -> None:
    """In a fresh process: score ten minutes of words with hits spread at random; memory and seconds as ``peak``."""
    import numpy as np

    where = settings_in(folder)
    scoring.warm(where)
    clip = Clip(None, 0, 15_000, Fraction(25))
    places = sorted(np.random.default_rng(0).choice(np.arange(1, clip.stop), count, replace=False).tolist())
    asked = [("seed", "7"), ("text", "A chase"), ("hits", ",".join(map(str, places)) or "off")]
    times, _ = once(clip, Controls.parse(asked), folder / f"many-{count}", where)
    _say(times)


def peak(folder: Path, seconds: int) -> None:
    """In a fresh process: score, and print the most memory it ever held in KiB, and the seconds."""
    where = settings_in(folder)
    scoring.warm(where)
    clip = Clip((folder / "long.mp4").resolve(), 0, 25 * seconds, Fraction(25))
    times, _ = once(clip, Controls.parse([("seed", "7")]), folder / f"work-{seconds}", where)
    _say(times)


def _say(times: dict[str, float]) -> None:
    import resource

    print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, times["total"]]))


def same() -> None:
    """Print whether three runs gave the same files."""
    with tempfile.TemporaryDirectory() as scratch:
        runs = {
            "first": digest(Path(scratch, "a"), "1"),
            "again, remembered": digest(Path(scratch, "a"), "2"),
            "again, first look": digest(Path(scratch, "b"), "1"),
            "fresh process": str(_child("digest", str(Path(scratch, "c")), "1")),
        }
    for name, found in runs.items():
        print(f"{name:<18} {found}")
    print("bit-identical" if len(set(runs.values())) == 1 else "DIFFERENT")


def digest(folder: Path, run: str) -> str:
    """Score the street with everything left open; sha256 over all sound files, whole."""
    where = settings_in(folder)
    work = folder / run
    once(street(), Controls.parse([("seed", "7")]), work, where)
    summed = hashlib.sha256()
    for path in sorted(work.rglob("*.wav")):
        summed.update(path.read_bytes())
    return summed.hexdigest()


def _child(*arguments: str) -> object:
    """What a fresh process of this program prints, as JSON."""
    command = [sys.executable, __file__, *arguments]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def main() -> None:
    """Choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=CHOICES)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    if given.what == "peak":
        peak(Path(given.rest[0]), int(given.rest[1]))
    elif given.what == "many":
        many(Path(given.rest[0]), int(given.rest[1]))
    elif given.what == "digest":
        print(json.dumps(digest(Path(given.rest[0]), given.rest[1])))
    else:
        for name, call in (("stages", lambda: stages(given.runs)), ("memory", memory), ("hits", hits), ("same", same)):
            if given.what in ("all", name):
                call()


if __name__ == "__main__":
    main()
