"""The band's hand on the faders: loudness over time follows picture and broad reference where they are followed.

``energies`` decides how full bars are, in steps of bars and players; how loud that sounds depends on who plays. So the
loudness of what was written is foreseen from its notes, and expression (controller 11) of every part leads it to
the followed curve, as far as ``follow`` says: at 100 all the way, at 0 not at all. Accents are never made softer,
and the last chord stands as it was written. Without anything to follow nothing is touched.

Conventions: curves have ``PER_SECOND`` values per second from the range's first sample; levels are dB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from twopop_models.composers.band.endings import EXPRESSION
from twopop_models.composers.band.instruments import TABLE
from twopop_models.score import ControlChange, Part, TempoMap

Floats = NDArray[np.float64]

PER_SECOND = 4
DEPTH = 8.0
"""dB from the softest to the loudest of the followed curve."""
MOST = 7.0
"""dB by which a fader moves at most, up or down."""
GRAIN = 2
"""Steps of the controller (0.3 to 0.5 dB) that make a change worth sending."""
FALL = {"kit": (0.25, 2.5), "struck": (0.8, 1.5)}
"""Of what dies away: seconds in which its amplitude falls by e, and how much louder than a held note it begins."""
_SECOND = np.full(PER_SECOND, 1 / PER_SECOND)
_PHRASE = np.hanning(2 * PER_SECOND + 2)[1:-1] / np.hanning(2 * PER_SECOND + 2).sum()


def foreseen(parts: Sequence[Part], tempo_map: TempoMap, count: int) -> Floats:
    """How loud each of ``count`` moments sounds, by the notes alone: (count,) dB, of the second around it.

    A note's power is the square of its velocity with its part's gain; who cannot hold it lets it die away. Against the
    sound of twenty cues: r = 0.90, and 0.7 dB apart, both over two and a half seconds.
    """
    power = np.zeros(count)
    for part in parts:
        power += 10 ** (part.gain_db / 10) * _power(part, tempo_map, count)
    heard = np.convolve(power, _SECOND, "same")
    return np.asarray(10 * np.log10(np.maximum(heard, heard.max() * 1e-3 + 1e-12)))


def _power(part: Part, tempo_map: TempoMap, count: int) -> Floats:
    """Power of a part at each moment, 1 for one held note of velocity 100."""
    found = np.zeros(count)
    held = TABLE[part.instrument].sustained
    seconds, peak = FALL["kit" if part.drums else "struck"]
    fall = peak * np.exp(-2 * np.arange(4 * PER_SECOND) / PER_SECOND / seconds)
    starts = _moments(tempo_map, [note.tick for note in part.notes])
    stops = _moments(tempo_map, [note.tick + note.length for note in part.notes])
    for note, start, stop in zip(part.notes, starts, stops, strict=True):
        loud = (note.velocity / 100) ** 2
        if held:
            found[start : max(stop, start + 1)] += loud
        else:
            reach = len(fall) if part.drums else min(len(fall), stop - start + 1)
            reach = max(0, min(reach, count - start))
            found[start : start + reach] += loud * fall[:reach]
    return found


def _moments(tempo_map: TempoMap, ticks: Sequence[int]) -> list[int]:
    """The moments in which ticks lie."""
    turns = [*(change.tick for change in tempo_map.tempos), 2**31]
    seconds = np.interp(ticks, turns, [float(tempo_map.seconds(tick)) for tick in turns])
    found: list[int] = np.floor(seconds * PER_SECOND + 1e-6).astype(int).tolist()
    return found


def ridden(parts: list[Part], wish: Floats | None, tempo_map: TempoMap, end: int, share: float) -> list[Part]:
    """The parts with expression that leads their loudness to a curve before tick ``end``.

    Args:
        parts: the whole cue, accents included.
        wish: (n,) 0..1, what is followed; None for nothing.
        tempo_map: of the cue.
        end: where the last chord begins, or the range ends.
        share: 0..1, how far it is followed.

    """
    count = int(tempo_map.seconds(end) * PER_SECOND)
    if wish is None or share <= 0 or count < 2 * PER_SECOND:
        return parts
    own = foreseen([part for part in parts if part.stem != "accents"], tempo_map, count)
    moves = lane(wish[:count], own[: len(wish)], share)
    top = max(0.0, float(moves.max()))
    up = np.maximum(moves, 0.0)
    return [_moved(part, up if part.stem == "accents" else moves, top, tempo_map, end) for part in parts]


def lane(wish: Floats, own: Floats, share: float) -> Floats:
    """Where the faders stand, in dB about 0: ``share`` of what lies between the followed curve and what is written."""
    calm = _calm(wish)
    gap = DEPTH * calm / max(float(np.ptp(calm)), 1e-6) - _calm(own)
    return np.asarray(np.clip(share * (gap - np.median(gap)), -MOST, MOST))


def _calm(curve: Floats) -> Floats:
    """The curve over two seconds; its ends are held."""
    wide = np.pad(curve, len(_PHRASE) // 2, "edge")
    return np.asarray(np.convolve(wide, _PHRASE, "valid")[: len(curve)])


def _moved(part: Part, moves: Floats, top: float, tempo_map: TempoMap, end: int) -> Part:
    """The part on its fader; what its own expression did (swells, a dying chord) goes on on top of that."""
    values = np.round(127 * 10 ** ((moves - top) / 60)).astype(int)  # the synthesiser takes the controller's cube
    rest = round(127 * 10 ** (-top / 60))
    kept = [0]
    for place in range(1, len(values)):
        if abs(values[place] - values[kept[-1]]) >= GRAIN:
            kept.append(place)
    rail = [(tempo_map.tick(Fraction(place, PER_SECOND)), int(values[place])) for place in kept]
    rail = [*((tick, value) for tick, value in rail if tick < end), (end, rest)]
    return replace(part, gain_db=part.gain_db + top, controls=_joined(rail, part.controls))


def _joined(rail: list[tuple[int, int]], own: tuple[ControlChange, ...]) -> tuple[ControlChange, ...]:
    """Both expressions multiplied, at every tick where one of them changes."""
    mine = dict(rail)
    theirs = {change.tick: change.value for change in own if change.controller == EXPRESSION}
    found = [change for change in own if change.controller != EXPRESSION]
    first, second = rail[0][1], 127
    for tick in sorted({*mine, *theirs}):
        first, second = mine.get(tick, first), theirs.get(tick, second)
        found.append(ControlChange(tick, EXPRESSION, round(first * second / 127)))
    return tuple(sorted(found, key=lambda change: change.tick))
