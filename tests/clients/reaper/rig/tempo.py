"""Time and beats: quarter notes since the project's start, bar lines, meters. Linear ramps change over seconds."""

from __future__ import annotations

from bisect import bisect_right

from tests.clients.reaper.rig.world import Project, Tempo


def points(project: Project) -> list[Tempo]:
    """Tempo markers with the one that every project begins with."""
    first = Tempo(0.0, project.bpm, *project.meter)
    known = sorted(project.tempos, key=lambda point: point.position)
    return known if known and known[0].position <= 0 else [first, *known]


def bpm_at(project: Project, time: float) -> float:
    """Quarter notes a minute at an instant."""
    known = points(project)
    place = max(0, bisect_right([point.position for point in known], time) - 1)
    point = known[place]
    if not point.linear or place + 1 == len(known):
        return point.bpm
    after = known[place + 1]
    return point.bpm + (after.bpm - point.bpm) * (time - point.position) / (after.position - point.position)


def quarters(project: Project, time: float) -> float:
    """Quarter notes since the start."""
    known, total = points(project), 0.0
    for place, point in enumerate(known):
        stop = known[place + 1].position if place + 1 < len(known) else float("inf")
        if time <= point.position and place:
            break
        until = min(stop, time)
        end = bpm_at(project, until) if until < stop else (known[place + 1].bpm if point.linear else point.bpm)
        mean = (point.bpm + end) / 2 if point.linear else point.bpm
        total += (until - point.position) * mean / 60
    return total


def time_of(project: Project, wanted: float) -> float:
    """The instant at which so many quarter notes have gone."""
    low, high = 0.0, max(60.0, wanted * 4)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if quarters(project, middle) < wanted else (low, middle)
    return high


def meter_at(project: Project, time: float) -> tuple[int, int]:
    """Beats and unit of the bar at an instant."""
    meters = [point for point in points(project) if point.unit and point.position <= time + 1e-9]
    return (meters[-1].beats, meters[-1].unit) if meters else project.meter


def beats(project: Project, time: float):
    """(beat in the bar, bars before, beats of the bar, all beats, unit), as TimeMap2_timeToBeats counts."""
    bars, total = 0, 0.0
    meters = [point for point in points(project) if point.unit]
    for place, point in enumerate(meters):
        stop = meters[place + 1].position if place + 1 < len(meters) else float("inf")
        size = point.beats * 4 / point.unit
        gone = quarters(project, min(time, stop)) - quarters(project, point.position)
        if time < stop - 1e-9:
            whole = int(gone / size + 1e-9)
            here = (gone - whole * size) * point.unit / 4
            return max(0.0, here), bars + whole, point.beats, total + gone * point.unit / 4, point.unit
        bars += -int(-(gone / size) // 1)
        total += gone * point.unit / 4
    raise AssertionError("every project has a meter")
