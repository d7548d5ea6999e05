"""The gate: every call of a script passes here, checked against REAPER's own signatures."""

from __future__ import annotations

import math

from tests.clients.reaper.lua import text
from tests.clients.reaper.rig.table import READ_ONLY, Signature, Value, attributes, signatures
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Project, Thing

__all__ = ["Checks", "check", "check_results", "check_saved", "project_of", "signatures"]


class Checks:
    """Which checks are on; the rig's own tests turn one off to see that it is missed."""

    unknown = arity = types = dead = attributes = results = saved = owned = True
    undo = undo_open = refresh = processes = True


def check(signature: Signature, values: list, checks: Checks) -> None:
    """Raise ``Violation`` unless the arguments are what REAPER wants."""
    count, most = len(values), len(signature.arguments)
    if checks.arity and not signature.least <= count <= most:
        raise Violation(Kind.ARITY, f"{signature.name} takes {signature.least} to {most} arguments, got {count}")
    for argument, value in zip(signature.arguments, values, strict=False):
        if checks.types:
            _check_type(signature, argument, value)
        asked = signature.name == "ValidatePtr2" and argument.name == "pointer"
        if checks.dead and isinstance(value, Thing) and not value.alive and not asked:
            raise Violation(Kind.DEAD, f"{argument.name} of {signature.name} is a {value.kind} that was deleted")
    if checks.attributes and signature.name in attributes():
        _check_attribute(signature, values)


def check_results(signature: Signature, result, checks: Checks) -> None:
    """Raise ``Violation`` when a model gives another number or other kinds than REAPER."""
    given = result if isinstance(result, tuple) else () if not signature.results else (result,)
    if not checks.results:
        return
    if len(given) != len(signature.results) or (not signature.results and result is not None):
        raise Violation(Kind.RESULTS, f"{signature.name} gives {len(signature.results)}, the model {result!r}")
    for wanted, value in zip(signature.results, given, strict=True):
        if not (value is None or any(_is_exactly(kind, value) for kind in wanted.kinds)):
            raise Violation(Kind.RESULTS, f"{signature.name} gives a {wanted.kinds[0]}, the model {value!r}")


def check_saved(value: str, checks: Checks) -> None:
    """Raise ``Violation`` for a text that a line of a project or of an .ini cannot hold."""
    if checks.saved and any(sign in value for sign in "\r\n"):
        raise Violation(Kind.LOST, f"{value[:60]!r} has more than one line")


def _check_type(signature: Signature, argument: Value, value) -> None:
    kinds = (*argument.kinds, "nil") if argument.optional else argument.kinds
    if not any(fits(kind, value) for kind in kinds):
        wanted = "|".join(kinds)
        raise Violation(Kind.TYPE, f"{argument.name} of {signature.name} takes {wanted}, got {value!r}")
    if isinstance(value, str) and "\0" in value:
        raise Violation(Kind.TYPE, f"{argument.name} of {signature.name} ends at its zero: {value[:60]!r}")


def fits(kind: str, value) -> bool:
    """Whether a value is of a kind; as in Lua, 1.0 is an integer."""
    if kind == "nil":
        return value is None
    if kind == "0":
        return type(value) is int and value == 0
    if kind in _PLAIN:
        return _PLAIN[kind](value)
    return isinstance(value, str) if kind.endswith("_Param") else isinstance(value, Thing) and value.kind == kind


def _is_number(value) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value)


_PLAIN = {
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == int(value) and -(2**31) <= value < 2**32,
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "function": lambda value: callable(value) and type(value).__name__ != "_LuaTable",
    "userdata": lambda value: isinstance(value, Thing),
}


def _is_exactly(kind: str, value) -> bool:
    """A model's results are stricter: an integer is never 1.0, a number never 1."""
    if kind in ("integer", "number"):
        return type(value) is (int if kind == "integer" else float)
    return fits(kind, value)


def _check_attribute(signature: Signature, values: list) -> None:
    if len(values) < 2 or not isinstance(values[1], str):
        return
    name, known = text(values[1]), attributes()[signature.name]
    own = "P_EXT" in known and name.startswith("P_EXT:") and len(name) > len("P_EXT:")
    if (name not in known or name == "P_EXT") and not own:
        raise Violation(Kind.ATTRIBUTE, f"{signature.name} knows no {name!r}")
    sets = signature.name.startswith("Set") or (signature.text and any(values[3:]))
    if sets and name in READ_ONLY:
        raise Violation(Kind.READ_ONLY, f"{signature.name} with {name}")


def project_of(value, current: Project) -> Project:
    """The project that an argument means: nil and 0 are the current tab."""
    return value if isinstance(value, Project) else current
