"""From raw stems to finished files: one gain curve for all, and a mix that is their sum.

The sum of the raw stems is measured (EBU R128) and one gain brings it to the target. Only where the
true-peak ceiling asks for it, a look-ahead limiter computed on the sum bends that gain over time; the
same curve is applied to every stem. The mix file is the sum of the *quantised* stems, so stems and mix
agree to the last bit. Everything streams; the limiter, where it works, keeps one number per 0.7 ms.
"""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twopop_models.bwf import FULL_SCALE, Stamp, Writer, refuse_huge
from twopop_models.loudness import Listener, Loudness
from twopop_models.mastering.limiter import STEP, Curve, Detector
from twopop_models.mastering.tape import Tape, mixed
from twopop_models.types import Progress, RawStem, Stage, ignore

Ints = NDArray[np.int32]

TOLERANCE = 0.5
"""LU within which the target counts as met."""
REACH_DB = 12.0
"""The limiter takes away no more than this: beyond, the music is worth more than the number."""
ROUNDS = 4
_NEAR = 0.1  # LU at which another round is not worth its time
_MARGIN = 0.1  # dB by which the limiter stays below the ceiling: its estimate is not the judge's


@dataclass(frozen=True)
class Mastered:
    """Finished files: ``stems`` in the order of the raw stems, ``loudness`` measured on the written mix.

    ``curve`` is the gain that every stem was given.
    """

    stems: tuple[Path, ...]
    mix: Path
    loudness: Loudness
    curve: Curve
    notes: tuple[str, ...] = ()


def master(
    raw: tuple[RawStem, ...],
    *,
    target: float,
    ceiling: float = -1.0,
    samples: int,
    sample_rate: int,
    folder: Path,
    stamp: Stamp,
    progress: Progress = ignore,
) -> Mastered:
    """Write ``<stem>.wav`` and ``mix.wav`` (24-bit BWF) into ``folder``, which is made if need be.

    ``raw`` is at least one stem, each float stereo of exactly ``samples`` samples. ``target`` is the mix's
    integrated loudness in LUFS, met within 0.5 LU where ``ceiling`` lets it be: the highest true peak
    in dBTP, which wins over the target (a note says so).

    Raises:
        EngineError: ``render_failed`` when a raw stem is not as promised or a file would pass 4 GiB.
        Cancelled: from ``progress``.

    """
    refuse_huge(samples)
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"{stem.name}.wav" for stem in raw)
    report = Steps(progress, samples)
    with Tape(raw, samples, sample_rate) as tape:
        desk = _Desk(tape, tuple(stem.name for stem in raw), paths, folder / "mix.wav", stamp, report)
        loudness, curve = desk.finish(target, ceiling)
    progress(Stage.MASTER, 1.0)
    return Mastered(paths, desk.mix, loudness, curve, _notes(loudness, target, ceiling))


class Steps:
    """Progress over passes whose number is not known: each takes 40 % of what is left."""

    def __init__(self, progress: Progress, samples: int) -> None:
        self._progress, self._samples, self._done = progress, samples, 0.0

    def at(self, sample: int) -> None:
        """A pass has come to a sample."""
        share = 0.4 * (1 - self._done)
        self._progress(Stage.MASTER, self._done + share * sample / self._samples)

    def next(self) -> None:
        """A pass is over."""
        self._done += 0.4 * (1 - self._done)


@dataclass(frozen=True)
class _Desk:
    """One mastering session: what is read, and where it goes."""

    tape: Tape
    names: tuple[str, ...]
    paths: tuple[Path, ...]
    mix: Path
    stamp: Stamp
    steps: Steps

    def finish(self, target: float, ceiling: float) -> tuple[Loudness, Curve]:
        """Find the curve, write with it, and go again lower when the written mix passes the ceiling."""
        heard, stem_peak = self._listen()
        gain = linear(target - heard.integrated) if math.isfinite(heard.integrated) else 1.0
        aim = ceiling - _MARGIN
        for _ in range(ROUNDS):
            free = linear(heard.true_peak) * gain <= linear(aim) and stem_peak * gain < 1
            curve = Curve(gain) if free else self._limit(gain, aim, target)
            loudness = self._write(curve)
            if loudness.true_peak <= ceiling:
                break
            aim -= loudness.true_peak - ceiling + 0.02
        return loudness, curve

    def _listen(self, curve: Curve | None = None) -> tuple[Loudness, float]:
        """Loudness of the sum under a curve, and the highest sample of any raw stem."""
        highest = 0.0
        with Listener(self.tape.sample_rate) as meter:
            for start, stems in self.tape.blocks():
                mix = mixed(stems)
                meter.feed(mix if curve is None else _scaled(mix, curve.over(start, len(mix))))
                highest = max(highest, *(float(np.abs(stem).max()) for stem in stems))
                self.steps.at(start)
            heard = meter.result()
        self.steps.next()
        return heard, highest

    def _limit(self, gain: float, aim: float, target: float) -> Curve:
        """A limited curve; what the limiter takes from the loudness is given back, in a few rounds."""
        detector = Detector(linear(aim))
        for start, stems in self.tape.blocks():
            detector.feed(mixed(stems), stems)
            self.steps.at(start)
        detector.feed(np.zeros((STEP, 2), np.float32), [])  # what its filter still holds
        self.steps.next()
        limiter = detector.limiter(self.tape.sample_rate)
        most = linear(REACH_DB) / limiter.highest
        for _ in range(ROUNDS):
            gain = min(gain, most)
            curve = limiter.curve(gain)
            missing = target - self._listen(curve)[0].integrated
            if abs(missing) < _NEAR or not math.isfinite(missing) or (missing > 0 and gain == most):
                break
            gain *= linear(missing)
        return curve

    def _write(self, curve: Curve) -> Loudness:
        """All files by one curve; the mix is the sum of what was written."""
        with ExitStack() as stack:
            rate = self.tape.sample_rate
            meter = stack.enter_context(Listener(rate))
            mix = stack.enter_context(Writer(self.mix, self.stamp, track="mix", sample_rate=rate))
            files = [
                stack.enter_context(Writer(path, self.stamp, track=name, sample_rate=rate))
                for name, path in zip(self.names, self.paths, strict=True)
            ]
            for start, stems in self.tape.blocks():
                gains = curve.over(start, len(stems[0])) * np.float32(FULL_SCALE)
                written = [quantised(_scaled(stem, gains)) for stem in stems]
                for file, ints in zip(files, written, strict=True):
                    file.write(ints)
                total: Ints = np.sum(written, axis=0, dtype=np.int32)
                mix.write(total)
                meter.feed(total.astype(np.float32) / np.float32(FULL_SCALE))
                self.steps.at(start)
            loudness = meter.result()
            mix.close(loudness)
        self.steps.next()
        return loudness


def quantised(scaled: NDArray[np.floating]) -> Ints:
    """Samples of full scale ``FULL_SCALE`` as the ints that a file holds."""
    ints: Ints = np.rint(scaled).astype(np.int32)
    return ints


def _scaled(block: NDArray[np.float32], gains: NDArray[np.float32]) -> NDArray[np.float32]:
    """A block times a column of gains, side by side: four times as fast as row by row."""
    found = np.empty_like(block)
    for side in range(block.shape[1]):
        np.multiply(block[:, side], gains[:, 0], out=found[:, side])
    return found


def linear(decibels: float) -> float:
    """Decibels as a factor."""
    return float(10 ** (decibels / 20))


def _notes(loudness: Loudness, target: float, ceiling: float) -> tuple[str, ...]:
    """What a person should know of the level."""
    if not math.isfinite(loudness.integrated):
        return ("The cue is silent, so it has no loudness.",)
    if abs(loudness.integrated - target) <= TOLERANCE:
        return ()
    return (f"Loudness is {loudness.integrated:.1f} LUFS, not {target:g}: the ceiling of {ceiling:g} dBTP came first.",)
