"""The instruments of the control table: General MIDI programs, ranges and what they are good for.

Conventions: pitches are MIDI note numbers, ranges are inclusive and sounding. ``roles`` are names of
``STEMS`` in order of preference. Drums and percussion play in bank 128, where a pitch is an instrument.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """One row: a program of the SoundFont and how to write for it."""

    name: str
    program: int
    low: int
    high: int
    roles: tuple[str, ...]
    gain_db: float = 0.0
    pan: float = 0.0
    reverb: float = 0.3
    drums: bool = False
    sustained: bool = False  # holds a note for as long as it is asked to


_ROWS = (
    Instrument("piano", 0, 21, 108, ("harmony", "melody", "accents"), pan=-0.1),
    Instrument("electric-piano", 4, 28, 103, ("harmony", "melody"), pan=-0.15),
    Instrument("organ", 16, 36, 96, ("harmony", "pads"), gain_db=-4, pan=0.2, sustained=True),
    Instrument("harpsichord", 6, 29, 89, ("harmony", "melody"), gain_db=1, pan=-0.2, reverb=0.3),
    Instrument("celesta", 8, 60, 108, ("melody", "harmony", "accents"), pan=0.25, reverb=0.4),
    Instrument("glockenspiel", 9, 67, 108, ("melody", "harmony", "accents"), gain_db=-1, pan=0.3, reverb=0.4),
    Instrument("vibraphone", 11, 53, 89, ("harmony", "melody"), gain_db=2, pan=0.2, reverb=0.35),
    Instrument("acoustic-guitar", 25, 40, 84, ("harmony", "melody"), pan=0.25, reverb=0.2),
    Instrument("electric-guitar", 27, 40, 86, ("harmony", "melody"), gain_db=-1, pan=-0.3, reverb=0.2),
    Instrument("harp", 46, 24, 103, ("harmony", "melody"), gain_db=2, pan=-0.3, reverb=0.4),
    Instrument("bass", 33, 28, 60, ("bass",), reverb=0.05),
    Instrument("double-bass", 32, 28, 60, ("bass",), gain_db=2, reverb=0.15),
    Instrument("synth-bass", 38, 24, 60, ("bass",), gain_db=-1, reverb=0.05),
    Instrument("violin", 40, 55, 96, ("melody", "pads"), pan=-0.2, reverb=0.4, sustained=True),
    Instrument("cello", 42, 36, 76, ("melody", "pads", "bass"), pan=0.2, reverb=0.4, sustained=True),
    Instrument("strings", 48, 36, 96, ("pads", "harmony", "melody"), reverb=0.45, sustained=True),
    Instrument("pizzicato", 45, 36, 96, ("harmony", "melody", "accents"), gain_db=3, pan=-0.1, reverb=0.35),
    Instrument("choir", 52, 48, 79, ("pads", "melody"), reverb=0.5, sustained=True),
    Instrument("trumpet", 56, 54, 82, ("melody", "accents", "pads"), gain_db=-2, pan=0.15, sustained=True),
    Instrument("horn", 60, 41, 77, ("melody", "pads", "accents"), pan=-0.25, reverb=0.4, sustained=True),
    Instrument("tuba", 58, 28, 60, ("bass",), gain_db=-1, pan=0.1, reverb=0.3, sustained=True),
    Instrument("brass", 61, 40, 82, ("harmony", "accents", "melody", "pads"), gain_db=-2, pan=0.1, sustained=True),
    Instrument("saxophone", 66, 44, 76, ("melody", "pads"), gain_db=-2, pan=0.1, sustained=True),
    Instrument("oboe", 68, 58, 91, ("melody", "pads"), gain_db=-1, pan=0.15, reverb=0.4, sustained=True),
    Instrument("bassoon", 70, 34, 75, ("bass", "melody"), gain_db=1, pan=0.1, reverb=0.3, sustained=True),
    Instrument("clarinet", 71, 50, 91, ("melody", "pads"), pan=-0.1, sustained=True),
    Instrument("flute", 73, 60, 96, ("melody", "pads"), pan=0.1, reverb=0.4, sustained=True),
    Instrument("synth", 81, 36, 96, ("melody", "harmony", "accents"), gain_db=-5, reverb=0.25, sustained=True),
    Instrument("pad", 89, 36, 96, ("pads",), gain_db=-1, reverb=0.5, sustained=True),
    Instrument("marimba", 12, 45, 96, ("harmony", "melody"), gain_db=2, pan=0.3, reverb=0.25),
    Instrument("timpani", 47, 38, 60, ("accents", "drums"), gain_db=3, reverb=0.4),
    Instrument("taiko", 116, 36, 72, ("drums", "accents"), gain_db=2, reverb=0.35),
    Instrument("drums", 0, 35, 82, ("drums",), drums=True, reverb=0.12),
    Instrument("percussion", 0, 35, 82, ("drums", "accents"), drums=True, pan=0.15, reverb=0.25),
)

TABLE: dict[str, Instrument] = {row.name: row for row in _ROWS}


def fold(pitch: int, low: int, high: int) -> int:
    """The pitch moved by octaves into [low, high], which spans at least an octave.

    >>> fold(30, 40, 60)
    42
    """
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch
