"""Tune against bass: where both would move on in parallel octaves or fifths, the tune takes another note of the chord.

Only notes that begin on a beat are looked at, and only pitches change: rhythm, phrases and hits stay as they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from twopop_models.composers.band.chart import Chart
from twopop_models.score import Note, Part

PERFECT = (0, 7)
"""Semitones, octaves apart, of intervals that two voices should not take one after the other."""
BESIDE = 60
"""Ticks by which hands stray from a beat."""
LEAP = 5
"""Semitones by which the tune's note moves at most."""
_BACK = 24  # notes of a part that can sound when another begins

Pair = tuple[int, int]


def led(tune: Part, bass: Part, span: tuple[int, int], chart: Chart, beats: Iterable[int]) -> Part:
    """The tune with other notes of the chord, in ``span``, on beats that would follow in parallel."""
    voices, lows = _Voice(tune.notes), _Voice(bass.notes)
    before: Pair | None = None
    for beat in beats:
        high, low = voices.sounding(beat), lows.sounding(beat)
        if not high or not low:
            continue
        pair = max(voices.notes[at].pitch for at in high), min(lows.notes[at].pitch for at in low)
        begin = [at for at in high if abs(voices.notes[at].tick - beat) <= BESIDE]
        if before is not None and parallel(before, pair) and begin:
            goal = _other(before, pair, chart.chord(beat).classes, span)
            voices.move(begin, pair[0], goal - pair[0], span)
            pair = goal, pair[1]
        before = pair
    return replace(tune, notes=tuple(voices.notes))


def parallel(before: Pair, after: Pair) -> bool:
    """Whether (tune, bass) goes on in octaves or in fifths, both voices moving the same way."""
    apart = (before[0] - before[1]) % 12
    moved = after[0] - before[0], after[1] - before[1]
    return apart in PERFECT and apart == (after[0] - after[1]) % 12 and moved[0] * moved[1] > 0


def _other(before: Pair, pair: Pair, classes: tuple[int, ...], span: tuple[int, int]) -> int:
    """The nearest note of the chord that is not parallel; the same one where there is none."""
    reach = range(max(span[0], pair[0] - LEAP), min(span[1], pair[0] + LEAP) + 1)
    options = [pitch for pitch in reach if pitch % 12 in classes and not parallel(before, (pitch, pair[1]))]
    return min(options, key=lambda pitch: (abs(pitch - pair[0]), pitch), default=pair[0])


class _Voice:
    """The notes of a part, in order."""

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self.notes = list(notes)
        self._ticks = [note.tick for note in notes]

    def sounding(self, tick: int) -> list[int]:
        """Places of the notes that sound at a tick, or begin just beside it."""
        stop = bisect_right(self._ticks, tick + BESIDE)
        return [at for at in range(max(0, stop - _BACK), stop) if tick < self.notes[at].tick + self.notes[at].length]

    def move(self, places: list[int], pitch: int, by: int, span: tuple[int, int]) -> None:
        """Move a pitch, and what doubles it in octaves, where the range allows it."""
        for at in places:
            note = self.notes[at]
            if (note.pitch - pitch) % 12 == 0 and span[0] <= note.pitch + by <= span[1]:
                self.notes[at] = replace(note, pitch=note.pitch + by)
