"""How a cell of music lies in a latent: lanes of channels.

A cell is a quarter note, four sixteenth steps. Everything is relative to the tonic: music is moved by the fewest
semitones that make its tonic C, so that one network plays in all keys and the key asked for is met exactly.

Values are -1 for what is not, +1 for what is, and 0 where nothing is known (as of a recording's inner voices).
Strokes (drums, and where a stem begins notes) are -1 for none, else 0.2 to 1 by velocity. Energy runs from -1 to 1.

Lanes in order, rows from low to high; a lane of s steps and r rows has s * r channels, step by step:

========== ===== ==== ==========================================================
lane       steps rows what
========== ===== ==== ==========================================================
bass         4    30  pitches that sound, C1 and up
bass+        4     1  where the stem strikes, and how hard
harmony      4    41  G2 and up
harmony+     4     1
melody       4    41  G3 and up
melody+      4     1
pads         2    41  G2 and up, in eighths: what holds moves slowly
pads+        2     1
drums        4     9  strokes of ``VOICES``
root         1    12  the chord's root over the tonic
chroma       1    12  the chord's pitch classes over the tonic
energy       1     1  how loud and full
players      1    34  who plays, ``vocabulary.INSTRUMENTS``
========== ===== ==== ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.vocabulary import INSTRUMENTS

Latents = NDArray[np.float32]
"""(``CHANNELS``, cells)."""

STEPS: Final = 4
"""Sixteenths of a cell."""
VOICES: Final = ("kick", "snare", "hat", "open hat", "low tom", "high tom", "crash", "ride", "shaker")
PITCHED: Final = ("bass", "harmony", "melody", "pads")
"""Stems with pitches, beside ``drums``; accents answer hits and are not in a latent."""
SOFTEST: Final = 0.2
"""A stroke of velocity 0."""
STRUCK: Final = -0.3
"""From here on there is a stroke: between none and a middling one."""


@dataclass(frozen=True)
class Lane:
    """Channels [first, first + steps * rows); ``low`` is the pitch of the lowest row after moving to C, or 0."""

    name: str
    first: int
    steps: int
    rows: int
    low: int = 0

    @property
    def channels(self) -> slice:
        """Where it lies."""
        return slice(self.first, self.first + self.steps * self.rows)

    def read(self, latents: NDArray[Any]) -> NDArray[Any]:
        """(C, T) to (T * steps, rows)."""
        part = latents[self.channels]
        return part.reshape(self.steps, self.rows, -1).transpose(2, 0, 1).reshape(-1, self.rows)

    def write(self, latents: NDArray[Any], values: NDArray[Any]) -> None:
        """Put (T * steps, rows) into (C, T)."""
        cells = latents.shape[1]
        part = values.reshape(cells, self.steps, self.rows).transpose(1, 2, 0)
        latents[self.channels] = part.reshape(self.steps * self.rows, cells)


_ROWS: Final = (
    ("bass", 4, 30, 24),
    ("bass+", 4, 1, 0),
    ("harmony", 4, 41, 43),
    ("harmony+", 4, 1, 0),
    ("melody", 4, 41, 55),
    ("melody+", 4, 1, 0),
    ("pads", 2, 41, 43),
    ("pads+", 2, 1, 0),
    ("drums", 4, len(VOICES), 0),
    ("root", 1, 12, 0),
    ("chroma", 1, 12, 0),
    ("energy", 1, 1, 0),
    ("players", 1, len(INSTRUMENTS), 0),
)


def _laid_out() -> dict[str, Lane]:
    found, first = {}, 0
    for name, steps, rows, low in _ROWS:
        found[name] = Lane(name, first, steps, rows, low)
        first += steps * rows
    return found


LANES: Final[dict[str, Lane]] = _laid_out()
CHANNELS: Final = sum(lane.steps * lane.rows for lane in LANES.values())


def silence(cells: int) -> Latents:
    """Nothing plays."""
    return np.full((CHANNELS, cells), -1.0, np.float32)


def unknown(cells: int) -> Latents:
    """Nothing is known."""
    return np.zeros((CHANNELS, cells), np.float32)


def stem_channels(stem: str) -> tuple[slice, ...]:
    """Where a stem's notes lie: its pitches and its strokes."""
    return tuple(LANES[name].channels for name in (stem, f"{stem}+") if name in LANES)


def heard(latents: Latents) -> Latents:
    """What of (C, T) latents could be heard in a recording: chords, energy, and the loudest of the drums.

    Kick and low toms are heard as kicks, high toms as snares, everything of metal as hats. All else is unknown.
    """
    found = unknown(latents.shape[1])
    for name in ("root", "chroma", "energy"):
        found[LANES[name].channels] = latents[LANES[name].channels]
    drums = LANES["drums"]
    strokes = drums.read(latents)
    as_heard = np.zeros_like(strokes)
    as_heard[:, 0] = strokes[:, [0, 4]].max(1)
    as_heard[:, 1] = strokes[:, [1, 5]].max(1)
    as_heard[:, 2] = strokes[:, [2, 3, 6, 7, 8]].max(1)
    drums.write(found, as_heard)
    return found


def styled(latents: Latents) -> Latents:
    """What of (C, T) latents tells a style: what is heard, and who plays."""
    found = heard(latents)
    found[LANES["players"].channels] = latents[LANES["players"].channels]
    return found


def shift(tonic: int) -> int:
    """Semitones by which music on a tonic 0..11 is moved to C: -6 to 5.

    >>> [shift(tonic) for tonic in (0, 1, 6, 7, 11)]
    [0, -1, -6, 5, 1]
    """
    return -tonic if tonic <= 6 else 12 - tonic
