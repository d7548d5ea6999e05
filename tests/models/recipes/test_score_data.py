"""What the recipes of ``score`` are given: windows, references, sentences."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from recipes.score import composed, corpus, drawing, relations, store, telling, train
from recipes.score.telling import Tags
from twopop_models.embedders.sentences import WIDTH
from twopop_models.grid.lanes import CHANNELS, LANES

TINY = ("--width", "32", "--layers", "2", "--blocks", "1", "--hidden", "8", "--tokens", "2", "--batch", "2")
QUICK = (*TINY, "--precision", "no", "--threads", "1", "--log-every", "1", "--checkpoint-every", "1")


class Numb:
    """A reader of nothing, so that no embedder is needed."""

    def read(self, sentences):
        return [np.full((3, WIDTH), len(sentence) / 100, np.float32) for sentence in sentences]

    def vectors(self, sentences):
        return np.ones((len(sentences), WIDTH), np.float32) / WIDTH**0.5


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus")
    assert corpus.put_away(corpus.by_band(8), path, Numb()) == 8
    return path


@pytest.fixture(scope="module")
def related(folder):
    return relations.related(store.Corpus(folder), most=3)


def test_a_window_is_the_piece_and_silence_behind_it(folder):
    found = store.Corpus(folder)
    piece = found.pieces[0]
    window = found.window(piece, piece.cells - 10, 64)
    assert window.shape == (CHANNELS, 64)
    assert (window[:, 10:] == -1).all()
    assert (window[LANES["root"].channels, :10].max(0) == 1).all()
    assert (found.curves(piece, piece.cells - 10, 64)[:, 10:] == 0).all()


def test_bars_are_where_the_phase_is_nought(folder):
    found = store.Corpus(folder)
    for piece in found.pieces:
        cosines = found.curves(piece, 0, piece.cells)[3]
        assert all(cosines[cell] > 0.99 for cell in piece.bars if cell < piece.cells)


def test_held_pieces_are_no_references(folder, tmp_path):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    pieces = store.Corpus(tmp_path).pieces
    store.write(tmp_path, tuple(replace(piece, held=number < 2) for number, piece in enumerate(pieces)))
    kept = store.Corpus(tmp_path)
    for found in (relations.related(kept, 2), relations.related(kept, 2, held=True)):
        assert not {int(found.windows[other, 0]) for near in found.broad for other in near} & {0, 1}
        assert not {other for kinds in found.targeted for _, others in kinds for other in others} & {0, 1}


def test_a_reference_tells_no_notes(folder, related):
    config = train.ScoreTraining(folder, folder, folder, batch=16, drop_broad=0, drop_all=0)
    batch = drawing.Deck(store.Corpus(folder), related, config, 2).draw(0, range(16))
    for stem in ("bass", "harmony", "melody", "pads", "players"):
        assert not batch.broad[:, LANES[stem].channels].any()
    assert batch.broad[:, LANES["chroma"].channels].any()


def test_sentences_name_what_a_piece_is():
    tags = Tags("jazz", ("dark", "calm"), ("piano", "double-bass"), "slow", 71.6, "A minor", "3/4")
    told = [telling.told(tags, np.random.default_rng(number)) for number in range(40)]
    assert len(set(told)) > 20
    assert all(text.startswith(("A ", "An ")) for text in told)
    for word in ("jazz", "dark", "piano", "72 BPM", "A minor", "3/4"):
        assert any(word in text for text in told)
    assert ("genre", "A cue. With jazz genre:") in telling.styled(tags, "A cue.")


def test_a_language_models_answer_is_believed_when_it_is_a_sentence():
    said = telling.retold("plain", Tags("jazz"), lambda prompt: "A slow jazz trio for a rainy night scene.")
    assert said.startswith("A slow jazz")
    assert telling.retold("plain", Tags("jazz"), lambda prompt: "Sure!\nHere it is") == "plain"
    assert telling.retold("plain", Tags("jazz")) == "plain"


def test_a_composed_piece_is_what_its_tags_say():
    score, tags, hits, clip = composed.piece(5)
    assert tags.key == score.key
    assert set(tags.instruments) <= {part.instrument for part in score.parts}
    assert all(0 <= hit.frame < clip.stop for hit in hits)
