import json

import pytest
from tests.models.library.tracks import sound
from tests.server.cli.test_commands import twopop


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The command on a library of its own."""
    folder = tmp_path_factory.mktemp("library")
    variables = {"TWOPOP_LIBRARY_FOLDER": str(folder / "shelf"), "TWOPOP_CONFIG_DIR": str(folder)}
    return lambda *words, **more: twopop("library", *words, **variables, **more)


def tracks(library):
    return json.loads(library("list", "--json").stdout)


def test_the_starter_tracks_are_listed_for_people_and_machines(library):
    rows = tracks(library)
    assert len(rows) == 28
    assert {"id", "title", "path", "tempo", "key", "genres"} <= set(rows[0])
    table = library("list", COLUMNS="70").stdout
    assert all(row["id"] in table for row in rows)  # whole, so that they can be copied


def test_a_folder_is_added_once_and_what_failed_is_named(library, tmp_path):
    sound(tmp_path / "my_tune.wav")
    (tmp_path / "broken.mp3").write_text("no sound")
    done = library("add", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")
    first, failed = done.stderr.splitlines()
    assert first == "1 added, 0 already there, 1 failed."
    assert str(tmp_path / "broken.mp3") in failed
    again = json.loads(library("add", str(tmp_path), "--json").stdout)
    assert (again["added"], again["skipped"], len(again["failed"])) == (0, 1, 1)
    mine = next(row for row in tracks(library) if row["title"] == "my tune")
    removed = library("remove", mine["id"])
    assert (removed.returncode, removed.stdout) == (0, "")
    assert mine["id"] in removed.stderr
    assert (tmp_path / "my_tune.wav").is_file()


def test_a_removed_starter_track_stays_away(library):
    before = tracks(library)
    library("remove", before[0]["id"])
    assert tracks(library) == before[1:]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("remove", "zzz"), "track_missing"),
        (("add", "/no/such/folder"), "track_missing"),
        (("search", "calm", "--set", "nonsense=1"), "unknown_control"),
    ],
)
def test_errors_are_one_line_with_their_code(library, words, code):
    done = library(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith(f"[{code}]")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_damaged_library_says_how_to_go_on(tmp_path):
    (tmp_path / "library.sqlite").write_bytes(b"garbage" * 1000)
    done = twopop("library", "list", TWOPOP_LIBRARY_FOLDER=str(tmp_path), TWOPOP_CONFIG_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.strip().endswith("[library_corrupt]")


def test_search_ranks_both_ways_and_says_why(library):
    words = ("search", "slow sad folk guitar", "--count", "3", "--set", "genre=electronic", "--json")
    done = library(*words)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    broad, targeted = ([row for row in found if row["role"] == role] for role in ("broad", "targeted"))
    assert (len(broad), len(targeted)) == (3, 3)
    assert "acoustic" in broad[0]["title"]
    assert all("electronic" in row["title"] for row in targeted)
    assert "(electronic as asked for)" in targeted[0]["why"]
    for ranked in (broad, targeted):
        assert [row["score"] for row in ranked] == sorted((row["score"] for row in ranked), reverse=True)


def test_search_for_nothing_is_refused(library):
    assert library("search", "calm", "--count", "0").returncode == 2
