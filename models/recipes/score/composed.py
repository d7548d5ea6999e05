"""Labelled pieces: what ``band`` writes to made-up requests, straight and without accents."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from recipes.score.telling import Tags
from twopop_models.composers.band import write
from twopop_models.composers.diffusion.words import pace
from twopop_models.controls import Controls
from twopop_models.score import Score
from twopop_models.spotting import steady_bpm
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Shot, SourceFacts
from twopop_models.vocabulary import GENRES, INSTRUMENTS, METERS, MOODS

RATE = Fraction(25)
_FACTS = SourceFacts("video", 16, 16, RATE, False, 0, "", "made up")


def piece(seed: int) -> tuple[Score, Tags, tuple[Hit, ...], Clip]:
    """A piece of 36 to 110 seconds, what it is, and the hits it answers.

    Genre and moods are evenly spread; a third of the pieces ask for instruments, a quarter for a meter.
    """
    dice = np.random.default_rng([9, seed])
    frames = _picture(dice)
    hits = _hits(frames.clip, dice)
    controls = Controls(
        genre=GENRES[seed % len(GENRES)],
        mood=_some(tuple(MOODS), dice, (0, 1, 1, 2)),
        instruments=_some(INSTRUMENTS, dice, (0, 0, 1, 2)),
        meter=METERS[int(dice.integers(len(METERS)))] if dice.random() < 0.25 else "",
        tempo=float(dice.uniform(60, 165)) if dice.random() < 0.3 else None,
        follow=float(dice.choice([30, 70, 100])),
        ending=str(dice.choice(["ring", "button", "cut"])),
        seed=seed,
    )
    bridges = Bridges(Description("made up", controls.mood, (controls.genre,)), None, None)
    variation = int(dice.integers(4))
    score = write(frames.clip, frames, bridges, hits, controls, seed=seed, variation=variation, straight=True)
    return score, tags(score, controls.genre, controls.mood), hits, frames.clip


def tags(score: Score, genre: str, moods: tuple[str, ...]) -> Tags:
    """What a score is, where genre and moods are known."""
    tempo = steady_bpm(score.tempo_map, score.stop)
    busy = sorted((part for part in score.parts if part.stem != "accents"), key=lambda part: -len(part.notes))
    players = tuple(dict.fromkeys(part.instrument for part in busy if part.instrument in INSTRUMENTS))
    meter = score.tempo_map.meters[-1]
    return Tags(
        genre, moods, players, pace(tempo).removesuffix("-paced"), tempo, score.key, f"{meter.beats}/{meter.unit}"
    )


def _picture(dice: np.random.Generator) -> Frames:
    """A motion curve of a few levels, as scenes have."""
    count = round(float(dice.uniform(36, 110)) * RATE)
    knots = int(dice.integers(3, 12))
    curve = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, knots), dice.random(knots)).astype(np.float32)
    clip = Clip(None, 0, count, RATE)
    return Frames(clip, _FACTS, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, curve, (Shot(0, count),), ())


def _hits(clip: Clip, dice: np.random.Generator) -> tuple[Hit, ...]:
    count = int(dice.choice([0, 2, 5, 9]))
    places = sorted(set(dice.integers(0, clip.frames, count).tolist()))
    return tuple(Hit(int(frame), float(dice.uniform(0.3, 1))) for frame in places)


def _some(names: tuple[str, ...], dice: np.random.Generator, counts: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(dice.choice(names, int(dice.choice(counts)), replace=False).tolist())
