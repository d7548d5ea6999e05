"""Which pieces of music21's corpus may be used, by what is written in them and who composed them.

music21's ``corpus/license.txt`` says that its pieces are free in the United States, that encodings came with their
encoders' permission, and that some have restrictions of their own, written into the files or folders. So a piece is
taken if

- its file says that it is in the public domain, or CC0, or CC BY; or
- its file says nothing about rights, nor does its folder, and its composer died before ``DEAD_BEFORE``.

All else is refused: other words about rights, ShareAlike, copyleft, unknown or late composers.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

DEAD_BEFORE = 1926
COMPOSERS: dict[str, tuple[str, int]] = {
    "bach": ("Johann Sebastian Bach", 1750),
    "beethoven": ("Ludwig van Beethoven", 1827),
    "chopin": ("Frédéric Chopin", 1849),
    "corelli": ("Arcangelo Corelli", 1713),
    "cpebach": ("Carl Philipp Emanuel Bach", 1788),
    "handel": ("George Frideric Handel", 1759),
    "haydn": ("Joseph Haydn", 1809),
    "joplin": ("Scott Joplin", 1917),
    "liliuokalani": ("Liliʻuokalani", 1917),
    "lusitano": ("Vicente Lusitano", 1561),
    "monteverdi": ("Claudio Monteverdi", 1643),
    "mozart": ("Wolfgang Amadeus Mozart", 1791),
    "palestrina": ("Giovanni Pierluigi da Palestrina", 1594),
    "schubert": ("Franz Schubert", 1828),
    "schumann_clara": ("Clara Schumann", 1896),
    "schumann_robert": ("Robert Schumann", 1856),
    "verdi": ("Giuseppe Verdi", 1901),
    "weber": ("Carl Maria von Weber", 1826),
}
"""By folder: who, and the year of death."""

DOUBTFUL = {
    "monteverdi": "files name a modern edition (Ut Orpheus 2003) as their source",
    "trecento": "modern transcriptions",
}
"""Folders of which some files speak for all."""

_RIGHTS = re.compile(r"<rights[^>]*>(.*?)</rights>", re.DOTALL | re.IGNORECASE)
_HUMDRUM = re.compile(r"^!!!(?:YE[CM]|YOC)[^:]*:\s*(.+)$", re.MULTILINE)
_GPL = re.compile(r"GNU General Public License|Copyright \(C\).*", re.IGNORECASE)
_FREE = (
    ("public domain", "public domain"),
    ("cc0", "CC0-1.0"),
    ("(cc-by)", "CC-BY"),
)
_TIED = ("sharealike", "by-sa", "by-nc", "all rights reserved", "edition")
SILENT = "public domain; encoding without restriction"


@dataclass(frozen=True)
class Verdict:
    """``licence`` is "" for what is refused; ``why`` says it in a sentence."""

    composer: str
    licence: str
    why: str


def judge(folder: str, text: str) -> Verdict:
    """Whether a piece may be used.

    Args:
        folder: of the corpus, which stands for the composer.
        text: the file's own, uncompressed.

    """
    composer, died = COMPOSERS.get(folder, ("unknown", 9999))
    rights = said(text)
    if rights:
        low = rights.lower()
        found = next((licence for words, licence in _FREE if words in low), "")
        if found and not any(word in low for word in _TIED):
            return Verdict(composer, found, f"the file says: {rights}")
        return Verdict(composer, "", f"the file says: {rights}")
    if folder in DOUBTFUL:
        return Verdict(composer, "", DOUBTFUL[folder])
    if died >= DEAD_BEFORE:
        return Verdict(composer, "", "no word about rights, and nobody known to be dead for long")
    why = f"{composer} died in {died}; neither file nor folder restricts the encoding"
    return Verdict(composer, SILENT, why)


def said(text: str) -> str:
    """What a file says about rights, in one line; "" for nothing."""
    found = [*_RIGHTS.findall(text), *_HUMDRUM.findall(text), *_GPL.findall(text)]
    return " ".join(" ".join(found).split())


def text_of(path: Path) -> str:
    """A score's text, out of its archive if it is in one."""
    data = path.read_bytes()
    if path.suffix == ".mxl":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [
                name for name in archive.namelist() if name.endswith((".xml", ".musicxml")) and "META" not in name
            ]
            data = archive.read(inside[0])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    return data.decode("utf-8", "replace")
