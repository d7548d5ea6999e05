"""A small take whose score has everything that a cue map shows."""

from dataclasses import replace
from fractions import Fraction

from tests.server.delivery.takes import small_take

from twopop_models.score import (
    PPQ,
    Accent,
    ChordSymbol,
    Ending,
    Meter,
    Note,
    Part,
    Score,
    Section,
    TempoChange,
    TempoMap,
)
from twopop_models.types import Hit, Landing


def label(frame):
    return f"TC{frame}"


def chart():
    """Bars of 4/4 and 3/4 at 120 and 100 BPM, three players, one accent on the cut of ``small_take``."""
    tempos = (TempoChange(0, 500_000), TempoChange(4 * PPQ, 600_000))
    tempo_map = TempoMap(tempos, (Meter(0, 4), Meter(4 * PPQ, 3)))
    bass = Part("bass", "cello", 42, (Note(0, 2 * PPQ, 36, 127), Note(2 * PPQ, PPQ, 43, 64)))
    melody = Part("melody", "flute", 73, (Note(PPQ, PPQ, 84, 90),))
    kit = Part("drums", "drums", 0, (Note(0, 10, 36, 120), Note(PPQ, 10, 38, 60), Note(PPQ, 10, 82, 60)), drums=True)
    chords = (ChordSymbol(0, "Am", 9, (9, 0, 4)), ChordSymbol(4 * PPQ, "F/A", 5, (5, 9, 0)))
    sections = (Section(0, "intro", 0.25), Section(4 * PPQ, "peak", 1.0))
    accent = Accent(tempo_map.tick(Fraction(1001 * 42, 24_000)), 1.0, "fill")
    stop = tempo_map.tick(Fraction(1001 * 96, 24_000))
    return Score(tempo_map, stop, "A minor", "heroic", (bass, melody, kit), chords, sections, Ending("ring"), (accent,))


def take_with(folder, *, score="own", landings=None, variations=1, **changes):
    """``small_take`` with that score, those landings and whatever else a take may have."""
    take = small_take(folder, variations=variations)
    chosen = chart() if score == "own" else score
    said = (Landing(Hit(90, 1.0, "cut"), -0.25, "fill"),) if landings is None else landings
    cues = tuple(replace(cue, music=replace(cue.music, score=chosen), landings=said) for cue in take.cues)
    return replace(take, cues=cues, **changes)


def texts(axes):
    """What is written in a panel, from left to right."""
    return [text.get_text() for text in sorted(axes.texts, key=lambda text: text.get_position()[0])]
