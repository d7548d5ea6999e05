"""What the network wrote, as the band's players read it: over the cue's key, tempo map and instruments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.changes import tonic_chord
from twopop_models.composers.band.chart import Chart
from twopop_models.composers.band.form import Harmony
from twopop_models.composers.band.harmony import Chord, named
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.players import Player
from twopop_models.grid import drumkit
from twopop_models.grid.encoding import STEP
from twopop_models.grid.lanes import VOICES, shift
from twopop_models.grid.sheet import GridChord, GridNote, Sheet
from twopop_models.score import PPQ, Note, TempoMap

LOW_DRUMS: Final = frozenset(VOICES.index(name) for name in ("kick", "low tom", "high tom"))
"""What kettledrums and taikos play of a kit's part."""
CHORDS: Final = ("", "m", "7", "m7", "maj7", "sus4", "sus2", "m7b5", "o", "6", "m6", "add9", "madd9", "9", "5")
"""Qualities by how readily they are believed."""


@dataclass(frozen=True)
class Written:
    """A sheet as ``band.desk.Foreign``; cell 0 begins at tick ``origin``."""

    sheet: Sheet
    plan: Brief
    tempo_map: TempoMap
    origin: int

    def harmony(self, end: int) -> tuple[Harmony, ...]:
        """Chords from tick 0 to ``end``; the tonic's where the network wrote none."""
        chords = self.sheet.chords
        lines = {tick for tick, _ in self.tempo_map.bars(end)}
        ticks = [self._begins(chord.cell, lines) for chord in chords]
        found: list[Harmony] = []
        for number, written in enumerate(chords):
            stop = min(ticks[number + 1] if number + 1 < len(chords) else end, end)
            if stop <= ticks[number]:
                continue
            chord = chord_of(written, self.plan.tonic)
            if found and found[-1].chord == chord:  # other classes, and still the same chord to read
                found[-1] = replace(found[-1], stop=stop)
            else:
                found.append(Harmony(ticks[number] if found else 0, stop, chord))
        return tuple(found) or (Harmony(0, max(end, 1), tonic_chord(self.plan)),)

    def _begins(self, cell: int, lines: set[int]) -> int:
        """The tick of a chord; where a bar begins within the cell before, as in 7/8, that is where it was heard."""
        tick = self.origin + cell * PPQ
        between = (line for line in range(tick - STEP, tick - PPQ, -STEP) if line in lines)
        return max(0, next(between, tick) if tick not in lines else tick)

    def lacking(self, players: tuple[Player, ...]) -> tuple[str, ...]:
        """What is said of players who were asked for and have nothing: the desk has the family write their parts."""
        silent = dict.fromkeys(who.instrument.name for who in players if who.asked and not self._of(who))
        return tuple(f"Nothing was written for the {name}: its part is the band's." for name in silent)

    def _of(self, who: Player) -> tuple[GridNote, ...]:
        """What the network wrote that somebody can play."""
        written = self.sheet.notes(who.role)
        if who.role == "drums" and not who.instrument.drums:
            return tuple(note for note in written if note.pitch in LOW_DRUMS)
        return written

    def notes(self, chart: Chart, who: Player, *, second: bool) -> list[Note]:
        """A player's part. Who doubles a role plays its notes where they lie well for the instrument."""
        if second and who.role == "drums" and who.instrument.drums:
            return []  # a second kit would only strike the same drums again
        written = self._of(who)
        straight = [self._placed(note, chart, who) for note in written]
        return [note for note in straight if note.tick + note.length > 0]

    def _placed(self, note: GridNote, chart: Chart, who: Player) -> Note:
        tick = swung(chart, self.origin + note.step * STEP)
        length = note.length * STEP
        if tick < 0:  # it began before the range does
            tick, length = 0, length + tick
        return Note(tick, length, self._pitch(note, chart, tick, who), note.velocity)

    def _pitch(self, note: GridNote, chart: Chart, tick: int, who: Player) -> int:
        low, high = who.span
        if who.role == "drums" and who.instrument.drums:
            return drumkit.key(note.pitch)
        if who.role == "drums":
            return fold(36 + chart.chord(tick).bass, low, high)
        return fold(note.pitch - shift(self.plan.tonic), low, high)


def swung(chart: Chart, tick: int) -> int:
    """A tick of the grid as the family swings it; before the range and behind the last bar it stays."""
    if tick < 0 or not chart.bars:
        return tick
    bar = next((bar for bar in chart.bars if bar.start <= tick < bar.stop), None)
    if bar is None or (tick - bar.start) % STEP:
        return tick
    return chart.tick(bar, (tick - bar.start) // STEP)


def chord_of(written: GridChord, tonic: int) -> Chord:
    """The chord that musicians would read: the quality with the most in common and the least besides."""
    classes = {(pitch - written.root) % 12 for pitch in written.classes}

    def likeness(quality: str) -> tuple[int, int]:
        members = {interval % 12 for interval in named(0, quality).intervals}
        return (len(members & classes) - len(members - classes) - len(classes - members), -CHORDS.index(quality))

    return named((written.root + tonic) % 12, max(CHORDS, key=likeness))
