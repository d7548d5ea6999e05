"""Bars as a conductor beats them, counted in eighth notes.

6/8 has two beats of three eighths, 7/8 goes 2+2+3, anything over quarters goes in quarters. A bar that is
out of line (a *odd bar*) may have any number of eighths from three up: film composers write them so that
a bar line meets a cut without the tempo giving way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from twopop_models.score import PPQ, Meter

EIGHTH = PPQ // 2
SHORTEST = 3
"""Eighths of the shortest odd bar."""


@dataclass(frozen=True)
class Measure:
    """A meter: ``length`` eighths to the bar, ``beat`` eighths to the beat that a tempo counts, and its pulses."""

    meter: tuple[int, int]

    @property
    def length(self) -> int:
        """Eighths of a bar."""
        return self.meter[0] * 8 // self.meter[1]

    @property
    def compound(self) -> bool:
        """Whether beats have three eighths."""
        return self.meter[1] == 8 and self.meter[0] % 3 == 0 and self.meter[0] > 3

    @property
    def beat(self) -> int:
        """Eighths of the beat that a tempo in beats per minute counts."""
        return 3 if self.compound else 2

    @cached_property
    def pulses(self) -> tuple[int, ...]:
        """Eighths from the bar line at which beats are felt; what is odd at the end belongs to the last one."""
        if self.compound:
            return tuple(range(0, self.length, 3))
        return tuple(range(0, max(1, self.length - 1), 2))

    def odd_bars(self, total: int) -> tuple[int, ...]:
        """One or two bars that together last ``total`` eighths, each plain to read.

        >>> Measure((4, 4)).odd_bars(5), Measure((4, 4)).odd_bars(9)
        ((5,), (4, 5))
        """
        if total <= 8 or total == 10 or self.compound:
            return (total,)
        first = total // 4 * 2
        return (first, total - first)

    def written(self, length: int) -> tuple[int, int]:
        """The time signature of a bar of so many eighths in this company."""
        if length == self.length:
            return self.meter
        if length % 2 or (self.compound and length % 3 == 0):
            return (length, 8)
        return (length // 2, 4)


def felt(meter: Meter, *, compound: bool = False) -> tuple[int, ...]:
    """Ticks from the bar line of the beats of a bar: in odd bars the last one may be cut short.

    Bars of eighths go in quarters, but in dotted ones where the music around them does (``compound``).

    >>> felt(Meter(0, 7, 8))
    (0, 960, 1920, 2880)
    """
    if meter.unit != 8:
        return tuple(range(0, meter.bar_ticks, meter.beat_ticks))
    beat = 3 if compound else Measure((meter.beats, meter.unit)).beat
    return tuple(range(0, meter.bar_ticks, beat * EIGHTH))
