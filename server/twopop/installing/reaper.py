"""REAPER: where it keeps scripts, and ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from twopop.errors import DeskError
from twopop.installing.copying import Copied, is_installed, put, take_away

FOLDER: Final = Path("Scripts", "twopop")
"""Below REAPER's resource folder."""
_ASK: Final = "In REAPER, Options > Show REAPER resource path says where it is; pass it as --resource-path FOLDER"


def scripts_folder() -> Path:
    """Our own ``reaper_scripts``: in an installed package beside this one, in a checkout at its top.

    Raises:
        DeskError: ``scripts_missing``.

    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "reaper_scripts", here.parents[3] / "reaper_scripts"):
        if (folder / "twopop").is_dir():
            return folder
    raise DeskError("scripts_missing", "This installation lacks the REAPER scripts", "Install twopop again")


def script_names(folder: Path) -> tuple[Path, ...]:
    """Every Lua file that a user needs, relative to ``folder``, actions first."""
    actions, rooms = sorted(folder.glob("*.lua")), sorted((folder / "twopop").rglob("*.lua"))
    return tuple(path.relative_to(folder) for path in (*actions, *rooms))


def actions(folder: Path) -> tuple[str, ...]:
    """The scripts that are actions in REAPER's list."""
    return tuple(path.name for path in sorted(folder.glob("*.lua")))


def resource_path(given: Path | None, environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """REAPER's resource folder: the given one, or the usual one of this system.

    Raises:
        DeskError: ``reaper_missing``: it is not there.

    """
    path = _usual(os.environ if environ is None else environ, platform) if given is None else given.expanduser()
    if not path.is_dir():
        raise DeskError("reaper_missing", f"REAPER's resource folder is not at {path}", _ASK)
    return path.resolve()


def _usual(environ: Mapping[str, str], platform: str) -> Path:
    if platform == "win32":
        return Path(environ.get("APPDATA", "~")).expanduser() / "REAPER"
    if platform == "darwin":
        return Path("~/Library/Application Support/REAPER").expanduser()
    return Path(environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "REAPER"


def install(resource: Path) -> Copied:
    """Copy the scripts below a resource folder, or bring them up to date.

    Raises:
        DeskError: ``scripts_missing``.
        OSError: the folder cannot be written.

    """
    source = scripts_folder()
    return put(source, script_names(source), resource / FOLDER)


def uninstall(resource: Path) -> Copied:
    """Take the scripts away again.

    Raises:
        DeskError: ``not_installed``.
        OSError: a file cannot be removed.

    """
    folder = resource / FOLDER
    if not is_installed(folder):
        remedy = "Pass another --resource-path, or remove them in ReaPack where they came from there"
        raise DeskError("not_installed", f"twopop has put no scripts into {folder}", remedy)
    return take_away(folder)
