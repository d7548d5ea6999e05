"""The table of attribute controls, and a request's values for them.

One table feeds validation, the ``controls`` reply from which clients build their menus, the command
line, the documentation and the tests. A control's text form is what goes over the wire.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import Enum
from pathlib import Path, PureWindowsPath
from typing import Any, Final

from twopop_models.errors import ControlError, closest
from twopop_models.hit_text import read_hits, write_hits
from twopop_models.types import Hit
from twopop_models.vocabulary import ENDINGS, GENRES, INSTRUMENTS, LOUDNESS, METERS, MOODS, PACES, STEMS, parse_key

Wire = str | int | float

HIT_FILES: Final = (".edl", ".otio", ".csv")
"""What files of hits are called."""


class Kind(Enum):
    """How a control's value is written."""

    TEXT = "text"
    CHOICE = "choice"  # one of the choices, or empty for "decide for me"
    CHOICES = "choices"  # a comma list of choices; some controls allow -word for "not this"
    NUMBER = "number"  # a float, or one of the choices
    INTEGER = "integer"
    PERCENT = "percent"  # a float without words for it
    HITS = "hits"  # auto, off, frame[:weight[:tolerance[:label]]] list, a file, or auto+ one of these
    FRAMES = "frames"  # first:stop
    TEMPO_MAP = "tempo-map"  # frame:bpm[:beats/unit] list


@dataclass(frozen=True)
class Control:
    """One row of the table. ``low`` and ``high`` are inclusive and None where there is no range."""

    name: str
    kind: Kind
    default: str
    help: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""


CONTROLS: Final[tuple[Control, ...]] = (
    Control("text", Kind.TEXT, "", "Replaces the description of the picture; required when there is no media."),
    Control("genre", Kind.CHOICE, "", "Style family of the music.", GENRES),
    Control("mood", Kind.CHOICES, "", "One or more moods, the first weighs most.", tuple(MOODS)),
    Control("instruments", Kind.CHOICES, "", "Instruments to be heard; -name forbids one.", (*INSTRUMENTS,)),
    Control(
        "tempo",
        Kind.NUMBER,
        "",
        "Felt beats per minute (dotted quarters in 6/8), or slow, medium, fast.",
        tuple(PACES),
        40,
        240,
        "bpm",
    ),
    Control("meter", Kind.CHOICE, "", "Bars of the music; empty lets style and hits decide.", METERS),
    Control(
        "flex", Kind.PERCENT, "5", "How far the tempo may bend between hits so that they fall on beats.", (), 0, 10, "%"
    ),
    Control("follow", Kind.PERCENT, "70", "How closely energy follows picture and broad reference.", (), 0, 100, "%"),
    Control("key", Kind.TEXT, "", "Key, such as 'A minor' or 'F# major'."),
    Control("seed", Kind.INTEGER, "0", "Same request and seed, same music.", low=0, high=2**31 - 1),
    Control("variations", Kind.INTEGER, "1", "How many different cues to make.", low=1, high=8),
    Control("stems", Kind.CHOICES, "", "Only these stems; empty for all.", STEMS),
    Control(
        "base",
        Kind.TEXT,
        "",
        "A finished take to keep: job, job:2 for its variation, or folder. Only `stems` (empty for all) are made anew, "
        "to its score; the other files stay as they are.",
    ),
    Control("redo", Kind.FRAMES, "", "With base: only frames first:stop are made anew, widened to whole beats."),
    Control(
        "hits",
        Kind.HITS,
        "auto",
        "auto, off, a list frame[:weight[:tolerance[:label]]] as 240:0.8,300:1:2:door, a file (.edl .otio .csv, "
        "@01:00:00:00 behind it says what frame 0 is called), or auto+ one of these.",
    ),
    Control("sensitivity", Kind.PERCENT, "50", "How little has to happen in the picture to be a hit.", (), 0, 100, "%"),
    Control("ending", Kind.CHOICE, "ring", "How the cue stops.", ENDINGS),
    Control(
        "loudness",
        Kind.NUMBER,
        "r128",
        "Integrated loudness of the mix, by name or in LUFS.",
        tuple(LOUDNESS),
        -40,
        -10,
        "LUFS",
    ),
    Control(
        "host_tempo",
        Kind.TEMPO_MAP,
        "",
        "The host's tempo in quarter notes per minute: bpm, or frame:bpm[:beats/unit] list of bar lines.",
    ),
    Control(
        "reference",
        Kind.TEXT,
        "",
        "Track id, title or audio file to use as reference; broad: or targeted: in front "
        "names one track of the bridge, off turns it off; separate two with a semicolon.",
    ),
    Control("composer", Kind.CHOICE, "auto", "Who writes the music.", ("auto", "band")),
    Control("describer", Kind.CHOICE, "auto", "Who describes the picture.", ("auto", "picture")),
)

BY_NAME: Final[dict[str, Control]] = {control.name: control for control in CONTROLS}


@dataclass(frozen=True)
class Bar:
    """A bar line of the host: the frame it falls on, and tempo and meter from there."""

    frame: int | None  # None: at the beginning of the range
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


@dataclass(frozen=True)
class Controls:
    """A request's attribute controls; every field has the table's default. Empty means "decide for me"."""

    text: str = ""
    genre: str = ""
    mood: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: float | str | None = None  # bpm, "slow" | "medium" | "fast", or None
    meter: str = ""
    flex: float = 5.0
    follow: float = 70.0
    key: str = ""
    seed: int = 0
    variations: int = 1
    stems: tuple[str, ...] = ()
    base: str = ""
    redo: tuple[int, int] | None = None  # frames [first, stop) of the request
    hits: str | HitFile | tuple[Hit, ...] | Both = "auto"  # "auto", "off", or the client's own
    sensitivity: float = 50.0
    ending: str = "ring"
    loudness: float = LOUDNESS["r128"]
    host_tempo: tuple[Bar, ...] = ()
    reference: str = ""
    composer: str = "auto"
    describer: str = "auto"

    @property
    def wanted(self) -> tuple[str, ...]:
        """Instruments asked for."""
        return tuple(name for name in self.instruments if not name.startswith("-"))

    @property
    def forbidden(self) -> tuple[str, ...]:
        """Instruments that must not be heard."""
        return tuple(name[1:] for name in self.instruments if name.startswith("-"))

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, Wire]]) -> Controls:
        """Controls from (name, wire value) pairs; a later pair wins.

        Raises:
            ControlError: ``unknown_control`` or ``bad_control``, naming the control and what it takes.

        """
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name not in BY_NAME:
                raise ControlError("unknown_control", f"There is no control {name!r}", closest(name, list(BY_NAME)))
            found[name] = _parse(BY_NAME[name], value)
        if found.get("redo") and not found.get("base"):
            raise ControlError("bad_control", "Control 'redo' needs the take that is kept", "Name it with 'base'.")
        return cls(**found)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The controls that differ from the default, as (name, text); ``parse`` is its inverse."""
        plain = Controls()
        return tuple(
            (item.name, _text(BY_NAME[item.name], getattr(self, item.name)))
            for item in fields(self)
            if getattr(self, item.name) != getattr(plain, item.name)
        )


def _bad(control: Control, value: Wire, wanted: str) -> ControlError:
    return ControlError("bad_control", f"Control {control.name!r} cannot be {value!r}", f"It takes {wanted}.")


def _parse(control: Control, value: Wire) -> object:
    if isinstance(value, str) and len(value) > 2_000:
        raise _bad(control, value[:20] + "...", "at most 2,000 characters")
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
            bar = Bar(None, float(parts[0])) if len(parts) == 1 else Bar(int(float(parts[0])), float(parts[1]))
            if len(parts) == 3:
                beats, _, unit = parts[2].partition("/")
                bar = replace(bar, beats=int(beats), unit=int(unit))
        except (ValueError, OverflowError) as error:
            raise _bad(control, value, wanted) from error
        ordered = not bars or (bar.frame is not None and bar.frame > (bars[-1].frame or 0))
        sane = 20 <= bar.bpm <= 400 and 1 <= bar.beats <= 16 and bar.unit in (2, 4, 8, 16) and len(parts) <= 3
        if not (ordered and sane):
            raise _bad(control, value, wanted)
        bars.append(bar)
    return tuple(bars)


def _text(control: Control, value: object) -> str:
    """The wire form of a parsed value."""
    if control.kind is Kind.HITS:
        return _hits_text(value)
    if control.kind is Kind.TEMPO_MAP and isinstance(value, tuple):
        return ",".join(
            repr(bar.bpm) if bar.frame is None else f"{bar.frame}:{bar.bpm!r}:{bar.beats}/{bar.unit}" for bar in value
        )
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
