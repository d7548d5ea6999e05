"""The index by which ReaPack installs our scripts: ``python -m twopop.installing.reapack`` in a checkout.

Writes ``reaper_scripts/index.xml`` from the scripts' headers and from ``reaper_scripts/reapack.toml``, which
says where the scripts are published and when; ``--check`` only says whether it is current.
"""

from __future__ import annotations

import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from twopop.installing.headers import BadHeader, Header, read_header
from twopop.installing.reaper import script_names, scripts_folder

INDEX: Final = "index.xml"


@dataclass(frozen=True)
class Shop:
    """``reapack.toml``: the repository's ``name``, its ``category``, the ``url`` of its folder, and ``released``."""

    name: str
    category: str
    url: str
    released: str
    website: str

    @classmethod
    def read(cls, folder: Path) -> Shop:
        """The shop of a scripts folder.

        Raises:
            OSError: there is none.
            TypeError: a key is missing or unknown.
            tomllib.TOMLDecodeError: it is no TOML.

        """
        return cls(**tomllib.loads((folder / "reapack.toml").read_text("utf-8")))


def index(folder: Path) -> str:
    """The index of a scripts folder.

    Raises:
        BadHeader: a header is wrong, provides what is not there, or leaves a script out.

    """
    shop = Shop.read(folder)
    root = ET.Element("index", version="1", name=shop.name)
    category = ET.SubElement(root, "category", name=shop.category)
    covered: list[str] = []
    for script in sorted(folder.glob("*.lua")):
        header = read_header(script)
        if header is not None:
            covered += _package(category, script, header, shop)
    _check_cover(folder, covered)
    about = ET.SubElement(root, "metadata")
    ET.SubElement(about, "link", rel="website").text = shop.website
    ET.indent(root, "  ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _package(category: ET.Element, script: Path, header: Header, shop: Shop) -> list[str]:
    """Add a script and what it provides; the names of these files."""
    package = ET.SubElement(category, "reapack", name=script.name, type="script", desc=header.description)
    about = ET.SubElement(package, "metadata")
    ET.SubElement(about, "description").text = _rtf(header.about)
    version = ET.SubElement(package, "version", name=header.version, author=header.author, time=shop.released)
    ET.SubElement(version, "changelog").text = header.changelog
    names = [script.name]
    ET.SubElement(version, "source", main="main").text = _address(shop, script.name)
    for name, main in _files(script, header):
        source = ET.SubElement(version, "source", {"file": name} | ({"main": "main"} if main else {}))
        source.text = _address(shop, name)
        names.append(name)
    return names


def _files(script: Path, header: Header) -> Iterator[tuple[str, bool]]:
    """The files that a header provides beside its own script, and whether each is an action."""
    for item in header.provides:
        found = sorted(script.parent.glob(item.pattern))
        if not found:
            raise BadHeader(f"{script.name} provides {item.pattern!r}, which is not there")
        yield from ((path.relative_to(script.parent).as_posix(), item.main) for path in found if path != script)


def _check_cover(folder: Path, covered: list[str]) -> None:
    """Every file is provided exactly once."""
    wanted = [name.as_posix() for name in script_names(folder)]
    for name in sorted({*wanted, *covered}):
        if covered.count(name) != wanted.count(name):
            raise BadHeader(f"{name} is provided {covered.count(name)} times")


def _address(shop: Shop, name: str) -> str:
    return f"{shop.url.rstrip('/')}/{quote(name)}"


def _rtf(markdown: str) -> str:
    """A text as ReaPack shows it: paragraphs, headings bold; anything beyond ASCII escaped."""
    lines = []
    for line in markdown.splitlines():
        plain = "".join(_sign(sign) for sign in line.lstrip("# "))
        lines.append(f"{{\\b {plain}}}" if line.startswith("#") else plain)
    return "{\\rtf1 " + "\\line\n".join(lines) + "}"


def _sign(sign: str) -> str:
    if sign in "\\{}":
        return f"\\{sign}"
    if sign.isascii():
        return sign
    units = sign.encode("utf-16-le")  # RTF wants signed 16-bit units
    pairs = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(f"\\u{unit}?" for unit in pairs)


def main(words: list[str]) -> int:
    """Write the index, or with ``--check`` say whether it is current; the exit status."""
    folder = scripts_folder()
    text = index(folder)
    path = folder / INDEX
    if "--check" not in words:
        path.write_text(text, "utf-8")
    elif not path.is_file() or path.read_text("utf-8") != text:
        sys.stderr.write(f"{path} is not current; run python -m twopop.installing.reapack\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
