"""REAPER's signatures: the part of them that we call, from ``api.json``.

``python -m tests.clients.reaper.rig.table FACTS`` compares it with a full table of signatures,
``... FACTS NAME ...`` takes more functions over from there.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent / "api.json"
UNLISTED = frozenset({"GUID", "IP_TRACKNUMBER"})
"""Attribute names that REAPER documents, and that lists made by their usual form (``I_...``, ``P_...``) leave out."""
READ_ONLY = frozenset(
    [
        "I_LASTY",
        "I_LASTH",
        "B_FIXEDLANE_HIDDEN",
        "I_FREEZECOUNT",
        "IP_TRACKNUMBER",
        "P_UI_RECT",
        "I_TCPH",
        "I_TCPY",
        "I_TCPSCREENY",
        "I_WNDH",
        "I_MCPX",
        "I_MCPY",
        "I_MCPW",
        "I_MCPH",
        "I_MCPSCREENX",
        "P_TRACK",
        "P_ITEM",
        "P_SOURCE",
        "P_PARTRACK",
        "P_PROJECT",
        "P_ENV",
    ]
)
"""Attribute names that can only be read."""


@dataclass(frozen=True)
class Value:
    """An argument or a result: its Lua kinds, and whether it may be left out or nil."""

    name: str
    kinds: tuple[str, ...]
    optional: bool

    @classmethod
    def read(cls, line: str) -> Value:
        """From a line as in ``proj: ReaProject|nil|0``."""
        name, kinds = line.split(": ", 1)
        parts = tuple(kinds.rstrip("?").split("|"))
        return cls(name, parts, kinds.endswith("?") or "nil" in parts)


@dataclass(frozen=True)
class Signature:
    """A function of REAPER's."""

    name: str
    arguments: tuple[Value, ...]
    results: tuple[Value, ...]

    @property
    def least(self) -> int:
        """Arguments that must be given."""
        return max((place for place, item in enumerate(self.arguments, 1) if not item.optional), default=0)

    @property
    def text(self) -> bool:
        """Whether it gets or sets texts by name."""
        return self.name.endswith("Info_String")


def read(path: Path = TABLE) -> dict:
    """A table as it is in its file."""
    return json.loads(path.read_text("utf-8"))


@cache
def signatures() -> dict[str, Signature]:
    """Every function in ``api.json``."""
    rows = read()["functions"].items()
    return {name: Signature(name, _values(row["args"]), _values(row["returns"])) for name, row in rows}


@cache
def attributes() -> dict[str, frozenset[str]]:
    """The names that each function with attributes knows."""
    return {name: frozenset(names) | UNLISTED for name, names in read()["attributes"].items()}


def _values(lines: list[str]) -> tuple[Value, ...]:
    return tuple(map(Value.read, lines))


def differences(table: dict, facts: dict) -> list[str]:
    """What ``table`` says otherwise than ``facts``."""
    found = [
        f"{name}: {row} is not {facts['functions'].get(name)}"
        for name, row in table["functions"].items()
        if facts["functions"].get(name) != row
    ]
    for name, names in table["attributes"].items():
        strange = set(names) - UNLISTED ^ set(facts["attributes"].get(name, ()))
        found += [f"{name}: {sorted(strange)}"] if strange else []
    return found


def _main(facts_path: str, *names: str) -> int:
    table, facts = read(), read(Path(facts_path))
    for name in names:
        table["functions"][name] = facts["functions"][name]
        if name in facts["attributes"]:
            table["attributes"][name] = facts["attributes"][name]
    table["functions"] = dict(sorted(table["functions"].items()))
    if names:
        TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")
    found = differences(table, facts)
    print("\n".join(found) or f"{len(table['functions'])} functions agree")
    return bool(found)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
