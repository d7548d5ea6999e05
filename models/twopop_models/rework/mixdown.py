"""The files of a reworked variation: kept stems copied, new ones written, and their sum.

Kept files stay as they are, so only new sound can give way: when the sum would pass the ceiling, its level
falls. Peaks are convex in that level, so a line between two measured levels never promises too much.
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
from twopop_models.mastering.limiter import Curve
from twopop_models.mastering.tape import BLOCK, Tape
from twopop_models.rework.splice import Fade, Window, correlation
from twopop_models.types import Progress, RawStem

Ints = NDArray[np.int32]

LEAST_DB = -12.0
"""By how much new sound is lowered where what is kept passes the ceiling by itself."""
_ROUNDS = 3
_NEAR = 0.97  # of the ceiling: another round is not worth its time
_SAFE = 0.997  # the meter tells peaks with three decimals


@dataclass(frozen=True)
class Mixdown:
    """Finished files in the order of ``names``; ``level`` is what new sound was multiplied by, 1 at most."""

    stems: tuple[Path, ...]
    mix: Path
    loudness: Loudness
    level: float
    window: Window


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
            level = reels.level(window)
            loudness = reels.write(window, level, folder, stamp)
        for name, old, path in zip(self.names, self.old, paths, strict=True):
            if name not in fresh:
                shutil.copyfile(old, path)
        return Mixdown(paths, folder / "mix.wav", loudness, level, window)


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
        olds, news = [], []
        for start, old, new, _ in self._blocks():
            for shift in (0,) if period is None else (0, -period, period):
                first, last = (max(at + shift - start, 0) for at in (fade.start, fade.stop))
                olds.append(np.sum(old, axis=0)[first:last])
                news.append(np.sum(new, axis=0)[first:last])
            if period is None and fade.stop <= start + len(old[0]):
                break
        return correlation(np.concatenate(olds), np.concatenate(news))

    def level(self, window: Window) -> float:
        """The highest level, 1 at most, at which nothing passes the ceiling."""
        high = (1.0, self._peak(window, 1.0))
        if high[1] <= 1:
            return 1.0
        low = (0.0, self._peak(window, 0.0))
        if low[1] >= _SAFE:
            return linear(LEAST_DB)
        for _ in range(_ROUNDS):
            level = low[0] + (_SAFE - low[1]) / (high[1] - low[1]) * (high[0] - low[0])
            low = (level, self._peak(window, level))
            if low[1] > _NEAR:
                break
        return low[0]

    def _peak(self, window: Window, level: float) -> float:
        """The highest of true peak over ceiling, and of any sample over full scale."""
        meter, highest = Meter(self._console.sample_rate), 0
        for _, written, total in self._mixed(window, level):
            meter.feed(total.astype(np.float32) / np.float32(FULL_SCALE))
            highest = max(highest, *(int(np.abs(ints).max()) for ints in (*written, total)))
        peak = meter.result().true_peak
        over = linear(peak - self._console.ceiling) if math.isfinite(peak) else 0.0
        return max(over, highest / (FULL_SCALE - 1))

    def write(self, window: Window, level: float, folder: Path, stamp: Stamp) -> Loudness:
        """The new stems and the mix."""
        rate = self._console.sample_rate
        meter = Meter(rate)
        with ExitStack() as stack:
            mix = stack.enter_context(Writer(folder / "mix.wav", stamp, track="mix", sample_rate=rate))
            files = [
                stack.enter_context(Writer(folder / f"{raw.name}.wav", stamp, track=raw.name, sample_rate=rate))
                for raw in self._console.raw
            ]
            for _, written, total in self._mixed(window, level):
                if int(np.abs(total).max()) >= FULL_SCALE:
                    raise BaseError("base_too_loud", "What is kept of the base take clips", "Redo more of its stems")
                for file, ints in zip(files, written, strict=True):
                    file.write(ints)
                mix.write(total)
                meter.feed(total.astype(np.float32) / np.float32(FULL_SCALE))
            loudness = meter.result()
            mix.close(loudness)
        return loudness

    def _mixed(self, window: Window, level: float) -> Iterator[tuple[int, list[Ints], Ints]]:
        """Blocks of the new stems as they are to be written, and of the sum of all stems."""
        for start, old, new, kept in self._blocks():
            a, b = window.over(start, len(kept))
            written = [quantised(was * a + now * (b * level)) for was, now in zip(old, new, strict=True)]
            total: Ints = np.sum([kept, *written], axis=0, dtype=np.int32)
            yield start, written, total

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
