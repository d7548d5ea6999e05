"""The last hand on a part: human timing, instrument range, no stuck or doubled notes, nothing beyond the end."""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.players import Player
from twopop_models.score import PPQ, Note, TempoMap


def humanise(
    notes: list[Note], tempo_map: TempoMap, rng: np.random.Generator, looseness: float, fixed: frozenset[int]
) -> list[Note]:
    """Notes strayed by ``looseness`` milliseconds (one sigma, two at most) and a few velocities; ``fixed`` stay."""
    strays = np.clip(rng.normal(size=len(notes)), -2, 2)
    louder = rng.integers(-5, 6, size=len(notes))
    moved = []
    for note, stray, more in zip(notes, strays, louder, strict=True):
        if note.tick in fixed:
            moved.append(note)
            continue
        ticks = round(float(stray) * looseness / 60_000 * tempo_map.bpm(note.tick) * PPQ)
        tick = max(0, note.tick + ticks)
        velocity = min(122, max(12, note.velocity + int(more)))
        moved.append(Note(tick, max(1, note.length + note.tick - tick), note.pitch, velocity))
    return moved


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
