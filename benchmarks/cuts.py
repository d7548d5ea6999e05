"""How many cuts are found, and how many of those found are cuts, at several sensitivities. Real clips.

    python benchmarks/cuts.py [--edits 24]

Two sources of truth. The shipped clips themselves: the six shots of a street (seen by eye, frame by frame), one take
of an animated film and a talking head (no cuts). And random edits of them, with the demonstration's camera moves
over photographs: 10 to 16 shots of 0.4 to 4 s, whose cuts an .otio timeline knows; here the timeline's knowledge is
taken away, so that only the picture speaks. Two shots in a row are of different scenes, or 2 s apart in one
("jump": the same street a moment later, the hardest kind). A cut counts as found within one frame.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from twopop.demo.footage import EDIT, Cut, assemble, clip_path
from twopop_models import picture
from twopop_models.gate import Limits
from twopop_models.picture import spots
from twopop_models.types import Clip, Frames

PAL = Fraction(25)
STREET = (30, 76, 137, 187, 242)
SCENES = {"bikes.mp4": (0, *STREET, 250), "bigbuckbunny.mp4": (0, 132), "carphone_pristine.mp4": (0, 100)}
SENSITIVITIES = (0, 10, 25, 40, 50, 60, 75, 90, 100)


@dataclass(frozen=True)
class Case:
    """What was seen of a picture, and the frames on which its cuts are."""

    kind: str
    frames: Frames
    truth: tuple[int, ...]


def shipped() -> list[Case]:
    """The clips as they are."""
    cases = []
    for name, ends in SCENES.items():
        path = clip_path(name).resolve()
        seen = picture.look(Clip(path, 0, ends[-1], PAL), Limits((path.parent,)))
        cases.append(Case("clips", seen, ends[1:-1]))
    return cases


def random_edit(seed: int, folder: Path) -> Case:
    """An edit of pieces of scenes; every second one has jumps inside scenes."""
    dice = np.random.default_rng(seed)
    jumps = bool(seed % 2)
    moves = [cut.source for cut in EDIT if not isinstance(cut.source, str)]
    parts: list[Cut] = []
    while len(parts) < 10 + seed % 7:
        length = int(dice.integers(10, 100))
        if dice.random() < 0.3:
            parts.append(Cut(moves[int(dice.integers(len(moves)))], length))
            continue
        name = str(dice.choice(list(SCENES)))
        ends = SCENES[name]
        scene = int(dice.integers(len(ends) - 1))
        room = ends[scene + 1] - ends[scene]
        length = min(length, room * 23 // 24 - 1)  # a timeline's frame is longer than one of 25 per second
        used = length * 25 // 23 + 1
        parts.append(Cut(name, length, ends[scene] + int(dice.integers(max(0, room - used) + 1))))
    kept = [parts[0]]
    for part in parts[1:]:
        if _scene(part) != _scene(kept[-1]) or (jumps and abs(part.first - kept[-1].first - kept[-1].frames) >= 50):
            kept.append(part)
    timeline = assemble(folder / str(seed), tuple(kept)).resolve()
    lengths = [_frames(part) for part in kept]
    truth = tuple(int(place) for place in np.cumsum(lengths)[:-1])
    limits = Limits((folder.resolve(), clip_path("bikes.mp4").resolve().parent))
    seen = picture.look(Clip(timeline, 0, sum(lengths), PAL), limits)
    assert seen.evidence is not None
    known = seen.evidence.known
    seen = replace(seen, evidence=replace(seen.evidence, known=()))
    return Case("edits with jumps" if jumps else "edits of different scenes", seen, known or truth)


def _frames(part: Cut) -> int:
    """Frames at 25 per second; footage states lengths at 24000/1001."""
    return int(part.frames * PAL / Fraction(24_000, 1_001))


def _scene(part: Cut) -> object:
    if not isinstance(part.source, str):
        return part.source
    return part.source, sum(end <= part.first for end in SCENES[part.source])


def matched(found: tuple[int, ...], truth: tuple[int, ...]) -> int:
    """How many of the truth have one of those found within a frame."""
    return sum(any(abs(one - other) <= 1 for other in found) for one in truth)


def report(kind: str, cases: list[Case]) -> None:
    """A row per sensitivity: recall, precision, and how many other hits there are."""
    total = sum(len(case.truth) for case in cases)
    seconds = sum(float(case.frames.clip.seconds) for case in cases)
    print(f"\n{kind}: {len(cases)} pictures, {seconds:.0f} s, {total} cuts")
    print("sensitivity  recall  precision  other hits/min")
    for sensitivity in SENSITIVITIES:
        good = found = others = 0
        for case in cases:
            hits = spots.spot(case.frames, sensitivity)
            cuts = tuple(hit.frame for hit in hits if hit.label == "cut")
            good += matched(cuts, case.truth)
            found += len(cuts)
            others += len(hits) - len(cuts)
        precision = f"{good / found:9.3f}" if found else "        -"
        print(f"{sensitivity:11d}  {good / max(total, 1):6.3f}  {precision}  {60 * others / seconds:8.1f}")


def main() -> None:
    """Print all tables, and what deciding again costs."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--edits", type=int, default=24)
    options = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = [*shipped(), *(random_edit(seed, Path(folder)) for seed in range(options.edits))]
    for kind in dict.fromkeys(case.kind for case in cases):
        report(kind, [case for case in cases if case.kind == kind])
    begun = time.perf_counter()
    for case in cases:
        spots.spot(case.frames, 70.0)
    print(f"\ndeciding again: {1000 * (time.perf_counter() - begun) / len(cases):.1f} ms a picture")


if __name__ == "__main__":
    main()
