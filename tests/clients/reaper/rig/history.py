"""Undo: what a project was before and after a block, with the same objects in it."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from tests.clients.reaper.rig.world import Item, Project, Take, Track

_KEPT = {
    Track: ("values", "texts", "items"),
    Item: ("values", "texts", "takes", "active"),
    Take: ("values", "texts", "source"),
}


@dataclass
class Moment:
    """Everything in a project that undo restores."""

    things: list
    markers: list
    tempos: list
    tracks: list


def moment(project: Project) -> Moment:
    """What the project is now."""
    things = [*project.tracks, *project.items, *(take for item in project.items for take in item.takes)]
    kept = [(thing, {name: copy.copy(getattr(thing, name)) for name in _KEPT[type(thing)]}) for thing in things]
    return Moment(kept, copy.deepcopy(project.markers), copy.deepcopy(project.tempos), list(project.tracks))


def restore(project: Project, then: Moment) -> None:
    """Make the project what it was; what was not there then is dead."""
    for thing, _ in moment(project).things:
        thing.alive = False
    for thing, values in then.things:
        thing.alive = True
        for name, value in values.items():
            setattr(thing, name, copy.copy(value))
    project.tracks = list(then.tracks)
    project.markers, project.tempos = copy.deepcopy(then.markers), copy.deepcopy(then.tempos)


def undo(project: Project) -> str:
    """Undo the last block; its name, "" when there is none."""
    if not project.undos:
        return ""
    name, before, after = project.undos.pop()
    project.redos.append((name, before, after))
    restore(project, before)
    return name


def redo(project: Project) -> str:
    """Do the last undone block again."""
    if not project.redos:
        return ""
    name, before, after = project.redos.pop()
    project.undos.append((name, before, after))
    restore(project, after)
    return name
