"""A project as an .RPP file, so that another program than ours can say what is in it."""

from __future__ import annotations

import os
from pathlib import Path

import rpp
from tests.clients.reaper.rig.world import Item, Project, Source, Take, Track


def write(project: Project, path: Path) -> None:
    """Write the project; files are named relative to it where they lie beside or below it."""
    folder = Path(path).parent
    root = rpp.Element("REAPER_PROJECT", ["0.1", "7.20/linux-x86_64", "1700000000"])
    root.children += _settings(project)
    root.append(_tempo(project))
    root.children += [line for marker in project.markers for line in _marker(marker)]
    root.children += [_track(track, folder) for track in project.tracks]
    if project.state:
        root.append(_state(project))
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        rpp.dump(root, file)


def _number(value) -> str:
    """Exactly this double again when it is read."""
    return repr(float(value)) if value != int(value) else str(int(value))


def _settings(project: Project) -> list:
    rate, drop = project.rate, project.drop
    whole = round(rate)
    kind = (1 if drop else 2) if rate.denominator == 1001 and whole == 30 else 2 if rate.denominator != 1 else 0
    offset = _number(project.offset)
    meter = [str(part) for part in project.meter]
    return [
        ["PROJOFFS", offset, "0", "0"],
        ["TIMEMODE", "1", "5", "-1", str(whole), str(kind), "0", "-1"],
        ["SAMPLERATE", str(project.sample_rate or 48_000), str(int(project.sample_rate > 0)), "0"],
        ["CURSOR", _number(project.cursor)],
        ["SELECTION", *map(_number, project.range)],
        ["TEMPO", _number(project.bpm), *meter],
    ]


def _tempo(project: Project) -> rpp.Element:
    element = rpp.Element("TEMPOENVEX", [])
    element.append(["ACT", "1", "-1"])
    for point in project.tempos:
        meter = [str(point.beats | point.unit << 16)] if point.unit else []
        element.append(["PT", _number(point.position), _number(point.bpm), str(int(not point.linear)), *meter])
    return element


def _marker(marker) -> list:
    region = int(marker.stop is not None)
    number = str(marker.number)
    colour = str(marker.colour)
    first = ["MARKER", number, _number(marker.position), marker.name, str(region), colour]
    return [first, ["MARKER", number, _number(marker.stop), "", "1"]] if region else [first]


def _track(track: Track, folder: Path) -> rpp.Element:
    depth = track.folder
    kind = 1 if depth > 0 else 2 if depth < 0 else 0
    element = rpp.Element("TRACK", [track.guid])
    element.children += [
        ["NAME", track.name],
        ["PEAKCOL", _colour(track)],
        ["VOLPAN", _number(track.values.get("D_VOL", 1.0)), _number(track.values.get("D_PAN", 0.0)), "-1", "-1", "1"],
        ["MUTESOLO", _number(track.values.get("B_MUTE", 0.0)), _number(track.values.get("I_SOLO", 0.0)), "0"],
        ["ISBUS", str(kind), str(depth)],
        *_own(track),
        *(_item(item, folder) for item in track.items),
    ]
    return element


def _item(item: Item, folder: Path) -> rpp.Element:
    values = item.values
    element = rpp.Element("ITEM", [])
    element.children += [
        ["POSITION", _number(item.position)],
        ["LENGTH", _number(item.length)],
        ["LOOP", _number(values.get("B_LOOPSRC", 1.0))],
        ["FADEIN", "1", _number(values.get("D_FADEINLEN", 0.0)), "0"],
        ["FADEOUT", "1", _number(values.get("D_FADEOUTLEN", 0.0)), "0"],
        ["MUTE", _number(values.get("B_MUTE", 0.0)), "0"],
        ["SEL", str(int(item.selected))],
        ["COLOR", _colour(item), "B"],
        ["IGUID", item.guid],
        *_own(item),
    ]
    for place, take in enumerate(item.takes):
        if place:
            element.append(["TAKE", *(["SEL"] if place == item.active else [])])
        element.children += _take(take, folder)
    return element


def _take(take: Take, folder: Path) -> list:
    values = take.values
    rate = [_number(take.playrate), _number(values.get("B_PPITCH", 1.0)), _number(values.get("D_PITCH", 0.0))]
    lines = [
        ["NAME", take.name],
        ["VOLPAN", _number(values.get("D_VOL", 1.0)), _number(values.get("D_PAN", 0.0)), "1", "-1"],
        ["SOFFS", _number(take.offset)],
        ["PLAYRATE", *rate, "-1", "0", "0.0025"],
        ["GUID", take.guid],
        *_own(take),
    ]
    return [*lines, _source(take.source, folder)] if take.source else lines


def _source(source: Source, folder: Path) -> rpp.Element:
    element = rpp.Element("SOURCE", [source.type])
    if source.parent:
        lines = [["LENGTH", _number(source.length)], ["STARTPOS", _number(source.offset)]]
        turned = [["MODE", "3"]] if source.reverse else []  # 1: a section only in part, 2: backwards
        element.children += [*lines, *turned, _source(source.parent, folder)]
    elif source.path:
        element.append(["FILE", _path(source.path, folder)])
    return element


def _path(path: Path, folder: Path) -> str:
    within = os.path.relpath(path, folder)
    return str(path) if within.startswith("..") else within


def _colour(thing) -> str:
    return str(int(thing.values.get("I_CUSTOMCOLOR", 0)))


def _own(thing) -> list:
    """What scripts keep with a thing."""
    kept = {name.removeprefix("P_EXT:"): words for name, words in thing.texts.items() if name.startswith("P_EXT:")}
    if not any(kept.values()):
        return []
    element = rpp.Element("EXT", [])
    element.children += [[name, words] for name, words in sorted(kept.items()) if words]
    return [element]


def _state(project: Project) -> rpp.Element:
    from tests.clients.reaper.lua import text

    element = rpp.Element("EXTSTATE", [])
    for section in sorted({section for section, _ in project.state}):
        inner = rpp.Element(text(section).upper(), [])
        inner.children += [
            [text(key), text(value)] for (owner, key), value in project.state.items() if owner == section
        ]
        element.append(inner)
    return element
