"""What can be measured of a score on paper: keys, chords, voice leading, repetition.

Drums and the accents stem, which answers hits, are no part of harmony. A minor key is its natural scale and the
leading note. Shares are 0 to 1 and nan where there is nothing to count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from twopop_models.evaluating.harmonies import SCALES
from twopop_models.score import PPQ, Note, Score
from twopop_models.vocabulary import parse_key

SIXTEENTH: Final = PPQ // 4
_FIFTH: Final = 7


def in_key(score: Score, key: str) -> float:
    """Share of sounding time on notes of the key."""
    tonic, mode = parse_key(key)
    scale = {(tonic + step) % 12 for step in (*SCALES[mode], *((11,) if mode == "minor" else ()))}
    return _share((note.length, note.pitch % 12 in scale) for note in _pitched(score))


def chord_tones(score: Score) -> float:
    """Share of sounding time on notes of the chord that is written where they begin."""
    starts = [chord.tick for chord in score.chords]
    if not starts:
        return float("nan")

    def fits(note: Note) -> bool:
        chord = score.chords[max(0, bisect_right(starts, note.tick) - 1)]
        return note.pitch % 12 in chord.pitches or note.pitch % 12 == chord.root

    return _share((note.length, fits(note)) for note in _pitched(score))


def parallels(score: Score) -> float:
    """Share of moves from beat to beat in which the lowest and the highest voice go on in fifths or octaves."""
    outer = [(min(sounding), max(sounding)) for sounding in _beats(score) if len(sounding) > 1]
    moves = [(one, other) for one, other in pairwise(outer) if one[0] != other[0] and one[1] != other[1]]
    same = [
        (other[1] - other[0]) % 12 == (one[1] - one[0]) % 12
        and (one[1] - one[0]) % 12 in (0, _FIFTH)
        and (other[0] > one[0]) == (other[1] > one[1])
        for one, other in moves
    ]
    return float(np.mean(same)) if same else float("nan")


def motion(score: Score) -> float:
    """Semitones from each note of a chord to the nearest of the chord before, where harmony and pads change."""
    chords = [sounding for sounding in _beats(score, ("harmony", "pads")) if len(sounding) > 1]
    moves = [
        float(np.mean([min(abs(pitch - before) for before in one) for pitch in other]))
        for one, other in pairwise(chords)
        if one != other
    ]
    return float(np.mean(moves)) if moves else float("nan")


def signatures(score: Score) -> list[frozenset[tuple[object, ...]]]:
    """What is in each whole bar before the last chord: its length, then (stem, instrument, sixteenth, pitch)."""
    rings = score.ending.kind in ("ring", "button") and score.chords
    final = score.chords[-1].tick if rings else score.stop
    lines = [(tick, meter.bar_ticks) for tick, meter in score.tempo_map.bars(final) if tick >= score.tempo_map.pickup]
    notes = sorted(
        (round(note.tick / SIXTEENTH) * SIXTEENTH, part.stem, part.instrument, note.pitch)
        for part in score.parts
        for note in part.notes
    )
    starts = [note[0] for note in notes]
    found: list[frozenset[tuple[object, ...]]] = []
    for tick, length in lines:
        low, high = np.searchsorted(starts, tick), np.searchsorted(starts, tick + length)
        inside: set[tuple[object, ...]] = {(stem, name, at - tick, pitch) for at, stem, name, pitch in notes[low:high]}
        found.append(frozenset({("bar", length), *inside}))
    return found


def sameness(score: Score) -> float:
    """The mean share of a bar's notes that the bar four before it had too; nan for fewer than eight bars."""
    bars = signatures(score)
    pairs = [(old, new) for old, new in zip(bars, bars[4:], strict=False) if len(new) > 1]
    return (
        float(np.mean([len(old & new) / len(new) for old, new in pairs])) if len(bars) >= 8 and pairs else float("nan")
    )


def returns(score: Score) -> float:
    """The mean over bars of the highest share of notes that a bar has in common with any earlier one."""
    bars = [bar for bar in signatures(score) if len(bar) > 1]
    best = [max(len(new & old) / len(new | old) for old in bars[:at]) for at, new in enumerate(bars) if at]
    return float(np.mean(best)) if best else float("nan")


def _pitched(score: Score, stems: tuple[str, ...] = ()) -> Iterator[Note]:
    for part in score.parts:
        if not part.drums and part.stem not in ("drums", "accents") and (not stems or part.stem in stems):
            yield from part.notes


def _beats(score: Score, stems: tuple[str, ...] = ()) -> list[frozenset[int]]:
    """The pitches that sound on each beat."""
    notes = list(_pitched(score, stems))
    starts, ends = np.array([note.tick for note in notes]), np.array([note.tick + note.length for note in notes])
    pitches = np.array([note.pitch for note in notes])
    found = []
    for tick in score.tempo_map.beats(score.stop) if notes else ():
        sounding = (starts <= tick + SIXTEENTH // 2) & (ends > tick + SIXTEENTH // 2)
        found.append(frozenset(pitches[sounding].tolist()))
    return found


def _share(items: Iterator[tuple[int, bool]]) -> float:
    pairs = list(items)
    total = sum(length for length, _ in pairs)
    return sum(length for length, fits in pairs if fits) / total if total else float("nan")
