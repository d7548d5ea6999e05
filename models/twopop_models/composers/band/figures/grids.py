"""Pattern texts of four beats, danced in any meter.

Conventions: steps are 16th notes from the bar line; a line has 16 signs for one bar of 4/4, or 32 for two
bars of which the even ones take the first half. A beat of three eighths opens up: its second half falls on
the third eighth.
"""

from __future__ import annotations

from collections.abc import Iterator

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP, Stroke, strokes
from twopop_models.score import PPQ

BORROWED: dict[int, tuple[int, ...]] = {1: (0,), 2: (0, 1), 3: (0, 1, 3), 5: (0, 1, 3, 2, 3)}
"""Which of the four beats a bar of another size takes; five go 3 + 2."""

OPENED = (0, 2, 4, 5)
"""Where the four 16ths of a beat stand in one of three eighths."""


def compound(bar: Bar) -> bool:
    """Whether the beats of a bar have three eighths."""
    return bar.meter.unit == 8 and bar.meter.beats % 3 == 0 and bar.meter.beats > 3


def beats(bar: Bar) -> tuple[tuple[int, int], ...]:
    """The felt beats of a bar: first step and length in steps; 7/8 goes 4 + 4 + 6.

    >>> from twopop_models.score import Meter
    >>> beats(Bar(0, 0, 14 * 240, Meter(0, 7, 8), "", 0.5, False))
    ((0, 4), (4, 4), (8, 6))
    """
    size = 6 if compound(bar) else 4
    starts = list(range(0, bar.steps, size))
    if len(starts) > 1 and bar.steps - starts[-1] < 3:
        del starts[-1]
    return tuple((start, stop - start) for start, stop in zip(starts, [*starts[1:], bar.steps], strict=True))


def spread(line: str, bar: Bar) -> str:
    """A line as long as the bar, beat by beat.

    >>> from twopop_models.score import Meter
    >>> spread("x-x.o...x.x.oo..", Bar(0, 0, 12 * 240, Meter(0, 6, 8), "", 0.5, False))
    'x---x.o.....'
    """
    if len(line) == 32:
        line = line[16 * (bar.index % 2) :]
    line = (line * 4)[:16]  # short ones repeat
    places = beats(bar)
    order = BORROWED.get(len(places), (0, 1, 2, 3))
    return "".join(_beat(line[4 * (b := order[i % len(order)]) : 4 * b + 4], n) for i, (_, n) in enumerate(places))


def _beat(text: str, length: int) -> str:
    """One beat of four signs in so many steps; what is held stays held."""
    if length <= 4:
        return text[:length]
    found = ["."] * length
    for place, sign in zip(OPENED, text, strict=True):
        if place < length:
            found[place] = sign
    for place in range(1, length):
        if place not in OPENED and "-" in found[place - 1 : place + 2]:
            found[place] = "-"
    return "".join(found)


def events(line: str, bar: Bar) -> Iterator[Stroke]:
    """The strokes of a line in a bar of any meter."""
    return strokes(spread(line, bar), bar.steps)


def at(chart: Chart, bar: Bar, step: int) -> int:
    """The tick of a step, swung as the family does; compound beats swing by themselves."""
    if compound(bar) and chart.brief.style.swing_unit == 8:
        return bar.start + step * STEP
    return chart.tick(bar, step)


def ticks(chart: Chart, tick: int, milliseconds: float) -> int:
    """So many milliseconds at a tick's tempo, in ticks."""
    return round(milliseconds / 60_000 * chart.tempo_map.bpm(tick) * PPQ)


def first(bar: Bar, bars: tuple[Bar, ...]) -> bool:
    """Whether a section begins with a bar."""
    return bar.index > 0 and bars[bar.index - 1].leads
