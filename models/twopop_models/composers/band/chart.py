"""What every player reads: bars, chords, accents and the loudness of a moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.form import Bar, Harmony
from twopop_models.composers.band.grouping import starts, weight
from twopop_models.composers.band.harmony import Chord, scale
from twopop_models.composers.band.patterns import STEP, swung
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Style
from twopop_models.score import TempoMap

SLOPE = 64
"""Velocity from an empty to a full bar."""


@dataclass(frozen=True)
class Chart:
    """The whole cue as a lead sheet. ``bars`` end where the last chord or the range's end is."""

    brief: Brief
    tempo_map: TempoMap
    bars: tuple[Bar, ...]
    harmony: tuple[Harmony, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.harmony]

    def chord(self, tick: int) -> Chord:
        """The chord that sounds at a tick."""
        return self.harmony[self._index(tick)].chord

    def next_chord(self, tick: int) -> Chord:
        """The chord after the one that sounds at a tick."""
        return self.harmony[min(self._index(tick) + 1, len(self.harmony) - 1)].chord

    def span(self, tick: int) -> Harmony:
        """The chord at a tick with its ticks."""
        return self.harmony[self._index(tick)]

    @cached_property
    def _lines(self) -> list[int]:
        return [bar.start for bar in self.bars]

    def key(self, tick: int) -> tuple[int, str]:
        """Tonic and scale that rule at a tick: the mode, or the mood's colour of it under a chord that has it."""
        tonic, mode = self.region(tick)
        colour = self.brief.feeling.colour_of(mode)
        fresh = {(tonic + step) % 12 for step in set(scale(colour)) - set(scale(mode))}
        return tonic, colour if fresh & set(self.chord(tick).classes) else mode

    def region(self, tick: int) -> tuple[int, str]:
        """Tonic and mode of the section at a tick: the cue's own key, or one away from home."""
        bar = self.bars[max(0, bisect_right(self._lines, tick) - 1)] if self.bars else None
        return (bar.key if bar else None) or (self.brief.tonic, self.brief.mode)

    def changes(self, start: int, stop: int) -> list[int]:
        """Ticks between ``start`` and ``stop``, exclusive, on which a chord begins."""
        return self._starts[bisect_right(self._starts, start) : bisect_left(self._starts, stop)]

    def _index(self, tick: int) -> int:
        return max(0, bisect_right(self._starts, tick) - 1)

    def tick(self, bar: Bar, step: int) -> int:
        """The tick of a 16th of a bar, swung as the family does."""
        begin, size = 0, 4
        for begin, size in zip(starts(bar.groups), bar.groups, strict=True):
            if step < begin + size:
                break
        return bar.start + begin * STEP + _swung(step - begin, size, self.brief.style)

    def velocity(self, bar: Bar, step: int, share: float = 1.0) -> int:
        """Loudness 1..127 of a note: the feeling, the bar's energy and the weight of its place."""
        level = (self.brief.feeling.loudness + SLOPE * (bar.energy - 0.5) + weight(bar.groups, step)) * share
        return int(min(118, max(18, level)))


def _swung(step: int, size: int, style: Style) -> int:
    """Ticks from the beginning of a group; groups that are no whole pairs of swung notes (6/8) stay straight."""
    return swung(step, style.swing, style.swing_unit) if size % (32 // style.swing_unit) == 0 else step * STEP


def reach(player: Player, low: int, high: int, least: int = 16) -> tuple[int, int]:
    """The part of [low, high] that an instrument has, moved by octaves and widened to ``least`` semitones."""
    bottom, top = player.span
    while low < bottom and high + 12 <= top + 6:
        low, high = low + 12, high + 12
    while high > top and low - 12 >= bottom - 6:
        low, high = low - 12, high - 12
    low, high = max(low, bottom), min(high, top)
    if high - low < least:
        high = min(top, low + least)
        low = max(bottom, high - least)
    return low, high
