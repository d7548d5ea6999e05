"""Which stem a player belongs to, by what it does.

Bass is what plays a bass program low down, or else the lowest single line; pads are slow chords and long notes of
what can hold them; chords are harmony; of the other single lines the highest is melody, and those that answer it;
the rest is harmony.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twopop_models.grid.midinotes import Voice
from twopop_models.grid.programs import BASSES, HOLDING, STRUCK
from twopop_models.score import PPQ, Note

_BASS_HIGHEST: Final = 55.0
_BASS_WITHOUT_PROGRAM: Final = 52.0
"""Mean pitches below which a bass program, and any other single line, is a bass."""
_CHORDS: Final = 1.4
"""Mean number of notes at once from which on a player plays chords."""
_SLOW: Final = 2.0
"""Quarter notes of a middling note from which on what holds is a pad."""
_THERE: Final = 0.25
"""How much of the time of the busiest single line another must sound to lead."""
_BESIDE: Final = 0.4
"""How much of a line may sound together with the melody for it to be melody too, as an answer is."""


@dataclass(frozen=True)
class Manner:
    """How a player plays: mean pitch by duration, notes at once while it sounds, middling length in quarters."""

    pitch: float
    at_once: float
    length: float


def manner(notes: list[Note]) -> Manner:
    """How some notes are played, at least one."""
    total = sum(note.length for note in notes)
    lengths = sorted(note.length for note in notes)
    return Manner(
        sum(note.pitch * note.length for note in notes) / total,
        total / _covered(notes),
        lengths[len(lengths) // 2] / PPQ,
    )


def _covered(notes: list[Note]) -> int:
    """Ticks in which something sounds."""
    ticks, until = 0, 0
    for note in sorted(notes, key=lambda note: note.tick):
        end = note.tick + note.length
        ticks += max(0, end - max(until, note.tick))
        until = max(until, end)
    return ticks


def stems(players: list[Voice]) -> list[str]:
    """The stem of each player, which has notes."""
    manners = [manner(player.notes) for player in players]
    found = [_plain(player, how) for player, how in zip(players, manners, strict=True)]
    single = [index for index, stem in enumerate(found) if not stem]
    if "bass" not in found and single:
        lowest = min(single, key=lambda index: manners[index].pitch)
        if manners[lowest].pitch < _BASS_WITHOUT_PROGRAM:
            found[lowest] = "bass"
            single.remove(lowest)
    for index in single:
        found[index] = "harmony"
    for index in _leading([players[index].notes for index in single]):
        found[single[index]] = "melody"
    return found


def _leading(lines: list[list[Note]]) -> list[int]:
    """Of single lines the highest that is there enough, and those that answer it."""
    if not lines:
        return []
    ticks = [_covered(line) for line in lines]
    order = sorted(range(len(lines)), key=lambda index: -manner(lines[index]).pitch)
    first = next(index for index in order if ticks[index] >= _THERE * max(ticks))
    leads, tune = [first], list(lines[first])
    for index in order:
        both = ticks[index] + _covered(tune) - _covered(tune + lines[index])
        if index != first and both < _BESIDE * ticks[index]:
            leads.append(index)
            tune += lines[index]
    return leads


def _plain(player: Voice, how: Manner) -> str:
    """The stem of a player where it does not hang on the others; "" for a single line."""
    if player.drums or player.program in STRUCK:
        return "drums"
    if player.program in BASSES and how.pitch < _BASS_HIGHEST and how.at_once < 2:
        return "bass"
    if player.program in HOLDING and how.length >= _SLOW:
        return "pads"
    return "harmony" if how.at_once >= _CHORDS else ""
