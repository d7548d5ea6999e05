"""ReaPack's index: from headers, complete, current, and as ReaPack's documentation has it."""

import shutil
import xml.etree.ElementTree as ET

import pytest

from twopop.installing import reapack
from twopop.installing.headers import BadHeader, Provided, read_header
from twopop.installing.reaper import script_names, scripts_folder

MAIN = """\
-- @description twopop: score
-- @version 1.2.3
-- @author twopop
-- @provides
--   [main] Other.lua
--   twopop/*.lua
-- @about
--   # Score
--
--   Naïve {braces} and \\ slashes.
-- @changelog
--   First.
--   Second.
local x = 1
-- @version 9
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "twopop").mkdir()
    (tmp_path / "Main script.lua").write_text(MAIN, "utf-8")
    (tmp_path / "Other.lua").write_text("-- @noindex\n")
    (tmp_path / "twopop" / "osc.lua").write_text("return {}\n")
    shutil.copy(scripts_folder() / "reapack.toml", tmp_path)
    return tmp_path


def test_a_header_ends_where_the_code_begins(folder):
    header = read_header(folder / "Main script.lua")
    assert (header.description, header.version, header.author) == ("twopop: score", "1.2.3", "twopop")
    assert header.provides == (Provided("Other.lua", main=True), Provided("twopop/*.lua", main=False))
    assert header.changelog == "First.\nSecond."
    assert read_header(folder / "Other.lua") is None


def test_the_index_names_every_file_once_at_an_address(folder):
    root = ET.fromstring(reapack.index(folder))
    (package,) = root.findall("category/reapack")
    assert package.attrib == {"name": "Main script.lua", "type": "script", "desc": "twopop: score"}
    sources = [(item.get("file"), item.get("main"), item.text) for item in package.findall("version/source")]
    at = "https://twopop.example/reaper_scripts"
    assert sources == [
        (None, "main", f"{at}/Main%20script.lua"),
        ("Other.lua", "main", f"{at}/Other.lua"),
        ("twopop/osc.lua", None, f"{at}/twopop/osc.lua"),
    ]
    about = package.findtext("metadata/description")
    assert "Na\\u239?ve \\{braces\\} and \\\\ slashes." in about


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("-- @version 1.2.3\n", ""), "no @version"),
        (("1.2.3", "one"), "one to four numbers"),
        (("twopop/*.lua", "rooms/*.lua"), "not there"),
        (("--   [main] Other.lua\n", ""), "Other.lua is provided 0 times"),
        (("Other.lua", "*.lua\n--   [main] Other.lua"), "Other.lua is provided 2 times"),
    ],
)
def test_a_wrong_header_is_an_error(folder, change, words):
    (folder / "Main script.lua").write_text(MAIN.replace(*change), "utf-8")
    with pytest.raises(BadHeader, match=words.replace("*", r"\*")):
        reapack.index(folder)


def test_our_index_is_current_and_whole():
    assert reapack.main(["--check"]) == 0
    root = ET.parse(scripts_folder() / reapack.INDEX).getroot()
    files = {item.text.rsplit("/reaper_scripts/", 1)[1].replace("%20", " ") for item in root.iter("source")}
    assert files == {name.as_posix() for name in script_names(scripts_folder())}


def test_the_scripts_have_the_version_of_the_package():
    from twopop import __version__

    headers = filter(None, (read_header(path) for path in scripts_folder().glob("*.lua")))
    assert {header.version for header in headers} == {__version__}
