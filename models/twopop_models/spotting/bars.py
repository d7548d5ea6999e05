"""The met hits written down: a tempo map whose beats are on them, with odd bars where they were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from twopop_models.score import Meter, TempoChange, TempoMap
from twopop_models.spotting.bending import Step
from twopop_models.spotting.grids import SMALL, opening
from twopop_models.spotting.measures import EIGHTH, SHORTEST, Measure

Stretch = tuple[int, int]
"""Where a bar begins (ticks, below 0 when the range begins inside it) and how many eighths it has."""


def bent(steps: Sequence[Step], micros: int, measure: Measure, shortest: Fraction = Fraction(1, 4)) -> TempoMap:
    """The map that meets ``steps`` exactly (to a microsecond for each eighth), at ``micros`` a quarter around them.

    Before the first met hit the tempo gives way by what makes it a whole number of 64ths; ``shortest`` is the
    least part of a quarter over which that is spread.
    """
    ticks = [_lead(steps[0], micros, shortest)]
    for step in steps[1:]:
        ticks.append(ticks[-1] + step.eighths * EIGHTH)
    tempos = _tempos(steps, ticks, micros)
    stretches = _stretches(steps, ticks, measure)
    meters, pickup = _meters(stretches, measure)
    return TempoMap(tempos, meters, pickup)


def _lead(first: Step, micros: int, shortest: Fraction) -> int:
    """Ticks before the first met hit: whole 64ths."""
    smalls = Fraction(first.time).limit_denominator(10**9) * 16_000_000 / micros
    return round(smalls) * SMALL if smalls > shortest else 0


def _tempos(steps: Sequence[Step], ticks: list[int], micros: int) -> tuple[TempoChange, ...]:
    """One tempo a span, each so that the next hit's beat is where it should be whatever was rounded before."""
    spots = [0, *ticks] if ticks[0] else ticks
    times = [0.0, *(step.time for step in steps)] if ticks[0] else [step.time for step in steps]
    changes: list[TempoChange] = []
    now = 0.0 if ticks[0] else times[0]
    for (start, stop), goal in zip(pairwise(spots), times[1:], strict=True):
        quarters = (stop - start) / (2 * EIGHTH)
        one = max(1, round((goal - now) * 1_000_000 / quarters))
        changes.append(TempoChange(start, one))
        now += one * quarters / 1_000_000
    changes.append(TempoChange(spots[-1], micros))
    return tuple(
        change for number, change in enumerate(changes) if number == 0 or change.micros != changes[number - 1].micros
    )


def _stretches(steps: Sequence[Step], ticks: list[int], measure: Measure) -> list[Stretch]:
    """Bars from the one in which the first met hit lies to the last odd one; later ones are usual."""
    start = ticks[0] - steps[0].place * EIGHTH
    found: list[Stretch] = []
    for tick, step in zip(ticks[1:], steps[1:], strict=True):
        if not step.odd:
            continue
        lengths = _filled((tick - start) // EIGHTH, measure)
        for length in lengths:
            found.append((start, length))
            start += length * EIGHTH
    return [*found, (start, measure.length)]


def _filled(total: int, measure: Measure) -> list[int]:
    """Bars of ``total`` eighths: usual ones, then one or two odd ones."""
    whole, rest = divmod(total, measure.length)
    if 0 < rest < SHORTEST and whole:
        whole, rest = whole - 1, rest + measure.length
    return [measure.length] * whole + list(measure.odd_bars(rest) if rest else ())


def _meters(stretches: list[Stretch], measure: Measure) -> tuple[tuple[Meter, ...], int]:
    """Meters with the pick-up in front, and the tick of the first whole bar."""
    first = stretches[0][0]
    usual = measure.length * EIGHTH
    if first >= 0:  # usual bars before the first of them, and what is left is the pick-up
        pickup = first % usual
        bars = [(pickup, measure.length)] if first > pickup else []
        bars += stretches
    else:
        pickup = first + stretches[0][1] * EIGHTH
        bars = stretches[1:] or [(pickup, measure.length)]
    before, end = opening(pickup, measure)
    meters = list(before)
    for start, length in bars:
        meter = Meter(start, *measure.written(length))
        if not meters or (meter.beats, meter.unit) != (meters[-1].beats, meters[-1].unit) or meters[-1].tick < end:
            meters.append(meter)
    return tuple(meters), end
