"""Undo: what a project was before and after a block, with the same objects in it."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from tests.clients.reaper.rig.world import Item, Project, Take, Track

_KEPT = {
    Track: ("guid", "values", "texts", "items"),
    Item: ("guid", "values", "texts", "takes", "active"),
    Take: ("guid", "values", "texts", "source"),
}


@dataclass
class Moment:
    """Everything in a project that undo restores."""

    things: list
    markers: list
    tempos: list
    tracks: list
    state: dict


def moment(project: Project) -> Moment:
    """What the project is now."""
    kept = [(thing, {name: copy.copy(getattr(thing, name)) for name in _KEPT[type(thing)]}) for thing in project.things]
    markers, tempos = copy.deepcopy(project.markers), copy.deepcopy(project.tempos)
    return Moment(kept, markers, tempos, list(project.tracks), dict(project.state))


def fingerprint(project: Project) -> tuple:
    """Equal for two moments between which nothing changed that undo restores; what it names is kept alive by it."""

    def plain(value):
        return (
            tuple(sorted(value.items()))
            if isinstance(value, dict)
            else tuple(value)
            if isinstance(value, list)
            else value
        )

    things = tuple((thing, *(plain(getattr(thing, name)) for name in _KEPT[type(thing)])) for thing in project.things)
    lists = (repr(project.markers), repr(project.tempos), tuple(project.tracks), tuple(sorted(project.state.items())))
    return things, lists


def restore(project: Project, then: Moment) -> None:
    """Make the project what it was; what was not there then is dead."""
    for thing in project.things:
        thing.alive = False
    for thing, values in then.things:
        thing.alive = True
        for name, value in values.items():
            setattr(thing, name, copy.copy(value))
    project.tracks = list(then.tracks)
    project.state = dict(then.state)
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
