"""What a style family consists of. Patterns are texts, see ``patterns``; chords are roman numerals, see ``harmony``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twopop_models.rendering.room import Room
from twopop_models.score import Note

if TYPE_CHECKING:  # charts speak of briefs, and briefs of styles
    from twopop_models.composers.band.chart import Chart
    from twopop_models.composers.band.players import Player

Play = Callable[["Chart", "Player", np.random.Generator], list[Note]]
"""A player's whole part over a chart."""

Grid = tuple[tuple[int, str], ...]
"""A drum bar: General MIDI percussion keys and their lines."""

Lines = tuple[str, ...]
"""Lines of one figure that sound together."""


@dataclass(frozen=True)
class Lineup:
    """Who plays what by default; names of the instrument table.

    ``kit`` is a program of bank 128. ``extras`` are more players, (role, name): they play the role's
    part after their own fashion when the family's generator tells them apart, and double it otherwise.
    """

    harmony: str
    pads: str
    melody: str
    bass: str
    drums: str = "drums"
    kit: int = 0
    extras: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody in it."""
        return (self.harmony, self.pads, self.melody, self.bass, self.drums, *(name for _, name in self.extras))


@dataclass(frozen=True)
class Accents:
    """What answers a hit: names of the instrument table, and percussion keys; heavy from weight 0.66."""

    light: tuple[str, ...]
    heavy: tuple[str, ...]
    light_keys: tuple[int, ...]
    heavy_keys: tuple[int, ...]


@dataclass(frozen=True)
class Style:
    """One family. Tuples of three hold a quiet, a middle and a full level, each with its variants.

    Attributes:
        genres: words of the control table that it serves besides its own name.
        homes: points (valence, arousal) where it is at home; chooses among families that serve one word.
        tempo: beats per minute from calm to excited, used when nothing else says.
        rush: how many times the upper end of ``tempo`` cuts may drive it to, where no tempo was asked for.
        meters: (beats, unit) that it can dance, the preferred first.
        swing: 0 straight to 1/3 triplets, on notes of ``swing_unit`` (8 or 16).
        looseness: how far hands stray from the grid, in milliseconds.
        major, minor: progressions of four or eight bars.
        major_cadence, minor_cadence: the bar before the last chord.
        final: suffix of the last chord ("" is a triad).
        lineups: orchestrations; variations take one each in turn.
        programs: (instrument, program) where the family has its own sound for a name.
        chord_range: inclusive pitches of accompaniment chords.
        voices: how many notes they have.
        tune: 16th-note rhythms of tunes, two bars each.
        chromatic: how readily a tune leaves chord notes, 0..1.
        drum_floor: bar energy below which the drums rest.
        bass_center: pitch about which the bass plays.
        large_answers, small_answers: what answers heavy and light hits, words of ``score.EVENTS`` in turn.
        generators: (role, how it is played) where the family does not read patterns as the others do.
        levels: (stem, decibels): the family's balance, against the instruments' own levels.
        gains: (instrument, decibels) on top, where the family plays it louder or softer than others do.
        pans: (instrument, -1 left to 1 right) where the family seats somebody elsewhere.
        room: where it plays.

    A role has patterns (``drums`` and ``fills``, ``bass``, ``comp``, ``tune``) or a generator.

    """

    name: str
    genres: tuple[str, ...]
    tempo: tuple[float, float]
    lineups: tuple[Lineup, ...]
    major: tuple[str, ...]
    minor: tuple[str, ...]
    major_cadence: str
    minor_cadence: str
    accents: Accents
    drums: tuple[tuple[Grid, ...], tuple[Grid, ...], tuple[Grid, ...]] = ((), (), ())
    fills: tuple[Grid, ...] = ()
    bass: tuple[Lines, Lines, Lines] = ((), (), ())
    comp: tuple[tuple[Lines, ...], tuple[Lines, ...], tuple[Lines, ...]] = ((), (), ())
    tune: tuple[str, ...] = ()
    homes: tuple[tuple[float, float], ...] = ((0.2, 0.0),)
    final: str = ""
    meters: tuple[tuple[int, int], ...] = ((4, 4),)
    swing: float = 0.0
    swing_unit: int = 8
    looseness: float = 5.0
    programs: tuple[tuple[str, int], ...] = ()
    chord_range: tuple[int, int] = (52, 76)
    pad_range: tuple[int, int] = (50, 74)
    voices: int = 4
    chromatic: float = 0.3
    drum_floor: float = 0.25
    bass_center: int = 38
    levels: tuple[tuple[str, float], ...] = ()
    large_answers: tuple[str, ...] = ("fill", "swell", "stop", "chord")
    small_answers: tuple[str, ...] = ("chord",)
    generators: tuple[tuple[str, Play], ...] = ()
    gains: tuple[tuple[str, float], ...] = ()
    pans: tuple[tuple[str, float], ...] = ()
    room: Room = Room()  # noqa: RUF009  it is frozen
    rush: float = 1.15

    def generator(self, role: str) -> Play | None:
        """How this family plays a role in its own way; None for the usual one."""
        return dict(self.generators).get(role)

    def level(self, stem: str) -> float:
        """Decibels by which a stem is louder or softer in this family."""
        return dict(self.levels).get(stem, 0.0)

    def program(self, instrument: str, default: int) -> int:
        """The General MIDI program of an instrument in this family."""
        return dict(self.programs).get(instrument, default)
