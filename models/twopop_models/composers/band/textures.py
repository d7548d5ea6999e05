"""Who plays when: sections thin out and fill up, so that a long cue breathes.

A role may rest in a section or in its first half; harmony never does, pads only where drums and level carry
the music. In the quiet third of the bars a role's second players rest too. Cues under ``SHORTEST`` bars have
no time for this: everybody plays.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.sectioning import runs
from twopop_models.score import PPQ, Note

if TYPE_CHECKING:  # bars carry their texture
    from twopop_models.composers.band.form import Bar

SHORTEST = 16
LONG = 32
Rests = frozenset[str]

NOBODY: Rests = frozenset()
RESTS: dict[str, tuple[Rests, Rests]] = {
    "intro": (frozenset({"melody", "drums"}), frozenset({"melody"})),
    "breakdown": (frozenset({"drums", "bass"}), frozenset({"drums"})),
    "build": (frozenset({"melody"}), NOBODY),
    "theme C": (frozenset({"drums"}), NOBODY),
    "theme D": (frozenset({"melody"}), NOBODY),
    "theme F": (frozenset({"pads"}), NOBODY),
    "theme G": (frozenset({"drums", "melody"}), frozenset({"drums"})),
}
"""Roles that rest in the first and in the second half of a section."""


def resting(names: list[str], energy: NDArray[np.float64]) -> list[Rests]:
    """For each bar the roles that rest in it."""
    found = [NOBODY] * len(names)
    if len(names) < SHORTEST:
        return found
    for name, start, stop in runs(names):
        first, second = RESTS.get(name[:7] if name.startswith("theme") else name, (NOBODY, NOBODY))
        if name == "theme A1" and len(names) >= LONG:
            first = frozenset({"pads"})
        middle = (start + stop + 1) // 2
        for bar in range(start, stop):
            rests = first if bar < middle else second
            loud = energy[bar] > 0.4
            found[bar] = rests if loud else rests - {"pads"}
    return found


def thin(energy: NDArray[np.float64]) -> list[bool]:
    """For each bar whether second players rest: the quiet third, of cues that are not short or flat."""
    if len(energy) < SHORTEST or np.ptp(energy) < 0.15:
        return [False] * len(energy)
    few = np.quantile(energy, 1 / 3)
    return [bool(value <= few) for value in energy]


def thinned(notes: list[Note], bars: tuple[Bar, ...], role: str, *, second: bool = False) -> list[Note]:
    """A part without what lies in bars where its role rests; ``second`` players also rest in thin bars.

    What sounds when a rest begins ends there; what would still sound after it begins after it.
    """
    silent = [role in bar.rests or (second and bar.thin) for bar in bars]
    if not any(silent):
        return notes
    lines = [bar.start for bar in bars]
    return [kept for note in notes if (kept := _kept(note, lines, silent)) is not None]


def _kept(note: Note, lines: list[int], silent: list[bool]) -> Note | None:
    """What is left of a note; None for nothing."""
    at, stop = max(0, bisect_right(lines, note.tick) - 1), note.tick + note.length
    start = note.tick
    if silent[at]:
        at = next((bar for bar in range(at, len(lines)) if not silent[bar]), len(lines))
        if at == len(lines) or stop - lines[at] < PPQ // 2:
            return None
        start = lines[at]
    off = next((lines[bar] for bar in range(at + 1, len(lines)) if silent[bar] or lines[bar] >= stop), stop)
    return replace(note, tick=start, length=max(1, min(stop, off) - start))
