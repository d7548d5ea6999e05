"""Terms of packs: shown once, accepted once, and remembered in the packs folder as long as their text is the same."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from twopop_models.errors import EngineError
from twopop_models.packs.cards import Card, Licence
from twopop_models.plain import from_plain, to_plain

FILE: Final = "licences.json"


@dataclass(frozen=True)
class Acceptance:
    """Somebody agreed to a text. ``time`` is UTC in ISO 8601."""

    name: str
    sha256: str
    time: str


@dataclass(frozen=True)
class _Record:
    accepted: tuple[Acceptance, ...] = ()


def digest(licence: Licence) -> str:
    """Hash of the text that is shown."""
    return hashlib.sha256(licence.text.encode()).hexdigest()


def accepted(folder: Path) -> tuple[Acceptance, ...]:
    """Everything agreed to in a packs folder; nothing where the record is missing or damaged: it is asked again."""
    try:
        return from_plain(_Record, json.loads((folder / FILE).read_text("utf-8"))).accepted
    except (OSError, ValueError, RecursionError):
        return ()


def needed(licence: Licence, folder: Path) -> bool:
    """Whether the terms must still be agreed to."""
    key = (licence.name, digest(licence))
    return licence.ask and key not in {(item.name, item.sha256) for item in accepted(folder)}


def accept(licence: Licence, folder: Path) -> None:
    """Remember that the terms were agreed to; safe to repeat.

    Raises:
        EngineError: ``packs_unwritable``.

    """
    if not needed(licence, folder):
        return
    time = datetime.now(UTC).isoformat(timespec="seconds")
    record = _Record((*accepted(folder), Acceptance(licence.name, digest(licence), time)))
    beside = folder / f".{FILE}.{os.getpid()}.{threading.get_ident()}"  # two may accept at once, each wholly
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(to_plain(record), indent=1) + "\n", "utf-8")
        beside.replace(folder / FILE)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        text = f"The packs folder {folder} cannot be written: {error.strerror}"
        raise EngineError("packs_unwritable", text, "Free some space, or set packs_folder to another folder") from error


def demand(card: Card, folder: Path) -> None:
    """Make sure that the terms of an installed pack were agreed to.

    Raises:
        EngineError: ``licence_not_accepted``.

    """
    if needed(card.licence, folder):
        raise refused(card.name, card.licence)


def refused(name: str, licence: Licence) -> EngineError:
    """The error of a pack whose terms nobody agreed to."""
    return EngineError(
        "licence_not_accepted",
        f"The terms of the pack {name} ({licence.name}) were not accepted",
        f"Read them: {licence.url or f'twopop models info {name}'}. "
        f"Then run: twopop models get {name} --accept-licence",
    )
