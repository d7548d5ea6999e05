"""The files of a reworked variation: kept stems copied, new ones written, and their sum.

Kept files stay as they are, so only new sound can give way: where the sum would pass the ceiling, a look-ahead
limiter bends the gain of the new stems, all alike. A peak is convex in that gain, so the line between the peak
without new sound and the peak with all of it never promises too much.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.bwf import FULL_SCALE, Stamp, Writer
from twopop_models.errors import BaseError
from twopop_models.loudness import Loudness, Meter
from twopop_models.mastering import Steps, linear, quantised
from twopop_models.mastering.limiter import STEP, Curve, Detector, Limiter
from twopop_models.mastering.tape import BLOCK, Tape
from twopop_models.rework.splice import Fade, Window, correlation
from twopop_models.types import Progress, RawStem

Ints = NDArray[np.int32]

LEAST_DB = -12.0
"""New sound that is no louder than the ceiling gives way by no more, even where what is kept passes it by itself."""
ROUNDS = 4
_MARGIN = 0.1  # dB by which the limiter stays below the ceiling: its estimate is not the judge's


@dataclass(frozen=True)
class Mixdown:
    """Finished files in the order of ``names``; ``gain`` is what new sound was multiplied by, 1 where it could be."""

    stems: tuple[Path, ...]
    mix: Path
    loudness: Loudness
    gain: Curve
    window: Window

    @property
    def given_way(self) -> float:
        """By how many dB new sound gives way where it does most; 0 or more."""
        lowest = 1.0 if self.gain.steps is None else float(self.gain.steps.min())
        return -20 * math.log10(lowest)


@dataclass(frozen=True)
class Console:
    """All that a mixdown needs.

    Attributes:
        names: of all stems, in order; ``old`` are their files, ``raw`` the new ones of some of them.
        curve: the base take's mastering gain.
        window: where the new is heard.
        ceiling: the highest true peak in dBTP.

    """

    names: tuple[str, ...]
    old: tuple[Path, ...]
    raw: tuple[RawStem, ...]
    curve: Curve
    window: Window
    samples: int
    sample_rate: int
    ceiling: float

    def finish(self, folder: Path, stamp: Stamp, progress: Progress) -> Mixdown:
        """Write ``<stem>.wav`` and ``mix.wav`` into ``folder``, which is made if need be.

        Raises:
            BaseError: ``base_no_score`` when a file of the base is not as it was, ``base_too_loud`` when
                what is kept clips by itself.
            Cancelled: from ``progress``.

        """
        folder.mkdir(parents=True, exist_ok=True)
        fresh = {stem.name for stem in self.raw}
        paths = tuple(folder / f"{name}.wav" for name in self.names)
        with _Reels(self, Steps(progress, self.samples)) as reels:
            window = reels.fitted(self.window)
            loudness, gain = reels.finish(window, folder, stamp)
        for name, old, path in zip(self.names, self.old, paths, strict=True):
            if name not in fresh:
                shutil.copyfile(old, path)
        return Mixdown(paths, folder / "mix.wav", loudness, gain, window)


class _Reels:
    """Old and new files side by side, read as often as needed."""

    def __init__(self, console: Console, steps: Steps) -> None:
        self._console, self._steps = console, steps
        self._stack = ExitStack()

    def __enter__(self) -> _Reels:
        console = self._console
        with ExitStack() as stack:
            self._tape = stack.enter_context(Tape(console.raw, console.samples, console.sample_rate))
            self._old = [stack.enter_context(_opened(path, console)) for path in console.old]
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def fitted(self, window: Window) -> Window:
        """The window with the correlation of old and new measured over its fades."""
        places = [fade for fade in (window.fade_in, window.fade_out) if fade is not None]
        found = {fade: self._correlation(fade, window.period) for fade in places}
        fitted = [
            None if fade is None else replace(fade, correlation=found[fade])
            for fade in (window.fade_in, window.fade_out)
        ]
        return replace(window, fade_in=fitted[0], fade_out=fitted[1])

    def _correlation(self, fade: Fade, period: int | None) -> float:
        """Of the sums of old and new over a fade, which may go round a loop."""
        import soundfile

        fresh = [raw.name for raw in self._console.raw]
        olds = [path for name, path in zip(self._console.names, self._console.old, strict=True) if name in fresh]
        samples = np.arange(fade.start, fade.stop)
        spans = np.split(samples, np.flatnonzero(np.diff(samples % period) < 0) + 1) if period else [samples]

        def read(path: Path) -> NDArray[np.float64]:
            starts = [int(span[0]) % period if period else int(span[0]) for span in spans]
            pieces = [
                soundfile.read(path, len(span), start, always_2d=True)[0]
                for span, start in zip(spans, starts, strict=True)
            ]
            return np.concatenate(pieces)

        gains = self._console.curve.over(fade.start, len(samples))
        old = np.sum([read(path) for path in olds], axis=0)
        new = np.sum([read(raw.path) for raw in self._console.raw], axis=0) * gains
        return correlation(old, new)

    def finish(self, window: Window, folder: Path, stamp: Stamp) -> tuple[Loudness, Curve]:
        """Write with all of the new sound, and again with less of it while a peak passes the ceiling."""
        gain, ceiling = Curve(1.0), self._console.ceiling
        loudness, clips = self._write(window, gain, folder, stamp)
        aim = ceiling - _MARGIN
        for _ in range(ROUNDS):
            if not clips and loudness.true_peak <= ceiling:
                break
            gain = self._limited(window, aim)
            loudness, clips = self._write(window, gain, folder, stamp)
            aim -= max(0.0, loudness.true_peak - ceiling) + 0.02
        if clips:
            raise BaseError("base_too_loud", "What is kept of the base take clips", "Redo more of its stems")
        return loudness, gain

    def _limited(self, window: Window, aim: float) -> Curve:
        """A gain for new sound under which the sum stays below ``aim`` dBTP, as far as new sound can see to that."""
        without, whole = Detector(linear(aim)), Detector(linear(aim))
        for start, old, new, kept in self._blocks():
            a, b = window.over(start, len(kept))
            rest = (kept + sum(was * a for was in old)) / FULL_SCALE
            fresh = [(now * b / FULL_SCALE).astype(np.float32) for now in new]
            stems = [(was * a / FULL_SCALE).astype(np.float32) + now for was, now in zip(old, fresh, strict=True)]
            without.feed(rest.astype(np.float32), [])
            whole.feed((rest + sum(fresh)).astype(np.float32), stems)
        silence = np.zeros((STEP, 2), np.float32)  # what their filters still hold
        without.feed(silence, [])
        whole.feed(silence, [])
        low, high = without.limiter(1).over, whole.limiter(1).over
        share = (1 - low) / np.maximum(high - low, 1e-9)
        least = linear(LEAST_DB) / np.maximum(high, 1.0)
        free = (high <= 1) | (high <= low)  # below the ceiling, or none of the new sound's doing
        wanted = np.where(free, 1.0, np.clip(share, least, 1.0))
        return Limiter((1 / wanted).astype(np.float32), self._console.sample_rate).curve(1.0)

    def _write(self, window: Window, gain: Curve, folder: Path, stamp: Stamp) -> tuple[Loudness, bool]:
        """The new stems and the mix; whether anything had to be clipped, so that the files are of no use."""
        rate = self._console.sample_rate
        meter, clips = Meter(rate), False
        with ExitStack() as stack:
            mix = stack.enter_context(Writer(folder / "mix.wav", stamp, track="mix", sample_rate=rate))
            files = [
                stack.enter_context(Writer(folder / f"{raw.name}.wav", stamp, track=raw.name, sample_rate=rate))
                for raw in self._console.raw
            ]
            for start, old, new, kept in self._blocks():
                a, b = window.over(start, len(kept))
                bent = b * gain.over(start, len(kept))
                written = [quantised(was * a + now * bent) for was, now in zip(old, new, strict=True)]
                total: Ints = np.sum([kept, *written], axis=0, dtype=np.int32)
                meter.feed(total.astype(np.float32) / np.float32(FULL_SCALE))
                for file, ints in zip((*files, mix), (*written, total), strict=True):
                    clips = clips or int(np.abs(ints).max()) >= FULL_SCALE
                    file.write(np.clip(ints, -FULL_SCALE, FULL_SCALE - 1))
            loudness = meter.result()
            mix.close(loudness)
        return loudness, clips

    def _blocks(self) -> Iterator[tuple[int, list[NDArray[np.float64]], list[NDArray[np.float64]], Ints]]:
        """Start, old and new samples of each stem that is made anew, and the sum of all others; in file units."""
        fresh = [raw.name for raw in self._console.raw]
        for sound in self._old:
            sound.seek(0)
        for start, raws in self._tape.blocks():
            size = len(raws[0])
            gains = self._console.curve.over(start, size).astype(np.float64) * FULL_SCALE
            read = [sound.read(size, dtype="int32", always_2d=True) >> 8 for sound in self._old]
            by_name = dict(zip(self._console.names, read, strict=True))
            kept = [ints for name, ints in by_name.items() if name not in fresh]
            total: Ints = np.sum([np.zeros((size, 2), np.int32), *kept], axis=0, dtype=np.int32)
            yield start, [by_name[name].astype(np.float64) for name in fresh], [raw * gains for raw in raws], total
            self._steps.at(min(start + BLOCK, self._console.samples))
        self._steps.next()


def _opened(path: Path, console: Console) -> Any:
    """A stem of the base, when it still is what it was."""
    import soundfile

    try:
        sound = soundfile.SoundFile(path)
    except (OSError, soundfile.LibsndfileError) as error:
        raise _changed(path) from error
    facts = (sound.channels, sound.samplerate, sound.frames, sound.subtype)
    if facts != (2, console.sample_rate, console.samples, "PCM_24"):
        sound.close()
        raise _changed(path)
    return sound


def _changed(path: Path) -> BaseError:
    return BaseError("base_no_score", f"{path.name} of the base take is not as it was", "Score the range again")
