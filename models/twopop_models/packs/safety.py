"""What may be in a pack: safetensors and plain text, under plain names. Nothing that runs, nothing that points away.

Whatever could make a loader run code is refused with ``pack_unsafe``; what is merely broken is ``pack_corrupt``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Final

from twopop_models.errors import EngineError
from twopop_models.packs import cards, headers

WEIGHTS: Final = ".safetensors"
PICKLES: Final = frozenset((".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz", ".h5"))
CONVERTIBLE: Final = frozenset((".bin", ".pt"))
TEXTS: Final = frozenset((".json", ".txt", ".yaml", ".md", ".model"))
"""Beside weights; ``.model`` is the vocabulary of SentencePiece, which is data."""

_ORNAMENTS: Final = frozenset((".md", ".jinja", ".png", ".jpg", ".jpeg", ".gif", ".wav", ".mp3", ".flac", ".mp4"))
"""What publishers lay beside, and the engine never reads: it stays where it is."""

PAPERS: Final = ("LICENSE*", "LICENCE*", "NOTICE*")
_JSON_BYTES: Final = 100_000_000
_CODE_KEYS: Final = frozenset(("auto_map", "trust_remote_code", "custom_pipeline", "custom_pipelines", "remote_code"))
_LIBRARIES: Final = frozenset(
    ("diffusers", "transformers", "stable_audio", "stable_audio_3", "ace_step", "audioldm2", "audioldm", "musicldm")
)
"""What may make the parts of a pipeline: the two libraries, and folders of diffusers' pipelines."""

_RESERVED: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def refuse(what: str) -> EngineError:
    """The error of a pack that could do harm."""
    return EngineError("pack_unsafe", what, "Look for a release in safetensors, without code")


def broken(what: str) -> EngineError:
    """The error of a pack that is damaged before it has a card."""
    return EngineError("pack_corrupt", what, "Get it again from where it was published")


def check_pack_name(name: str) -> None:
    """Make sure that a name can be that of a folder.

    Raises:
        EngineError: ``pack_unsafe``.

    """
    if not _NAME.fullmatch(name) or ".." in name or name.split(".")[0] in _RESERVED or name.endswith("."):
        raise refuse(f"{name!r} cannot be the name of a pack")


def check_names(paths: Iterable[str]) -> None:
    """Make sure that every name stays below the pack's folder, on every system, and means one file.

    Raises:
        EngineError: ``pack_unsafe``, naming the first that does not.

    """
    seen: set[str] = set()
    for path in paths:
        if not _plain(path):
            raise refuse(f"The file name {path!r} leads out of the pack, or not everywhere into it")
        if path.casefold() in seen:
            raise refuse(f"The file name {path!r} is there twice for systems that ignore case")
        seen.add(path.casefold())


def _plain(path: str) -> bool:
    parts = path.split("/")
    return len(path) < 240 and path.casefold() != cards.FILE and all(_plain_part(part) for part in parts)


def _plain_part(part: str) -> bool:
    good = part.isprintable() and not set(part) & set('\\:*?"<>|') and part.strip() == part
    return good and part.strip(".") != "" and not part.endswith(".") and part.split(".")[0].casefold() not in _RESERVED


def select(paths: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """The files of a repository that a pack needs, in order of name.

    Pictures, sounds, templates, descriptions and hidden files are left out, and pickles beside safetensors.

    Raises:
        EngineError: ``pack_unsafe`` where a name, or code that lies among the files, is refused.

    """
    wanted = [path for path in paths if _wanted(path, tuple(patterns))]
    check_names(wanted)
    for path in wanted:
        check_kind(path, convertible=True)
    whole = {str(PurePosixPath(path).parent) for path in wanted if path.endswith(WEIGHTS)}
    return tuple(sorted(path for path in wanted if not (_pickled(path) and str(PurePosixPath(path).parent) in whole)))


def _wanted(path: str, patterns: tuple[str, ...]) -> bool:
    place = PurePosixPath(path)
    if _fits(place, PAPERS):
        return place.suffix.lower() in ("", ".md", ".txt")
    hidden = (place.name[0] == "." and place.name != "..") or place.name in cards.LITTER
    return _fits(place, patterns) and not hidden and place.suffix.lower() not in _ORNAMENTS


def _fits(place: PurePosixPath, patterns: Iterable[str]) -> bool:
    """Whether a pattern fits part by part, so that ``*`` never crosses a folder."""
    return any(
        len(place.parts) == len(parts) and all(map(fnmatchcase, place.parts, parts))
        for parts in (PurePosixPath(pattern).parts for pattern in patterns)
    )


def _pickled(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in PICKLES or path.endswith(".bin.index.json")


def check_kind(path: str, *, convertible: bool = False) -> None:
    """Make sure that a file is of a kind that cannot run; ``.bin`` and ``.pt`` pass where they will be converted.

    Raises:
        EngineError: ``pack_unsafe``.

    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == WEIGHTS or suffix in TEXTS or (convertible and suffix in CONVERTIBLE):
        return
    if _fits(PurePosixPath(PurePosixPath(path).name), PAPERS) and suffix == "":
        return
    if suffix in PICKLES:
        raise refuse(f"{path} may hold a pickle, which runs code when it is read")
    raise refuse(f"{path} is of a kind that has no place in a pack")


def check_folder(folder: Path) -> None:
    """Check everything in a folder that is to become a pack, or is one.

    Raises:
        EngineError: ``pack_unsafe``; ``pack_corrupt`` where a file is broken.

    """
    found = sorted(_files(folder))
    check_names(found)
    for path in found:
        check_kind(path)
        _check_content(folder / path, path)
    if not any(path.endswith(WEIGHTS) for path in found):
        raise broken(f"{folder.name} holds no weights")


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise refuse(f"{path.relative_to(folder).as_posix()} is a link or a device, not a file")
        if path.is_file() and path != folder / cards.FILE and path.name not in cards.LITTER:
            yield path.relative_to(folder).as_posix()


def _check_content(path: Path, name: str) -> None:
    if path.suffix == WEIGHTS:
        try:
            headers.tensors(path)
        except ValueError as error:
            raise broken(f"{name} is no whole safetensors file: {error}") from error
    elif path.suffix == ".json":
        check_json(path, name)
    elif path.suffix == ".yaml" and "!" in path.read_text("utf-8", "replace"):
        raise refuse(f"{name} has tags of YAML, which may name code")


def check_json(path: Path, name: str) -> None:
    """Make sure that a configuration names no code and no file elsewhere.

    Raises:
        EngineError: ``pack_unsafe``, or ``pack_corrupt`` where it is no JSON.

    """
    if path.stat().st_size > _JSON_BYTES:
        raise refuse(f"{name} is too large for a configuration")
    try:
        data = json.loads(path.read_text("utf-8"))
        keys = _keys(data)
    except (ValueError, RecursionError) as error:
        raise broken(f"{name} is no readable JSON") from error
    if bad := sorted(keys & _CODE_KEYS):
        raise refuse(f"{name} asks for code of its own ({', '.join(bad)})")
    if path.name == "model_index.json":
        _check_index(data, name)
    if path.name.endswith(".index.json"):
        _check_shards(data, path, name)


def _keys(data: Any) -> set[str]:
    """Every key, at any depth, whose value is not empty."""
    if isinstance(data, dict):
        return {key for key, value in data.items() if value}.union(*map(_keys, data.values()))
    return set().union(*map(_keys, data)) if isinstance(data, list) else set()


def _check_index(data: Any, name: str) -> None:
    """Parts of a pipeline come from the two libraries; its own class is a name, not a file."""
    if not isinstance(data, dict) or not isinstance(data.get("_class_name"), str):
        raise refuse(f"{name} does not say in plain words which pipeline it is")
    for part, value in data.items():
        if isinstance(value, list) and not (len(value) == 2 and value[0] in (*_LIBRARIES, None)):
            raise refuse(f"{name} makes {part!r} from {value!r}, which is not of diffusers or transformers")


def _check_shards(data: Any, path: Path, name: str) -> None:
    shards = data.get("weight_map") if isinstance(data, dict) else None
    if not isinstance(shards, dict) or not shards:
        raise broken(f"{name} has no list of weights")
    for shard in sorted(set(map(str, shards.values()))):
        if not _plain(shard) or "/" in shard:
            raise refuse(f"{name} names {shard!r}, which is not beside it")
        if not (path.parent / shard).is_file():
            raise broken(f"{name} names {shard}, which is missing")
