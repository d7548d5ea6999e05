"""Rows of picture segments, as tracks of a timeline hold them, and laying one over another. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Segment:
    """Timeline seconds [start, stop): ``media`` from ``begin`` seconds into it at ``speed``; None is black.

    Where ``speed`` is negative the medium runs backwards from ``begin``: what ended there is seen first.
    """

    start: Fraction
    stop: Fraction
    media: Path | None = None
    begin: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    name: str = ""

    def cut_to(self, start: Fraction, stop: Fraction) -> Segment:
        """The part of it inside [start, stop)."""
        first = max(self.start, start)
        return replace(
            self, start=first, stop=min(self.stop, stop), begin=self.begin + (first - self.start) * self.speed
        )

    def moved(self, by: Fraction) -> Segment:
        """The same, later."""
        return replace(self, start=self.start + by, stop=self.stop + by)


Row = list[Segment]


def over(top: Row, below: Row) -> Row:
    """One row above another; black lets through."""
    end = max(top[-1].stop if top else Fraction(0), below[-1].stop if below else Fraction(0))
    borders = sorted({Fraction(0), end, *(x for part in (*top, *below) for x in (part.start, part.stop))})
    row: Row = []
    for start, stop in pairwise(borders):
        part = _at(top, start)
        part = part if part is not None and part.media else _at(below, start) or part
        row.append(part.cut_to(start, stop) if part else Segment(start, stop))
    return _joined(row)


def _at(row: Row, time: Fraction) -> Segment | None:
    place = bisect_right(row, time, key=lambda part: part.start) - 1
    return row[place] if 0 <= place < len(row) and time < row[place].stop else None


def _joined(row: Row) -> Row:
    """Neighbours that are one piece again: a border below must not look like a cut above."""
    whole: Row = []
    for part in row:
        before = whole[-1] if whole else None
        if before and replace(before, stop=part.stop) == replace(
            part, start=before.start, begin=part.begin - (part.start - before.start) * part.speed
        ):
            whole[-1] = replace(before, stop=part.stop)
        else:
            whole.append(part)
    return whole


def black(seconds: Fraction) -> Row:
    """A row of nothing."""
    return [Segment(Fraction(0), seconds)]
