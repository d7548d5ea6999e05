"""The card of a pack: what it is, whose, under which terms, and what its files must hash to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Final

from twopop_models.errors import EngineError
from twopop_models.plain import from_plain, to_plain

FILE: Final = "card.json"
VERSION: Final = 1
LITTER: Final = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))
"""What desktops leave in folders that somebody looked into; nothing reads it."""


class Role(Enum):
    """What a pack does in the engine."""

    TEXT_ENCODER = "text-encoder"  # with tokenizer and the projection of words and lengths
    AUTOENCODER = "autoencoder"
    TRANSFORMER = "transformer"  # with its scheduler
    CONTROLFORMER = "controlformer"
    STYLIZER = "stylizer"
    EMBEDDER = "embedder"
    SEPARATOR = "separator"
    PIPELINE = "pipeline"  # a whole generator as its publisher has it
    SCORE = "score"  # a generator of scores on a beat grid


@dataclass(frozen=True)
class Licence:
    """The terms: a name, where they stand, their text, and whether they must be accepted before the first use."""

    name: str
    url: str = ""
    text: str = ""
    ask: bool = False


@dataclass(frozen=True)
class Source:
    """Where the files came from: a repository of the hub and its commit; both "" for what was made here."""

    repo: str = ""
    revision: str = ""


@dataclass(frozen=True)
class PackFile:
    """A file below the pack's folder, "/" between."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Training:
    """What the weights were trained for.

    Attributes:
        sample_rate: of the sound, Hz.
        longest: seconds of the longest window.
        any_length: whether shorter windows were trained too, so that only the frames a cue needs may be computed.
        few_steps: how many steps a distilled model takes; 0 for one that needs a whole schedule.

    """

    sample_rate: int = 44_100
    longest: float = 0.0
    any_length: bool = False
    few_steps: int = 0


@dataclass(frozen=True)
class Card:
    """Everything about a pack. ``family`` tells which packs combine; ``vram_mb`` is what its weights take."""

    name: str
    title: str
    role: Role
    family: str
    licence: Licence
    source: Source
    files: tuple[PackFile, ...]
    vram_mb: int = 0
    training: Training = Training()
    version: int = VERSION

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(file.bytes for file in self.files)


def read(folder: Path) -> Card:
    """The card of the pack in a folder; its files are not looked at.

    Raises:
        EngineError: ``pack_missing`` where there is no card, ``pack_corrupt`` where it cannot be read.

    """
    path = folder / FILE
    try:
        card = from_plain(Card, json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise EngineError("pack_missing", f"{folder} holds no pack", "See: twopop models list") from error
    except (OSError, ValueError, RecursionError) as error:
        raise corrupt(f"The card {path} cannot be read: {error}", folder.name) from error
    if card.version != VERSION:
        raise corrupt(f"The card {path} is of version {card.version}, known is {VERSION}", folder.name)
    for file in card.files:
        place = PurePosixPath(file.path)
        if place.is_absolute() or ".." in place.parts or "\\" in file.path or not place.parts:
            raise corrupt(f"The card {path} names the file {file.path!r}, which is not below its folder", folder.name)
    return card


def write(card: Card, folder: Path) -> None:
    """Put the card beside its files."""
    (folder / FILE).write_text(json.dumps(to_plain(card), indent=1, ensure_ascii=False) + "\n", "utf-8")


def files_of(folder: Path) -> tuple[PackFile, ...]:
    """Every file below a folder but the card, hashed, in order of name."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / FILE)
    return tuple(PackFile(path.relative_to(folder).as_posix(), sha256(path), path.stat().st_size) for path in found)


def strangers(folder: Path, card: Card) -> tuple[str, ...]:
    """Files below a folder that its card does not name; what desktops leave behind is passed over."""
    named = {FILE, *(file.path for file in card.files)}
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return tuple(sorted(path for path in found if path not in named and PurePosixPath(path).name not in LITTER))


def verify(folder: Path, card: Card, *, quick: bool = False) -> None:
    """Compare every file with the card; ``quick`` looks at names and sizes only, which notices what is missing.

    Raises:
        EngineError: ``pack_corrupt``, naming the file.

    """
    if more := strangers(folder, card):
        raise corrupt(f"{folder / more[0]} is no file of the pack {card.name}", card.name)
    for file in card.files:
        path = folder / file.path
        if not path.is_file():
            raise corrupt(f"The pack {card.name} lacks its file {file.path}", card.name)
        if path.stat().st_size != file.bytes or not (quick or sha256(path) == file.sha256):
            raise corrupt(f"{path} is not the file of the pack {card.name}", card.name)


def sha256(path: Path) -> str:
    """Hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unusable(card: Card, why: object) -> EngineError:
    """The error of a pack that is whole and still cannot do what its role needs."""
    return corrupt(f"The pack {card.name} cannot be used: {str(why).splitlines()[0]}", card.name)


def corrupt(text: str, name: str) -> EngineError:
    """The error of an installed pack that is not what its card says."""
    return EngineError("pack_corrupt", text, f"Run: twopop models remove {name}, then: twopop models get {name}")
