from __future__ import annotations

import os
from pathlib import Path

import pytest

from twopop_models.errors import MediaError
from twopop_models.gate import admit


@pytest.fixture
def room(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    for place in ("in/deep/a.mp4", "out/b.mp4"):
        (tmp_path / place).write_bytes(b"x")
    return tmp_path


def code_of(path, *roots):
    with pytest.raises(MediaError) as caught:
        admit(path, roots)
    assert caught.value.remedy
    return caught.value.code


def test_a_file_below_a_root_is_let_in(room):
    path = room / "in" / "deep" / "a.mp4"
    assert admit(path, (room / "out", room / "in")) == path.resolve()


def test_links_are_followed_before_they_are_judged(room):
    (room / "in" / "good.mp4").symlink_to(room / "in" / "deep" / "a.mp4")
    (room / "in" / "bad.mp4").symlink_to(room / "out" / "b.mp4")
    (room / "in" / "door").symlink_to(room / "out", target_is_directory=True)
    assert admit(room / "in" / "good.mp4", (room / "in",)).name == "a.mp4"
    assert code_of(room / "in" / "bad.mp4", room / "in") == "media_forbidden"
    assert code_of(room / "in" / "door" / "b.mp4", room / "in") == "media_forbidden"


def test_a_root_may_be_a_link(room):
    (room / "media").symlink_to(room / "in", target_is_directory=True)
    assert admit(room / "media" / "deep" / "a.mp4", (room / "media",)).exists()


def test_climbing_out_is_refused(room):
    assert code_of(room / "in" / ".." / "out" / "b.mp4", room / "in") == "media_forbidden"


def test_outside_tells_nothing_of_existence(room):
    assert code_of(room / "out" / "nothing.mp4", room / "in") == "media_forbidden"
    assert code_of(room / "in" / "nothing.mp4", room / "in") == "media_missing"


def test_no_roots_let_nothing_in(room):
    assert code_of(room / "in" / "deep" / "a.mp4") == "media_forbidden"


@pytest.mark.parametrize(
    "text", ["a.mp4", "", "//server/share/a.mp4", "\\\\server\\share\\a.mp4", "http://x.org/a.mp4"]
)
def test_only_absolute_local_paths(room, text):
    assert code_of(Path(text), room) == "media_forbidden"


@pytest.mark.parametrize("name", ["x\0y.mp4", "y" * 5000])
def test_impossible_names_are_missing(room, name):
    assert code_of(room / name, room) == "media_missing"


def test_a_loop_of_links_is_missing(room):
    (room / "in" / "one").symlink_to(room / "in" / "two")
    (room / "in" / "two").symlink_to(room / "in" / "one")
    assert code_of(room / "in" / "one", room / "in") == "media_missing"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_folders_and_pipes_are_no_media(room):
    os.mkfifo(room / "in" / "pipe.mp4")
    assert code_of(room / "in" / "pipe.mp4", room / "in") == "media_forbidden"
    assert code_of(room / "in" / "deep", room / "in") == "media_forbidden"
