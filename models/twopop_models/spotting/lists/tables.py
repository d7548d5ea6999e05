"""Tables of markers as CSV: REAPER's region and marker manager, Nuendo, Cubase and twopop's own.

Columns are found by their names, in any order: a position (Start, Timecode In, Timecode, Position,
Time, In, or Frame), a name (Label, Name, Character, Description, Marker, Dialogue, Comment), and if they are
there Weight and Tolerance. Fields are separated by comma, semicolon or tab. Regions count by their
beginning. A position is

    01:00:04:12 or 01:00:04;12   hours, minutes, seconds, frames at the request's rate (``;``: drop-frame)
    1:02.500 or 1:00:04.250      minutes or hours with decimal seconds
    62.5                         seconds
    1500                         frames; whole numbers of samples are not told apart, and lie outside

Bars and beats (5.1.00) need a tempo map that the file does not hold; they are refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from twopop_models.hit_text import MOST_FRAMES
from twopop_models.smpte import LabelError, Labels, is_label
from twopop_models.spotting.lists.moments import (
    MOST,
    HitList,
    Moment,
    hour_before,
    name_of,
    named,
    seconds_of,
    unreadable,
)
from twopop_models.types import Hit

_POSITIONS: Final = ("frame", "start", "timecode in", "timecode", "position", "start time", "time", "in")
_NAMES: Final = ("label", "name", "character", "description", "marker", "dialogue", "comment")
_RULER: Final = "Set the marker window to Hours:Minutes:Seconds:Frames and export again"
_BARS = re.compile(r"-?\d+\.\d+\.\d+")
_CLOCK = re.compile(r"(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,4}):(?P<s>\d{1,2}(?:[.,]\d{1,9})?)", re.ASCII)
_SECONDS = re.compile(r"-?\d{1,7}[.,]\d{1,12}", re.ASCII)
_FRAMES = re.compile(r"-?\d{1,15}", re.ASCII)

REAPER: Final = ("#", "Name", "Start", "End", "Length")
NUENDO: Final = ("Character", "Timecode In", "Timecode Out", "Dialogue")


def read_table(text: str, rate: Fraction) -> HitList:
    """The moments of a table whose frames are those of ``rate``.

    Raises:
        ControlError: ``hits_unreadable``, naming the row.

    """
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise unreadable(f"The table of hits is broken: {error}", "Export it again as CSV") from error
    heads = [word.strip().lower() for word in rows[0]] if rows else []
    place = next((heads.index(name) for name in _POSITIONS if name in heads), None)
    if place is None:
        wanted = "Start, Timecode In, Timecode, Position, Time, In or Frame"
        raise unreadable("The table of hits has no column of positions", f"Its first row names one: {wanted}")
    if len(rows) > MOST:
        raise unreadable(f"The table of hits has more than {MOST} rows", "Export a part of it")
    moments: list[Moment] = []
    clocked = labelled = drops = False
    for number, row in enumerate(rows[1:], 2):
        position = row[place].strip() if place < len(row) else ""
        if position:
            moments.append(_moment(dict(zip(heads, row, strict=False)), position, rate, number))
            clocked |= ":" in position
            labelled |= is_label(position)
            drops |= ";" in position
    if not clocked:
        return HitList(tuple(moments))
    first = max(Fraction(0), min(moment.at for moment in moments))
    begin = hour_before(first, Labels(rate, drops)) if labelled else Fraction(int(first) // 3600 * 3600)
    return HitList(tuple(moments), begin, drops)


def _rows(text: str) -> Iterator[list[str]]:
    """Rows that hold anything, split where the first line says."""
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    for row in csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=mark, strict=True):
        if any(field.strip() for field in row):
            yield row


def _moment(row: dict[str, str], position: str, rate: Fraction, number: int) -> Moment:
    where = f"Row {number} of the table of hits"
    try:
        moment = _position(position, rate)
    except LabelError as error:
        raise unreadable(f"{where}: {error}", error.remedy) from error
    moment = named(moment, next((row[name] for name in _NAMES if row.get(name, "").strip()), ""))
    return _weighed(moment, row, where)


def _position(text: str, rate: Fraction) -> Moment:
    if is_label(text):
        return Moment(seconds_of(text, rate))
    if _FRAMES.fullmatch(text):
        return Moment(int(text) / rate)
    if _SECONDS.fullmatch(text):
        return Moment(Fraction(text.replace(",", ".")), exact=False)
    if clock := _CLOCK.fullmatch(text):
        minutes = 60 * int(clock["h"] or 0) + int(clock["m"])
        return Moment(60 * minutes + Fraction(clock["s"].replace(",", ".")), exact=False)
    if _BARS.fullmatch(text):
        raise LabelError(f"{text!r} counts bars, which the picture has not", f"{_RULER}.")
    raise LabelError(f"{text[:40]!r} is no position", f"{_RULER}.")


def _weighed(moment: Moment, row: dict[str, str], where: str) -> Moment:
    weight = _number(row, "weight", 1.0, where)
    tolerance = _number(row, "tolerance", MOST_FRAMES, where)
    moment = moment if weight is None else replace(moment, weight=weight)
    return moment if tolerance is None else replace(moment, tolerance=tolerance)


def _number(row: dict[str, str], name: str, most: float, where: str) -> float | None:
    """The number in a column, None where there is none; a weight of nothing is no weight."""
    text = row.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most or (name == "weight" and value == 0):
        raise unreadable(f"{where}: {text[:40]!r} is no {name}", f"It is a number up to {most:g}")
    return value


def write_reaper(hits: tuple[Hit, ...], labels: Labels) -> str:
    """Markers for REAPER's region and marker manager, counted from the picture's first frame."""
    rows = [(f"M{number}", name_of(hit), labels.label(hit.frame), "", "") for number, hit in enumerate(hits, 1)]
    return _table(REAPER, rows)


def write_nuendo(hits: tuple[Hit, ...], labels: Labels, start: int) -> str:
    """Markers for Nuendo's and Cubase's import of CSV, a frame long; arguments as for ``write_edl``."""
    rows = [(name_of(hit), *(labels.label(start + hit.frame + more) for more in (0, 1)), "") for hit in hits]
    return _table(NUENDO, rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows((heads, *rows))
    return text.getvalue()
