"""Time and beats: quarter notes since the project's start, bar lines, meters. Linear ramps change over seconds."""

from __future__ import annotations

from bisect import bisect_right
from math import ceil

from tests.clients.reaper.rig.world import Project, Tempo

CLOSE = 1e-9
"""Seconds, or quarter notes, that count as none."""


def points(project: Project) -> list[Tempo]:
    """Tempo markers with the one that every project begins with."""
    first = Tempo(0.0, float(project.bpm), *project.meter)
    known = sorted(project.tempos, key=lambda point: point.position)
    if not known or known[0].position > 0:
        return [first, *known]
    if not known[0].unit:
        known[0] = Tempo(known[0].position, known[0].bpm, *project.meter, known[0].linear)
    return known


def bpm_at(project: Project, time: float) -> float:
    """Quarter notes a minute at an instant."""
    known = points(project)
    place = max(0, bisect_right([point.position for point in known], time) - 1)
    point = known[place]
    if not point.linear or place + 1 == len(known):
        return float(point.bpm)
    after = known[place + 1]
    return point.bpm + (after.bpm - point.bpm) * (time - point.position) / (after.position - point.position)


def quarters(project: Project, time: float) -> float:
    """Quarter notes since the start."""
    known = points(project)
    place = max(0, bisect_right([point.position for point in known], time) - 1)
    return _starts(known)[place] + _gone(known, place, time)


def _starts(known: list[Tempo]) -> list[float]:
    """Quarter notes before each point."""
    found = [0.0]
    for place, after in enumerate(known[1:]):
        found.append(found[-1] + _gone(known, place, after.position))
    return found


def _gone(known: list[Tempo], place: int, time: float) -> float:
    """Quarter notes from a point until a time before the next."""
    point, after = known[place], known[place + 1] if place + 1 < len(known) else None
    end = _ramp(point, after, time) if point.linear and after else point.bpm
    return (time - point.position) * (point.bpm + end) / 120


def _ramp(point: Tempo, after: Tempo, time: float) -> float:
    share = (time - point.position) / (after.position - point.position)
    return point.bpm + (after.bpm - point.bpm) * share


def time_of(project: Project, wanted: float) -> float:
    """The instant at which so many quarter notes have gone."""
    known = points(project)
    starts = _starts(known)
    place = max(0, bisect_right(starts, wanted) - 1)
    point, left = known[place], wanted - starts[place]
    after = known[place + 1] if place + 1 < len(known) else None
    if not (point.linear and after) or abs(after.bpm - point.bpm) < CLOSE:
        return point.position + left * 60 / point.bpm
    slope = (after.bpm - point.bpm) / (after.position - point.position) / 60  # quarters a second, a second
    now = point.bpm / 60
    return point.position + ((now * now + 2 * slope * left) ** 0.5 - now) / slope


def meter_at(project: Project, time: float) -> tuple[int, int]:
    """Beats and unit of the bar at an instant."""
    meters = [point for point in points(project) if point.unit and point.position <= time + CLOSE]
    return (meters[-1].beats, meters[-1].unit) if meters else project.meter


def stretches(project: Project):
    """Each meter with the quarter note it begins at, bars and beats before it: (point, quarter, bars, beats)."""
    bars, count, found, known = 0, 0.0, [], points(project)
    for point, start in zip(known, _starts(known), strict=True):
        if not point.unit:
            continue
        if found:
            before, began, *_ = found[-1]
            bars += ceil((start - began) / (before.beats * 4 / before.unit) - CLOSE)
            count += (start - began) * before.unit / 4
        found.append((point, start, bars, count))
    return found


def beats(project: Project, time: float):
    """(beat in the bar, bars before, beats of the bar, all beats, unit), as TimeMap2_timeToBeats counts."""
    here = quarters(project, time)
    known = [row for row in stretches(project) if row[1] <= here + CLOSE] or stretches(project)[:1]
    point, start, bars, count = known[-1]
    size, gone = point.beats * 4 / point.unit, here - start
    whole = int(gone / size + CLOSE)
    beat = max(0.0, (gone - whole * size) * point.unit / 4)
    return beat, bars + whole, point.beats, count + gone * point.unit / 4, point.unit


def time_of_beat(project: Project, beat: float, bar: int | None) -> float:
    """The instant of a beat in a bar counted from 0, or of a beat since the start where ``bar`` is None."""
    known = stretches(project)
    if bar is None:
        point, start, _, count = [row for row in known if row[3] <= beat + CLOSE][-1]
        return time_of(project, start + (beat - count) * 4 / point.unit)
    point, start, bars, _ = [row for row in known if row[2] <= bar][-1]
    return time_of(project, start + ((bar - bars) * point.beats + beat) * 4 / point.unit)
