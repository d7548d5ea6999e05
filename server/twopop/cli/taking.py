"""The take that ``--base`` names: a job, or a folder as one writes it on a command line."""

from __future__ import annotations

from pathlib import Path

from twopop.delivery.card import TakeCard
from twopop.settings import Settings
from twopop.shelf import base_folder, split
from twopop_models.errors import BaseError
from twopop_models.types import Clip


def named_base(text: str) -> str:
    """The value for the control ``base``: what looks like a folder is made absolute, a job's id stays."""
    plain, variation = split(text)
    path = Path(plain).expanduser()
    if len(path.parts) < 2 and not path.is_dir():
        return text
    return f"{path.absolute().resolve()}:{variation + 1}"


def base_root(base: str) -> Path | None:
    """The folder that a base names; None for a job's id."""
    path = Path(split(base)[0])
    return path if path.is_absolute() else None


def clip_of_base(base: str, settings: Settings) -> Clip:
    """The range that a finished take is of.

    Raises:
        BaseError: ``base_missing``, ``base_forbidden`` or ``base_no_score``.

    """
    folder, _ = base_folder(base, settings)
    try:
        origin = TakeCard.load(folder).origin
    except (OSError, ValueError) as error:
        raise BaseError("base_no_score", f"The card of {base!r} cannot be read: {error}", "Score it again") from error
    if origin is None:
        raise BaseError("base_no_score", f"The take {base!r} does not say what it was made from", "Score it again")
    return Clip(Path(origin.media) if origin.media else None, origin.first, origin.stop, origin.rate)
