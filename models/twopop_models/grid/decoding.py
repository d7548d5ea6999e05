"""Latents as notes and chords."""

from __future__ import annotations

import numpy as np

from twopop_models.grid.lanes import LANES, PITCHED, SOFTEST, STEPS, Latents
from twopop_models.grid.sheet import GridChord, GridNote, Sheet
from twopop_models.vocabulary import INSTRUMENTS

STRUCK = -0.3
"""From here on a stroke is one: half way between none and a middling one."""
SOUNDS = 0.0
PLAYED = 0.15
"""How much of the time somebody is heard who counts as playing."""
HELD = 64
"""Velocity where a note sounds and no stroke was written."""


def decode(latents: Latents) -> Sheet:
    """What (``CHANNELS``, cells) latents hold; exact for what ``encode`` made, the nearest music for what is not."""
    cells = latents.shape[1]
    stems = [(stem, _pitched(latents, stem)) for stem in PITCHED]
    stems.append(("drums", _drums(latents)))
    energy = np.clip((latents[LANES["energy"].first] + 1) / 2, 0, 1)
    return Sheet(
        cells,
        tuple((stem, notes) for stem, notes in stems if notes),
        _chords(latents),
        tuple(float(value) for value in energy),
        _players(latents),
    )


def velocity(value: float) -> int:
    """The velocity 1..127 of a stroke's value."""
    return int(np.clip(round((value - SOFTEST) / (1 - SOFTEST) * 127), 1, 127))


def _pitched(latents: Latents, stem: str) -> tuple[GridNote, ...]:
    lane = LANES[stem]
    roll, strokes = lane.read(latents) > SOUNDS, LANES[f"{stem}+"].read(latents)[:, 0]
    struck = strokes > STRUCK
    size, notes = STEPS // lane.steps, []
    for row in np.flatnonzero(roll.any(0)):
        for first, last in _runs(roll[:, row], struck if stem != "pads" else np.zeros_like(struck)):
            level = velocity(strokes[first]) if struck[first] else HELD
            notes.append(GridNote(first * size, (last - first) * size, int(row) + lane.low, level))
    return tuple(sorted(notes))


def _runs(sounds: np.ndarray, again: np.ndarray) -> list[tuple[int, int]]:
    """Stretches [first, last) of one pitch, cut where the stem strikes again."""
    edges = np.flatnonzero(sounds & (again | ~np.r_[False, sounds[:-1]]))
    ends = np.flatnonzero(sounds & ~np.r_[sounds[1:], False]) + 1
    return [
        (int(first), int(min(ends[ends > first][0], following)))
        for first, following in zip(edges, [*edges[1:].tolist(), len(sounds)], strict=True)
    ]


def _drums(latents: Latents) -> tuple[GridNote, ...]:
    strokes = LANES["drums"].read(latents)
    steps, voices = np.nonzero(strokes > STRUCK)
    return tuple(
        GridNote(int(step), 1, int(voice), velocity(strokes[step, voice]))
        for step, voice in zip(steps, voices, strict=True)
    )


def _chords(latents: Latents) -> tuple[GridChord, ...]:
    roots, chroma = latents[LANES["root"].channels], latents[LANES["chroma"].channels]
    found: list[GridChord] = []
    for cell in range(latents.shape[1]):
        if roots[:, cell].max() <= SOUNDS:
            continue
        root = int(roots[:, cell].argmax())
        classes = tuple(sorted({root, *(int(row) for row in np.flatnonzero(chroma[:, cell] > SOUNDS))}))
        if not found or (found[-1].root, found[-1].classes) != (root, classes):
            found.append(GridChord(cell if found else 0, root, classes))
    return tuple(found)


def _players(latents: Latents) -> tuple[tuple[str, float], ...]:
    shares = np.clip((latents[LANES["players"].channels] + 1) / 2, 0, 1).mean(1)
    order = np.argsort(-shares, kind="stable")
    return tuple((INSTRUMENTS[row], float(shares[row])) for row in order if shares[row] > PLAYED)
