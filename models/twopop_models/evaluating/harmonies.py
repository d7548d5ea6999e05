"""Chords as degrees of their key, bar by bar: what two pieces in different keys and tempos can share."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Final

from twopop_models.score import Score
from twopop_models.types import ChordSpan, Track
from twopop_models.vocabulary import parse_key

SCALES: Final = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
Degree = tuple[str, int]


def degree(root: int, key: str) -> Degree:
    """A root 0..11 as a degree of a key: ("", 0..6), or ("chromatic", semitones above the tonic).

    >>> degree(9, "C major"), degree(0, "A minor"), degree(1, "C major")
    (('', 5), ('', 2), ('chromatic', 1))
    """
    tonic, mode = parse_key(key)
    step = (root - tonic) % 12
    return ("", SCALES[mode].index(step)) if step in SCALES[mode] else ("chromatic", step)


def per_bar(spans: Sequence[ChordSpan], lines: Sequence[float], end: float, key: str) -> tuple[Degree, ...]:
    """The degree that sounds longest in each bar; a bar without a chord is left out. Seconds throughout."""
    found = []
    for start, stop in zip(lines, [*lines[1:], end], strict=True):
        shared: dict[int, float] = {}
        for span in spans:
            shared[span.root] = shared.get(span.root, 0.0) + max(0.0, min(stop, span.stop) - max(start, span.start))
        if shared and max(shared.values()) > 0:
            found.append(degree(max(shared, key=lambda root: shared[root]), key))
    return tuple(found)


def rotated(cue: Sequence[Degree], other: Sequence[Degree]) -> float:
    """Share of the cue's bars that agree at the best rotation of the other's bars; nan when one has none."""
    if not cue or not other:
        return float("nan")
    turns = range(len(other))
    return max(mean(one == other[(at + turn) % len(other)] for at, one in enumerate(cue)) for turn in turns)


def aligned(cue: Sequence[Degree], other: Sequence[Degree]) -> float:
    """Share of the cue's bars that agree bar by bar from the beginning, the other repeated; nan when one has none."""
    return mean(one == other[at % len(other)] for at, one in enumerate(cue)) if cue and other else float("nan")


def of_score(score: Score) -> tuple[Degree, ...]:
    """Bars of a score from the first whole one to the last chord."""
    tempo_map, stop = score.tempo_map, last(score)
    ends = [*(chord.tick for chord in score.chords[1:]), stop]
    spans = [
        ChordSpan(float(tempo_map.seconds(chord.tick)), float(tempo_map.seconds(end)), chord.root, "maj")
        for chord, end in zip(score.chords, ends, strict=True)
        if chord.tick < end
    ]
    ticks = [tick for tick, _ in tempo_map.bars(stop) if tick >= tempo_map.pickup]
    return per_bar(spans, [float(tempo_map.seconds(tick)) for tick in ticks], float(tempo_map.seconds(stop)), score.key)


def of_track(track: Track) -> tuple[Degree, ...]:
    """Bars of a reference, as analysis hears them."""
    return per_bar(track.chords, track.downbeats, track.seconds, track.key)


def last(score: Score) -> int:
    """The tick from which the last chord rings or the fade begins."""
    if score.ending.fade_from is not None:
        return score.ending.fade_from
    rings = score.ending.kind in ("ring", "button") and score.chords
    return score.chords[-1].tick if rings and score.chords[-1].tick > 0 else score.stop
