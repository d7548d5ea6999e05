"""The gate: every call of a script passes here, checked against REAPER's own signatures."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.clients.reaper.lua import text
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Project, Thing

TABLE = Path(__file__).parent.parent / "api.json"


@dataclass(frozen=True)
class Argument:
    """One argument: its Lua kinds, and whether it may be left out or nil."""

    name: str
    kinds: tuple[str, ...]
    optional: bool


@dataclass(frozen=True)
class Signature:
    """A function of REAPER's."""

    name: str
    arguments: tuple[Argument, ...]
    results: int

    @property
    def least(self):
        """Arguments that must be given."""
        return max((place for place, item in enumerate(self.arguments, 1) if not item.optional), default=0)


@cache
def signatures() -> dict[str, Signature]:
    """Every function in ``api.json``."""
    table = json.loads(TABLE.read_text("utf-8"))["functions"]
    return {
        name: Signature(name, tuple(map(_argument, row["args"])), len(row["returns"])) for name, row in table.items()
    }


@cache
def attributes() -> dict[str, frozenset[str]]:
    """The names that each function with attributes knows."""
    table = json.loads(TABLE.read_text("utf-8"))["attributes"]
    return {name: frozenset(names) for name, names in table.items()}


def _argument(line: str) -> Argument:
    name, kinds = line.split(": ", 1)
    optional = kinds.endswith("?")
    parts = tuple(kinds.rstrip("?").split("|"))
    return Argument(name, parts, optional or "nil" in parts)


class Checks:
    """Which checks are on; the rig's own tests turn one off to see that it is missed."""

    arity = types = dead = attributes = results = undo = undo_open = refresh = processes = unknown = True


def check(signature: Signature, values: list, checks: Checks) -> None:
    """Raise ``Violation`` unless the arguments are what REAPER wants."""
    count, most = len(values), len(signature.arguments)
    if checks.arity and not signature.least <= count <= most:
        raise Violation(Kind.ARITY, f"{signature.name} takes {signature.least} to {most} arguments, got {count}")
    for argument, value in zip(signature.arguments, values, strict=False):
        if checks.types and not any(_fits(kind, value) for kind in _kinds(argument)):
            wanted = "|".join(argument.kinds)
            raise Violation(Kind.TYPE, f"{argument.name} of {signature.name} takes {wanted}, got {value!r}")
        if checks.dead and isinstance(value, Thing) and not value.alive and signature.name != "ValidatePtr2":
            raise Violation(Kind.DEAD, f"{argument.name} of {signature.name} is a {value.kind} that was deleted")
    if checks.attributes:
        _check_attribute(signature, values)


def _kinds(argument: Argument) -> tuple[str, ...]:
    return (*argument.kinds, "nil") if argument.optional else argument.kinds


def _fits(kind: str, value) -> bool:
    if kind == "nil":
        return value is None
    if kind == "0":
        return type(value) is int and value == 0
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return (
            not isinstance(value, bool)
            and isinstance(value, int | float)
            and math.isfinite(value)
            and value == int(value)
        )
    if kind == "number":
        return not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value)
    if kind == "string" or kind.endswith("_Param"):
        return isinstance(value, str)
    if kind == "function":
        return callable(value)
    if kind == "userdata":
        return isinstance(value, Thing)
    return isinstance(value, Thing) and value.kind == kind


def _check_attribute(signature: Signature, values: list) -> None:
    known = attributes().get(signature.name)
    if known is None or len(values) < 2 or not isinstance(values[1], str):
        return
    name = text(values[1])
    if name not in known and not (name.startswith("P_EXT:") and "P_EXT" in "".join(known)):
        raise Violation(Kind.ATTRIBUTE, f"{signature.name} knows no {name!r}")


def project_of(value, current: Project) -> Project:
    """The project that an argument means: nil and 0 are the current tab."""
    return value if isinstance(value, Project) else current
