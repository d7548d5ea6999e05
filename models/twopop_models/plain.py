"""Frozen dataclasses to plain JSON and back, driven by their annotations.

What lies in a take's folder, and what travels between processes, is made of dataclasses of str, int,
float, bool, None, Path, Fraction, Enum and tuples of these. Nothing is ever unpickled. Unknown keys are
passed over, so that an older twopop reads what a newer one wrote as far as it can.
"""

from __future__ import annotations

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
