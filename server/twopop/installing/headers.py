"""The header of a ReaPack package: ``@tag value`` lines in the comment that a script begins with.

Follows ReaPack's packaging documentation as far as our scripts use it: a tag's value may go on in the
lines below it, which are indented by one more space or more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TAG: Final = re.compile(r"--\s?@(\w+)(?:\s+(.*))?$")
_MORE: Final = re.compile(r"--\s{2,}(\S.*)?$")
_PROVIDED: Final = re.compile(r"(?:\[(?P<options>[^\]]*)\]\s*)?(?P<pattern>.+)$")


class BadHeader(ValueError):
    """A header, or what it provides, is not as ReaPack wants it; the text says where and what."""


@dataclass(frozen=True)
class Provided:
    """A line of ``@provides``: a file name or pattern relative to the script, and whether it is an action."""

    pattern: str
    main: bool


@dataclass(frozen=True)
class Header:
    """A package's header; ``about`` and ``changelog`` may have several lines."""

    description: str
    version: str
    author: str
    about: str
    changelog: str
    provides: tuple[Provided, ...]


def read_header(path: Path) -> Header | None:
    """The header of a script that is a package; None for one that another package provides (``@noindex``).

    Raises:
        BadHeader: a tag is missing or malformed.

    """
    tags = _tags(path.read_text("utf-8"))
    if "noindex" in tags:
        return None
    missing = [name for name in ("description", "version", "author", "about", "changelog") if not tags.get(name)]
    if missing:
        raise BadHeader(f"{path.name} has no @{missing[0]}")
    if not re.fullmatch(r"\d+(\.\d+){0,3}", tags["version"]):
        raise BadHeader(f"{path.name} has version {tags['version']!r}; ReaPack wants one to four numbers")
    provides = tuple(_provided(line) for line in tags.get("provides", "").splitlines() if line.strip())
    return Header(
        description=tags["description"],
        version=tags["version"],
        author=tags["author"],
        about=tags["about"],
        changelog=tags["changelog"],
        provides=provides,
    )


def _tags(text: str) -> dict[str, str]:
    """Values by tag, several lines joined."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if tag := _TAG.match(line):
            name = tag[1].lower()
            found[name] = [tag[2] or ""]
        elif name and (more := _MORE.match(line)):
            found[name].append(more[1] or "")
        elif name and line.rstrip() == "--":
            found[name].append("")
        else:
            break
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def _provided(line: str) -> Provided:
    match = _PROVIDED.match(line.strip())
    assert match is not None  # noqa: S101  the pattern takes any text
    options = (match["options"] or "nomain").split()
    return Provided(match["pattern"], "main" in options)
