"""Music on paper: ticks, tempo map, parts and notes, before any sound.

Conventions: musical positions are int ticks, ``PPQ`` to the quarter note, and tick 0 is the first
sample of the range. Tempo is an int of microseconds per quarter note, as in a MIDI file, so what
is heard, what is written to MIDI and what is reported are the same number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from twopop_models.clock import SAMPLE_RATE, sample_at

PPQ = 960


@dataclass(frozen=True)
class TempoChange:
    """From ``tick`` on, a quarter note lasts ``micros`` microseconds."""

    tick: int
    micros: int

    @property
    def bpm(self) -> float:
        """Quarter notes per minute."""
        return 60_000_000 / self.micros


@dataclass(frozen=True)
class Meter:
    """From ``tick`` on, which is a bar line, bars have ``beats`` beats of 1/``unit`` note."""

    tick: int
    beats: int = 4
    unit: int = 4

    @property
    def beat_ticks(self) -> int:
        """Ticks of one beat."""
        return PPQ * 4 // self.unit

    @property
    def bar_ticks(self) -> int:
        """Ticks of one bar."""
        return self.beats * self.beat_ticks


@dataclass(frozen=True)
class TempoMap:
    """Piecewise constant tempo, and the bar lines.

    Both tuples begin at tick 0 and are in order. A pick-up is a first meter of one bar, over at tick
    ``pickup``, where the first whole bar begins; 0 without one.
    """

    tempos: tuple[TempoChange, ...]
    meters: tuple[Meter, ...] = (Meter(0),)
    pickup: int = 0

    @cached_property
    def _starts(self) -> tuple[Fraction, ...]:
        """Exact seconds of each tempo change."""
        starts = [Fraction(0)]
        for before, after in zip(self.tempos, self.tempos[1:], strict=False):
            starts.append(starts[-1] + Fraction((after.tick - before.tick) * before.micros, PPQ * 1_000_000))
        return tuple(starts)

    def seconds(self, tick: int) -> Fraction:
        """Exact seconds from the beginning of the range."""
        index = max(0, bisect_right(self.tempos, tick, key=lambda change: change.tick) - 1)
        change = self.tempos[index]
        return self._starts[index] + Fraction((tick - change.tick) * change.micros, PPQ * 1_000_000)

    def sample(self, tick: int, sample_rate: int = SAMPLE_RATE) -> int:
        """The sample on which a tick falls."""
        return sample_at(self.seconds(tick), sample_rate)

    def tick(self, seconds: Fraction) -> int:
        """The tick nearest to an instant."""
        index = max(0, bisect_right(self._starts, seconds) - 1)
        change = self.tempos[index]
        return change.tick + round((seconds - self._starts[index]) * PPQ * 1_000_000 / change.micros)

    def bpm(self, tick: int = 0) -> float:
        """Quarter notes per minute at a tick."""
        index = max(0, bisect_right(self.tempos, tick, key=lambda change: change.tick) - 1)
        return self.tempos[index].bpm

    def bars(self, stop: int) -> Iterator[tuple[int, Meter]]:
        """Bar lines before ``stop``: the tick of each and the meter that rules it."""
        for index, meter in enumerate(self.meters):
            end = self.meters[index + 1].tick if index + 1 < len(self.meters) else stop
            yield from ((tick, meter) for tick in range(meter.tick, min(end, stop), meter.bar_ticks))

    def beats(self, stop: int) -> Iterator[int]:
        """Ticks of all beats before ``stop``."""
        for tick, meter in self.bars(stop):
            yield from range(tick, min(tick + meter.bar_ticks, stop), meter.beat_ticks)


@dataclass(frozen=True)
class Note:
    """A note: when, how long (ticks), MIDI pitch 0..127, velocity 1..127."""

    tick: int
    length: int
    pitch: int
    velocity: int


@dataclass(frozen=True)
class ControlChange:
    """A MIDI control change at a tick (1 modulation, 11 expression, 64 pedal, 74 brightness, ...)."""

    tick: int
    controller: int
    value: int


@dataclass(frozen=True)
class Part:
    """One player: an instrument of the SoundFont, belonging to one stem.

    ``program`` is General MIDI 0..127; ``drums`` plays the kit of that number in bank 128.
    ``pan`` -1 left to 1 right, ``gain_db`` relative to the instrument's own level,
    ``reverb`` 0..1 is the send to the room. ``tuning`` semitones is what all notes are moved by as they sound;
    MIDI files do not have it, for there all kits share one channel.
    """

    stem: str
    instrument: str
    program: int
    notes: tuple[Note, ...]
    drums: bool = False
    pan: float = 0.0
    gain_db: float = 0.0
    reverb: float = 0.25
    controls: tuple[ControlChange, ...] = ()
    tuning: float = 0.0


@dataclass(frozen=True)
class ChordSymbol:
    """A chord of the score, from ``tick`` on; ``name`` as musicians write it ("Am7", "F/A")."""

    tick: int
    name: str
    root: int
    pitches: tuple[int, ...]  # pitch classes


@dataclass(frozen=True)
class Section:
    """A named stretch of form from ``tick`` on, with its energy 0..1."""

    tick: int
    name: str
    energy: float


EVENTS: tuple[str, ...] = ("accent", "chord", "fill", "stop", "swell")
"""What can answer a hit: a stroke, a change of harmony, a fill that runs into it, a sudden rest after it,
a swell that ends on it. Each of them has a stroke of its own on the hit, however soft."""


@dataclass(frozen=True)
class Accent:
    """The musical event on ``tick`` that answers a hit of some ``weight`` in (0, 1]; ``event`` is one of ``EVENTS``."""

    tick: int
    weight: float
    event: str = "accent"


@dataclass(frozen=True)
class Ending:
    """How the cue stops. ``kind`` is one of the control table's endings.

    ``fade_from`` is the tick from which the master fades to silence (only for "fade").
    """

    kind: str
    fade_from: int | None = None


@dataclass(frozen=True)
class Score:
    """A whole cue on paper. ``stop`` is the first tick that is not in the range any more."""

    tempo_map: TempoMap
    stop: int
    key: str
    style: str
    parts: tuple[Part, ...]
    chords: tuple[ChordSymbol, ...]
    sections: tuple[Section, ...]
    ending: Ending
    accents: tuple[Accent, ...] = ()  # in order of ticks

    @property
    def stems(self) -> tuple[str, ...]:
        """Names of the stems, in order of first appearance."""
        return tuple(dict.fromkeys(part.stem for part in self.parts))
