import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tests.models.library.tracks import key_of, sound, track

from twopop_models.errors import EngineError, LibraryError
from twopop_models.library import Library, content_hash, shelf
from twopop_models.library.adding import music_files


@pytest.fixture
def library(tmp_path):
    opened = Library.open(tmp_path / "shelf")
    yield opened
    opened.close()


@pytest.fixture
def heard(monkeypatch):
    """The names of files that were analysed; the analysis itself is tested in its own room."""
    names = []

    def hear(path, key, progress):
        names.append(path.name)
        progress(0.5)
        return track(path.stem, id=key[:12], path=path)

    monkeypatch.setattr(shelf, "hear", hear)
    return names


def test_real_music_is_analysed_described_and_known_the_next_time(library, tmp_path):
    for name, pitch in (("low_tune.wav", 110.0), ("sub/high tune.flac", 440.0)):
        sound(tmp_path / "music" / name, pitch)
    (tmp_path / "music" / "notes.txt").write_text("no music")
    (tmp_path / "music" / "broken.mp3").write_bytes(b"ID3 and nothing more")
    done = []
    report = library.add_folder(tmp_path / "music", done.append)
    assert (report.added, report.skipped) == (2, 0)
    assert [(item.path.name, "cannot be read" in item.why) for item in report.failed] == [("broken.mp3", True)]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0.0, 1.0)
    high, low = library.tracks()
    assert (high.title, low.title) == ("high tune", "low tune")
    assert low.id == content_hash(low.path)[:12]
    assert low.seconds == pytest.approx(1, abs=0.02)
    assert low.description
    report = library.add_folder(tmp_path / "music")
    assert (report.added, report.skipped, len(report.failed)) == (0, 2, 1)


def test_a_changed_file_is_heard_again_and_a_touched_one_is_not(library, heard, tmp_path):
    file = sound(tmp_path / "music" / "a.wav")
    library.add_folder(file.parent)
    os.utime(file, (1, 1))
    assert library.add_folder(file.parent).skipped == 1
    sound(file, 330.0)
    assert library.add_folder(file.parent).added == 1
    assert heard == ["a.wav"] * 2
    assert [found.id for found in library.tracks()] == [content_hash(file)[:12]]


def test_the_same_content_twice_is_one_track_however_often_the_folder_is_added(library, heard, tmp_path):
    for name in ("a.wav", "b.wav", "c/a.wav"):
        sound(tmp_path / "music" / name)
    (tmp_path / "music" / "link.wav").symlink_to(tmp_path / "music" / "a.wav")
    reports = [library.add_folder(tmp_path / "music") for _ in range(3)]
    assert [(report.added, report.skipped) for report in reports] == [(1, 3), (0, 4), (0, 4)]
    assert heard == ["a.wav"]
    assert library.count() == 1


def test_a_moved_file_keeps_its_analysis(library, heard, tmp_path):
    file = sound(tmp_path / "music" / "a.wav")
    library.add_folder(file.parent)
    moved = file.rename(file.with_name("z.wav"))
    report = library.add_folder(file.parent)
    assert (report.added, report.skipped, heard) == (0, 1, ["a.wav"])
    assert [found.path for found in library.tracks()] == [moved]


def test_what_was_removed_comes_back_when_it_is_added_by_hand(library, heard, tmp_path):
    file = sound(tmp_path / "a.wav")
    library.add_folder(file)
    library.remove(content_hash(file)[:12])
    assert library.add_folder(file).added == 1


def test_links_in_a_ring_and_hidden_files_are_passed(library, heard, tmp_path):
    folder = tmp_path / "music"
    sound(folder / "deep" / "a.wav")
    sound(folder / "._a.wav", 99.0)
    sound(folder / ".trash" / "b.wav", 98.0)
    (folder / "deep" / "ring").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "dangling.wav").symlink_to(folder / "nowhere.wav")
    os.mkfifo(folder / "pipe.wav")
    assert library.add_folder(folder).added == 1
    assert heard == ["a.wav"]


@pytest.mark.parametrize("name", ["absent", "self"])
def test_no_such_folder(tmp_path, name):
    (tmp_path / "self").symlink_to(tmp_path / "self")
    with pytest.raises(LibraryError) as caught:
        music_files(tmp_path / name)
    assert caught.value.code == "track_missing"


def test_a_folder_that_cannot_be_read_is_reported(tmp_path, monkeypatch):
    sound(tmp_path / "music" / "a.wav")
    locked = tmp_path / "music" / "locked"
    locked.mkdir()
    real = os.scandir

    def scandir(path):
        if os.fspath(path) == os.fspath(locked):  # as root one may read everything
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    files, refused = music_files(tmp_path / "music")
    assert [file.name for file in files] == ["a.wav"]
    assert [(item.path, item.why) for item in refused] == [(locked, "Permission denied")]


@pytest.mark.skipif(sys.platform != "linux", reason="only there may names be any bytes")
def test_a_name_of_bytes_is_reported_and_the_others_added(library, heard, tmp_path):
    folder = sound(tmp_path / "music" / "a.wav").parent
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.wav")).write_bytes(b"x")
    report = library.add_folder(folder)
    assert report.added == 1
    assert [item.why for item in report.failed] == ["The name of '\\udcff.wav' is no valid text. Rename it"]


@pytest.mark.parametrize(
    "error", [EngineError("asset_missing", "x"), LibraryError("library_unavailable", "x"), KeyboardInterrupt()]
)
def test_what_is_not_the_files_fault_stops_the_adding(library, heard, tmp_path, monkeypatch, error):
    sound(tmp_path / "music" / "a.wav")
    kept = library.put

    def put(item, key):
        if item.title == "b":
            raise error
        kept(item, key)

    monkeypatch.setattr(library, "put", put)
    sound(tmp_path / "music" / "b.wav", 120.0)
    with pytest.raises(type(error)):
        library.add_folder(tmp_path / "music")
    assert [found.title for found in library.tracks()] == ["a"]


ADDING = """
    import sys
    from pathlib import Path
    from twopop_models.library import Library
    Library.open(Path(sys.argv[1])).add_folder(Path(sys.argv[2]), lambda part: print(part, flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_while_adding_it_goes_on_where_it_stopped(tmp_path):
    for number in range(4):
        sound(tmp_path / "music" / f"{number}.wav", 100.0 + number)
    command = [sys.executable, "-c", textwrap.dedent(ADDING), str(tmp_path / "shelf"), str(tmp_path / "music")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        while float(child.stdout.readline()) <= 0.55:  # inside the third file
            pass
        child.send_signal(signal.SIGKILL)
    library = Library.open(tmp_path / "shelf")
    whole = {found.title for found in library.tracks()}
    assert whole >= {"0", "1"}
    assert len(whole) < 4
    report = library.add_folder(tmp_path / "music")
    assert (report.added, report.skipped) == (4 - len(whole), len(whole))
    assert {found.title for found in library.tracks()} == {"0", "1", "2", "3"}
    assert key_of("0") not in library.removed()
    library.close()
