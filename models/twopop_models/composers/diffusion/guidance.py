"""Guidance with a scale for each condition.

With ``v(...)`` the velocity under the conditions named, T the text and whatever rides with it, and w a scale::

    v = v() + w_text (v(T) - v()) + sum over c of w_c (v(T + c) - v(T)),   c of broad, style, events

A condition without a scale of its own rides with the text, at the cost of no pass of its own: that is the
paper's joint conditioning, and with nothing but text it is classifier-free guidance (arXiv 2207.12598). One
with a scale gets a pass of its own, as InstructPix2Pix (arXiv 2211.09800) has it for its picture; here each is
set against the text alone, so the order of the conditions does not matter. A scale of 0 switches it off.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Scales:
    """How strongly each condition is followed. None rides with the text, 0 is off; text has always a number."""

    text: float = 7.0
    broad: float | None = None
    style: float | None = None
    events: float | None = None


@dataclass(frozen=True)
class Row:
    """Which conditions one row of the batch sees."""

    text: bool = False
    broad: bool = False
    style: bool = False
    events: bool = False

    @property
    def steered(self) -> bool:
        """Whether the control branch has something to do."""
        return self.broad or self.events


@dataclass(frozen=True)
class Guide:
    """The rows of a batch, and how they become one: the first, then for each step (minuend, subtrahend, scale)."""

    rows: tuple[Row, ...]
    steps: tuple[tuple[int, int, float], ...]

    def combine(self, velocities: Tensor) -> Tensor:
        """(R, C, T) velocities, one for each row, to (1, C, T); in the numbers that they come in."""
        result = velocities[:1]
        for more, less, scale in self.steps:
            result = result + scale * (velocities[more : more + 1] - velocities[less : less + 1])
        return result


def guide(scales: Scales, have: Row) -> Guide:
    """What has to be computed for these scales, when the conditions ``have`` are there at all."""
    own = [
        item.name
        for item in fields(Scales)
        if item.name != "text" and getattr(have, item.name) and getattr(scales, item.name) not in (None, 0)
    ]
    riding = {name: getattr(have, name) and getattr(scales, name) is None for name in ("broad", "style", "events")}
    text = Row(text=have.text, **riding)
    rows, steps = [], []
    if scales.text != 1:
        rows.append(Row())
    if scales.text != 0 or own:
        rows.append(text)
    if scales.text not in (0, 1):
        steps.append((1, 0, scales.text))
    place = len(rows) - 1
    for name in own:
        rows.append(replace(text, **{name: True}))
        steps.append((len(rows) - 1, place, getattr(scales, name)))
    return Guide(tuple(rows), tuple(steps))
