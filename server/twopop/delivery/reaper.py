"""A REAPER project of a finished take: opens by itself, every item on its sample.

The project's own time begins at the range: items stand at 0 and ``PROJOFFS`` makes the ruler show
the source's time. Variations are takes of one item, hits are markers, the tempo map is the
project's. Field meanings follow the public State Chunk notes; read back in the tests by a binding of
REAPER's own parser.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from twopop.delivery.colours import of_stem
from twopop.delivery.tempo import tempo_points
from twopop_models.score import TempoMap
from twopop_models.types import Cue, Take

_NAMESPACE = uuid.UUID("7d0c5f0e-2a53-4f3e-9f0a-74776f706f70")
_NTSC = 1001


def write_project(take: Take, path: Path, job: str, hit_names: tuple[str, ...]) -> None:
    """Write ``path`` (in the take's folder); media are named relative to it where they lie below it.

    Args:
        take: the finished take, at least one cue.
        path: the ``.rpp`` to write.
        job: names the project's tracks and makes their ids, so that the same take gives the same file.
        hit_names: one marker name per landing of the first cue.

    """
    import rpp

    project = _element("REAPER_PROJECT", "0.1", "7.0/twopop", "0")
    project.extend(_settings(take))
    score = take.cues[0].music.score
    if score is not None:
        project.append(_tempo(score.tempo_map, take.clip.seconds))
    for number, (landing, name) in enumerate(zip(take.cues[0].landings, hit_names, strict=True), 1):
        project.append(["MARKER", str(number), _seconds(take.clip.offset_of(landing.hit.frame)), name, "0"])
    if take.frames.facts.kind == "video" and take.clip.media is not None:
        project.append(_picture(take, job))
    project.extend(_tracks(take, path.parent, job))
    path.write_text(rpp.dumps(project), "utf-8")


def _element(tag: str, *attributes: str) -> Any:
    from rpp import Element

    return Element(tag=tag, attrib=attributes)


def _seconds(value: Fraction | float) -> str:
    """Seconds with the 14 decimals that REAPER itself writes; far finer than a sample."""
    return f"{float(value):.14f}"


def _colour(name: str) -> str:
    """A stem's colour as REAPER stores it: 0x01BBGGRR."""
    red, green, blue = of_stem(name)
    return str(0x01 << 24 | blue << 16 | green << 8 | red)


def _guid(*words: str) -> str:
    return "{" + str(uuid.uuid5(_NAMESPACE, "/".join(words))).upper() + "}"


def _settings(take: Take) -> Iterator[list[str]]:
    rate = take.clip.rate
    base = round(rate)
    drop = 2 if rate.denominator == _NTSC else 0  # 0: exact, 1: drop-frame labels, 2: pulled down
    yield ["RIPPLE", "0", "0"]
    yield ["PROJOFFS", _seconds(Fraction(take.clip.first) / rate), "0", "0"]
    yield ["TIMEMODE", "1", "5", "-1", str(base), str(drop), "0", "-1"]
    yield ["SAMPLERATE", str(take.cues[0].music.sample_rate), "1", "0"]
    score = take.cues[0].music.score
    bpm, meter = (take.cues[0].music.tempo, ("4", "4")) if score is None else _usual(score.tempo_map)
    yield ["TEMPO", f"{bpm:.10f}", *meter]
    yield ["SELECTION", "0", _seconds(take.clip.seconds)]


def _usual(tempo_map: TempoMap) -> tuple[float, tuple[str, str]]:
    """The project's own tempo and meter: those after the pick-up, which the envelope has."""
    meter = next(meter for meter in reversed(tempo_map.meters) if meter.tick <= tempo_map.pickup)
    return tempo_map.bpm(tempo_map.pickup), (str(meter.beats), str(meter.unit))


def _tempo(tempo_map: TempoMap, length: Fraction) -> Any:
    """The tempo envelope: one square point wherever tempo or meter changes."""
    envelope = _element("TEMPOENVEX")
    envelope.extend([["ACT", "1", "-1"], ["VIS", "1", "0", "1"], ["ARM", "0"], ["DEFSHAPE", "1", "-1", "-1"]])
    for line in tempo_points(tempo_map, length):
        point = ["PT", f"{float(line.offset):.12f}", f"{line.bpm:.10f}", "1"]
        if line.unit:
            point.append(str(line.unit << 16 | line.beats))
        envelope.append(point)
    return envelope


def _picture(take: Take, job: str) -> Any:
    """The source itself on a muted track above the stems."""
    track = _element("TRACK", _guid(job, "picture"))
    track.extend([["NAME", "picture"], ["MUTESOLO", "1", "0", "0"]])
    start = Fraction(take.clip.first) / take.clip.rate
    track.append(_item(take, "picture", start, (("VIDEO", str(take.clip.media), "picture"),)))
    return track


def _tracks(take: Take, folder: Path, job: str) -> Iterator[Any]:
    """A folder track with one child per stem."""
    parent = _element("TRACK", _guid(job, "cue"))
    parent.extend([["NAME", f"twopop {job}"], ["ISBUS", "1", "1"]])
    yield parent
    names = tuple(dict.fromkeys(stem.name for cue in take.cues for stem in cue.stems))
    for name in names:
        track = _element("TRACK", _guid(job, name))
        track.extend([["NAME", name], ["PEAKCOL", _colour(name)]])
        if name == names[-1]:
            track.append(["ISBUS", "2", "-1"])
        sources = tuple(_source(cue, name, folder) for cue in take.cues if any(s.name == name for s in cue.stems))
        track.append(_item(take, name, Fraction(0), sources))
        yield track


def _source(cue: Cue, name: str, folder: Path) -> tuple[str, str, str]:
    stem = next(stem for stem in cue.stems if stem.name == name)
    inside = stem.path.is_relative_to(folder)
    path = stem.path.relative_to(folder).as_posix() if inside else str(stem.path)
    return ("WAVE", path, f"{name} v{cue.variation + 1}")


def _item(take: Take, key: str, offset: Fraction, sources: tuple[tuple[str, str, str], ...]) -> Any:
    """An item over the whole range whose takes are the given (type, file, name) sources."""
    sample_rate = take.cues[0].music.sample_rate
    length = Fraction(take.clip.samples(sample_rate), sample_rate)
    item = _element("ITEM")
    item.extend([["POSITION", _seconds(0)], ["LENGTH", _seconds(length)], ["LOOP", "0"], ["IGUID", _guid(key, "item")]])
    for number, (kind, file, name) in enumerate(sources):
        if number:
            item.append(["TAKE"])
        item.extend([["NAME", name], ["SOFFS", _seconds(offset)], ["PLAYRATE", "1", "1", "0", "-1", "0", "0.0025"]])
        source = _element("SOURCE", kind)
        source.append(["FILE", file])
        item.append(source)
    return item
