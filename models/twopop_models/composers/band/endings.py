"""How a cue stops: the last chord of ring and button, and how a ringing chord dies away."""

from __future__ import annotations

from twopop_models.composers.band.chart import Chart, reach
from twopop_models.composers.band.drumming import key_of
from twopop_models.composers.band.harmony import Chord, voicing
from twopop_models.composers.band.instruments import fold
from twopop_models.composers.band.players import Player
from twopop_models.score import PPQ, ControlChange, Note

EXPRESSION = 11
RAMP = 32


def last_chord(chart: Chart, player: Player, chord: Chord, tick: int, stop: int, kind: str) -> list[Note]:
    """One player's notes of the last chord."""
    length = stop - tick if kind == "ring" else min(stop - tick, PPQ // 2)
    velocity = round(min(122, chart.brief.feeling.loudness + 24))
    return [Note(tick, length, pitch, velocity) for pitch in _pitches(chart, player, chord)]


def _pitches(chart: Chart, player: Player, chord: Chord) -> tuple[int, ...]:
    style, row = chart.brief.style, player.instrument
    if player.role == "drums":
        keys = (key_of(player, key, chart.brief.tonic) for key in (36, 49))
        return tuple(key for key in keys if key is not None)
    if player.role == "bass" or row.name == "timpani":
        return (fold(style.bass_center - 2 + (chord.root - style.bass_center + 2) % 12, row.low, row.high),)
    if player.role == "melody":
        centre = min(max(72 + chart.brief.feeling.register, row.low + 9), row.high - 10)
        return (fold(centre - 6 + (chord.root - centre + 6) % 12, row.low, row.high),)
    low, high = style.pad_range if player.role == "pads" else style.chord_range
    return voicing(chord, (), *reach(player, low, high), style.voices)


def dying(tick: int, stop: int) -> tuple[ControlChange, ...]:
    """Expression that takes a ringing chord from full to nothing in the second half of its time.

    Synthesisers square the controller: the exponent makes the amplitude fall a little faster than evenly.
    """
    begin = tick + (stop - tick) // 2
    steps = [(place, begin + (stop - 1 - begin) * place // RAMP) for place in range(RAMP + 1)]
    return tuple(ControlChange(at, EXPRESSION, round(127 * (1 - place / RAMP) ** 0.6)) for place, at in steps)
