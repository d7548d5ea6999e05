"""What our scripts call of REAPER, read from their text: the self-test asks a real REAPER whether it has all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from twopop.installing.reaper import script_names, scripts_folder

_CALL: Final = re.compile(r"\breaper\.([A-Za-z]\w+)")
_ASKED: Final = re.compile(r'APIExists\("(\w+)"\)')
_EXTENSION: Final = re.compile(r"(CF|ImGui|BR|JS|SNM)_")
_OWN: Final = "functions.lua"


def calls(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Functions that the scripts in ``folder`` need, and those that they ask for before they call them; both sorted."""
    texts = [_code(folder / name) for name in script_names(folder) if name.name != _OWN]
    used = {name for text in texts for name in _CALL.findall(text)}
    asked = {name for text in texts for name in _ASKED.findall(text)}
    optional = {name for name in used | asked if name in asked or _EXTENSION.match(name)}
    return tuple(sorted(used - optional)), tuple(sorted(optional))


def functions_lua() -> str:
    """``reaper_scripts/twopop/functions.lua``: both lists, for the self-test."""
    needed, optional = calls(scripts_folder())
    head = "-- Written by `python -m twopop.schema` from what the scripts call; change those.\n"
    return f"{head}return {{\n  needed = {{\n{_rows(needed)}  }},\n  optional = {{\n{_rows(optional)}  }},\n}}\n"


def _code(path: Path) -> str:
    """A script without its comments."""
    return "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("--"))


def _rows(names: tuple[str, ...]) -> str:
    return "".join(f'    "{name}",\n' for name in names)
