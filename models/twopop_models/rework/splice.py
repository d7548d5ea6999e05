"""Old and new sound in one file.

A stem that is made anew is ``old * a + new * b * level``: ``a`` and ``b`` follow a window that is the same
for all stems, ``level`` is one number, 1 unless what is kept leaves too little room below the ceiling. Where
``b`` is 0 the old samples are written as they were, to the bit; the mix is the sum of the files.

A fade keeps the power of the sum whatever the two have in common: with correlation r its gains are cosine
and sine, divided by the root of 1 + r sin 2t. That is the equal-power fade for r = 0 and the linear-sum
fade for r = 1; r is measured over each fade.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Gains = NDArray[np.float64]

LEAST_CORRELATION = -0.25
"""Material that cancels more than this is not lifted any further."""


@dataclass(frozen=True)
class Fade:
    """Samples [start, stop) over which one gives way to the other; ``correlation`` of the two there, -1 to 1."""

    start: int
    stop: int
    correlation: float = 0.0

    def turned(self, samples: Gains) -> Gains:
        """How far it has gone at each sample, 0 to 1."""
        done: Gains = np.clip((samples - self.start) / (self.stop - self.start), 0.0, 1.0)
        return done

    def gains(self, done: Gains) -> tuple[Gains, Gains]:
        """Gain of what goes and of what comes; exactly 1 and 0 at the ends."""
        angle = done * np.pi / 2
        power = np.sqrt(1 + max(self.correlation, LEAST_CORRELATION) * np.sin(2 * angle))
        going = np.where(done >= 1, 0.0, np.cos(angle) / power)
        coming = np.where(done <= 0, 0.0, np.where(done >= 1, 1.0, np.sin(angle) / power))
        return going, coming


@dataclass(frozen=True)
class Window:
    """Where new sound is heard: from the fade in to the fade out, from or to the very edge without one.

    ``period`` is the length of a loop in samples: a fade may then lie before its beginning or beyond its end.
    """

    fade_in: Fade | None = None
    fade_out: Fade | None = None
    period: int | None = None

    def over(self, start: int, size: int) -> tuple[Gains, Gains]:
        """Gain of the old and of the new at samples [start, start + size), as (size, 1) columns."""
        at = np.arange(start, start + size, dtype=np.float64)
        old, new = self._at(at)
        for shift in () if self.period is None else (-self.period, self.period):
            other_old, other_new = self._at(at + shift)
            old, new = np.where(other_new > new, other_old, old), np.maximum(new, other_new)
        return old[:, None], new[:, None]

    def _at(self, at: Gains) -> tuple[Gains, Gains]:
        old, new = np.zeros(len(at)), np.ones(len(at))
        if self.fade_in is not None:
            old, new = self.fade_in.gains(self.fade_in.turned(at))
        if self.fade_out is not None:
            going, coming = self.fade_out.gains(self.fade_out.turned(at))
            old, new = np.where(at < self.fade_out.start, old, coming), np.where(at < self.fade_out.start, new, going)
        return old, new


def correlation(old: NDArray[np.floating], new: NDArray[np.floating]) -> float:
    """Of two blocks of equal shape, -1 to 1; 0 when one is silent."""
    powers = float((old**2).sum() * (new**2).sum())
    return float((old * new).sum() / np.sqrt(powers)) if powers > 0 else 0.0
