"""Lengths to the sample, over every named rate, read back by programs of others.

    python benchmarks/lengths.py [--ranges 1000] [--cues 20] [--seed 1]

Every range becomes a Broadcast Wave file through the engine's own writer; for some, a whole cue is scored. Frames
and time reference are read back by wavinfo, the length by libsndfile. What they must be is computed here with integers.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile
from wavinfo import WavInfoReader
from workbench import score, settings_in

from twopop.timeline import NAMED, FrameRate
from twopop_models.bwf import Stamp, Writer
from twopop_models.controls import Controls
from twopop_models.types import Clip

SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Expected:
    """What a file must say, from the frames alone."""

    samples: int
    reference: int
    rate: str

    @classmethod
    def of(cls, clip: Clip) -> Expected:
        """Positions rounded to the nearest sample, halves upwards; the length is their difference."""
        num, den = clip.rate.numerator, clip.rate.denominator
        first, stop = ((2 * frame * den * SAMPLE_RATE + num) // (2 * num) for frame in (clip.first, clip.stop))
        return cls(stop - first, first, f"{num}/{den}")


def ranges(count: int, seed: int, longest: float) -> list[tuple[FrameRate, Clip]]:
    """Random ranges within 24 hours, the named rates in turn; up to ``longest`` seconds, one frame at least."""
    rng = np.random.default_rng(seed)
    rates, made = list(NAMED.values()), []
    for number in range(count):
        named = rates[number % len(rates)]
        first = int(rng.integers(0, 24 * 3600 * named.rate))
        frames = max(1, int(rng.uniform(0, longest) ** 2 / longest * named.rate))
        made.append((named, Clip(None, first, first + frames, named.rate)))
    return made


def wrong(path: Path, expected: Expected) -> list[str]:
    """What a third party reads in a file that is not as it must be."""
    info = WavInfoReader(str(path))
    found = {
        "samples (libsndfile)": (soundfile.info(path).frames, expected.samples),
        "samples (wavinfo)": (info.data.frame_count, expected.samples),
        "time reference": (info.bext.time_reference, expected.reference),
        "bits": (info.fmt.bits_per_sample, 24),
        "sample rate": (info.fmt.sample_rate, SAMPLE_RATE),
        "iXML rate": (info.ixml.parsed.findtext(".//TIMECODE_RATE"), expected.rate),
        "provenance": (bool(info.info and info.info.comment), True),
    }
    return [f"{path.name}: {what} {was}, not {must}" for what, (was, must) in found.items() if was != must]


def written(named: FrameRate, clip: Clip, path: Path) -> list[str]:
    """Write silence of the clip's length the way stems are written, and read it back."""
    stamp = Stamp(clip.first_sample(), clip.rate, named.drop, "lengths", "benchmark")
    with Writer(path, stamp, track="bass", sample_rate=SAMPLE_RATE) as writer:
        writer.write(np.zeros((clip.samples(), 2), np.int32))
    found = wrong(path, Expected.of(clip))
    path.unlink()
    return found


def scored(number: int, clip: Clip, folder: Path) -> tuple[int, list[str]]:
    """Score a cue and read back every file of it; how many there were, and what is wrong."""
    controls = Controls.parse([("text", "A short calm piano cue"), ("seed", str(number))])
    take = score(clip, controls, folder / f"cue-{number}", settings_in(folder))
    cue = take.cues[0]
    files = [stem.path for stem in cue.stems] + [cue.mix]
    faults = [fault for path in files for fault in wrong(path, Expected.of(clip))]
    stems = [soundfile.read(stem.path, dtype="int32", always_2d=True)[0].astype(np.int64) for stem in cue.stems]
    if np.any(sum(stems) != soundfile.read(cue.mix, dtype="int32", always_2d=True)[0]):
        faults.append(f"cue {number}: stems do not sum to the mix")
    return len(files), faults


def main() -> None:
    """Count what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ranges", type=int, default=1000)
    parser.add_argument("--cues", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        short = ranges(given.ranges, given.seed, 60.0)
        faults = [fault for named, clip in short for fault in written(named, clip, folder / "range.wav")]
        total = float(sum((clip.seconds for _, clip in short), Fraction(0)))
        print(f"{len(short)} ranges at {len(NAMED)} rates, {total / 3600:.1f} h in all: {len(faults)} faults")
        files = 0
        for number, (_, clip) in enumerate(ranges(given.cues, given.seed + 1, 12.0)):
            count, found = scored(number, clip, folder)
            files, faults = files + count, faults + found
        print(f"{given.cues} cues scored, {files} files: {len(faults)} faults in all")
    print(*faults[:20], sep="\n")


if __name__ == "__main__":
    main()
