"""Tempo and offset written down as a tempo map.

Conventions: seconds are exact ``Fraction`` from the first sample of the range; a pick-up is a first
meter of n/64 (reduced: 32/64 is 2/4), because any offset is near a whole number of 64th notes.
What is left over is taken by the tempo of the pick-up, so the first bar line is exact.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from twopop_models.controls import Bar
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap
from twopop_models.types import Clip

SMALL = PPQ // 16
"""Ticks of a 64th note."""

SHORTEST = 16
"""A pick-up of the fitted map has at least this many 64ths, so that its tempo stays within 3.2 %."""


def steady(micros: int, offset: Fraction, meter: tuple[int, int]) -> TempoMap:
    """One tempo, the first bar line at ``offset`` seconds (0 <= offset < one bar) and a pick-up before it."""
    bar = Meter(0, *meter)
    small = Fraction(micros, 16_000_000)
    if offset < small / 60:  # under one tick: the range begins on the bar line
        return TempoMap((TempoChange(0, micros),), (bar,))
    if offset < SHORTEST * small:  # too short to hide the remainder in: begin one beat earlier
        offset += bar.beat_ticks // SMALL * small
    count = round(offset / small)
    begin = TempoChange(0, round(offset * 16_000_000 / count))
    start = count * SMALL
    tempos = (begin,) if begin.micros == micros else (begin, TempoChange(start, micros))
    return TempoMap(tempos, (_pickup(count), Meter(start, *meter)))


def whole_bars(seconds: Fraction, bars: int, meter: tuple[int, int]) -> TempoMap:
    """Bars that fill the range to the microsecond: some beats are 1 microsecond longer than the others."""
    bar = Meter(0, *meter)
    quarters = Fraction(bars * bar.bar_ticks, PPQ)
    micros = int(seconds * 1_000_000 / quarters)
    longer = seconds * 1_000_000 - quarters * micros
    change = bars * bar.bar_ticks - round(longer) * PPQ
    tempos = (TempoChange(0, micros),)
    return TempoMap(tempos if longer < Fraction(1, 2) else (*tempos, TempoChange(change, micros + 1)), (bar,))


def follow(clip: Clip, host: tuple[Bar, ...]) -> TempoMap:
    """The host's own bars and tempos, in the range; its bar lines stay where they are.

    Before the first given bar line its tempo and meter are counted backwards.
    """
    lines = [(Fraction(0) if bar.frame is None else clip.offset_of(bar.frame), bar) for bar in host]
    ruling = max((index for index, (at, _) in enumerate(lines) if at <= 0), default=0)
    at, bar = lines[ruling]
    later = [line for line in lines[ruling + 1 :] if 0 < line[0] < clip.seconds]
    length = Fraction(_micros(bar), 1_000_000) * 4 * bar.beats / bar.unit
    first = min([at % length, *(when for when, _ in later)])
    tempos, meters = _host_pickup(first, bar)
    for when, line in later:
        tick = TempoMap(tuple(tempos), tuple(meters)).tick(when)
        tempos = [*(change for change in tempos if change.tick < tick), TempoChange(tick, _micros(line))]
        meters = [*(meter for meter in meters if meter.tick < tick), Meter(tick, line.beats, line.unit)]
    return TempoMap(tuple(tempos), tuple(meters))


def _host_pickup(first: Fraction, bar: Bar) -> tuple[list[TempoChange], list[Meter]]:
    """Tempo and meter up to the host's first bar line in the range; the odd length goes into the first 64th."""
    micros, meter = _micros(bar), (bar.beats, bar.unit)
    small = Fraction(micros, 16_000_000)
    if first < small / 60:
        return [TempoChange(0, micros)], [Meter(0, *meter)]
    count = max(1, int(first / small))
    odd = round((first - (count - 1) * small) * 16_000_000)
    tempos = [TempoChange(0, odd), TempoChange(SMALL, micros)]
    return tempos, [_pickup(count), Meter(count * SMALL, *meter)]


def _pickup(count: int) -> Meter:
    """So many 64ths as the plainest meter, never in longer beats than quarters."""
    common = min(gcd(count, 64), 16)
    return Meter(0, count // common, 64 // common)


def _micros(bar: Bar) -> int:
    return round(60_000_000 / bar.bpm)


def steady_bpm(tempo_map: TempoMap) -> float:
    """Quarter notes per minute after the pick-up."""
    return tempo_map.bpm(first_bar(tempo_map))


def first_bar(tempo_map: TempoMap) -> int:
    """The tick of the first bar line after the pick-up, 0 when there is none."""
    meters = tempo_map.meters
    has_pickup = len(meters) > 1 and meters[1].tick == meters[0].bar_ticks
    return meters[1].tick if has_pickup else 0


def pulse(tempo_map: TempoMap, stop: int) -> tuple[int, ...]:
    """Ticks of the beats that are felt before ``stop``: in a pick-up they are counted back from its bar line."""
    start = first_bar(tempo_map)
    step = next((meter.beat_ticks for meter in tempo_map.meters if meter.tick == start), PPQ)
    before = range(start % step, min(start, stop), step)
    return (*before, *(tick for tick in tempo_map.beats(stop) if tick >= start))
