"""Values of controls and their text form, which is what goes over the wire."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path, PureWindowsPath
from typing import Final

from twopop_models.control_table import Control, Kind
from twopop_models.errors import ControlError, closest
from twopop_models.hit_text import read_hits, write_hits
from twopop_models.scene_text import Scene, read_scenes, write_scenes
from twopop_models.types import Hit
from twopop_models.vocabulary import LOUDNESS, parse_key

Wire = str | int | float

HIT_FILES: Final = (".edl", ".otio", ".csv")
"""What files of hits are called."""


@dataclass(frozen=True)
class Bar:
    """A bar line of the host: the frame it falls on, and tempo and meter from there.

    Hosts' bar lines do not keep to frames, so parts of one count, down to a thousandth.
    """

    frame: Fraction | int | None  # None: at the beginning of the range
    bpm: float
    beats: int = 4
    unit: int = 4


@dataclass(frozen=True)
class HitFile:
    """A list of hits on disk; ``start`` is the timecode of frame 0 of the picture, "" for what the file suggests."""

    path: Path
    start: str = ""


@dataclass(frozen=True)
class Both:
    """The picture's hits and the client's own together."""

    own: HitFile | tuple[Hit, ...]


_MOST = 2_000
_MOST_OF_A_LIST = 5_000
"""Characters of a value; a tapped tempo map or a film's hits are long, and must fit into a message of 8 kB."""


def _bad(control: Control, value: Wire, wanted: str) -> ControlError:
    return ControlError("bad_control", f"Control {control.name!r} cannot be {value!r}", f"It takes {wanted}.")


def parse(control: Control, value: Wire) -> object:
    """What a control's text form, or number, means.

    Raises:
        ControlError: ``bad_control``, naming the control and what it takes.

    """
    most = _MOST_OF_A_LIST if control.kind in (Kind.TEMPO_MAP, Kind.HITS, Kind.SCENES) else _MOST
    if isinstance(value, str) and len(value) > most:
        raise _bad(control, value[:20] + "...", f"at most {most:,} characters")
    readers = {
        Kind.TEXT: _text_value,
        Kind.CHOICE: _choice,
        Kind.CHOICES: _choices,
        Kind.NUMBER: _number,
        Kind.INTEGER: _integer,
        Kind.PERCENT: _percent,
        Kind.HITS: _hits,
        Kind.FRAMES: _frames,
        Kind.TEMPO_MAP: _bars,
        Kind.SCENES: _scenes,
    }
    return readers[control.kind](control, value)


def _text_value(control: Control, value: Wire) -> str:
    text = str(value).strip()
    if control.name == "text":
        text = " ".join(text.split())  # a pasted line break is no mistake
    if not all(sign.isprintable() or unicodedata.category(sign) == "Zs" for sign in text):
        raise _bad(control, value, "plain printable text")
    if control.name == "key" and text:
        try:
            parse_key(text)
        except ValueError as error:
            raise _bad(control, value, "a key such as 'A minor' or 'F# major'") from error
    return text


def _choice(control: Control, value: Wire) -> str:
    text = str(value).strip().lower()
    if text in ("", control.default):
        return control.default
    if text not in control.choices:
        raise _bad(control, value, f"one of {', '.join(control.choices)}")
    return text


def _choices(control: Control, value: Wire) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip().lower() for word in str(value).split(",") if word.strip()))
    for word in words:
        plain = word.removeprefix("-") if control.name == "instruments" else word
        if plain not in control.choices:
            raise ControlError(
                "bad_control", f"Control {control.name!r} knows no {plain!r}", closest(plain, control.choices)
            )
    return words


def _as_number(control: Control, value: Wire) -> float:
    wanted = f"{control.low:g} to {control.high:g} {control.unit}".strip()
    if control.choices:
        wanted += f", or one of {', '.join(control.choices)}"
    try:
        number = float(value)
    except ValueError as error:
        raise _bad(control, value, wanted) from error
    if not math.isfinite(number) or not (control.low or 0) <= number <= (control.high or 0):
        raise _bad(control, value, wanted)
    return number


def _number(control: Control, value: Wire) -> object:
    text = str(value).strip().lower()
    if control.name == "loudness":
        return LOUDNESS.get(text or control.default) or _as_number(control, value)
    if not text:
        return None
    return text if text in control.choices else _as_number(control, value)


def _integer(control: Control, value: Wire) -> int:
    if str(value).strip() == "":
        return int(control.default)
    number = _as_number(control, value)
    if number != int(number):
        raise _bad(control, value, "a whole number")
    return int(number)


def _percent(control: Control, value: Wire) -> float:
    return float(control.default) if str(value).strip() == "" else _as_number(control, value)


def _hits(control: Control, value: Wire) -> object:
    text = str(value).strip()
    if text.lower() in ("", "auto", "off"):
        return text.lower() or "auto"
    own = text[5:].strip() if text.lower().startswith("auto+") else text
    own_ways = f"a list like 240:0.8,300 (weights above 0, at most 1), a whole path to {', '.join(HIT_FILES)}"
    found: HitFile | tuple[Hit, ...] | None = read_hits(own) or _hit_file(own)
    if not found:
        raise _bad(control, value, f"auto, off, {own_ways}, or auto+ one of these")
    return found if own is text else Both(found)


def _hit_file(text: str) -> HitFile | None:
    plain = text.strip()
    start = re.search(r"@(\d\d:\d\d:\d\d[:;]\d{2,4})$", plain, re.ASCII)
    path = Path(plain[: start.start()] if start else plain)
    known = path.suffix.lower() in HIT_FILES and (path.is_absolute() or PureWindowsPath(path).is_absolute())
    return HitFile(path, start[1] if start else "") if known and plain.isprintable() else None


def _frames(control: Control, value: Wire) -> tuple[int, int] | None:
    text = str(value).strip()
    found = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", text)
    if text and not (found and int(found[1]) < int(found[2])):
        raise _bad(control, value, "first:stop with first < stop, such as 48:96")
    return (int(found[1]), int(found[2])) if found else None


def _bars(control: Control, value: Wire) -> tuple[Bar, ...]:
    text = str(value).strip()
    wanted = "bpm from 20 to 400, or frame:bpm[:beats/unit] list in order of frames"
    bars: list[Bar] = []
    for item in text.split(",") if text else ():
        parts = item.strip().split(":")
        try:
            bar = Bar(None, float(parts[0])) if len(parts) == 1 else Bar(_place(parts[0]), float(parts[1]))
            if len(parts) == 3:
                beats, _, unit = parts[2].partition("/")
                bar = replace(bar, beats=int(beats), unit=int(unit))
        except (ValueError, OverflowError, ZeroDivisionError) as error:
            raise _bad(control, value, wanted) from error
        ordered = not bars or (bar.frame is not None and bar.frame > (bars[-1].frame or 0))
        sane = 20 <= bar.bpm <= 400 and 1 <= bar.beats <= 16 and bar.unit in (2, 4, 8, 16) and len(parts) <= 3
        if not (ordered and sane):
            raise _bad(control, value, wanted)
        bars.append(bar)
    return tuple(bars)


def _scenes(_: Control, value: Wire) -> tuple[Scene, ...]:
    return read_scenes(str(value))


def _place(text: str) -> Fraction:
    """A frame with at most three decimals."""
    found = round(Fraction(text) * 1000)
    if abs(found) > 2**41:
        raise ValueError("no frame of any film")
    return Fraction(found, 1000)


def _decimal(frame: Fraction | int) -> str:
    """The shortest decimal of a frame."""
    return f"{float(frame):.3f}".rstrip("0").rstrip(".")


def written(control: Control, value: object) -> str:
    """The text form of a parsed value, ``parse``'s inverse."""
    if control.kind is Kind.HITS:
        return _hits_text(value)
    if control.kind is Kind.TEMPO_MAP and isinstance(value, tuple):
        return ",".join(
            repr(bar.bpm) if bar.frame is None else f"{_decimal(bar.frame)}:{bar.bpm!r}:{bar.beats}/{bar.unit}"
            for bar in value
        )
    if control.kind is Kind.SCENES and isinstance(value, tuple):
        return write_scenes(value)
    if control.kind is Kind.FRAMES and isinstance(value, tuple):
        return f"{value[0]}:{value[1]}"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


def _hits_text(value: object) -> str:
    if isinstance(value, Both):
        return f"auto+{_hits_text(value.own)}"
    if isinstance(value, HitFile):
        return f"{value.path}@{value.start}" if value.start else str(value.path)
    return write_hits(value) if isinstance(value, tuple) else str(value)
