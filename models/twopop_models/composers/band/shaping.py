"""What a player does with written notes: phrases swell and fall, energy flows over bar lines, the mood touches them.

Works on the part of any family, whoever wrote it. Nothing here moves a note in time (see ``polish``) or
takes one away; loudness, length and a doubling octave are all that changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

import numpy as np

from twopop_models.composers.band.chart import SLOPE, Chart
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.moods import Feeling
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.soloing import sung
from twopop_models.score import Note

ARCH: dict[str, float] = {"melody": 8.0, "harmony": 4.0, "bass": 3.0, "pads": 0.0, "drums": 2.0}
"""Velocity by which the middle of a phrase of four bars is louder than its ends; drums grow to its end."""
PLAIN = 0.85
"""The articulation at which notes sound as long as they are written."""
BRIGHT, DARK = 0.64, 0.3
"""Brightness from which full bars double the tune above, and up to which below."""
ALONE = frozenset(
    {"saxophone", "clarinet", "flute", "oboe", "bassoon", "trumpet", "horn", "tuba", "violin", "cello"}
)  # fmt: skip
"""Instruments of one voice: they double nothing."""


def shaped(notes: list[Note], chart: Chart, who: Player) -> list[Note]:
    """The part as it is performed."""
    if not notes or not chart.bars:
        return notes
    notes = sung(articulated(notes, chart.brief.feeling, who), who)
    lines = [bar.start for bar in chart.bars]
    energies = np.array([bar.energy for bar in chart.bars])
    middles = np.array([(bar.start + bar.stop) / 2 for bar in chart.bars])
    flow = np.interp([note.tick for note in notes], middles, energies)
    found = []
    for note, energy in zip(notes, flow, strict=True):
        bar = chart.bars[max(0, bisect_right(lines, note.tick) - 1)]
        more = SLOPE * (float(energy) - bar.energy) + phrase(bar, note.tick, who.role)
        found.append(replace(note, velocity=int(min(120, max(12, round(note.velocity + more))))))
    return doubled(found, chart, who, lines) if who.role == "melody" else found


def phrase(bar: Bar, tick: int, role: str) -> float:
    """Velocity that a place in its phrase of four bars adds: an arch, or for drums a rise to the next phrase."""
    depth = ARCH.get(role, 0.0)
    along = (bar.index % 4 + (tick - bar.start) / max(1, bar.stop - bar.start)) / 4
    return depth * (2 * along - 1 if role == "drums" else 2 * float(np.sin(np.pi * along)) - 1)


def articulated(notes: list[Note], felt: Feeling, who: Player) -> list[Note]:
    """Notes longer in calm, shorter in excited moods; longer ones end where the part goes on."""
    if who.role not in ("melody", "harmony", "bass"):
        return notes
    ratio = felt.articulation / PLAIN
    onsets = sorted({note.tick for note in notes})
    found = []
    for note in notes:
        length = max(1, round(note.length * ratio))
        if ratio > 1:
            place = bisect_left(onsets, note.tick + 1)
            room = onsets[place] - note.tick if place < len(onsets) else note.length
            length = max(note.length, min(length, room))
        found.append(replace(note, length=length) if note.length >= STEP else note)
    return found


def doubled(notes: list[Note], chart: Chart, who: Player, lines: list[int]) -> list[Note]:
    """In full bars bright moods double the tune an octave above, dark ones an octave below, softly."""
    bright = chart.brief.feeling.brightness
    shift = 12 if bright >= BRIGHT else (-12 if bright <= DARK else 0)
    if not shift or who.instrument.name in ALONE:
        return notes
    low, high = who.span
    extra = [
        replace(note, pitch=note.pitch + shift, velocity=max(12, round(note.velocity * 0.72)))
        for note in notes
        if chart.bars[max(0, bisect_right(lines, note.tick) - 1)].level == 2 and low <= note.pitch + shift <= high
    ]
    return notes + extra
