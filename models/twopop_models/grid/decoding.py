"""Latents as notes and chords.

A network that is unsure says something between: at its best the mean, so that (1 + x) / 2 is how likely a pitch
sounds. Taking what is likelier than not would leave out every tune whose next note is open. So as many are taken
as are likely, and of them the likeliest: strokes over each four cells, pitches at each stroke. Of a latent that
``encode`` made, all is certain, and comes back as it was.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.grid.lanes import LANES, PITCHED, SOFTEST, STEPS, Latents
from twopop_models.grid.sheet import GridChord, GridNote, Sheet
from twopop_models.vocabulary import INSTRUMENTS

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

SOUNDS: Final = 0.0
PLAYED: Final = 0.15
"""How much of the time somebody is heard who counts as playing."""
HELD: Final = 64
"""Velocity where a note sounds and no stroke was written."""
FAINTEST: Final = 40
"""Velocity of a stroke that was hardly likely; those of ``encode`` are as soft as they were."""
NOISE: Final = 0.06
"""What is less likely is not counted."""
COUNTED: Final = 4 * STEPS
"""Steps over which strokes are counted."""
GONE: Final = 0.5
"""A note ends where it is so much less likely than where it began."""


def decode(latents: Latents) -> Sheet:
    """What (``CHANNELS``, cells) latents hold; exact for what ``encode`` made, the nearest music for what is not."""
    cells = latents.shape[1]
    stems = [(stem, _held(latents) if stem == "pads" else _struck(latents, stem)) for stem in PITCHED]
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
    if value < SOFTEST - 1e-6:
        return FAINTEST
    return int(np.clip(round((value - SOFTEST) / (1 - SOFTEST) * 127), 1, 127))


def likely(values: Floats, whole: float) -> Floats:
    """How likely each is, 0 to 1, where ``whole`` and above is certain and -1 is out of the question."""
    found = np.clip((values + 1) / (whole + 1), 0, 1)
    return np.where(found < NOISE, 0.0, found)


def likeliest(chances: Floats, over: int) -> Flags:
    """In every column, for each ``over`` rows, as many as are likely: the likeliest."""
    found = np.zeros(chances.shape, bool)
    for first in range(0, len(chances), over):
        part = chances[first : first + over]
        ranks = (-part).argsort(0, kind="stable").argsort(0, kind="stable")
        found[first : first + over] = (ranks < np.round(part.sum(0))) & (part > 0)
    return found


def _strokes(latents: Latents, lane: str) -> tuple[Flags, Floats]:
    values = LANES[lane].read(latents)
    return likeliest(likely(values, SOFTEST), COUNTED * LANES[lane].steps // STEPS), values


def _struck(latents: Latents, stem: str) -> tuple[GridNote, ...]:
    """Notes of a stem that strikes: each stroke begins as many pitches as are likely there, one at least."""
    lane = LANES[stem]
    chances = likely(lane.read(latents), 1.0)
    flags, values = _strokes(latents, f"{stem}+")
    places = np.flatnonzero(flags[:, 0] & chances.any(1))
    notes = []
    for place, following in zip(places, np.append(places, len(chances))[1:], strict=True):
        count = max(1, round(float(chances[place].sum())))
        for row in np.argsort(-chances[place], kind="stable")[:count]:
            stays = chances[place:following, row] > GONE * chances[place, row]
            length = len(stays) if stays.all() else max(1, int(np.argmin(stays)))
            notes.append(GridNote(int(place), length, int(row) + lane.low, velocity(float(values[place, 0]))))
    return tuple(sorted(notes))


def _held(latents: Latents) -> tuple[GridNote, ...]:
    """Notes of the pads: at every step as many as are likely; who goes on is not struck again."""
    lane, size = LANES["pads"], STEPS // LANES["pads"].steps
    sounds = likeliest(likely(lane.read(latents), 1.0).T, lane.rows).T
    flags, values = _strokes(latents, "pads+")
    notes = []
    for row in np.flatnonzero(sounds.any(0)):
        edges = np.flatnonzero(np.diff(np.r_[False, sounds[:, row], False]))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            level = velocity(float(values[first, 0])) if flags[first, 0] else HELD
            notes.append(GridNote(int(first) * size, int(last - first) * size, int(row) + lane.low, level))
    return tuple(sorted(notes))


def _drums(latents: Latents) -> tuple[GridNote, ...]:
    flags, values = _strokes(latents, "drums")
    return tuple(
        GridNote(int(step), 1, int(voice), velocity(float(values[step, voice]))) for step, voice in np.argwhere(flags)
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
