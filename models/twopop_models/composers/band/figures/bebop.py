"""A soloist in eighths: chord notes on the beat, scale and chromatic notes between, enclosures into the next chord.

The head is the family's tune; solos stand in the themes after it. Where a drummer trades, the soloist rests.
"""

from __future__ import annotations

import numpy as np

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.grids import at, beats, events
from twopop_models.composers.band.figures.singing import ladder, nearest, register, rests
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.harmony import scale_under
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.composers.band.styles.sheet import Play
from twopop_models.score import Note

LONG = 24
"""Bars from which a cue has solos and trades fours."""


def trading(chart: Chart, bar: Bar) -> bool:
    """Whether the drums have this bar to themselves: every fourth four of the middle of a long cue."""
    solo = bar.section.startswith("theme") and not bar.section.startswith("theme A")
    return len(chart.bars) > 2 * LONG and solo and bar.index // 4 % 4 == 3 and bar.level > 0


def soloist(head: Play, rhythms: tuple[str, ...]) -> Play:
    """Head, then solos in ``rhythms`` (16th-note texts of one bar); calm cues keep to the head."""

    def play(chart: Chart, player: Player, rng: np.random.Generator) -> list[Note]:
        calm = chart.brief.feeling.arousal < -0.25
        blowing = [bar for bar in chart.bars if not calm and _solo(chart, bar)]
        spans = [(bar.start, bar.stop) for bar in blowing]
        notes = [n for n in head(chart, player, rng) if not any(a <= n.tick < b for a, b in spans)]
        last = sum(register(chart, player)) // 2
        for bar in blowing:
            if trading(chart, bar) or rests(chart, bar, ()):
                continue
            fresh, last = _bar(chart, player, bar, rhythms, last, rng)
            notes.extend(fresh)
        return notes

    return play


def _solo(chart: Chart, bar: Bar) -> bool:
    """In long cues all that is neither head nor ending; in short ones the second four of every eight."""
    if len(chart.bars) > LONG:
        return not bar.section.startswith(("theme A", "intro", "ending"))
    return bar.index // 4 % 2 == 1 and bar.section != "ending"


def _bar(
    chart: Chart, player: Player, bar: Bar, rhythms: tuple[str, ...], last: int, rng: np.random.Generator
) -> tuple[list[Note], int]:
    """One bar of a line that goes on; the fourth of four begins to breathe."""
    rhythm = rhythms[int(rng.integers(len(rhythms)))] if bar.index % 4 != 3 else "x.x-x---........"
    firsts = {start for start, _ in beats(bar)}
    span, notes = register(chart, player), []
    line = list(events(rhythm, bar))
    way = 1 if last < sum(span) / 2 else -1
    for place, stroke in enumerate(line):
        tick = at(chart, bar, stroke.step)
        following = line[place + 1].step if place + 1 < len(line) else bar.steps
        until = at(chart, bar, following) if following < bar.steps else bar.stop
        pitch = _pitch(chart, tick, until, stroke.step in firsts, last, way, span, rng)
        if not span[0] + 2 < pitch < span[1] - 2 or rng.random() < 0.12:
            way = 1 if pitch < sum(span) / 2 else -1
        last = pitch
        length = max(1, min(round(stroke.length * STEP * 0.95), bar.stop - tick))
        share = 1.06 if stroke.step not in firsts else 0.98  # off-beats lean forward
        notes.append(Note(tick, length, pitch, chart.velocity(bar, stroke.step, share)))
    return notes, last


def _pitch(
    chart: Chart,
    tick: int,
    until: int,
    on_beat: bool,
    last: int,
    way: int,
    span: tuple[int, int],
    rng: np.random.Generator,
) -> int:
    chord, after = chart.chord(tick), chart.chord(until)
    if on_beat:
        return nearest(last + way * int(rng.choice([1, 2, 3])), chord.classes, span)
    if after != chord or rng.random() < 0.25:  # enclose: a half step above or below what the beat will bring
        return nearest(last + way, after.classes, (span[0] + 1, span[1] - 1)) + int(rng.choice([-1, 1]))
    rungs = ladder(span, scale_under(chord, *chart.key(tick)))
    ahead = [p for p in rungs if 0 < (p - last) * way <= 4]
    return min(ahead, key=lambda p: abs(p - last), default=nearest(last - way * 2, chord.classes, span))
