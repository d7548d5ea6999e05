"""Accompaniment: figures over voice-led chords, and pads that hold what two chords share."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import voicing
from twopop_models.composers.band.patterns import STEP, Stroke, voiced
from twopop_models.composers.band.players import Player
from twopop_models.score import Note
from twopop_models.spotting.grids import pulse

Voicings = dict[int, tuple[int, ...]]
"""Pitches of each chord by the tick where it begins."""


def lead(chart: Chart, player: Player, low: int, high: int, voices: int) -> Voicings:
    """Every chord of the cue with as little motion as possible from the one before; bright moods lie higher."""
    lift = chart.brief.feeling.lift
    span = reach(player, low + lift, high + lift)
    before: tuple[int, ...] = ()
    found: Voicings = {}
    for place in chart.harmony:
        before = voicing(place.chord, before, *span, voices)
        found[place.start] = before
    return found


def comp(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """The accompaniment of a whole cue."""
    style = chart.brief.style
    chords = lead(chart, player, *style.chord_range, style.voices)
    notes: list[Note] = []
    choice = rng.integers(100, size=len(chart.bars) // 4 + 2)
    for bar in chart.bars:
        if bar.pickup:
            notes.extend(_upbeat(chart, bar, chords))
            continue
        variants = style.comp[bar.level]
        lines = variants[int(choice[bar.index // 4] + (bar.index % 4 == 3)) % len(variants)]
        for line in lines:
            notes.extend(_line(chart, player, bar, bar.strokes(line), chords, rng))
    return notes


def _line(
    chart: Chart, player: Player, bar: Bar, line: list[Stroke], chords: Voicings, rng: np.random.Generator
) -> list[Note]:
    """One line over one bar, with a small change now and then so that no two bars are copies."""
    if len(line) > 2 and rng.random() < 0.45:
        line = [stroke for place, stroke in enumerate(line) if place != int(rng.integers(1, len(line)))]
    share = 0.92 if player.instrument.sustained else 1.0
    short = chart.brief.feeling.articulation
    notes: list[Note] = []
    for stroke in line:
        tick = chart.tick(bar, stroke.step)
        stop = min(tick + round(stroke.length * STEP * short), bar.stop)
        soft = share * (0.78 if stroke.sign == "c" else 0.9)
        velocity = chart.velocity(bar, stroke.step, soft)
        fresh = [start for start in chart.changes(tick, stop) if stop - start >= STEP]  # a held chord moves on
        for start, until in pairwise((tick, *fresh, stop)):
            length = min(until, chart.span(start).stop) - start
            pitches = voiced(stroke.sign, chords[chart.span(start).start])
            notes.extend(Note(start, length, pitch, velocity) for pitch in pitches)
    return [note for note in notes if note.length > 0]


def _upbeat(chart: Chart, bar: Bar, chords: Voicings) -> list[Note]:
    """A pick-up: single chord notes on the beats that lead to the first bar line."""
    ticks = [tick for tick in pulse(chart.tempo_map, bar.stop) if bar.start <= tick < bar.stop] or [bar.start]
    stops = [*ticks[1:], bar.stop]
    chord = chords[chart.span(bar.start).start]
    return [
        Note(tick, round((stop - tick) * 0.9), chord[place % len(chord)], chart.velocity(bar, 0, 0.8))
        for place, (tick, stop) in enumerate(zip(ticks, stops, strict=True))
    ]


def pads(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
    """Long chords; a pitch that the next chord keeps is held on, for four bars at most."""
    style = chart.brief.style
    voices = 3 if chart.brief.feeling.arousal < -0.3 else min(4, style.voices)
    lift = int(rng.integers(0, 3))
    chords = lead(chart, player, style.pad_range[0] + lift, style.pad_range[1] + lift, voices)
    bars = {bar.start: bar for bar in chart.bars}
    held: dict[int, Note] = {}
    notes: list[Note] = []
    bar = chart.bars[0]
    for place in chart.harmony:
        bar = bars.get(place.start, bar)
        pitches = chords[place.start]
        fresh = {}
        for pitch in pitches:
            old = held.pop(pitch, None)
            if old and old.length < 4 * bar.meter.bar_ticks and not bar.section.startswith("peak"):
                fresh[pitch] = Note(old.tick, place.stop - old.tick, pitch, old.velocity)
            else:
                notes.extend([old] if old else [])
                fresh[pitch] = Note(place.start, place.stop - place.start, pitch, chart.velocity(bar, 1, 0.82))
        notes.extend(held.values())
        held = fresh
    return [*notes, *held.values()]
