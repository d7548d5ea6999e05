"""A score as latents.

What is lost: swing and human timing (steps are sixteenths, triplets are rounded to them), notes beyond a lane's
range (they are moved by octaves), how hard each note of a chord is struck (a stem strikes as one), notes that are
held while others of the stem strike again (they strike too, but for pads), which percussion exactly, the accents
stem, and what sounds before the first whole bar.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.grid.drumkit import voice
from twopop_models.grid.lanes import LANES, PITCHED, SOFTEST, STEPS, STRUCK, Lane, Latents, shift, silence
from twopop_models.score import PPQ, Note, Part, Score
from twopop_models.vocabulary import INSTRUMENTS, parse_key

Floats = NDArray[np.floating[Any]]

STEP = PPQ // STEPS
"""Ticks of a sixteenth."""


def encode(score: Score, tonic: int | None = None) -> Latents:
    """(``CHANNELS``, cells): whole quarter notes from the end of the pick-up.

    ``tonic`` 0..11 is moved to C; None for that of the score's key.
    """
    origin = score.tempo_map.pickup
    cells = (score.stop - origin) // PPQ
    latents = silence(max(cells, 0))
    if cells < 1:
        return latents
    home = parse_key(score.key)[0] if tonic is None else tonic
    for stem in PITCHED:
        notes = [note for part in score.parts if part.stem == stem and not part.drums for note in part.notes]
        _pitched(latents, stem, notes, origin, shift(home))
    _drums(latents, [part for part in score.parts if part.stem == "drums"], origin)
    _chords(latents, score, origin, home)
    _players(latents, score.parts, origin)
    latents[LANES["energy"].first] = 2 * fullness(latents) - 1
    return latents


def stroke(velocity: float) -> float:
    """A stroke's value in a latent for a velocity 0..127."""
    return SOFTEST + (1 - SOFTEST) * velocity / 127


def fullness(latents: Latents) -> Floats:
    """(T,) how loud and full each cell is, 0 to 1: the loudest stroke of every stem, half as much for what holds."""
    total: Floats = np.zeros(latents.shape[1])
    for stem in (*PITCHED, "drums"):
        lane = LANES["drums" if stem == "drums" else f"{stem}+"]
        struck = latents[lane.channels].max(0)
        loud = np.where(struck > STRUCK, np.clip((struck - SOFTEST) / (1 - SOFTEST), 0, 1), 0)
        holds = latents[LANES[stem].channels].max(0) > 0
        total += np.maximum(loud, 0.35 * holds)
    return np.asarray(np.clip(total / 4.6, 0, 1))


def _pitched(latents: Latents, stem: str, notes: list[Note], origin: int, moved: int) -> None:
    lane, strokes = LANES[stem], LANES[f"{stem}+"]
    size = PPQ // lane.steps
    count = latents.shape[1] * lane.steps
    roll, struck = np.full((count, lane.rows), -1.0, np.float32), np.full((count, 1), -1.0, np.float32)
    loud: dict[int, list[int]] = {}
    for note in notes:
        first = _nearest(note.tick - origin, size)
        if not 0 <= first < count:
            continue
        last = max(first + 1, min(_nearest(note.tick + note.length - origin, size), count))
        roll[first:last, folded(note.pitch + moved, lane)] = 1.0
        loud.setdefault(first, []).append(note.velocity)
    for step, velocities in loud.items():
        struck[step] = stroke(sum(velocities) / len(velocities))
    lane.write(latents, roll)
    strokes.write(latents, struck)


def folded(pitch: int, lane: Lane) -> int:
    """The row of a pitch, moved by octaves into the lane."""
    row = pitch - lane.low
    while row < 0:
        row += 12
    while row >= lane.rows:
        row -= 12
    return row


def _nearest(ticks: int, size: int) -> int:
    """The nearest step; what lies between two belongs to the second."""
    return (2 * ticks + size) // (2 * size)


def _drums(latents: Latents, parts: list[Part], origin: int) -> None:
    lane = LANES["drums"]
    count = latents.shape[1] * STEPS
    strokes = np.full((count, lane.rows), -1.0, np.float32)
    for part in parts:
        for note in part.notes:
            step = _nearest(note.tick - origin, STEP)
            if 0 <= step < count:
                row = voice(note.pitch) if part.drums else voice(41)
                strokes[step, row] = max(strokes[step, row], stroke(note.velocity))
    lane.write(latents, strokes)


def _chords(latents: Latents, score: Score, origin: int, home: int) -> None:
    starts = [chord.tick for chord in score.chords]
    for cell in range(latents.shape[1]):
        place = bisect_right(starts, origin + cell * PPQ + STEP) - 1
        if place < 0:
            continue
        chord = score.chords[place]
        latents[LANES["root"].first + (chord.root - home) % 12, cell] = 1.0
        for pitch in chord.pitches:
            latents[LANES["chroma"].first + (pitch - home) % 12, cell] = 1.0


def _players(latents: Latents, parts: tuple[Part, ...], origin: int, reach: int = 4) -> None:
    """Who sounds within ``reach`` cells before or after."""
    cells = latents.shape[1]
    first = LANES["players"].first
    for part in parts:
        if part.stem == "accents" or part.instrument not in INSTRUMENTS:
            continue
        row = first + INSTRUMENTS.index(part.instrument)
        for note in part.notes:
            begin = (note.tick - origin) // PPQ - reach
            end = -(-(note.tick + note.length - origin) // PPQ) + reach
            latents[row, max(0, min(begin, cells)) : max(0, min(end, cells))] = 1.0
