"""Rhythm as text: one character is a 16th note, so that a style file can be read like a drum grid.

``.`` rest, ``-`` hold the note before. Other characters belong to who reads them:

* chord figures: digits are voices from below (beyond the top: an octave up), ``C`` all voices, ``c`` all softly,
  ``U`` all but the lowest, ``L`` the lowest
* bass lines: ``R`` bass note of the chord, ``r`` softly, ``5`` fifth, ``3`` third, ``8`` octave, ``W`` a step
  of a walk, ``A`` a step that leads to the next chord
* drums: ``X`` accent, ``x`` stroke, ``o`` soft, ``g`` ghost, ``?`` ghost or nothing
* tunes: ``x`` note

Bars shorter or longer than the text cut or repeat it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twopop_models.score import PPQ

STEP = PPQ // 4
"""Ticks of a 16th note."""


@dataclass(frozen=True)
class Stroke:
    """One event of a pattern: 16ths from the bar line, length in 16ths, and its character."""

    step: int
    length: int
    sign: str


def strokes(line: str, steps: int) -> Iterator[Stroke]:
    """The events of one line over a bar of so many 16ths.

    >>> list(strokes("x-.x", 4))
    [Stroke(step=0, length=2, sign='x'), Stroke(step=3, length=1, sign='x')]
    """
    text = "".join(line[step % len(line)] for step in range(steps))
    for step, sign in enumerate(text):
        if sign not in ".-":
            tail = text[step + 1 :]
            yield Stroke(step, 1 + len(tail) - len(tail.lstrip("-")), sign)


def voiced(sign: str, chord: tuple[int, ...]) -> tuple[int, ...]:
    """Which pitches of a chord, lowest first, a character of a chord figure means.

    >>> voiced("U", (48, 52, 55)), voiced("3", (48, 52, 55))
    ((52, 55), (60,))
    """
    if sign in "Cc":
        return chord
    if sign == "U":
        return chord[1:] or chord
    if sign == "L":
        return chord[:1]
    octave, voice = divmod(int(sign), len(chord))
    return (chord[voice] + 12 * octave,)


def swung(step: int, swing: float, unit: int) -> int:
    """Ticks of a 16th from its bar line when every second note of ``unit`` (8 or 16) comes late.

    ``swing`` 0 is straight, 1/3 is a triplet feel.
    """
    wide = 16 // unit  # 16ths in one of the notes that are swung
    pair, place = divmod(step, 2 * wide)
    turn = wide * (1 + swing)  # where the second note of the pair begins
    late = place / wide * turn if place < wide else turn + (place - wide) * (1 - swing)
    return round((pair * 2 * wide + late) * STEP)
