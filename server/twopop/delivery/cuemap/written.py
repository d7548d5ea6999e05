"""The lower half of a cue map: what was written. Sections, bars and chords, a piano roll, the drums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twopop.delivery.colours import of_stem
from twopop.delivery.cuemap.page import DIM, FORM, GRID, INK, MISSED, SMALL, TRACK, Page, Word, fainter
from twopop_models.score import Note, Part, Score, TempoMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

ROLL = 330
"""Pixels that the piano roll is high."""
KIT: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("kick", (35, 36)),
    ("snare", (37, 38, 39, 40)),
    ("toms", (41, 43, 45, 47, 48, 50)),
    ("hi-hat", (42, 44, 46)),
    ("cymbals", (49, 51, 52, 53, 55, 57, 59)),
    ("percussion", ()),
)
"""Rows of the drums from below: keys of General MIDI's percussion map; the last row takes all others."""
_SHORTEST = 2.0
"""Pixels of the shortest note."""


def rows_of_kit(score: Score) -> tuple[str, ...]:
    """Rows of the drums that a score uses, from below."""
    used = {row_of(note.pitch) for part in score.parts if part.drums for note in part.notes}
    return tuple(name for name, _ in KIT if name in used)


def row_of(pitch: int) -> str:
    """The row of a key of the percussion map."""
    return next((name for name, keys in KIT if pitch in keys), KIT[-1][0])


def seconds_of(tempo_map: TempoMap, ticks: Sequence[int]) -> Floats:
    """Seconds of many ticks at once."""
    knots = [change.tick for change in tempo_map.tempos]
    knots.append(max([knots[-1], *ticks]) + 1)
    return np.interp(ticks, knots, [float(tempo_map.seconds(tick)) for tick in knots])


def draw_form(page: Page, score: Score) -> None:
    """Three rows: sections, bars with their meters and tempos, chords."""
    axes = page.panels["form"]
    axes.set_ylim(0, 3)
    starts = [*seconds_of(score.tempo_map, [section.tick for section in score.sections]), page.seconds]
    for section, start, stop in zip(score.sections, starts, starts[1:], strict=False):
        axes.fill_betweenx((2.05, 3), start, stop, color=FORM, alpha=0.25 + 0.6 * section.energy, linewidth=0)
        axes.vlines(start, 2.05, 3, color=INK, linewidth=1)
        room = page.x(stop - start) - 8
        names = (f"{section.name} {section.energy:.2f}", section.name, section.name.split()[-1], "")
        name = next(name for name in names if page.width(name, weight="bold") <= room or not name)
        axes.text(start + 5 * page.seconds / TRACK, 2.5, name, color=INK, size=SMALL, weight="bold", va="center")
    page.line_of_words("form", list(_bar_words(page, score)), 1.5, color=DIM)
    page.line_of_words("form", list(_chord_words(page, score)), 0.5)
    draw_bars(page, "form", score, 0, 2)
    page.caption("form", "form", (("bar, meter, tempo", DIM), (f"chords, {score.key}", INK)))


def _bar_words(page: Page, score: Score) -> Iterator[Word]:
    """Bar numbers, and meters and tempos where they change; rounder numbers go first, changes before all."""
    tempo_map = score.tempo_map
    meters = {meter.tick: f"{meter.beats}/{meter.unit}" for meter in tempo_map.meters}
    changes = {change.tick: change.bpm for change in tempo_map.tempos}
    told = 0.0
    for number, (tick, _) in enumerate(tempo_map.bars(score.stop), 0 if tempo_map.pickup else 1):
        says = [f"{number}" if number else "pick-up"]  # whose meter and tempo only fit it in
        if number and tick in meters:
            says.append(meters[tick])
        bpm = changes.get(tick, told or tempo_map.bpm(tick))
        if number and abs(bpm - told) >= 0.05:
            says.append(f"♩={bpm:.1f}")
            told = bpm
        weight = 3.0 + (number == 1) if len(says) > 1 else _roundness(number)
        yield Word(page.x(float(tempo_map.seconds(tick))) + 4, "  ".join(says), weight)


def _roundness(number: int) -> float:
    """Bars 1, 5, 9 ... are kept before those between, 1, 17, 33 before them."""
    return max((1 + step / 100 for step in (64, 32, 16, 8, 4, 2) if number % step == 1), default=1.0)


def _chord_words(page: Page, score: Score) -> Iterator[Word]:
    """Chord symbols where they change; those that stand longer go first."""
    changes = [chord for n, chord in enumerate(score.chords) if n == 0 or chord.name != score.chords[n - 1].name]
    edges = pairwise([*(chord.tick for chord in changes), score.stop])
    for chord, (_, stop) in zip(changes, edges, strict=True):
        yield Word(page.x(float(score.tempo_map.seconds(chord.tick))) + 4, chord.name, stop - chord.tick)


def draw_bars(page: Page, name: str, score: Score, low: float, high: float) -> None:
    """Bar lines of a panel, from ``low`` to ``high`` in its own units; as many as can be told apart."""
    lines = seconds_of(score.tempo_map, [tick for tick, _ in score.tempo_map.bars(score.stop)])
    step = max(1, round(10 * len(lines) / TRACK))
    page.panels[name].vlines(lines[::step], low, high, color=GRID, linewidth=0.8, zorder=0)


def draw_roll(page: Page, score: Score) -> None:
    """Notes by pitch, in the colours of their stems, the louder the brighter; accents as lines."""
    axes = page.panels["roll"]
    parts = [part for part in score.parts if not part.drums]
    parts.sort(key=lambda part: part.stem == "melody")  # what is followed lies on top
    pitches = [note.pitch for part in parts for note in part.notes] or [60]
    low, high = min(pitches) - 2.0, max(pitches) + 2.0
    high += 0.07 * (high - low)  # a line for the names of the accents
    axes.set_ylim(low, high)
    octaves = [pitch for pitch in range(0, 128, 12) if low <= pitch <= high]
    axes.hlines(octaves, 0, page.seconds, color=GRID, linewidth=0.6, zorder=0)
    draw_bars(page, "roll", score, low, high)
    draw_accents(page, "roll", score)
    for part in parts:
        _boxes(axes, page, score, part, [(note.pitch - 0.45, note.pitch + 0.45) for note in part.notes], part.notes)
    words = [
        Word(page.x(at) + 3, accent.event, accent.weight)
        for accent, at in zip(score.accents, seconds_of(score.tempo_map, [a.tick for a in score.accents]), strict=True)
    ]
    page.line_of_words("roll", words, high - 0.03 * (high - low), color=MISSED, va="top")
    page.scale("roll", [(pitch, f"C{pitch // 12 - 1}") for pitch in octaves])
    page.caption("roll", "notes", tuple(_players(score)))


def draw_drums(page: Page, score: Score) -> None:
    """A row for each kind of drum in use; the louder a stroke the higher and brighter."""
    axes, rows = page.panels["drums"], rows_of_kit(score)
    axes.set_ylim(0, len(rows))
    draw_bars(page, "drums", score, 0, len(rows))
    draw_accents(page, "drums", score)
    for part in (part for part in score.parts if part.drums):
        places = [rows.index(row_of(note.pitch)) for note in part.notes]
        spans = [(at + 0.08, at + 0.2 + 0.7 * note.velocity / 127) for at, note in zip(places, part.notes, strict=True)]
        strokes = [Note(note.tick, 1, note.pitch, note.velocity) for note in part.notes]
        _boxes(axes, page, score, part, spans, strokes)
    page.scale("drums", [(number + 0.5, name) for number, name in enumerate(rows)])
    stems = dict.fromkeys(part.stem for part in score.parts if part.drums)
    page.caption("drums", "drums", [(f"{stem}: {_instruments(score, stem, drums=True)}", _hex(stem)) for stem in stems])


def draw_accents(page: Page, name: str, score: Score) -> None:
    """A line through a panel for every musical answer to a hit."""
    low, high = page.panels[name].get_ylim()
    places = seconds_of(score.tempo_map, [accent.tick for accent in score.accents])
    look: dict[str, Any] = {"alpha": max(0.25, fainter(0.6, len(places))), "linestyle": (0, (2, 3)), "zorder": 1}
    page.panels[name].vlines(places, low, high, color=MISSED, linewidth=0.9, **look)


def _boxes(
    axes: Axes,
    page: Page,
    score: Score,
    part: Part,
    spans: Sequence[tuple[float, float]],
    notes: Sequence[Note],
) -> None:
    """One box per note."""
    from matplotlib.collections import PolyCollection

    if not notes:
        return
    starts = seconds_of(score.tempo_map, [note.tick for note in notes])
    stops = seconds_of(score.tempo_map, [note.tick + note.length for note in notes])
    stops = np.maximum(stops, starts + _SHORTEST * page.seconds / TRACK)
    low, high = np.array(spans).T
    corners = np.stack([np.stack([starts, stops, stops, starts], 1), np.stack([low, low, high, high], 1)], 2)
    colours = np.empty((len(notes), 4))
    colours[:, :3] = np.array(of_stem(part.stem)) / 255
    colours[:, 3] = [0.35 + 0.65 * note.velocity / 127 for note in notes]
    boxes = PolyCollection(list(corners), facecolors=colours, edgecolors="none", zorder=2)
    boxes.set_label(part.stem)
    axes.add_collection(boxes, autolim=False)


def _players(score: Score) -> Iterator[tuple[str, str]]:
    """A legend line per stem with pitched players, and their instruments."""
    for stem in dict.fromkeys(part.stem for part in score.parts if not part.drums):
        yield f"{stem}: {_instruments(score, stem, drums=False)}", _hex(stem)


def _instruments(score: Score, stem: str, *, drums: bool) -> str:
    names = dict.fromkeys(part.instrument for part in score.parts if part.stem == stem and part.drums == drums)
    return ", ".join(names)


def _hex(stem: str) -> str:
    return "#{:02x}{:02x}{:02x}".format(*of_stem(stem))
