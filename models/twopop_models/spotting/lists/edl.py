"""CMX3600 edit decision lists, read for their cuts and written for their markers.

Reading: each picture event (channel V, V2, B, AA/V ...) begins with a cut at its record-in; record-outs are
exclusive, so the next event's record-in equals them. The earliest one is where the program begins,
not a cut. Dissolves and wipes count half way through, where the new picture takes over, with a
weight of 0.6 and a quarter of their length as tolerance. Locators (``* LOC:``) and marker events
(``|C:... |M:...``) are hits as they stand. Speed changes, audio and unknown comments say nothing about cuts.

Labels with ``;`` drop frames, and so do those with ``:`` below ``FCM: DROP FRAME``.

Own code rather than OpenTimelineIO's adapter, see ``docs/decisions/0012-reading-edit-lists.md``; the tests
read what is written here with that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from twopop_models.hit_text import label_of
from twopop_models.smpte import LabelError, Labels, is_label
from twopop_models.spotting.lists.moments import MOST, HitList, Moment, hour_before, name_of, named, unreadable
from twopop_models.types import Hit

LONGEST: Final = 1000
"""Characters of a line that are looked at."""

_REMEDY: Final = "Export the edit as a CMX3600 EDL at the rate of the request"
_EFFECT = re.compile(r"[DW]\d{0,3}")
_LENGTH = re.compile(r"\d{1,4}")
_NUMBER = re.compile(r"\d{1,6}[A-Z]?")
_LOCATOR = re.compile(r"\*\s*LOC:\s*(?P<at>\d\d:\d\d:\d\d[:;]\d{2,4})\s+(?P<colour>\w+)\s*(?P<name>.*)", re.ASCII)
_MARKER = re.compile(r"\|C:\w*\s*\|M:(?P<name>.*?)\s*(?:\|D:\d+)?\s*$", re.ASCII)
_NAME = re.compile(r"\*\s*(?P<to>TO|FROM) CLIP NAME:\s*(?P<name>.*)")
_FCM = re.compile(r"FCM:\s*(?P<kind>DROP|NON)", re.ASCII)


@dataclass(frozen=True)
class _Event:
    """A picture event: seconds of record-in and -out, frames of a transition, and what was said of it."""

    start: Fraction
    stop: Fraction
    length: int = 0
    name: str = ""
    marker: bool = False


def read_edl(text: str, rate: Fraction) -> HitList:
    """The moments of an EDL whose labels count frames of ``rate``.

    Raises:
        ControlError: ``hits_unreadable``, naming the line.

    """
    reader = _Reader(rate)
    for number, line in enumerate(text.splitlines(), 1):
        try:
            reader.read(line.strip()[:LONGEST])
        except LabelError as error:
            raise unreadable(f"Line {number} of the EDL: {error}", error.remedy) from error
        if len(reader.events) + len(reader.locators) > MOST:
            raise unreadable(f"The EDL holds more than {MOST} events", "Export a part of the edit")
    if not reader.events and not reader.locators:
        raise unreadable("The EDL holds no picture events", _REMEDY)
    moments = (*reader.cuts(), *reader.locators)
    first = min((*(event.start for event in reader.events), *(one.at for one in reader.locators)))
    return HitList(moments, hour_before(first, Labels(rate, reader.drops)), reader.drops)


class _Reader:
    """Takes an EDL line by line."""

    def __init__(self, rate: Fraction) -> None:
        self._rate = rate
        self._drop = False
        self._pending = False  # the event before was of the picture, so comments are about it
        self.drops = False
        self.events: list[_Event] = []
        self.locators: list[Moment] = []

    def read(self, line: str) -> None:
        """One line without white space around it."""
        words = line.split()
        if kind := _FCM.match(line):
            self._drop = kind["kind"] == "DROP" and self._can_drop()
        elif locator := _LOCATOR.match(line):
            at = self._seconds(locator["at"])
            self.locators.append(named(Moment(at), locator["name"]))
        elif len(words) >= 7 and _NUMBER.fullmatch(words[0]) and all(map(is_label, words[-4:])):
            self._event(words)
        elif words and words[0].isdigit():
            raise LabelError(f"{line[:60]!r} is no event", "It has number, reel, channel, kind and four timecodes.")
        elif self._pending:
            self._comment(line)

    def _event(self, words: list[str]) -> None:
        kinds = words[2:-4]
        lasts = _LENGTH.fullmatch(kinds[-1]) and len(kinds) > 2
        kind = kinds[-2] if lasts else kinds[-1]
        length = int(kinds[-1]) if lasts and _EFFECT.fullmatch(kind) else 0
        start, stop = self._seconds(words[-2]), self._seconds(words[-1])
        self._pending = "V" in kinds[0].upper() or kinds[0].upper() == "B"
        if stop < start:
            raise LabelError(f"the event ends at {words[-1]} before it begins at {words[-2]}", _REMEDY + ".")
        if self._pending and stop > start:  # without length: the outgoing side of a transition
            self.events.append(_Event(start, stop, length))

    def _comment(self, line: str) -> None:
        if not self.events:
            return
        if marker := _MARKER.search(line):
            self.events[-1] = replace(self.events[-1], name=marker["name"], marker=True)
        elif (clip := _NAME.match(line)) and not self.events[-1].marker and (clip["to"] == "TO" or self._unnamed()):
            self.events[-1] = replace(self.events[-1], name=clip["name"])

    def _unnamed(self) -> bool:
        return not self.events[-1].name

    def cuts(self) -> Iterator[Moment]:
        """Marker events, and every other event but the program's first."""
        begins = min((event.start for event in self.events if not event.marker), default=None)
        for event in self.events:
            if event.marker:
                yield named(Moment(event.start), event.name)
            elif event.start != begins:
                yield self._cut(event)

    def _cut(self, event: _Event) -> Moment:
        label = label_of(event.name) or "cut"
        if event.length:
            at = event.start + (event.length // 2) / self._rate
            return Moment(at, label, 0.6, max(1.0, event.length / 4))
        return Moment(event.start, label, None)

    def _can_drop(self) -> bool:
        try:
            Labels(self._rate, drop=True)
        except LabelError:
            return False
        return True

    def _seconds(self, label: str) -> Fraction:
        drop = ";" in label or self._drop
        self.drops |= drop
        plain = label[:8] + (";" if drop else ":") + label[9:]
        return Labels(self._rate, drop).frame(plain) / self._rate


def write_edl(hits: tuple[Hit, ...], title: str, labels: Labels, start: int) -> str:
    """Hits as marker events of one frame, each with a locator for editors that read those instead.

    Args:
        hits: frames count from the picture's first.
        title: of the list.
        labels: how frames are called.
        start: frames from 00:00:00:00 to the picture's first.

    """
    lines = [f"TITLE: {label_of(title)}", f"FCM: {'DROP FRAME' if labels.drop else 'NON-DROP FRAME'}", ""]
    for number, hit in enumerate(hits, 1):
        one, two = (labels.label(start + hit.frame + more) for more in (0, 1))
        nothing, frame = labels.label(0), labels.label(1)
        name = name_of(hit).replace("|", "/")
        lines.append(f"{number:03d}  AX       V     C        {nothing} {frame} {one} {two}")
        lines += [f" |C:ResolveColorBlue |M:{name} |D:1", f"* LOC: {one} BLUE    {name}", ""]
    return "\n".join(lines) + "\n"
