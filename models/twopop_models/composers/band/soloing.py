"""How somebody plays the tune who was asked for by name: where the instrument sounds most like itself, and sung.

Everything here leaves the rhythm's places and the chords alone; who plays because the family has it so is not touched.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from twopop_models.composers.band.players import Player
from twopop_models.score import PPQ, Note

HEARTS: dict[str, int] = {
    "cello": 57,
    "bassoon": 50,
    "horn": 58,
    "saxophone": 62,
    "electric-guitar": 62,
    "acoustic-guitar": 62,
    "trumpet": 70,
    "clarinet": 70,
    "choir": 68,
    "violin": 76,
    "strings": 74,
    "flute": 79,
    "oboe": 75,
    "celesta": 84,
    "glockenspiel": 86,
    "harp": 72,
}
"""Pitches about which a tune is most like the instrument; who is not here plays it where it is written."""

SINGERS = frozenset({"choir", "strings", "horn", "tuba", "cello"})
"""Whose sound needs time to bloom: no two notes of their tunes within a beat."""

BREATH = 4 * PPQ
"""A held note lasts at most so many ticks, where it is not written longer."""


def sung(notes: list[Note], who: Player) -> list[Note]:
    """A tune of somebody who was asked for: in the best register, without hurry, each note until the next."""
    if not who.asked or who.role != "melody" or not notes:
        return notes
    placed = _placed(notes, who)
    if not who.instrument.sustained:
        return placed
    return _joined(_unhurried(placed) if who.instrument.name in SINGERS else placed)


def _placed(notes: list[Note], who: Player) -> list[Note]:
    """The whole tune moved by octaves to where its middle is nearest the instrument's heart."""
    middle = sum(note.pitch for note in notes) / len(notes)
    octaves = round((HEARTS.get(who.instrument.name, middle) - middle) / 12)
    return [replace(note, pitch=note.pitch + 12 * octaves) for note in notes]


def _unhurried(notes: list[Note]) -> list[Note]:
    """Without what begins less than a beat after what was kept before it."""
    kept: list[Note] = []
    for note in sorted(notes, key=lambda one: one.tick):
        if not kept or note.tick == kept[-1].tick or note.tick - kept[-1].tick >= PPQ:
            kept.append(note)
    return kept


def _joined(notes: list[Note]) -> list[Note]:
    """Each note held until the next begins, for a breath at most."""
    onsets = sorted({note.tick for note in notes})
    following = dict(pairwise(onsets))
    found = []
    for note in notes:
        room = following.get(note.tick, note.tick + note.length) - note.tick
        found.append(replace(note, length=max(note.length, min(room, BREATH))))
    return found
