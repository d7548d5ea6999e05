"""Bar lines that are heard: the low end breathes before the one and weighs most on it.

What an arranger does where nobody counts in: the bass lets go before a bar line and is back on it, the kick stays out
of the last eighth, and the other beats are a shade lighter. Rhythms that push over the bar line keep their push at the
end of a phrase of four bars, and wherever a fill leads on. Nothing here moves a note in time.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.figures.grids import beats
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.patterns import STEP
from twopop_models.composers.band.players import Player
from twopop_models.score import PPQ, Note

BREATH = 0.11
"""Seconds for which the bass is silent before a bar line, or half of its note where that is less."""
ONE, OTHERS = 8, -5
"""Velocity of what falls on the first beat, and on the other beats."""
LOW_DRUMS = frozenset({35, 36, 41, 43, 45})
"""Kit keys that would hide a bar line right before it: kicks and low toms."""


def clear(notes: list[Note], chart: Chart, who: Player) -> list[Note]:
    """The notes of a bass or of drums with bar lines that can be heard; other parts as they are."""
    if who.role not in ("bass", "drums") or not chart.bars:
        return notes
    lines = [bar.start for bar in chart.bars]
    found = []
    for note in notes:
        bar = chart.bars[max(0, bisect_right(lines, note.tick) - 1)]
        kept = note if bar.pickup else _placed(note, bar, chart, who)
        found += [] if kept is None else [_weighed(kept, bar)]
    return found


def _placed(note: Note, bar: Bar, chart: Chart, who: Player) -> Note | None:
    """The note as it may lead to the next bar line; None where it would hide it."""
    pushes = bar.index % 4 == 3 or bar.leads
    late = bar.stop - note.tick
    if who.role == "drums":
        low = who.instrument.drums and note.pitch in LOW_DRUMS and not pushes
        return None if low and late <= 2 * STEP and bar.steps > 4 else note
    if not pushes and late <= STEP + STEP // 4 and bar.steps > 4:
        return None
    breath = round(BREATH / 60 * chart.tempo_map.bpm(note.tick) * PPQ)
    over = note.tick + note.length - (bar.stop - min(breath, note.length // 2))
    ends = note.tick + note.length <= bar.stop + STEP // 2
    return replace(note, length=note.length - over) if ends and over > 0 else note


def _weighed(note: Note, bar: Bar) -> Note:
    """More weight on the one, less on the other beats."""
    into = note.tick - bar.start
    if into < STEP // 2:
        more = ONE
    else:
        more = OTHERS if any(abs(into - step * STEP) < STEP // 2 for step, _ in beats(bar)) else 0
    return replace(note, velocity=min(120, max(12, note.velocity + more)))
