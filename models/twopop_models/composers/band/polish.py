"""The last hand on a part: human timing, instrument range, no stuck or doubled notes, nothing beyond the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.players import Player
from twopop_models.score import PPQ, Note, TempoMap

DRIFT = 0.6
"""How much of a stray stays in the next."""


@dataclass(frozen=True)
class Feel:
    """How a hand stands to the beat: ``share`` of the family's looseness, ``lag`` and ``snare`` in looseness, late."""

    share: float = 1.0
    lag: float = 0.0
    snare: float = 0.0


FEELS: dict[str, Feel] = {
    "drums": Feel(0.6),
    "bass": Feel(0.8),
    "harmony": Feel(1.0, 0.2),
    "pads": Feel(1.2),
    "melody": Feel(1.1, 0.5),
}
"""Drums are the tightest; tunes lie a little behind them."""
SNARES = frozenset({37, 38, 39, 40})
LAID_BACK = 0.1
"""Swing from which a family's backbeat comes late."""


def feel(role: str, swing: float) -> Feel:
    """A role's way with time in a family of some swing."""
    found = FEELS.get(role, Feel())
    return replace(found, snare=0.6) if role == "drums" and swing >= LAID_BACK else found


def humanise(
    notes: list[Note],
    tempo_map: TempoMap,
    rng: np.random.Generator,
    looseness: float,
    fixed: frozenset[int],
    feel: Feel = Feel(),
) -> list[Note]:
    """Notes strayed by ``looseness`` milliseconds (one sigma, two at most) and a few velocities; ``fixed`` stay.

    Hands drift: a stray is near the one before it, and notes struck together stray together, each of them
    by a quarter more.
    """
    strays = _strays(notes, rng)
    louder = rng.integers(-5, 6, size=len(notes))
    loose = looseness * feel.share
    moved = []
    for note, stray, more in zip(notes, strays, louder, strict=True):
        if note.tick in fixed:
            moved.append(note)
            continue
        late = loose * float(stray) + looseness * (feel.lag + (feel.snare if note.pitch in SNARES else 0.0))
        tick = max(0, note.tick + round(late / 60_000 * tempo_map.bpm(note.tick) * PPQ))
        velocity = min(122, max(12, note.velocity + int(more)))
        moved.append(Note(tick, max(1, note.length + note.tick - tick), note.pitch, velocity))
    return moved


def _strays(notes: list[Note], rng: np.random.Generator) -> NDArray[np.float64]:
    """One stray per note in sigmas, within two."""
    drift: dict[int, float] = {}
    last = 0.0
    for tick in sorted({note.tick for note in notes}):
        last = DRIFT * last + (1 - DRIFT**2) ** 0.5 * float(rng.normal())
        drift[tick] = last
    own = 0.25 * rng.normal(size=len(notes))
    return np.clip(np.array([drift[note.tick] for note in notes]) + own, -2, 2)


def tidy(notes: list[Note], player: Player, stop: int) -> tuple[Note, ...]:
    """In order, in range, none past ``stop``, and a pitch ends before it is struck again."""
    low, high = player.span
    best: dict[tuple[int, int], Note] = {}
    for note in notes:
        pitch = note.pitch if player.instrument.drums else fold(note.pitch, low, high)
        length = min(note.length, stop - note.tick)
        if length < 1:
            continue
        old = best.get((note.tick, pitch))
        if old is None or old.velocity < note.velocity:
            best[note.tick, pitch] = Note(note.tick, length, pitch, note.velocity)
    following: dict[int, int] = {}
    found = []
    for (tick, pitch), note in sorted(best.items(), reverse=True):
        length = min(note.length, following.get(pitch, stop) - tick)
        following[pitch] = tick
        found.append(Note(tick, length, pitch, note.velocity))
    return tuple(reversed(found))
