import tomllib

import numpy as np
import pytest

from twopop_models import assets
from twopop_models.analysis import VERSION, analyse
from twopop_models.library import Library, content_hash, starter
from twopop_models.library.rows import from_json, to_json, track_of
from twopop_models.library.starter import PACK, packed
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS


@pytest.fixture
def library(tmp_path):
    opened = Library.open(tmp_path)
    yield opened
    opened.close()


def test_every_file_is_the_one_that_was_analysed():
    folder = assets.find("starter-tracks")
    pack = packed()
    assert {entry.file for entry in pack} == {path.relative_to(folder).as_posix() for path in folder.rglob("*.opus")}
    for entry in pack:
        assert content_hash(folder / entry.file) == entry.sha256
        assert entry.track.id == entry.sha256[:12]


def test_the_card_tells_the_truth():
    card = tomllib.loads((PACK.parent / "card.toml").read_text("utf-8"))
    assert card["tracks"] == len(packed()) == 28
    assert card["analysis_version"] == VERSION, "run models/recipes/make_starter_pack.py"
    assert card["licence"]


def test_the_tracks_speak_the_tables_words():
    for entry in packed():
        assert set(entry.track.moods) <= set(MOODS)
        assert set(entry.track.genres) <= set(GENRES)
        assert set(entry.track.instruments) <= set(INSTRUMENTS)
        assert entry.track.title == entry.track.title.strip()


def test_every_track_has_the_mood_that_its_makers_gave_it_first():
    assert [entry.track.moods[0] for entry in packed()] == [entry.file.split("/")[0] for entry in packed()]


def test_one_track_analysed_again_is_what_the_pack_says():
    entry = packed()[9]
    path = assets.find("starter-tracks") / entry.file
    again = from_json(to_json(track_of(analyse(path), path, entry.track.title, entry.sha256, entry.track.licence)))
    for name in ("id", "title", "key", "genres", "instruments", "licence"):
        assert getattr(again, name) == getattr(entry.track, name), name
    assert set(again.moods) <= set(entry.track.moods)
    assert again.tempo == pytest.approx(entry.track.tempo, rel=1e-3)
    assert again.loudness == pytest.approx(entry.track.loudness, abs=0.01)
    assert again.onsets == pytest.approx(entry.track.onsets, rel=0.02)
    assert again.beats == pytest.approx(entry.track.beats, abs=0.021)  # a frame of the beat tracker
    assert np.abs(np.subtract(again.energy, entry.track.energy)).max() < 0.01
    before, after = dict(entry.track.tags), dict(again.tags)
    assert before.keys() == after.keys()
    assert max(abs(before[tag] - after[tag]) for tag in before) < 0.01


def test_the_starter_tracks_are_put_once_and_a_removed_one_stays_away(library):
    assert starter(library) == 28
    assert starter(library) == 0
    first = library.tracks()[0]
    assert first.path.is_file()
    library.remove(first.id)
    assert starter(library) == 0
    assert library.count() == 27


def test_a_new_environment_brings_its_own_paths(library, tmp_path):
    from dataclasses import replace

    entry = packed()[0]
    library.put(replace(entry.track, path=tmp_path / "gone" / "a.opus"), entry.sha256)
    assert starter(library) == 28
    assert library.get(entry.track.id).path == assets.find("starter-tracks") / entry.file


def test_a_library_whose_filling_was_cut_off_is_filled_up(library):
    starter(library)
    with library._database.transaction() as execute:
        execute("delete from tracks where rowid % 3 = 0", ())
    assert starter(library) == 28 // 3
