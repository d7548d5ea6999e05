"""Files in somebody else's folder: only ours are touched."""

import json
from pathlib import Path

import pytest

from twopop.installing.copying import LIST, MINE, is_installed, put, take_away

NAMES = (Path("one.lua"), Path("inner/two.lua"))


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    for name in (*NAMES, Path("three.lua")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"-- {name}")
    return folder


@pytest.fixture
def folder(tmp_path, source):
    target = tmp_path / "Scripts" / "twopop"
    put(source, NAMES, target)
    return target


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_files_are_put_there_whole(folder, source):
    assert names(folder) == {"one.lua", "inner/two.lua", LIST}
    assert (folder / "inner/two.lua").read_bytes() == (source / "inner/two.lua").read_bytes()
    assert is_installed(folder)


def test_a_new_version_replaces_and_drops(folder, source):
    (source / "one.lua").write_text("-- newer")
    done = put(source, (Path("one.lua"), Path("three.lua")), folder)
    assert (folder / "one.lua").read_text() == "-- newer"
    assert names(folder) == {"one.lua", "three.lua", LIST}
    assert done.kept == ()


def test_a_changed_file_is_kept_beside_the_new_one(folder, source):
    (folder / "one.lua").write_text("-- my own")
    done = put(source, NAMES, folder)
    assert done.kept == (folder / f"one.lua{MINE}",)
    assert done.kept[0].read_text() == "-- my own"
    assert (folder / "one.lua").read_text() == "-- one.lua"


def test_taking_away_leaves_what_is_not_ours(folder):
    (folder / "mine.lua").write_text("-- mine")
    (folder / "one.lua").write_text("-- my own")
    done = take_away(folder)
    assert names(folder) == {"mine.lua", "one.lua"}
    assert done.files == (Path("inner/two.lua"),)
    assert done.kept == (folder / "one.lua",)
    assert not (folder / "inner").exists()


def test_taking_away_everything_takes_the_folder_too(folder):
    take_away(folder)
    assert not folder.exists()
    assert folder.parent.exists()


def test_a_list_that_names_files_elsewhere_is_not_followed(folder, tmp_path):
    treasure = tmp_path / "treasure"
    treasure.write_text("x")
    (folder / LIST).write_text(json.dumps({"../../treasure": "", str(treasure): "", "one.lua": ""}))
    take_away(folder)
    assert treasure.exists()


@pytest.mark.parametrize("damage", ["", "[1]", "{"])
def test_a_damaged_list_costs_nothing(folder, source, damage):
    (folder / LIST).write_text(damage)
    done = put(source, NAMES, folder)
    assert len(done.kept) == 2, "without a list nobody knows whose the files are"
    assert take_away(folder).files == NAMES
