"""docs/licences.md names everything that twopop stands on, and its tables are the installed truth."""

import re
import runpy
from pathlib import Path

import pytest

from twopop_models.assets import ASSETS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "licences.md").read_text()
RECIPE = runpy.run_path(str(ROOT / "models" / "recipes" / "write_licences.py"))


def table(name):
    """Rows of one table of the document, as tuples of cells."""
    body = re.search(rf"<!-- table: {name} -->\n(.*?)\n<!-- end -->", TEXT, re.DOTALL)[1]
    return [tuple(cell.strip() for cell in row.strip("|").split(" | ")) for row in body.splitlines()[2:]]


def test_every_dependency_has_a_licence_in_the_document():
    rows = dict(table("core"))
    assert list(rows) == RECIPE["wanted"]()
    assert not [name for name, licence in rows.items() if licence in ("", "not stated", "not installed here")]


def test_every_package_of_assets_txt_has_one_too():
    lines = (ROOT / "assets.txt").read_text().splitlines()
    names = [line.split("==")[0] for line in lines if line and not line.startswith("#")]
    assert names
    assert [name for name, _ in table("alone")] == names
    assert all(licence not in ("", "not stated") for _, licence in table("alone"))


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_every_asset_is_in_the_table_and_in_the_words(asset):
    row = next(row for row in table("assets") if row[0] == asset.name)
    assert asset.licence in row[3]
    assert asset.origin in row[4]
    words = TEXT[TEXT.index("### Terms") :]
    assert asset.name in words or Path(asset.path).name in words


def test_the_table_of_assets_is_written_by_the_recipe():
    assert RECIPE["assets"]()[2:] == [f"| {' | '.join(cells)} |" for cells in table("assets")]


def test_nothing_under_the_gpl_comes_with_pip_but_what_the_page_tells_of():
    """A package that says GPL of itself must be noticed; libraries hidden in wheels are told of by hand."""
    stated = dict((*table("core"), *table("further"), *table("alone")))
    assert {name for name, licence in stated.items() if re.search(r"(?<!L)GPL|NonCommercial|-NC-", licence)} == set()
    assert {name for name, licence in stated.items() if "LGPL" in licence} == {"soxr"}
    assert "libx264" in TEXT


def test_further_packages_are_those_that_are_required_here():
    installed = RECIPE["further"]()
    assert len(installed) > 40
    named = {name for name, _ in table("further")}
    assert {"opencv-python-headless", "numba", "tokenizers"} <= named


def test_writing_again_changes_only_what_is_installed_differently():
    assert RECIPE["with_tables"]("no table here") == "no table here"
    once = RECIPE["with_tables"](TEXT)
    assert RECIPE["with_tables"](once) == once
    assert once.split("<!-- table")[0] == TEXT.split("<!-- table")[0]
