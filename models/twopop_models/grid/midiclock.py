"""The tempo map that a MIDI file tells, with bars that really begin on their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from twopop_models.grid.midinotes import Scale
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap

_USUAL: Final = 500_000
"""Microseconds of a quarter note where a file says nothing: 120 BPM."""
_UNITS: Final = (4, 8, 16, 32)
_SLOWEST: Final = 60_000_000 // 4
_FASTEST: Final = 60_000_000 // 960
"""Microseconds of a quarter note beyond which a tempo is a mistake."""


def timed(tracks: list[Any]) -> Iterator[tuple[int, Any]]:
    """(tick of the file, message) of every track, one track after the other."""
    for track in tracks:
        now = 0
        for message in track:
            now += message.time
            yield now, message


def tempo_map(tracks: list[Any], scale: Scale) -> TempoMap:
    """Tempos, meters and the pick-up of a file; 120 BPM and 4/4 where it says nothing or nonsense."""
    tempos: dict[int, int] = {}
    meters: dict[int, tuple[int, int]] = {}
    for now, message in timed(tracks):
        tick = scale.ticks(now)
        if message.type == "set_tempo" and not scale.timed and _FASTEST <= message.tempo <= _SLOWEST:
            tempos[tick] = message.tempo
        elif message.type == "time_signature" and _sensible(message.numerator, message.denominator):
            meters[tick] = (message.numerator, message.denominator)
    bars = _on_lines([Meter(tick, *meters[tick]) for tick in sorted(meters)])
    return TempoMap(_tempos(tempos), bars, _pickup(bars))


def _sensible(beats: int, unit: int) -> bool:
    return 1 <= beats <= 64 and unit in (1, 2, *_UNITS)


def _tempos(found: dict[int, int]) -> tuple[TempoChange, ...]:
    first = found.get(0, _USUAL)
    changes = [TempoChange(0, first)]
    for tick in sorted(found):
        if found[tick] != changes[-1].micros:
            changes.append(TempoChange(tick, found[tick]))
    return tuple(changes)


def _on_lines(found: Iterable[Meter]) -> tuple[Meter, ...]:
    """Meters that begin on bar lines; a bar that is cut short gets a meter of its own."""
    bars = [Meter(0)]
    for meter in found:
        last = bars[-1]
        if meter.tick <= last.tick:
            _put(bars, meter)
        elif (meter.beats, meter.unit) != (last.beats, last.unit) or (meter.tick - last.tick) % last.bar_ticks:
            _join(bars, meter)
    return tuple(bars)


def _join(bars: list[Meter], meter: Meter) -> None:
    last = bars[-1]
    rest = (meter.tick - last.tick) % last.bar_ticks
    unit = next((unit for unit in _UNITS if rest % (PPQ * 4 // unit) == 0), None)
    line = meter.tick - rest
    if rest and unit is None:  # no bar can be written so: the nearest line
        line += last.bar_ticks if 2 * rest >= last.bar_ticks else 0
        _put(bars, Meter(line, meter.beats, meter.unit))
        return
    if rest and unit is not None:
        _put(bars, Meter(line, rest * unit // (PPQ * 4), unit))
    _put(bars, meter)


def _put(bars: list[Meter], meter: Meter) -> None:
    """Add a meter, in the place of one that begins there too."""
    if bars[-1].tick >= meter.tick:
        meter = replace(meter, tick=bars.pop().tick)
    bars.append(meter)


def _pickup(bars: tuple[Meter, ...]) -> int:
    """Where the first whole bar begins, if the first meter is one bar and shorter than the next; else 0."""
    if len(bars) < 2 or bars[1].tick != bars[0].bar_ticks or bars[0].bar_ticks >= bars[1].bar_ticks:
        return 0
    return bars[1].tick
