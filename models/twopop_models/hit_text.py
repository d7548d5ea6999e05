"""Hits as text: ``frame[:weight[:tolerance[:label]]]``, comma between hits.

What is left out is 1, 1 frame and the label "client". In a label, commas and percent signs are written
as in addresses of the web (``%2C``, ``%25``), so that nothing in it can break the list; colons may stand.

>>> write_hits(read_hits("240:0.8,300:1:2:door%2C slam"))
'240:0.8,300:1.0:2.0:door%2C slam'
"""

from __future__ import annotations

import math
import re
from urllib.parse import unquote

from twopop_models.types import Hit

OWN = "client"
"""The label of hits that come without one."""

LONGEST = 80
"""Characters of a label."""

MOST_FRAMES = 1000.0
"""The widest tolerance."""

_NUMBER = r"\s*\d{0,12}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?\s*"
_ITEM = re.compile(rf"\s*(?P<frame>\d{{1,9}}(?:\.0*)?)\s*(?::(?P<w>{_NUMBER})(?::(?P<t>{_NUMBER})(?::(?P<l>.*))?)?)?")


def read_hits(text: str) -> tuple[Hit, ...]:
    """Hits in order of frames; none when any part of the text is no hit."""
    hits = [_read(item) for item in text.split(",")]
    good = [hit for hit in hits if hit is not None]
    return tuple(sorted(good, key=lambda hit: hit.frame)) if len(good) == len(hits) else ()


def write_hits(hits: tuple[Hit, ...]) -> str:
    """``read_hits``'s inverse."""
    return ",".join(map(_write, hits))


def label_of(text: str) -> str:
    """A label made of any text: one line, printable, not too long."""
    plain = " ".join(text.split())
    return "".join(sign for sign in plain if sign.isprintable())[:LONGEST].strip()


def _read(item: str) -> Hit | None:
    found = _ITEM.fullmatch(item)
    if found is None:
        return None
    label = OWN if found["l"] is None else unquote(found["l"])
    try:
        weight, tolerance = _number(found["w"]), _number(found["t"])
    except ValueError:  # a lone point or exponent
        return None
    sane = 0 < weight <= 1 and 0 <= tolerance <= MOST_FRAMES and label == label_of(label)
    return Hit(int(float(found["frame"])), weight, label, tolerance) if sane else None


def _number(text: str | None) -> float:
    value = float(text) if text and text.strip() else 1.0
    return value if math.isfinite(value) else -1.0


def _write(hit: Hit) -> str:
    text = f"{hit.frame}:{float(hit.weight)!r}"
    if hit.label != OWN:
        return f"{text}:{float(hit.tolerance)!r}:{hit.label.replace('%', '%25').replace(',', '%2C')}"
    return text if hit.tolerance == 1.0 else f"{text}:{float(hit.tolerance)!r}"
