"""General MIDI programs by the instruments of the control table that sound most like them."""

from __future__ import annotations

from typing import Final

_SPANS: Final[tuple[tuple[int, str], ...]] = (
    (0, "piano"),
    (4, "electric-piano"),
    (6, "harpsichord"),
    (7, "electric-piano"),  # clavinet
    (8, "celesta"),
    (9, "glockenspiel"),
    (10, "celesta"),  # music box
    (11, "vibraphone"),
    (12, "marimba"),
    (14, "glockenspiel"),  # tubular bells
    (15, "harp"),  # dulcimer
    (16, "organ"),
    (24, "acoustic-guitar"),
    (26, "electric-guitar"),
    (32, "double-bass"),
    (33, "bass"),
    (38, "synth-bass"),
    (40, "violin"),
    (42, "cello"),
    (43, "double-bass"),
    (44, "strings"),  # tremolo
    (45, "pizzicato"),
    (46, "harp"),
    (47, "timpani"),
    (48, "strings"),
    (52, "choir"),
    (55, "brass"),  # orchestra hit
    (56, "trumpet"),
    (57, "horn"),  # trombone
    (58, "tuba"),
    (59, "trumpet"),
    (60, "horn"),
    (61, "brass"),
    (64, "saxophone"),
    (68, "oboe"),
    (70, "bassoon"),
    (71, "clarinet"),
    (72, "flute"),
    (80, "synth"),
    (88, "pad"),
    (96, "pad"),  # effects such as rain and atmosphere
    (98, "celesta"),  # crystal
    (99, "pad"),
    (104, "acoustic-guitar"),  # sitar, banjo and other plucked strings
    (108, "marimba"),  # kalimba
    (109, "oboe"),  # bagpipe, shanai
    (110, "violin"),
    (111, "oboe"),
    (112, "glockenspiel"),
    (113, "percussion"),
    (114, "marimba"),  # steel drums
    (115, "percussion"),
    (116, "taiko"),
    (119, ""),  # from here on noises
)
"""From a program on, in order."""

STRUCK: Final = (47, 113, 115, 116, 117, 118)
"""Programs that are drums on a melodic channel."""
BASSES: Final = tuple(range(32, 40))
HOLDING: Final = (*range(16, 24), *range(40, 45), *range(48, 55), *range(60, 64), *range(88, 96))
"""Programs that can hold a chord: organs, bowed strings, choirs, brass sections, pads."""


def _laid_out() -> tuple[str, ...]:
    names: list[str] = []
    for (first, name), (stop, _) in zip(_SPANS, (*_SPANS[1:], (128, "")), strict=True):
        names.extend([name] * (stop - first))
    return tuple(names)


INSTRUMENT: Final = _laid_out()
"""The name of each program 0..127; "" for noises that are no instrument."""
