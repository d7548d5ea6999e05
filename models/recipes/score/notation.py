"""Pieces that music21 can read, as scores; it is needed for making the corpus and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from twopop_models.grid import harmonies
from twopop_models.grid.midinotes import Voice
from twopop_models.grid.programs import INSTRUMENT
from twopop_models.grid.roles import manner, stems
from twopop_models.score import PPQ, Ending, Meter, Note, Part, Score, TempoChange, TempoMap

PIANO, CHOIR = 0, 52
_SINGERS = 53
_QUARTET = (40, 40, 42, 42)
_STRINGS = {40, 41, 42, 43}
_VOICES = ("melody", "harmony", "harmony", "bass")
"""Stems of soprano, alto, tenor and bass, or of a quartet's strings."""
_STRUCK = 80
_UNITS = (4, 8, 16, 32)


@dataclass(frozen=True)
class Custom:
    """How a repertory is played where its files do not say: by whom, and at how many BPM.

    ``marked`` believes metronome marks; some programs write 120 into every file.
    """

    program: int = PIANO
    bpm: float = 96.0
    marked: bool = True


def read(path: Path, custom: Custom = Custom()) -> Score:
    """A piece, its repeats not played.

    Four voices or four strings are melody, harmony twice and bass. In other pieces every player's stem is found
    by what it does.

    Raises:
        ValueError: there are no notes, or the bars are of no length that has a meter.

    """
    from music21 import converter

    return score_of(converter.parse(path, forceSource=True), custom)


def score_of(piece: Any, custom: Custom) -> Score:
    """A score of music21's; see ``read``."""
    every = (_player(number, part, custom) for number, part in enumerate(piece.parts))
    players = [player for player in every if player.notes]
    if not players:
        raise ValueError("no notes")
    bars = _meters(piece.parts[0])
    tempos = _tempos(piece, custom)
    clock = TempoMap(tempos, bars, _pickup(bars))
    stop = _ticks(piece.highestTime)
    parts = tuple(_part(player, stem) for player, stem in zip(players, _stems(players), strict=True))
    heard = harmonies.beats([note for part in parts for note in part.notes], clock, stop)
    key = harmonies.find_key(heard, None)  # old signatures have a flat too few, and say nothing of the mode
    return Score(clock, stop, key, "score", parts, harmonies.find_chords(heard, key), (), Ending("button"))


def _ticks(quarters: Any) -> int:
    return round(Fraction(quarters) * PPQ)


def _player(number: int, part: Any, custom: Custom) -> Voice:
    instrument = part.getInstrument(returnDefault=True)
    program = instrument.midiProgram
    if program in (None, PIANO, _SINGERS):  # programs write a piano where they know no better
        program = _QUARTET[min(number, 3)] if custom.program in _QUARTET else custom.program
    voice = Voice(number, min(number, 8), program)
    for element in part.stripTies().flatten().notes:
        length = _ticks(element.quarterLength)
        if length > 0 and hasattr(element, "pitches"):  # neither grace notes nor chord symbols
            pitches = {pitch.midi for pitch in element.pitches} if "ChordSymbol" not in element.classes else ()
            voice.notes.extend(Note(_ticks(element.offset), length, pitch, _STRUCK) for pitch in sorted(pitches))
    voice.notes.sort(key=lambda note: (note.tick, note.pitch))
    return voice


def _stems(players: list[Voice]) -> list[str]:
    programs = {player.program for player in players}
    if len(players) == 4 and (programs == {CHOIR} or programs <= _STRINGS):
        order = sorted(range(4), key=lambda index: -manner(players[index].notes).pitch)
        return [_VOICES[order.index(index)] for index in range(4)]
    return stems(players)


def _part(player: Voice, stem: str) -> Part:
    loud = 10 if stem == "melody" else 0
    notes = tuple(Note(note.tick, note.length, note.pitch, note.velocity + loud) for note in player.notes)
    return Part(stem, INSTRUMENT[player.program] or "piano", player.program, notes)


def _tempos(piece: Any, custom: Custom) -> tuple[TempoChange, ...]:
    found = {0: round(60_000_000 / custom.bpm)}
    for start, _, mark in piece.metronomeMarkBoundaries() if custom.marked else ():
        if mark.number and mark.numberImplicit is not True:
            found[_ticks(start)] = round(60_000_000 / min(max(mark.getQuarterBPM(), 30), 240))
    changes: list[TempoChange] = []
    for tick in sorted(found):
        if not changes or changes[-1].micros != found[tick]:
            changes.append(TempoChange(tick, found[tick]))
    return tuple(changes)


def _meters(part: Any) -> tuple[Meter, ...]:
    """Of every measure as long as it really is, equal neighbours as one."""
    from music21.stream import Measure

    measures = [measure for measure in part.getElementsByClass(Measure) if measure.highestTime > 0]
    found: list[Meter] = []
    beats, unit = 4, 4
    for measure in measures:
        if measure.timeSignature is not None:
            beats, unit = measure.timeSignature.numerator, measure.timeSignature.denominator
        whole = PPQ * 4 * beats // unit
        length = _ticks(measure.highestTime)
        meter = (beats, unit) if length == whole else _odd(length)
        tick = _ticks(measure.offset)
        last = found[-1] if found else None
        if last is None or (last.beats, last.unit) != meter or (tick - last.tick) % last.bar_ticks:
            found.append(Meter(tick, *meter))
    if not found or found[0].tick:
        raise ValueError("no bars")
    return _sound(found)


def _sound(found: list[Meter]) -> tuple[Meter, ...]:
    for before, after in pairwise(found):
        if (after.tick - before.tick) % before.bar_ticks:
            raise ValueError("bars that do not follow one another")
    return tuple(found)


def _odd(length: int) -> tuple[int, int]:
    for unit in _UNITS:
        if length % (PPQ * 4 // unit) == 0:
            return length * unit // (PPQ * 4), unit
    raise ValueError("a bar of no meter")


def _pickup(bars: tuple[Meter, ...]) -> int:
    if len(bars) > 1 and bars[1].tick == bars[0].bar_ticks < bars[1].bar_ticks:
        return bars[1].tick
    return 0
