"""How a stem ends on its last sample: closed, faded, or wrapped round into a loop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twopop_models.score import Score

Block = NDArray[np.float32]

RELEASE_SECONDS = 0.010
"""Within which what still rings is closed at the last sample."""
CUT_SECONDS = 0.005
"""The same for a cut: hard, but without a click."""
MAX_TAIL_SECONDS = 12.0
"""A loop's tail beyond this is given up."""
_TAIL_BLOCK = 1 << 15
_INAUDIBLE = 1e-5


@dataclass(frozen=True)
class Closing:
    """Fades by sample, both ending on ``samples``: the master's, if any, and the release."""

    samples: int
    fade: int | None
    release: int
    loops: bool

    @classmethod
    def of(cls, score: Score, samples: int, sample_rate: int) -> Closing:
        """The closing that a score's ending asks for."""
        ending = score.ending
        seconds = CUT_SECONDS if ending.kind == "cut" else RELEASE_SECONDS
        fade = None
        if ending.kind == "fade" and ending.fade_from is not None:
            fade = max(0, min(samples, score.tempo_map.sample(ending.fade_from, sample_rate)))
        return cls(samples, fade, round(seconds * sample_rate), ending.kind == "loop")

    def applied(self, block: Block, start: int) -> Block:
        """A block that begins at sample ``start``, faded."""
        begins = [] if self.loops else [self.samples - min(self.release, self.samples)]
        if self.fade is not None and not self.loops:
            begins.append(self.fade)
        for begin in begins:
            if start + len(block) > begin:
                block = block * _falling(begin, self.samples, start, len(block))
        return block


class _Playing(Protocol):
    @property
    def done(self) -> bool: ...
    def play(self, samples: int) -> Block: ...


def wrap(path: Path, strip: _Playing, samples: int, sample_rate: int) -> None:
    """Add what rings beyond the end to the beginning of the file, so that the loop has no seam."""
    import soundfile

    with soundfile.SoundFile(path, "r+") as file:
        for begin in range(0, round(MAX_TAIL_SECONDS * sample_rate), _TAIL_BLOCK):
            tail = strip.play(_TAIL_BLOCK)
            _add(file, tail, begin % samples, samples)
            if strip.done and np.abs(tail).max() < _INAUDIBLE:
                return


def _add(file: object, tail: Block, at: int, samples: int) -> None:
    """Add a block to a file from sample ``at``, going round as often as it must."""
    while len(tail):
        size = min(len(tail), samples - at)
        file.seek(at)  # type: ignore[attr-defined]
        there = file.read(size, dtype="float32")  # type: ignore[attr-defined]
        file.seek(at)  # type: ignore[attr-defined]
        file.write(there + tail[:size])  # type: ignore[attr-defined]
        tail, at = tail[size:], 0


def _falling(begin: int, stop: int, start: int, size: int) -> Block:
    """Gains of samples [start, start + size) of a raised cosine from 1 at ``begin`` to 0 on the last sample."""
    share = np.clip((np.arange(start, start + size) - begin) / max(1, stop - 1 - begin), 0, 1)
    return (0.5 + 0.5 * np.cos(np.pi * share)).astype(np.float32)[:, None]
