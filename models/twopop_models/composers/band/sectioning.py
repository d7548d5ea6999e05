"""Which section every bar belongs to: intro, themes, breakdown, build, peak, release, themes, ending.

Short cues are one gesture or one arch. Long ones go through themes of four or eight bars in the order of
``ORDER``, three chapters long, in which A always comes back; with room before the peak a breakdown stands in
front of the build. Borders move to heavy hits that fall on a bar line near them.
"""

from __future__ import annotations

from itertools import groupby

ORDER = "ABACABDAEFEAEFGEACABADCA"
"""Letters of the themes; after the last it begins again."""
REACH = 2
"""Bars by which a border moves to meet a heavy hit, in eight-bar sections; half of it in shorter ones."""


def named_sections(count: int, peak: int, marks: frozenset[int] = frozenset()) -> list[str]:
    """A section's name for each of ``count`` bars, of which ``peak`` begins the climax.

    ``marks`` are bars that begin with a heavy hit. Names are "gesture", "intro", "theme A1", "theme B2", ...,
    "breakdown", "build", "peak", "release", "ending"; runs of equal names are sections.

    >>> named_sections(12, 8)[:8]
    ['intro', 'theme A1', 'theme A1', 'theme A1', 'build', 'build', 'build', 'build']
    """
    if count <= 2:
        return ["gesture"] * count
    intro = min(max(1, count // 10), 8, max(1, peak))
    top, tail = min(max(1, count // 8), 8), min(max(1, count // 10), 8)
    before = _before(max(0, peak - intro))
    names = ["intro"] * min(intro, peak) + before
    names += ["peak"] * top
    names += _after(max(0, count - tail - len(names)), len([n for n in dict.fromkeys(before) if n[0] == "t"]))
    names = names[: count - tail] + ["ending"] * tail
    return _snapped(names, marks)


def _before(length: int) -> list[str]:
    """What leads to the peak."""
    build = length if length <= 3 else min(8, length // 2 + length % 2)
    breakdown = 4 if length - build >= 24 else 0
    return [*themes(length - build - breakdown, 0), *["breakdown"] * breakdown, *["build"] * build]


def _after(length: int, first: int) -> list[str]:
    """What follows the peak; ``first`` themes were heard before it."""
    release = length if length <= 8 else (8 if length >= 16 else length - length // 2)
    return [*["release"] * release, *themes(length - release, first)]


def themes(length: int, first: int) -> list[str]:
    """``length`` bars of themes of eight bars, or four when they are few; the last is up to half longer."""
    if length <= 0:
        return []
    size = 8 if length >= 24 else 4
    number = max(1, round(length / size))
    sizes = [size] * (number - 1) + [length - size * (number - 1)]
    return [
        f"theme {ORDER[(first + place) % len(ORDER)]}{first + place + 1}"
        for place, bars in enumerate(sizes)
        for _ in range(bars)
    ]


def runs(names: list[str]) -> list[tuple[str, int, int]]:
    """The sections: name, first bar and the bar after the last."""
    found, start = [], 0
    for name, bars in groupby(names):
        stop = start + sum(1 for _ in bars)
        found.append((name, start, stop))
        start = stop
    return found


def _snapped(names: list[str], marks: frozenset[int]) -> list[str]:
    """Borders on marks where one is near; the peak and the ending stay where they are, no section gets under two."""
    plan = runs(names)
    edges = [start for _, start, _ in plan] + [len(names)]
    for place in range(1, len(plan)):
        if plan[place][0] in ("peak", "ending") or plan[place - 1][0] == "peak":
            continue
        reach = REACH if edges[place + 1] - edges[place - 1] >= 12 else REACH // 2
        near = [
            mark
            for mark in marks
            if abs(mark - edges[place]) <= reach and edges[place - 1] + 2 <= mark <= edges[place + 1] - 2
        ]
        edges[place] = min(near, key=lambda mark: (abs(mark - edges[place]), mark), default=edges[place])
    return [name for (name, _, _), start, stop in zip(plan, edges, edges[1:], strict=False) for _ in range(start, stop)]
