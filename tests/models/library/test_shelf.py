import signal
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from tests.models.library.tracks import Letters, key_of, put, track

from twopop_models import library as library_room
from twopop_models.errors import LibraryError
from twopop_models.library import Library, database, shelf


@pytest.fixture
def library(tmp_path):
    opened = Library.open(tmp_path / "shelf")
    yield opened
    opened.close()


def test_what_is_put_is_found_again_also_after_closing(tmp_path):
    first = Library.open(tmp_path)
    made = [put(first, "b"), put(first, "A")]
    first.close()
    again = Library.open(tmp_path)
    assert again.tracks() == (made[1], made[0])  # by title, capitals or not
    assert again.get(made[0].id) == made[0]
    assert again.find(key_of("b")) == made[0]
    assert again.find("0" * 64) is None
    assert again.count() == 2
    again.close()


def test_an_unknown_track_is_refused_everywhere(library):
    for ask in (library.get, library.remove):
        with pytest.raises(LibraryError, match="no track 'zzz'") as caught:
            ask("zzz")
        assert caught.value.code == "track_missing"


def test_a_changed_file_takes_the_place_of_the_old_one(library):
    old = put(library, "old")
    new = put(library, "new", path=old.path)
    assert library.tracks() == (new,)


def test_what_is_removed_is_remembered_until_it_is_put_again(library):
    gone = put(library, "gone")
    library.remove(gone.id)
    assert library.tracks() == ()
    assert library.removed() == {key_of("gone")}
    put(library, "gone")
    assert library.removed() == frozenset()


def test_a_track_of_an_older_analysis_is_not_known(library, monkeypatch):
    made = put(library)
    assert library.knows(key_of("one"), made.path)
    monkeypatch.setattr(shelf, "VERSION", shelf.VERSION + 1)
    assert not library.knows(key_of("one"), made.path)
    library.put(made, key_of("one"))
    assert library.knows(key_of("one"), made.path)


def test_a_name_that_is_no_text_is_refused(library):
    with pytest.raises(LibraryError, match="no valid text") as caught:
        put(library, "bytes", path=Path("/music/\udcff.wav"))
    assert caught.value.code == "track_unreadable"
    assert library.count() == 0


# -- likeness


def test_search_ranks_everything_by_cosine(library):
    assert library.search(Letters().texts(["x"])[0], Letters()) == ()
    for title in ("aaa", "aab", "bbb"):
        put(library, title)
    embedder = Letters()
    found = library.search(embedder.texts(["aa"])[0], embedder)
    assert [entry.id for entry, _ in found] == [key_of(title)[:12] for title in ("aaa", "aab", "bbb")]
    cosines = [cosine for _, cosine in found]
    assert cosines[0] == pytest.approx(1, abs=1e-5)
    assert cosines[1] == pytest.approx(2 / 5**0.5, abs=1e-2)
    assert min(cosines) >= -1.001


def test_every_change_of_the_shelf_is_seen_by_the_next_search_and_nothing_is_embedded_twice(library, tmp_path):
    embedder, ask = Letters(), Letters().texts(["a"])[0]

    def titles():
        return {library.get(entry.id).title for entry, _ in library.search(ask, embedder)}

    put(library, "a")
    put(library, "b")
    assert titles() == titles() == {"a", "b"}
    library.remove(key_of("b")[:12])
    put(library, "c")  # as many tracks as before
    assert titles() == {"a", "c"}
    other = Library.open(tmp_path / "shelf")
    put(other, "d")
    other.remove(key_of("a")[:12])
    assert titles() == {"c", "d"}
    other.close()
    assert sorted(embedder.embedded) == ["a", "b", "c", "d"]


def test_an_unchanged_shelf_is_read_once(library, monkeypatch):
    put(library)
    embedder, ask = Letters(), Letters().texts(["a"])[0]
    first = library.search(ask, embedder)
    monkeypatch.setattr(shelf, "entry_of", None)
    assert library.search(ask, embedder) == first


def test_vectors_of_another_version_of_the_embedder_are_not_used(library):
    put(library, "a")
    old, new = Letters(), Letters()
    new.version = 2
    for embedder in (old, new):
        library.search(embedder.texts(["a"])[0], embedder)
        assert embedder.embedded == ["a"]


def test_embedding_that_is_cut_off_goes_on_where_it_stopped(library, monkeypatch):
    monkeypatch.setattr(shelf, "_AT_ONCE", 2)
    for title in "abcde":
        put(library, title)
    embedder, ask = Letters(), Letters().texts(["a"])[0]
    with monkeypatch.context() as cut:
        cut.setattr(embedder, "texts", lambda titles: Letters().texts(titles) if len(embedder.embedded) < 4 else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            library.search(ask, embedder)
    done = len(embedder.embedded)
    assert len(library.search(ask, embedder)) == 5
    assert len(embedder.embedded) == done + 3  # the two of the cut-off part, and the last


# -- the file itself


def broken(place):
    with pytest.raises(LibraryError) as caught:
        Library.open(place).tracks()
    return caught.value


@pytest.mark.parametrize("garbage", [b"no database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_named_and_how_to_go_on(tmp_path, garbage):
    (tmp_path / shelf.NAME).write_bytes(garbage)
    error = broken(tmp_path)
    assert error.code == "library_corrupt"
    assert str(tmp_path / shelf.NAME) in error.remedy


def test_damage_in_the_middle_is_found_when_it_is_read(tmp_path):
    library = Library.open(tmp_path)
    for number in range(200):
        put(library, f"track {number}")
    library.close()
    place = tmp_path / shelf.NAME
    content = bytearray(place.read_bytes())
    for page in range(8 * 4096, len(content), 4096):
        content[page : page + 4096] = b"\xa5" * 4096
    place.write_bytes(content)
    assert broken(tmp_path).code == "library_corrupt"


@pytest.mark.parametrize("body", ["{", "{}", '{"id": 3}', "[]"])
def test_a_row_that_is_no_track_is_damage(tmp_path, body):
    library = Library.open(tmp_path)
    put(library)
    library.search(Letters().texts(["a"])[0], Letters())
    library.close()
    with sqlite3.connect(tmp_path / shelf.NAME) as connection:
        connection.execute("update tracks set body = ?", (body,))
    connection.close()
    assert broken(tmp_path).code == "library_corrupt"
    again = Library.open(tmp_path)
    with pytest.raises(LibraryError) as caught:
        again.search(Letters().texts(["a"])[0], Letters())
    assert caught.value.code == "library_corrupt"
    again.close()


def test_a_newer_format_is_left_alone(tmp_path):
    Library.open(tmp_path).close()
    with sqlite3.connect(tmp_path / shelf.NAME) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    before = (tmp_path / shelf.NAME).read_bytes()
    error = broken(tmp_path)
    assert (error.code, error.remedy) == ("library_corrupt", "Update twopop, or choose another library_folder")
    assert (tmp_path / shelf.NAME).read_bytes() == before


def test_the_first_format_is_brought_up_to_date(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
        Library.open(tmp_path).close()
    library = Library.open(tmp_path)
    made = put(library)
    assert library.tracks() == (made,)
    library.close()


def test_a_folder_that_cannot_be_made_is_no_corruption(tmp_path):
    (tmp_path / "file").write_text("")
    assert broken(tmp_path / "file" / "shelf").code == "library_unavailable"


def test_while_one_process_writes_others_read_and_other_writers_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_PATIENCE", 0.1)
    writer = Library.open(tmp_path)
    made = put(writer)

    def write_slowly():
        with writer._database.transaction() as execute:
            execute("delete from tracks", ())
            reader = Library.open(tmp_path)  # opening does not ask to write
            assert reader.tracks() == (made,)
            with pytest.raises(LibraryError) as caught:
                put(reader, "two")
            assert caught.value.code == "library_unavailable"
            reader.close()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_slowly()
    reader = Library.open(tmp_path)
    put(reader, "two")
    assert writer.count() == reader.count() == 2
    writer.close()
    reader.close()


KILLED = """
    import sys
    from dataclasses import replace
    from pathlib import Path
    from tests.models.library.tracks import key_of, track
    from twopop_models.library import Library
    library = Library.open(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        library.put(track(f"track {number}", beats=tuple(map(float, range(20_000)))), key_of(f"track {number}"))
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_in_the_middle_leaves_whole_tracks(tmp_path):
    code = textwrap.dedent(KILLED)
    for round_ in range(3):
        before = 0
        with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
            while before < 5 + 3 * round_:
                before = int(child.stdout.readline())
            child.send_signal(signal.SIGKILL)
        library = Library.open(tmp_path)
        assert library.count() >= before
        assert all(len(found.beats) == 20_000 for found in library.tracks())
        assert library._database.rows("pragma integrity_check") == [("ok",)]
        library.close()


def test_the_room_says_what_it_offers():
    assert all(hasattr(library_room, name) for name in library_room.__all__)


def test_equal_content_elsewhere_is_one_track(library, tmp_path):
    here, there = tmp_path / "here.wav", tmp_path / "there.wav"
    here.write_bytes(b"x")
    library.put(track("one", path=here), key_of("one"))
    assert library.knows(key_of("one"), there)
    here.unlink()
    assert not library.knows(key_of("one"), there)
    library.put(replace(track("one"), path=there), key_of("one"))
    assert [found.path for found in library.tracks()] == [there]
