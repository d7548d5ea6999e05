"""Finished takes by name, as the control ``base`` names them: a job, ``job:2`` for a variation, or a folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from twopop.delivery.card import NAME
from twopop.settings import Settings
from twopop.takes import folder_name
from twopop_models.errors import BaseError

_TAKE: Final = "take"


def base_folder(name: str, settings: Settings) -> tuple[Path, int]:
    """The folder of a finished take, and which of its variations is meant, from 0.

    A folder may be the take's own or its job's; it must lie in the jobs folder or below a media folder.

    Raises:
        BaseError: ``base_missing`` or ``base_forbidden``.

    """
    plain, variation = split(name)
    root = settings.jobs_folder
    path = Path(plain)
    if not path.is_absolute():
        return _finished(root / folder_name(plain) / _TAKE, plain), variation
    try:
        real = path.resolve()
        inside = any(real.is_relative_to(place.resolve()) for place in (root, *settings.media_roots))
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a null character, a dead drive
        raise _missing(plain) from error
    if not inside:
        text = f"{plain[-300:]!r} is outside the jobs folder and the media folders"
        raise BaseError("base_forbidden", text, "Name the job, or move the take below a media folder")
    return _finished(real / _TAKE if (real / _TAKE).is_dir() else real, plain), variation


def split(name: str) -> tuple[str, int]:
    """``job:2`` as ("job", 1): a final colon and number is a variation, counted from 1."""
    found = re.fullmatch(r"(.+):([1-9][0-9]?)", name)
    return (found[1], int(found[2]) - 1) if found else (name, 0)


def _finished(folder: Path, name: str) -> Path:
    if not (folder / NAME).is_file():
        raise _missing(name)
    return folder


def _missing(name: str) -> BaseError:
    return BaseError("base_missing", f"There is no finished take {name[-300:]!r}", "Name a job that is done")
