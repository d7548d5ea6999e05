"""The table of attribute controls: which there are, how each is written, and what it does.

One table feeds validation, the ``controls`` reply from which clients build their menus, the command
line, the documentation and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from twopop_models.vocabulary import COMPOSERS, ENDINGS, GENRES, INSTRUMENTS, LOUDNESS, METERS, MOODS, PACES, STEMS


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
    SCENES = "scenes"  # frame:choice[+choice] list


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
    Control(
        "scenes",
        Kind.SCENES,
        "",
        "Other moods from given frames on, a list frame:mood[+mood] as 0:calm,250:tense+energetic; each begins on the "
        "nearest bar line, before the first `mood` holds. Only score writes them, and auto takes it for them.",
        tuple(MOODS),
    ),
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
    Control(
        "audition",
        Kind.INTEGER,
        "0",
        "No music: only list so many references for each track of the bridge.",
        low=0,
        high=12,
    ),
    Control(
        "composer",
        Kind.CHOICE,
        "auto",
        "Who writes the music; auto is score where there are scenes, else band; with base, who made it.",
        ("auto", *COMPOSERS),
    ),
    Control(
        "strength",
        Kind.PERCENT,
        "100",
        "How far diffusion goes from the base take, or without one from the broad reference; how many bars of "
        "the base take score makes anew; 100 is all new.",
        (),
        0,
        100,
        "%",
    ),
    Control(
        "steps", Kind.INTEGER, "0", "Denoising steps of diffusion and score; 0 is the model's own.", low=0, high=500
    ),
    Control(
        "guidance",
        Kind.NUMBER,
        "",
        "How strongly diffusion and score follow the text; empty is the model's own.",
        (),
        0,
        30,
    ),
    Control(
        "guide_broad",
        Kind.NUMBER,
        "",
        "The same for the broad reference; empty goes with the text, 0 is off.",
        (),
        0,
        30,
    ),
    Control("guide_style", Kind.NUMBER, "", "The same for the targeted reference.", (), 0, 30),
    Control("guide_events", Kind.NUMBER, "", "The same for cuts, motion, brightness and bars.", (), 0, 30),
    Control("describer", Kind.CHOICE, "auto", "Who describes the picture.", ("auto", "picture")),
)

BY_NAME: Final[dict[str, Control]] = {control.name: control for control in CONTROLS}
