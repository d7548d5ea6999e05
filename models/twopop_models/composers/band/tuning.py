"""Kicks that sound a pitch are tuned to the cue's key, as one would tune a drum computer.

The other drums of the kit stay as they are, so the kick becomes a part of its own in the same stem. Pitches are
those of the SoundFont that comes along (TimGM6mb); with another font a kick is moved by as much.
"""

from __future__ import annotations

from dataclasses import replace

from twopop_models.score import Part

KICK = 36
KICKS: dict[int, float] = {24: 5 - 0.25, 25: 9 - 0.31}
"""Pitch class, and how far off it, of the kick by kit: more than a third of its power lies on that one pitch."""


def tuned(part: Part, tonic: int) -> tuple[Part, ...]:
    """The part; where its kit's kick sounds a pitch, in two: all but the kick, and the kick on the tonic.

    The kick is moved by 6 semitones at most.
    """
    pitch = KICKS.get(part.program) if part.drums and part.stem == "drums" else None
    if pitch is None or not any(note.pitch == KICK for note in part.notes):
        return (part,)
    kicks = tuple(note for note in part.notes if note.pitch == KICK)
    others = replace(part, notes=tuple(note for note in part.notes if note.pitch != KICK))
    kick = replace(part, notes=kicks, tuning=round((tonic - pitch + 6) % 12 - 6, 2))
    return (others, kick) if others.notes else (kick,)
