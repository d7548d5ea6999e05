"""What a MIDI file plays: its messages gathered into voices, in the score's own ticks.

A voice is what one track plays on one channel with one program, so that files with everything in one track and
files that change programs on the way come apart into players.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from twopop_models.score import PPQ, ControlChange, Note

DRUM_CHANNEL: Final = 9
KEPT: Final = (1, 11, 64, 74)
"""Controllers that are kept as they move: modulation, expression, pedal, brightness."""
_SHORTEST: Final = 1


@dataclass
class Voice:
    """One player's notes in ticks of ``PPQ``; ``name`` is its track's."""

    track: int
    channel: int
    program: int
    name: str = ""
    notes: list[Note] = field(default_factory=list)
    controls: list[ControlChange] = field(default_factory=list)
    level: int = 100
    pan: int = 64
    reverb: int = 40

    @property
    def drums(self) -> bool:
        """It plays a kit."""
        return self.channel == DRUM_CHANNEL


@dataclass(frozen=True)
class Scale:
    """Ticks of a file to ticks of ``PPQ``; ``division`` is its header's word, negative for SMPTE time.

    SMPTE time knows no beats: half a second then counts as a quarter note, as at MIDI's own 120 BPM.
    """

    division: int

    @property
    def timed(self) -> bool:
        """The file counts time and not beats."""
        return self.division < 0

    @property
    def quarter(self) -> float:
        """The file's ticks of a quarter note."""
        if not self.timed:
            return self.division
        frames, parts = -(self.division >> 8), self.division & 0xFF
        return frames * parts / 2

    def ticks(self, ticks: int) -> int:
        """The score's tick that is nearest."""
        return round(ticks * PPQ / self.quarter)


class _Reader:
    """One track, message by message."""

    def __init__(self, track: int, scale: Scale) -> None:
        self.track, self.scale, self.name = track, scale, ""
        self.voices: dict[tuple[int, int], Voice] = {}
        self.programs = dict.fromkeys(range(16), 0)
        self.mix: dict[tuple[int, int], int] = {}
        self.open: dict[tuple[int, int], deque[tuple[int, int, Voice]]] = {}

    def take(self, now: int, message: Any) -> None:
        """Take in a message at a tick of the file."""
        kind = message.type
        if kind == "note_on" and message.velocity > 0:
            held = self.open.setdefault((message.channel, message.note), deque())
            held.append((now, message.velocity, self.voice(message.channel)))
        elif kind in ("note_on", "note_off"):
            self.close(message.channel, message.note, now)
        elif kind == "program_change":
            self.programs[message.channel] = message.program
        elif kind == "control_change":
            self.turn(now, message)
        elif kind == "track_name" and not self.name:
            self.name = message.name.strip()

    def voice(self, channel: int) -> Voice:
        """Who plays on a channel now."""
        program = self.programs[channel]
        if (channel, program) not in self.voices:
            level, pan, reverb = (
                self.mix.get((channel, number), rest) for number, rest in ((7, 100), (10, 64), (91, 40))
            )
            self.voices[channel, program] = Voice(self.track, channel, program, level=level, pan=pan, reverb=reverb)
        return self.voices[channel, program]

    def turn(self, now: int, message: Any) -> None:
        """A controller moves."""
        if message.control in (7, 10, 91):
            self.mix.setdefault((message.channel, message.control), message.value)
        elif message.control in KEPT:
            change = ControlChange(self.scale.ticks(now), message.control, message.value)
            self.voice(message.channel).controls.append(change)

    def close(self, channel: int, pitch: int, now: int) -> None:
        """The note that was struck first is let go."""
        held = self.open.get((channel, pitch))
        if held:
            self.put(pitch, now, *held.popleft())

    def put(self, pitch: int, stop: int, start: int, velocity: int, voice: Voice) -> None:
        """A note is over."""
        first = self.scale.ticks(start)
        voice.notes.append(Note(first, max(_SHORTEST, self.scale.ticks(stop) - first), pitch, velocity))

    def finish(self, now: int) -> list[Voice]:
        """The track is over, and with it every note."""
        for (_, pitch), held in self.open.items():
            for start, velocity, voice in held:
                self.put(pitch, now, start, velocity, voice)
        for voice in self.voices.values():
            voice.name = self.name
            voice.notes.sort(key=lambda note: (note.tick, note.pitch))
        return [voice for voice in self.voices.values() if voice.notes]


def voices(tracks: list[Any], scale: Scale) -> list[Voice]:
    """All voices of mido's tracks that play a note, in the file's order."""
    found: list[Voice] = []
    for number, track in enumerate(tracks):
        reader, now = _Reader(number, scale), 0
        for message in track:
            now += message.time
            reader.take(now, message)
        found.extend(reader.finish(now))
    return found
