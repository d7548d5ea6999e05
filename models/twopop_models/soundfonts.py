"""SoundFonts of this computer: ``assets.soundfont`` takes the one asked for, else the best here, else TimGM6mb.

Another font is another sound, so "same request, same bits" holds per font; name one in the settings
where takes of several computers must agree. The synthesiser reads .sf2 and .sf3 alike.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from twopop_models.errors import EngineError

BETTER: tuple[str, ...] = (
    "MuseScore_General.sf2",
    "FluidR3_GM.sf2",
    "MuseScore_General.sf3",
    "MS Basic.sf3",
    "FluidR3Mono_GM.sf3",
    "MuseScore_General_Lite.sf3",
)
"""General MIDI fonts that sound better than the floor, the preferred first; all are MIT-licensed.

An .sf3 is the same sound packed as Vorbis: it takes seconds to load, so its .sf2 goes first.
"""


def better() -> Path | None:
    """The best SoundFont installed on this computer, if any."""
    return next((path for path in _candidates(folders()) if is_soundfont(path)), None)


def checked(path: Path) -> Path:
    """A SoundFont that was asked for.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    remedy = "Name an .sf2 or .sf3 file that can be read, or none for the best one installed."
    if not path.is_file():
        raise EngineError("asset_missing", f"There is no SoundFont {path}", remedy)
    if not is_soundfont(path):
        raise EngineError("asset_corrupt", f"{path} is no SoundFont", remedy)
    return path


def is_soundfont(path: Path) -> bool:
    """Whether the file begins as every SoundFont 2 or 3 does."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[:4] == b"RIFF" and head[8:] == b"sfbk"


def folders() -> tuple[Path, ...]:
    """Where this operating system and its music programs keep SoundFonts."""
    home = Path.home()
    if sys.platform == "win32":
        programs = [Path(os.environ[name]) for name in ("ProgramFiles", "ProgramData") if name in os.environ]
        return tuple(place / part for place in programs for part in ("MuseScore 4/sound", "soundfonts"))
    if sys.platform == "darwin":
        banks = "Library/Audio/Sounds/Banks"
        app = "/Applications/MuseScore 4.app/Contents/Resources/sound"
        return (home / banks, Path("/") / banks, Path(app), Path("/opt/homebrew/share/soundfonts"))
    shared = ("sounds/sf2", "sounds/sf3", "soundfonts")
    roots = (home / ".local/share", Path("/usr/local/share"), Path("/usr/share"))
    return tuple(root / part for root in roots for part in shared)


def _candidates(places: tuple[Path, ...]) -> list[Path]:
    return [place / name for name in BETTER for place in places]
