"""One composer against another: the same requests, the same attributes, measure by measure, and who wins.

Requests are drawn by chance: genre, mood, key, tempo, and hits every two to six seconds; there are no references. A
composer wins a row when the interval of the paired differences leaves 0 out. Repetition has no better side by itself:
its rows are shown and nobody wins them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twopop_models.controls import Controls
from twopop_models.describers.wording import amend, read_text
from twopop_models.evaluating import craft, judging
from twopop_models.evaluating.playing import RATE, Order, Played, Studio, bridged, picture, seeded
from twopop_models.evaluating.statistics import mean_of, middle
from twopop_models.evaluating.tables import Cell, Table
from twopop_models.types import Hit
from twopop_models.vocabulary import GENRES, MOODS, key_name

ROWS: Final[dict[str, int]] = {
    "in key, share": 1,
    "chord tones, share": 1,
    "parallel fifths and octaves, share": -1,
    "motion of chord notes, semitones": -1,
    "bar as four bars before, share": 0,
    "bar as any before, share": 0,
    "score of genre, x100": 1,
    "score of mood, x100": 1,
    "hits met within a frame, share": 1,
    "hit error, frames": -1,
    "seconds to make": -1,
}
"""Measures, and whether more (1) or less (-1) is better."""


@dataclass(frozen=True)
class Request:
    """A request of both composers; ``controls`` are without a seed."""

    controls: Controls
    hits: tuple[Hit, ...]
    seconds: float

    def order(self, seed: int) -> Order:
        """The cue that it asks for."""
        text = amend(read_text(f"A {self.controls.mood[0]} scene"), self.controls)
        frames = picture(self.seconds, cuts=[hit.frame for hit in self.hits])
        return Order(frames, bridged(text), seeded(self.controls, seed), self.hits)


def requests(count: int, seconds: float, seed: int = 5) -> tuple[Request, ...]:
    """``count`` requests, genres in turn from a random order."""
    rng, found = np.random.default_rng(seed), []
    genres = [GENRES[place] for place in rng.permutation(len(GENRES))]
    for number in range(count):
        key = key_name(int(rng.integers(12)), str(rng.choice(["major", "minor"])))
        pairs = [("genre", genres[number % len(genres)]), ("mood", str(rng.choice(list(MOODS)))), ("key", key)]
        pairs.append(("tempo", f"{rng.uniform(70, 150):.1f}"))
        places = np.cumsum(rng.uniform(2, 6, int(seconds)))
        hits = tuple(Hit(round(float(at * RATE)), 1.0, "cut") for at in places if at < seconds - 1)
        found.append(Request(Controls.parse(pairs), hits, seconds))
    return tuple(found)


def measured(played: Played, took: float) -> dict[str, float]:
    """All rows of one cue."""
    score, controls = played.score, played.order.controls
    heard = judging.hear(played.mix, played.sample_rate)
    errors = [None if one.error_frames is None else abs(one.error_frames) for one in played.landings]
    known = [error for error in errors if error is not None]
    values = (
        craft.in_key(score, controls.key or score.key),
        craft.chord_tones(score),
        craft.parallels(score),
        craft.motion(score),
        craft.sameness(score),
        craft.returns(score),
        100 * judging.text_audio(f"{controls.genre} music", heard),
        100 * judging.text_audio(f"{controls.mood[0]} music", heard),
        float(np.mean([error is not None and error <= 1 for error in errors])) if errors else float("nan"),
        float(np.mean(known)) if known else float("nan"),
        took,
    )
    return dict(zip(ROWS, values, strict=True))


def evaluate(one: Studio, other: Studio, asked: Sequence[Request], seeds: Sequence[int]) -> tuple[Table, ...]:
    """Both composers on all requests, one after the other.

    Raises:
        EngineError: what a composer raises.
        ControlError: ``bad_control`` for a composer without scores.

    """
    found: dict[str, list[list[dict[str, float]]]] = {}
    for studio in (one, other):
        studio.wanted = len(asked) * len(seeds)
        found[studio.composer.name] = [[_measured(studio, request, seed) for seed in seeds] for request in asked]
    return (report(found),)


def _measured(studio: Studio, request: Request, seed: int) -> dict[str, float]:
    begun = time.perf_counter()
    played = studio.play(request.order(seed), f"{studio.composer.name}, {request.controls.genre}, seed {seed}")
    return measured(played, time.perf_counter() - begun)


def report(found: dict[str, list[list[dict[str, float]]]]) -> Table:
    """The table of two composers' values (request, seed); differences are paired by request."""
    (one, first), (other, second) = found.items()
    rows: list[tuple[Cell, ...]] = []
    tally = {one: 0, other: 0}
    for name, sign in ROWS.items():
        means = [[middle([values[name] for values in seeds]) for seeds in cues] for cues in (first, second)]
        gap = mean_of([b - a for a, b in zip(*means, strict=True)])
        winner = {0: "-"}.get(sign) or {1: other, -1: one}.get(gap.sign * sign, "even")
        if winner in tally:
            tally[winner] += 1
        better = {1: "more", -1: "less", 0: "neither"}[sign]
        rows.append((name, better, mean_of(means[0]), mean_of(means[1]), gap, winner))
    columns = ("measure", "better", one, other, f"{other} - {one}", "wins")
    count = ", ".join(f"{name} {number}" for name, number in tally.items())
    notes = (f"{len(first)} requests, {len(first[0])} seeds each. Rows won: {count}.",)
    return Table(f"{other} against {one}", columns, tuple(rows), notes, digits=3)
