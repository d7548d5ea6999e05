"""Tempo and meter of a cue in a few words, for cards, sheets and pictures."""

from __future__ import annotations

from fractions import Fraction

from twopop.delivery.card import TempoLine
from twopop_models.score import TempoMap
from twopop_models.spotting.grids import felt_bpm


def tempos(tempo_map: TempoMap) -> str:
    """The felt tempo behind the pick-up, and how far it bends: ``100.00 BPM (98.2 to 101.4)``."""
    start = tempo_map.pickup
    ticks = [start, *(change.tick for change in tempo_map.tempos if change.tick > start)]
    bpm = [felt_bpm(tempo_map, tick) for tick in ticks]
    if max(bpm) - min(bpm) < 0.05:
        return f"{bpm[0]:.2f} BPM"
    return f"{bpm[0]:.2f} BPM ({min(bpm):.1f} to {max(bpm):.1f})"


def meters(tempo_map: TempoMap) -> str:
    """The meters behind the pick-up in order of appearance: ``4/4, 3/4``."""
    before = [meter for meter in tempo_map.meters if meter.tick <= tempo_map.pickup]
    after = [meter for meter in tempo_map.meters if meter.tick > tempo_map.pickup]
    return ", ".join(dict.fromkeys(f"{meter.beats}/{meter.unit}" for meter in (before[-1], *after)))


def tempo_points(tempo_map: TempoMap, length: Fraction) -> tuple[TempoLine, ...]:
    """Every change of tempo or meter within ``length`` seconds, in order; see ``TempoLine``."""
    meters = {meter.tick: meter for meter in tempo_map.meters}
    points = []
    for tick in sorted({change.tick for change in tempo_map.tempos} | set(meters)):
        offset, meter = tempo_map.seconds(tick), meters.get(tick)
        if offset < length:
            points.append(TempoLine(offset, tempo_map.bpm(tick), *((meter.beats, meter.unit) if meter else ())))
    return tuple(points)
