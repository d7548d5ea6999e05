"""What a file of hits says, before it is laid on a picture; and the laying. Pure.

A file's times are exact seconds: since 00:00:00:00 of its labels (program time), or since the picture begins.
Program time becomes picture time by the label of the picture's first frame: what the request says
(``@01:00:00:00``), else the first of these on which no moment lies before the picture and some lie in the
range: the source's own start, zero, the file's: the beginning of a timeline, else the whole hour of the first
label (01:00:00:00 or 10:00:00:00, where programs begin).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from twopop_models.errors import ControlError
from twopop_models.smpte import LabelError, Labels
from twopop_models.types import Clip, Hit, SourceFacts

MOST = 20_000
"""Moments that a file may hold."""


@dataclass(frozen=True)
class Moment:
    """One moment of a file.

    Attributes:
        at: seconds on the file's clock.
        label: what it is called, "" when it has no name.
        weight: (0, 1], or None for "as much as the picture changes there".
        tolerance: frames.
        exact: ``at`` is the beginning of a frame, so the first frame that is not before it is meant;
            otherwise it was rounded to decimals, and the nearest is.

    """

    at: Fraction
    label: str = ""
    weight: float | None = 1.0
    tolerance: float = 1.0
    exact: bool = True


@dataclass(frozen=True)
class HitList:
    """A file's moments in any order.

    ``begin`` is where on the file's clock the program is likely to begin, seconds; None when its times count
    from the picture. ``drop`` says that its labels leave some out.
    """

    moments: tuple[Moment, ...]
    begin: Fraction | None = None
    drop: bool = False


def unreadable(text: str, remedy: str) -> ControlError:
    """The one error of files of hits."""
    return ControlError("hits_unreadable", text, remedy)


def seconds_of(label: str, rate: Fraction) -> Fraction:
    """Exact seconds from 00:00:00:00 to a label; ``;`` before the frames says drop-frame.

    Raises:
        LabelError: it is no label of the rate.

    """
    return Labels(rate, drop=";" in label).frame(label) / rate


def hour_before(at: Fraction, labels: Labels) -> Fraction:
    """Seconds to the whole hour of labels before an instant: programs begin there."""
    label = labels.label(math.floor(at * labels.rate))
    return labels.frame(f"{label[:2]}:00:00{label[8]}00") / labels.rate


def program_of(start: str, rate: Fraction) -> tuple[Labels, int]:
    """How frames are called in a program, and the number of the picture's first.

    Args:
        start: label of the picture's first frame; "" and what is no label of the rate count as zero.
        rate: frames per second.

    """
    with suppress(LabelError):
        labels = Labels(rate, drop=";" in start)
        return labels, labels.frame(start)
    return Labels(rate), 0


def placed(found: HitList, clip: Clip, facts: SourceFacts, start: str = "") -> tuple[tuple[int, Moment], ...]:
    """The moments inside a range, each with its frame of the request, in order; the first of those on one frame.

    Args:
        found: what the file says.
        clip: the range.
        facts: of the source; its start timecode is one way to read labels.
        start: label of the picture's first frame, "" to find out.

    Raises:
        ControlError: ``hits_unreadable``: the file lies wholly beside the range, or ``start`` is no label.

    """
    if not found.moments:
        return ()
    ways = [_laid(found, clip, origin) for origin in _origins(found, clip, facts, start)]
    laid = [way for way in ways if way[0][0] >= 0] or ways  # nothing lies before the picture
    inside = [[item for item in one if clip.first <= item[0] < clip.stop] for one in laid]
    best = next((one for one in inside if one), None)
    if best is not None:
        return tuple({frame: (frame, moment) for frame, moment in reversed(best)}.values())[::-1]
    if not any(one[0][0] < clip.stop and one[-1][0] >= clip.first for one in laid):
        first, last = laid[0][0][0], laid[0][-1][0]
        raise unreadable(
            f"The file's hits lie on frames {first} to {last}, the range is {clip.first} to {clip.stop - 1}",
            "Say behind the path which timecode the picture's first frame has, such as @01:00:00:00.",
        )
    return ()


def _laid(found: HitList, clip: Clip, origin: Fraction) -> list[tuple[int, Moment]]:
    """Every moment with its frame, in order."""
    frames = [((moment.at - origin) * clip.rate, moment) for moment in found.moments]
    laid = [(math.ceil(at) if one.exact else math.floor(at + Fraction(1, 2)), one) for at, one in frames]
    return sorted(laid, key=lambda item: item[0])


def _origins(found: HitList, clip: Clip, facts: SourceFacts, start: str) -> Iterator[Fraction]:
    """Seconds of the picture's first frame on the file's clock, the likeliest first."""
    if start:
        try:
            yield seconds_of(start, clip.rate)
        except LabelError as error:
            raise unreadable(f"Timecode @{start}: {error}", error.remedy) from error
        return
    if found.begin is None:
        yield Fraction(0)
        return
    if facts.start_timecode:
        labels, begin = program_of(facts.start_timecode, clip.rate)
        yield begin / labels.rate
    yield Fraction(0)
    yield found.begin


_WEIGHED = re.compile(r"\s*\[(?P<weight>\d?\.?\d{1,6})(?:\s+(?P<tolerance>\d{1,3}(?:\.\d{1,3})?))?\]\s*$", re.ASCII)


def named(moment: Moment, name: str) -> Moment:
    """A moment with a marker's name; ``door slam [0.8 2]`` says weight 0.8 and tolerance 2 too."""
    name = name[:200]
    found = _WEIGHED.search(name)
    if found is None or not 0 < float(found["weight"]) <= 1:
        return replace(moment, label=name.strip())
    wide = moment.tolerance if found["tolerance"] is None else float(found["tolerance"])
    return replace(moment, label=name[: found.start()].strip(), weight=float(found["weight"]), tolerance=wide)


def name_of(hit: Hit) -> str:
    """The marker name from which ``named`` reads a hit again, weights to three decimals."""
    if hit.weight == 1 and hit.tolerance == 1 and not _WEIGHED.search(hit.label):
        return hit.label
    wide = "" if hit.tolerance == 1 else f" {hit.tolerance:.3f}".rstrip("0").rstrip(".")
    weight = f"{max(hit.weight, 0.001):.3f}".rstrip("0").rstrip(".")
    return f"{hit.label} [{weight}{wide}]".strip()
