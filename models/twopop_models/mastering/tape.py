"""Raw stems side by side, read in blocks as often as needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.errors import EngineError
from twopop_models.types import RawStem

Block = NDArray[np.float32]
BLOCK = 1 << 16


class Tape:
    """Open raw stems; a context manager.

    Raises:
        EngineError: ``render_failed`` when a stem is not stereo, or not of the promised rate and length,
            or holds what is no number.

    """

    def __init__(self, raw: tuple[RawStem, ...], samples: int, sample_rate: int) -> None:
        self.samples, self.sample_rate = samples, sample_rate
        self._raw = raw
        self._stack = ExitStack()
        self._sounds: list[Any] = []

    def __enter__(self) -> Tape:
        import soundfile

        with ExitStack() as stack:
            for stem in self._raw:
                sound = stack.enter_context(soundfile.SoundFile(stem.path))
                if (sound.channels, sound.samplerate, sound.frames) != (2, self.sample_rate, self.samples):
                    raise _broken(stem, f"has {sound.frames} samples at {sound.samplerate} Hz, not {self.samples}")
                self._sounds.append(sound)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def blocks(self) -> Iterator[tuple[int, list[Block]]]:
        """From the beginning: the first sample of each block, and the block of every stem."""
        for sound in self._sounds:
            sound.seek(0)
        for start in range(0, self.samples, BLOCK):
            size = min(BLOCK, self.samples - start)
            yield start, [self._read(n, size) for n in range(len(self._sounds))]

    def sums(self) -> Iterator[tuple[int, Block]]:
        """From the beginning: the sum of all stems, block by block."""
        for start, blocks in self.blocks():
            yield start, mixed(blocks)

    def _read(self, number: int, size: int) -> Block:
        block: Block = self._sounds[number].read(size, dtype="float32")
        if len(block) != size or not np.isfinite(block).all():
            raise _broken(self._raw[number], "is cut short or holds what is no number")
        return block


def mixed(blocks: list[Block]) -> Block:
    """The sum of blocks of equal length."""
    total: Block = np.sum(blocks, axis=0, dtype=np.float32)
    return total


def _broken(stem: RawStem, what: str) -> EngineError:
    return EngineError("render_failed", f"The raw stem {stem.name} {what}", "Score the range again")
