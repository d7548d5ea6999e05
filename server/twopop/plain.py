"""Frozen dataclasses to plain JSON and back, driven by their annotations; and writing that survives a kill.

What travels to the engine process and what lies in a jobs folder is made of dataclasses of str, int,
float, bool, None, Path, Fraction, Enum and tuples of these. Nothing is ever unpickled. Unknown keys are
passed over, so that an older twopop reads what a newer one wrote as far as it can.
"""

from __future__ import annotations

import json
import os
import types
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """What ``json`` can write. Paths and fractions become text, enums their value, tuples lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path | Fraction):
        return str(value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], data: Any) -> T:
    """The value of type ``kind`` that ``to_plain`` turned into ``data``.

    Raises:
        ValueError: data of another shape; the text names the field.

    """
    return cast(T, _read(kind, data, kind.__name__))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any, where: str) -> object:
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_fields(kind, data, where)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind), data, where)
    if get_origin(kind) in (Union, types.UnionType):
        return _read_union(get_args(kind), data, where)
    if kind in (Path, Fraction) or (isinstance(kind, type) and issubclass(kind, Enum)):
        return _from_text(kind, data, where)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if kind is type(None) and data is None:
        return None
    if isinstance(kind, type) and isinstance(data, kind) and (kind is bool or not isinstance(data, bool)):
        return data
    raise ValueError(f"{where}: {data!r:.60} is no {getattr(kind, '__name__', kind)}")


def _from_text(kind: Any, data: Any, where: str) -> object:
    try:
        return kind(data)
    except (ValueError, TypeError, ZeroDivisionError) as error:
        raise ValueError(f"{where}: {data!r:.60} is no {kind.__name__}") from error


def _read_fields(kind: type, data: Any, where: str) -> object:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: expected an object, found {data!r:.60}")  # noqa: TRY004  the data is wrong, not the call
    hints = _hints(kind)
    known = {
        item.name: _read(hints[item.name], data[item.name], f"{where}.{item.name}")
        for item in fields(kind)
        if item.name in data
    }
    try:
        return kind(**known)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _read_tuple(kinds: tuple[Any, ...], data: Any, where: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise ValueError(f"{where}: expected a list, found {data!r:.60}")  # noqa: TRY004
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], item, f"{where}[{index}]") for index, item in enumerate(data))
    if len(kinds) != len(data):
        raise ValueError(f"{where}: expected {len(kinds)} values, found {len(data)}")
    return tuple(_read(kind, item, where) for kind, item in zip(kinds, data, strict=True))


def _read_union(kinds: tuple[Any, ...], data: Any, where: str) -> object:
    for kind in kinds:
        try:
            return _read(kind, data, where)
        except ValueError:
            continue
    raise ValueError(f"{where}: {data!r:.60} fits none of {', '.join(str(kind) for kind in kinds)}")


def read_json(path: Path) -> Any:
    """The JSON value in a file.

    Raises:
        OSError: as ``open`` does.
        ValueError: it is not UTF-8 JSON.

    """
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, data: object, *, durable: bool = True) -> None:
    """Write a file that is, at any moment, either the old one or the new one, whole.

    With ``durable`` it also survives a power cut once this returns.

    Raises:
        OSError: as ``open`` does; the old file then stands.

    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Bring a file's content safely to disk.

    Raises:
        OSError: the disk would not, for instance because it is full.

    """
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; does nothing where a folder cannot be synced (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
