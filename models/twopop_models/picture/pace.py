"""How a source's timestamps run: its nominal rate, whether it keeps it, how exact they are.

Containers round presentation times to ticks (Matroska to milliseconds), and copies of copies keep
the rounding. So the pace is fitted to the first packets: a source that keeps a rate within a
millisecond is constant, and the largest deviation found is the tolerance with which a request's
instant meets a frame. Exact timestamps therefore get no tolerance at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

MILLISECOND = Fraction(1, 1000)
NTSC = (24, 30, 48, 60, 120)
_DRIFT = Fraction(1, 1000)  # a whole file's average may differ this much from a rate that it keeps


@dataclass(frozen=True)
class Pace:
    """``rate`` is nominal; ``tolerance`` is in seconds, less than an eighth of a frame."""

    rate: Fraction
    variable: bool
    tolerance: Fraction


def fit(
    times: Sequence[Fraction],
    tail: Sequence[Fraction],
    claims: Iterable[Fraction],
    tick: Fraction,
    average: Fraction | None,
) -> Pace:
    """The pace of a source.

    Args:
        times: presentation times of the first frames, seconds, increasing.
        tail: presentation times of some of the last frames, in any order.
        claims: rates that the file claims, the most trusted first; measured ones are tried after them.
        tick: the container's time base in seconds.
        average: frames over duration of the whole file, None when unknown.

    """
    tries = [*dict.fromkeys([*(snap(rate) for rate in claims if 0 < rate <= 1000), *_measured(times)])]
    for rate in tries:
        deviation = _deviation(times, rate)
        allowed = max(tick, MILLISECOND)
        if deviation <= allowed and not _drifts(rate, average) and _off_grid(tail, times, rate) <= 2 * allowed:
            slack = max(deviation, tick) if deviation else Fraction(0)
            return Pace(rate, False, min(slack, 1 / rate / 8))
    rate = snap(average) if average else (tries[-1] if tries else Fraction(25))
    return Pace(rate, True, min(tick / 2, 1 / rate / 8))


def snap(rate: Fraction) -> Fraction:
    """The broadcast rate that a rounded one means (23.98, 29.97, 59.94 ...), else the rate itself."""
    for whole in NTSC:
        exact = Fraction(whole * 1000, 1001)
        if abs(rate - exact) < Fraction(1, 200) * whole / 24 and abs(rate - exact) < abs(rate - whole):
            return exact
    nearest = Fraction(round(rate))
    if nearest and abs(rate - nearest) < Fraction(1, 1000):
        return nearest
    return rate.limit_denominator(10_000) or rate  # a damaged header may claim a frame a year, never none


def _measured(times: Sequence[Fraction]) -> list[Fraction]:
    """The mean rate of the first frames."""
    if len(times) < 2 or times[-1] <= times[0]:
        return []
    return [snap((len(times) - 1) / (times[-1] - times[0]))]


def _deviation(times: Sequence[Fraction], rate: Fraction) -> Fraction:
    """The largest distance of a frame from its place at a constant rate."""
    return max((abs(time - times[0] - number / rate) for number, time in enumerate(times)), default=Fraction(0))


def _drifts(rate: Fraction, average: Fraction | None) -> bool:
    return average is not None and abs(average / rate - 1) > _DRIFT


def _off_grid(tail: Sequence[Fraction], times: Sequence[Fraction], rate: Fraction) -> Fraction:
    """The largest distance of a late frame from the grid that the first frames span."""
    places = ((time - times[0]) * rate for time in tail)
    return max((abs(place - round(place)) / rate for place in places), default=Fraction(0))
