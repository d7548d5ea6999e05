from dataclasses import replace

import pytest

from twopop_models import assets
from twopop_models.controls import Controls
from twopop_models.evaluating import held, shelves
from twopop_models.library.starter import packed


@pytest.fixture(scope="module")
def shelf():
    folder = assets.find("starter-tracks")
    return shelves.shelf_of([replace(item.track, path=folder / item.file) for item in packed()[::7]])


def test_words_come_from_the_head_that_does_not_judge(shelf):
    from twopop_models.evaluating import judging

    names = set(judging.tags(judging.OTHER))
    for track, heard in zip(shelf.tracks, shelf.heard, strict=True):
        assert {name for name, _ in track.tags} == names
        assert heard.embeddings.shape[1] == 200


def test_a_piece_never_has_itself_as_a_reference(shelf):
    pieces = held.left_out(shelf, 10.0)
    assert len(pieces) == len(shelf.tracks)
    for piece, track in zip(pieces, shelf.tracks, strict=True):
        assert piece.broad.id != track.id
        assert piece.targeted.id != track.id
        assert piece.controls.key == track.key


def test_a_sentence_finds_its_own_track_and_attributes_narrow_the_search(shelf):
    for track in shelf.tracks:
        assert shelf.broad(shelves.described(track)).id == track.id
    instrument = next(name for track in shelf.tracks for name in track.instruments)
    wanted = Controls.parse([("instruments", instrument)])
    found = shelf.targeted(shelves.described(shelf.tracks[-1]), wanted)
    assert instrument in found.instruments


def test_a_shelf_of_one_has_no_other(shelf):
    alone = shelves.Shelf(shelf.tracks[:1], shelf.vectors[:1], shelf.heard[:1])
    piece = held.left_out(alone, 10.0)[0]
    assert (piece.broad, piece.targeted) == (None, None)
