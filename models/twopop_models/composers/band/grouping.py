"""Bars as groups of beats, so that rhythms written for 4/4 dance in any meter.

Conventions: lengths are in 16ths. A bar is a row of groups: 4/4 is 4+4+4+4, 3/4 is 4+4+4, 6/8 is 6+6,
5/4 is 4+4+4 and 4+4, 7/8 is 4+4+6, 5/8 is 4+6, as conductors beat them. A line of 16 characters is four
cells of four; every group takes the cell that has its duty: the first is the downbeat, the last leads on,
and between them stand backbeats and half bars. So what lies on a beat of 4/4 lies on the beginning of a
group, the bar begins as the line does, and nothing falls outside it.

A cell is made longer in two ways. In compound meters (6/8, 9/8, 12/8) it lilts: the second half of a beat
moves to the third eighth. In uneven meters the beat's last half sounds once more. Lines that strike all
eighths keep striking them.
"""

from __future__ import annotations

from functools import cache

from twopop_models.composers.band.patterns import STEP
from twopop_models.score import Meter

CELLS: dict[int, tuple[int, ...]] = {1: (0,), 2: (0, 3), 3: (0, 1, 3), 4: (0, 1, 2, 3), 5: (0, 1, 3, 2, 3)}
"""Which cells of a line the groups of a bar take."""
HALF_TIME: dict[int, tuple[int, ...]] = {1: (0,), 2: (0, 2), 3: (0, 1, 2), 4: (0, 1, 2, 3), 5: (0, 1, 1, 2, 3)}
"""The same for lines whose only backbeat is in the middle of the bar."""


@cache
def groups(meter: Meter) -> tuple[int, ...]:
    """The groups of a whole bar, in 16ths.

    >>> groups(Meter(0, 7, 8)), groups(Meter(0, 6, 8))
    ((4, 4, 6), (6, 6))
    """
    steps = max(1, meter.bar_ticks // STEP)
    if compound(meter):
        return (6,) * (steps // 6)
    whole, rest = divmod(steps, 4)
    if rest == 0 or whole == 0:
        return (4,) * whole + ((rest,) if rest else ())
    if rest == 3:
        return (4,) * whole + (3,)
    return (4,) * (whole - 1) + (4 + rest,)


def compound(meter: Meter) -> bool:
    """Whether beats have three eighths: 3/8, 6/8, 9/8, 12/8.

    >>> compound(Meter(0, 9, 8)), compound(Meter(0, 3, 4))
    (True, False)
    """
    return meter.unit == 8 and meter.beats % 3 == 0


@cache
def cut(whole: tuple[int, ...], steps: int) -> tuple[int, ...]:
    """The groups of a bar that is over after ``steps`` 16ths; more steps than groups have are another group.

    >>> cut((4, 4, 4, 4), 10)
    (4, 4, 2)
    """
    found: list[int] = []
    left = steps
    for group in whole:
        if left > 0:
            found.append(min(group, left))
            left -= found[-1]
    return (*found, *((left,) if left > 0 else ()))


def starts(row: tuple[int, ...]) -> tuple[int, ...]:
    """Where the groups begin, in 16ths from the bar line.

    >>> starts((4, 4, 6))
    (0, 4, 8)
    """
    return tuple(sum(row[:place]) for place in range(len(row)))


@cache
def fitted(line: str, row: tuple[int, ...], whole: tuple[int, ...] | None = None, *, half_time: bool = False) -> str:
    """A line of 16ths for a bar of groups ``row``; ``whole`` are the groups before the bar was cut short.

    >>> fitted("X...o...x...o.gg", (4, 4, 4)), fitted("X.x.X.x.X.x.X.x.", (6, 6))
    ('X...o...o.gg', 'X.x.X.X.x.X.')
    """
    whole = whole or row
    text = line if len(line) % 16 == 0 else (line * 16)[:16]
    if set(whole) == {6} and all(text[step] not in ".-" for step in range(0, 16, 2)):
        found = "".join(text[half : half + 6] for half in _halves(len(whole)))
    else:
        cells = [text[4 * cell : 4 * cell + 4] for cell in duties(len(whole), half_time=half_time)]
        lilting = set(whole) == {6}
        found = "".join(_stretched(cell, size, lilting=lilting) for cell, size in zip(cells, whole, strict=True))
    steps = sum(row)
    return (found + "." * steps)[:steps]


def _halves(count: int) -> tuple[int, ...]:
    return tuple(8 * (place % 2) for place in range(count))


def duties(count: int, *, half_time: bool = False) -> tuple[int, ...]:
    """The cell that each of ``count`` groups takes; long bars are taken as shorter ones in a row."""
    table = HALF_TIME if half_time else CELLS
    if count <= 5:
        return table[count] if count else ()
    return (*table[4], *duties(count - 4, half_time=half_time))


def _stretched(cell: str, size: int, *, lilting: bool) -> str:
    """A cell of four as a group of another size."""
    if size <= 4:
        return cell[:size]
    if lilting and size == 6:
        hold = "-" if cell[1] == "-" else "."
        return cell[0] + hold + cell[1] + ("-" if cell[1] == "-" or cell[2] == "-" else ".") + cell[2] + cell[3]
    return (cell + cell[2:] * size)[:size]


def is_half_time(grid: tuple[tuple[int, str], ...]) -> bool:
    """Whether a drum grid's only backbeat is in the middle of the bar: it must not be lost with the third cell."""
    snares = [line for key, line in grid if key in (37, 38, 39, 40) and len(line) == 16]
    return any(line[8] in "Xx" and line[4] not in "Xx" and line[12] not in "Xx" for line in snares)


def weight(row: tuple[int, ...], step: int) -> int:
    """What a place of the bar adds to a velocity: downbeat, second half, other groups, between them."""
    if step == 0:
        return 12
    begins = starts(row)
    if step not in begins:
        return -4
    return 4 if len(row) > 3 and step == begins[(len(row) + 1) // 2] else 2
