"""A Standard MIDI file as a score: any file, from anybody.

What is read: notes, tempo map, meters, players and how they are mixed. What is worked out: which stem each player
belongs to (unless the file says so in its tracks' names, as ``midi.write`` does), the chords, and the key where the
file is silent about it or the notes speak against it. What is left out: lyrics, noises, and controllers that no part
has.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from twopop_models.errors import MediaError
from twopop_models.grid import harmonies
from twopop_models.grid.midiclock import tempo_map, timed
from twopop_models.grid.midinotes import Scale, Voice, voices
from twopop_models.grid.programs import INSTRUMENT
from twopop_models.grid.roles import stems
from twopop_models.score import PPQ, Ending, Part, Score, TempoMap
from twopop_models.vocabulary import INSTRUMENTS, STEMS, key_name, parse_key

if TYPE_CHECKING:
    from mido import MidiFile

LARGEST: Final = 2_000_000
"""Bytes of a file; one of ten minutes for an orchestra has a tenth of it."""
LONGEST: Final = 20_000
"""Quarter notes of a file, some hours."""
_ENDLESS: Final = re.compile(rb"[\x80-\xff]{4096}")
"""No length, no time and no text of a sound file is written so; it would be counted for ever."""
_REMEDY: Final = "Export it again as a Standard MIDI file of type 0 or 1."
_BROKEN: Final = (OSError, EOFError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError, struct.error)


def read(path: Path) -> Score:
    """The score in a MIDI file; tick 0 is the file's.

    It has no sections and no accents, and ends with the bar after which nothing happens.

    Raises:
        MediaError: ``media_missing``, ``media_unreadable`` (damaged, no MIDI, or without a note),
            ``media_too_large`` or ``media_too_long``.

    """
    file = _parsed(path)
    scale = Scale(file.ticks_per_beat)
    if scale.quarter <= 0:
        raise MediaError("media_unreadable", f"{path.name} does not say how long its ticks are", _REMEDY)
    players = [player for player in voices(file.tracks, scale) if player.drums or INSTRUMENT[player.program]]
    if not players:
        raise MediaError("media_unreadable", f"{path.name} holds no notes", "Choose a file with music in it.")
    last = max(note.tick + note.length for player in players for note in player.notes)
    if last > LONGEST * PPQ:
        raise MediaError("media_too_long", f"{path.name} lasts more than {LONGEST} quarter notes", "Cut it.")
    clock = tempo_map(file.tracks, scale)
    return _score(file, players, clock, _stop(file, scale, clock, last))


def _parsed(path: Path) -> MidiFile:
    """The file as mido reads it."""
    from mido import MidiFile

    try:
        if not path.is_file():
            raise MediaError("media_missing", f"There is no file {path}", "Check the path.")
        if path.stat().st_size > LARGEST:
            raise MediaError("media_too_large", f"{path.name} has more than {LARGEST} bytes", "Send a smaller file.")
        data = path.read_bytes()
        if _ENDLESS.search(data):
            raise MediaError("media_unreadable", f"{path.name} is damaged", _REMEDY)
        file = MidiFile(file=BytesIO(data), clip=True)
    except _BROKEN as error:
        raise MediaError("media_unreadable", f"{path.name} is no sound MIDI file ({error})", _REMEDY) from error
    if file.type not in (0, 1):
        raise MediaError("media_unreadable", f"{path.name} is a MIDI file of type {file.type}", _REMEDY)
    return file


def _stop(file: MidiFile, scale: Scale, clock: TempoMap, last: int) -> int:
    """Where the file ends, but at most a bar after the bar with the last note."""
    end = max(scale.ticks(sum(message.time for message in track)) for track in file.tracks)
    line, meter = max(clock.bars(last + 1), key=lambda bar: bar[0])
    whole = line if line == last else line + meter.bar_ticks
    return end if last <= end <= whole + meter.bar_ticks else whole


def _score(file: MidiFile, players: list[Voice], clock: TempoMap, stop: int) -> Score:
    parts = _parts(players)
    pitched = [note for part in parts if part.stem != "drums" for note in part.notes]
    heard = harmonies.beats(pitched, clock, stop)
    declared = _declared(file)
    key = declared if declared and _ours(file) else harmonies.find_key(heard, declared)
    return Score(clock, stop, key, "midi", parts, harmonies.find_chords(heard, key), (), Ending("button"))


def _ours(file: MidiFile) -> bool:
    """``midi.write`` made it, and it means what it says."""
    return bool(file.tracks[0].name.startswith("twopop "))


def _declared(file: MidiFile) -> str | None:
    """The first key signature, if there is one."""
    for _, message in timed(file.tracks):
        if message.type == "key_signature":
            return key_name(*parse_key(_plain(message.key)))
    return None


def _plain(key: str) -> str:
    """Spellings of MIDI files that no one else needs."""
    rare = {"Cb": "B", "Cbm": "Bm", "E#m": "Fm", "B#m": "Cm", "Fb": "E"}
    return rare.get(key, key)


def _parts(players: list[Voice]) -> tuple[Part, ...]:
    worked_out = stems(players)
    return tuple(_part(player, stem) for player, stem in zip(players, worked_out, strict=True))


def _part(player: Voice, stem: str) -> Part:
    instrument = "drums" if player.drums else INSTRUMENT[player.program]
    said_stem, _, said_instrument = (word.strip() for word in player.name.partition(":"))
    if said_stem in STEMS and said_instrument in INSTRUMENTS:
        stem, instrument = said_stem, said_instrument
    return Part(
        stem,
        instrument,
        player.program,
        tuple(player.notes),
        drums=player.drums,
        pan=max(-1.0, min(1.0, (player.pan - 64) / 63)),
        gain_db=_decibels(player.level),
        reverb=player.reverb / 127,
        controls=tuple(sorted(player.controls, key=lambda change: change.tick)),
    )


def _decibels(level: int) -> float:
    """A channel volume as gain: 100 is the instrument's own, and level goes with the square."""
    from math import log10

    return 40 * log10(max(level, 1) / 100)
