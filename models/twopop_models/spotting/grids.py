"""Tempo and offset written down as a tempo map.

Conventions: seconds are exact ``Fraction`` from the first sample of the range; a pick-up is a first
meter of n/64 (reduced: 32/64 is 2/4), because any offset is near a whole number of 64th notes.
What is left over is taken by the tempo of the pick-up, so the first bar line is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from itertools import accumulate, pairwise
from math import gcd

from twopop_models.controls import Bar
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap
from twopop_models.spotting.measures import EIGHTH, Measure, felt
from twopop_models.types import Clip

SMALL = PPQ // 16
"""Ticks of a 64th note."""

SHORTEST = 8
"""What gives way before the first beat has at least this many 64ths, so that its tempo stays within 7 %."""


def steady(micros: int, offset: Fraction, meter: tuple[int, int]) -> TempoMap:
    """One tempo, the first bar line at ``offset`` seconds (0 <= offset < one bar) and a pick-up before it.

    The tempo gives way only before the first beat of the pick-up, so that its beats are as long as the others.
    """
    bar, measure = Meter(0, *meter), Measure(meter)
    small = Fraction(micros, 16_000_000)
    if offset < small / 60:  # under one tick: the range begins on the bar line
        return TempoMap((TempoChange(0, micros),), (bar,))
    step = measure.beat * EIGHTH // SMALL
    beats, before = divmod(offset, step * small)
    lead = round(before / small)
    hidden = lead >= SHORTEST or before < small / 60
    if not hidden and (beats or not lead):  # too short to hide the remainder in: take the next beat too
        before, lead, beats = before + step * small, lead + step, beats - 1
    start = (lead + beats * step) * SMALL
    begin = TempoChange(0, round(before * 16_000_000 / lead)) if lead else TempoChange(0, micros)
    tempos = (begin,) if begin.micros == micros else (begin, TempoChange(lead * SMALL, micros))
    meters, pickup = opening(start, measure)
    return TempoMap(tempos, (*meters, Meter(start, *meter)), pickup)


def opening(start: int, measure: Measure) -> tuple[tuple[Meter, ...], int]:
    """The meters before the bar line on tick ``start``, which is a whole number of 64ths, and the pick-up's end.

    Two whole beats or more are a bar of their own that is played like any other; what is before it is the pick-up.
    """
    beat = measure.beat * EIGHTH
    beats, rest = divmod(start, beat)
    if 0 < rest < SHORTEST * SMALL and beats:
        beats, rest = beats - 1, rest + beat
    if beats < 2:
        return ((pickup_meter(start // SMALL),), start) if start else ((), 0)
    bar = Meter(rest, *measure.written(beats * measure.beat))
    return ((pickup_meter(rest // SMALL), bar), rest) if rest else ((bar,), 0)


def whole_bars(seconds: Fraction, bars: int, meter: tuple[int, int]) -> TempoMap:
    """Bars that fill the range to the microsecond: some beats are 1 microsecond longer than the others."""
    bar = Meter(0, *meter)
    quarters = Fraction(bars * bar.bar_ticks, PPQ)
    micros = int(seconds * 1_000_000 / quarters)
    longer = seconds * 1_000_000 - quarters * micros
    change = bars * bar.bar_ticks - round(longer) * PPQ
    if change <= 0:  # all of them are
        return TempoMap((TempoChange(0, micros + 1),), (bar,))
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
        before = TempoMap(tuple(tempos), tuple(meters))
        tick = _on_the_bar(before, when, clip)
        if tick != before.tick(when):  # the bar before gives way, so that this one begins on its frame
            tempos = _stretched(tempos, before, tick, when)
        tempos = [*(change for change in tempos if change.tick < tick), TempoChange(tick, _micros(line))]
        meters = [*(meter for meter in meters if meter.tick < tick), Meter(tick, line.beats, line.unit)]
    return TempoMap(tuple(tempos), tuple(meters), meters[1].tick if first >= _least(bar) and len(meters) > 1 else 0)


def _on_the_bar(tempo_map: TempoMap, when: Fraction, clip: Clip) -> int:
    """The tick of a host's bar line: frames are whole, so one within a frame of a counted bar line is that one."""
    tick = tempo_map.tick(when)
    reach = tempo_map.tick(when + 1 / clip.rate)
    lines = [line for line, _ in tempo_map.bars(reach + 1) if abs(tempo_map.seconds(line) - when) < 1 / clip.rate]
    near = min(lines, key=lambda line: abs(line - tick), default=tick)
    return near if near > max(change.tick for change in tempo_map.tempos) else tick


def _stretched(tempos: list[TempoChange], before: TempoMap, tick: int, when: Fraction) -> list[TempoChange]:
    """The tempos with another one for the bar in front of ``tick``, so that it falls on ``when`` seconds."""
    start = max([tempos[-1].tick, *(line for line, _ in before.bars(tick))])
    micros = round((when - before.seconds(start)) * 1_000_000 * PPQ / (tick - start))
    return [*(change for change in tempos if change.tick < start), TempoChange(start, micros)]


def _least(bar: Bar) -> Fraction:
    """Seconds under which a host's pick-up is none: one tick."""
    return Fraction(_micros(bar), 16_000_000) / 60


def _host_pickup(first: Fraction, bar: Bar) -> tuple[list[TempoChange], list[Meter]]:
    """Tempo and meter up to the host's first bar line in the range; the odd length goes into the first 64th."""
    micros, meter = _micros(bar), (bar.beats, bar.unit)
    small = Fraction(micros, 16_000_000)
    if first < _least(bar):
        return [TempoChange(0, micros)], [Meter(0, *meter)]
    count = max(1, int(first / small))
    odd = round((first - (count - 1) * small) * 16_000_000)
    tempos = [TempoChange(0, odd), TempoChange(SMALL, micros)]
    return tempos, [pickup_meter(count), Meter(count * SMALL, *meter)]


def pickup_meter(count: int) -> Meter:
    """So many 64ths as the plainest meter, never in longer beats than quarters."""
    common = min(gcd(count, 64), 16)
    return Meter(0, count // common, 64 // common)


def _micros(bar: Bar) -> int:
    return round(60_000_000 / bar.bpm)


def steady_bpm(tempo_map: TempoMap, stop: int | None = None) -> float:
    """Felt beats per minute: the tempo that rules the middle of the time up to tick ``stop`` (dotted quarters in 6/8).

    A pick-up does not count; without ``stop`` the last tempo counts as one bar.
    """
    first = tempo_map.pickup
    last = max(tempo_map.tempos[-1].tick, tempo_map.meters[-1].tick)
    end = max(first + 1, stop if stop is not None else last + tempo_map.meters[-1].bar_ticks)
    inner = (change.tick for change in tempo_map.tempos if first < change.tick < end)
    edges = [first, *inner, end]
    spans = sorted(
        (tempo_map.bpm(start), tempo_map.seconds(to) - tempo_map.seconds(start)) for start, to in pairwise(edges)
    )
    gone = list(accumulate(seconds for _, seconds in spans))
    bpm = spans[bisect_left(gone, gone[-1] / 2)][0]
    return bpm * 2 / _beat(tempo_map)


def mean_bpm(tempo_map: TempoMap, stop: int) -> float:
    """Felt beats per minute on average up to tick ``stop``: beats by the time that they take, odd bars included."""
    minutes = tempo_map.seconds(max(1, stop)) / 60
    return float(max(1, stop) / PPQ / minutes) * 2 / _beat(tempo_map)


def felt_bpm(tempo_map: TempoMap, tick: int) -> float:
    """Felt beats per minute at a tick: quarters, but dotted quarters where the music is in 6/8."""
    return tempo_map.bpm(tick) * 2 / _beat(tempo_map)


def _beat(tempo_map: TempoMap) -> int:
    """Eighths of the felt beat: one odd bar in between makes no other beat."""
    return 3 if any(Measure((meter.beats, meter.unit)).compound for meter in tempo_map.meters) else 2


def pulse(tempo_map: TempoMap, stop: int) -> tuple[int, ...]:
    """Ticks of the beats that are felt before ``stop``: in a pick-up they are counted back from its bar line."""
    start = tempo_map.pickup
    meter = next((meter for meter in tempo_map.meters if meter.tick == start), tempo_map.meters[-1])
    step = Measure((meter.beats, meter.unit)).beat * EIGHTH if meter.unit == 8 else meter.beat_ticks
    compound = _beat(tempo_map) == 3
    found = list(range(start % step, min(start, stop), step))
    for line, ruling in tempo_map.bars(stop):
        if line >= start:
            found.extend(line + place for place in felt(ruling, compound=compound) if line + place < stop)
    return tuple(found)
