"""Corpus, relations and batches of the composer ``score``, over a corpus that is made here."""

import zlib
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tests.models.recipes import tunes

from recipes.score import composed, corpus, drawing, happenings, held, relations, store
from recipes.score.networks import WINDOW
from recipes.score.train import ScoreTraining
from twopop_models.composers.score import happenings as asked
from twopop_models.evaluating import held as reading
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import CHANNELS, LANES
from twopop_models.vocabulary import INSTRUMENTS


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tunes.a_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def deck(made, tmp_path):
    config = ScoreTraining(tmp_path, tmp_path, tmp_path, seed=3, batch=4)
    return drawing.Deck(made, relations.related(made), config, 8)


def same(one, other):
    return all(torch.equal(getattr(one, name), getattr(other, name)) for name in vars(one))


def test_the_same_pieces_are_the_same_bytes(made, tmp_path):
    again = tunes.a_corpus(tmp_path)
    for path in made.folder.iterdir():
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name


def test_pieces_lie_one_behind_the_other_and_say_what_they_are(made):
    ends = [0]
    for number, piece in enumerate(made.pieces):
        assert piece.first == ends[-1]
        assert all(0 <= cell < piece.cells for cell in piece.bars)
        assert [text.attribute for text in piece.texts] == ["", "", *(name for name, _ in piece.tags.attributes())]
        score, tags, *_ = composed.piece(number)
        assert tags == piece.tags
        assert np.array_equal(store.small(encode(score)), store.small(made.window(piece, 0, piece.cells)))
        ends.append(piece.first + piece.cells)
    assert ends[-1] == len(made.latents) == len(made.events)
    assert made.pieces[-1].texts[-1].last == len(made.words)
    beyond = made.window(made.pieces[0], made.pieces[0].cells - 2, 5)
    assert (beyond[:, 2:] == -1).all()
    assert not made.curves(made.pieces[0], made.pieces[0].cells - 2, 5)[:, 2:].any()


def test_versions_of_a_track_are_held_out_together():
    first = next(corpus.by_band(1))
    versions = [first, *(corpus.other_players(first, number) for number in (1, 2))]
    assert len({piece.name for piece in versions}) == 3
    assert {piece.track for piece in versions} == {first.track}
    notes = slice(0, LANES["players"].first)
    for piece in versions[1:]:
        assert np.array_equal(piece.latents[notes], first.latents[notes])
        rows = (piece.latents[LANES["players"].channels] > 0).any(1)
        assert {name for name in piece.tags.instruments if rows[INSTRUMENTS.index(name)]} == set(piece.tags.instruments)


def test_every_twentieth_track_is_held_out(made):
    for piece in made.pieces:
        assert piece.held == (zlib.crc32(piece.track.encode()) % corpus.HELD == 0)
    share = np.mean([zlib.crc32(f"band-{number}".encode()) % corpus.HELD == 0 for number in range(4000)])
    assert share == pytest.approx(0.05, abs=0.02)


def test_nothing_is_its_own_reference_and_the_meter_goes_first(made):
    found = relations.related(made, most=3)
    pieces = made.pieces
    for (number, _), near in zip(found.windows, found.broad, strict=True):
        for other, _ in found.windows[near]:
            assert pieces[other].track != pieces[number].track
    for number, kinds in enumerate(found.targeted):
        own = dict(pieces[number].tags.attributes())
        for name, others in kinds:
            assert all(dict(pieces[other].tags.attributes())[name] == own[name] for other in others)
            assert all(pieces[other].track != pieces[number].track for other in others)


def test_a_near_window_in_another_meter_comes_after_all_in_the_same():
    dice = np.random.default_rng(0)
    vectors = dice.standard_normal((40, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tracks, meters = np.arange(40) // 4, np.where(np.arange(40) % 8 < 4, 16, 12)
    found = relations.neighbours(vectors, tracks, meters, 18)
    for number, near in enumerate(found):
        assert (tracks[near] != tracks[number]).all()
        turns = meters[near] == meters[number]
        assert turns[: turns.sum()].all()
        like = vectors[near] @ vectors[number]
        assert (np.diff(like[: turns.sum()]) <= 1e-6).all()


def test_few_windows_give_few_references_and_one_track_gives_an_error():
    vectors = np.eye(3, dtype=np.float32)
    sixteen = np.full(3, 16)
    assert relations.neighbours(vectors, np.array([0, 0, 1]), sixteen, 6).tolist()[:2] == [[2], [2]]
    assert relations.neighbours(vectors, np.array([0, 0, 1]), sixteen, 6).shape == (3, 1)
    with pytest.raises(ValueError, match="two tracks"):
        relations.neighbours(vectors, np.zeros(3, int), sixteen, 6)


def test_a_row_depends_on_seed_step_and_row_alone(deck):
    whole = deck.draw(5, range(4))
    assert same(whole, deck.draw(5, range(4)))
    one = deck.draw(5, range(2, 3))
    assert all(torch.equal(getattr(one, name)[0], getattr(whole, name)[2]) for name in vars(one))
    other = replace(deck, config=replace(deck.config, seed=4)).draw(5, range(4))
    assert not torch.equal(other.noise, whole.noise)
    assert not torch.equal(deck.draw(6, range(4)).noise, whole.noise)
    assert not torch.equal(whole.noise[0], whole.noise[1])
    assert whole.latents.shape == (4, CHANNELS, WINDOW)
    assert whole.words.shape[1] == deck.config.slots
    assert not whole.there[:, deck.config.slots - deck.spare :].any()


def test_every_window_comes_once_in_an_epoch(deck):
    count = len(deck.relations.broad)
    assert sorted(deck._chosen(row // 4, row % 4) for row in range(count)) == list(range(count))


def test_rubbing_takes_chords_and_drums_and_nothing_else():
    dice = np.random.default_rng(1)
    rows = [drawing.rubbed(np.ones((CHANNELS, 50), np.float32), dice) for _ in range(200)]
    drums = np.mean([not row[LANES["drums"].channels].any() for row in rows])
    assert drums == pytest.approx(0.25, abs=0.1)
    for row in rows:
        root, chroma = (row[LANES[name].channels] for name in ("root", "chroma"))
        assert np.array_equal(root.any(0), chroma.any(0))
        assert row[LANES["energy"].channels].all()
        assert row[LANES["players"].channels].all()


def test_some_curves_go_and_phases_never():
    dice = np.random.default_rng(1)
    rows = np.stack([drawing.some(np.ones((8, 4), np.float32), dice).any(1) for _ in range(400)])
    assert rows[:, 3:7].all()
    assert rows[:, [0, 1, 2, 7]].mean(0) == pytest.approx([0.75] * 4, abs=0.08)


@pytest.mark.parametrize("seed", [0, 4, 9])
def test_phases_and_hits_are_what_the_composer_is_told_of_the_same_bars(seed):
    score, _, hits, clip = composed.piece(seed)
    latents = encode(score)
    curves = happenings.curves(latents, score, hits, clip)
    frames = SimpleNamespace(clip=clip, images=(), motion=np.zeros(1), brightness=np.zeros(1))
    told = asked.curves(frames, hits, (), score.tempo_map, score.tempo_map.pickup, latents.shape[1])
    assert curves.shape == told.shape
    assert curves[[0, 3, 4, 5, 6]] == pytest.approx(told[[0, 3, 4, 5, 6]])
    assert (curves[[0, 1, 2, 7]] >= 0).all()
    assert (curves <= 1).all()
    assert np.allclose(np.hypot(curves[3], curves[4]), 1)


def test_joined_corpora_are_their_parts(made, tmp_path):
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / store.RELATIONS).write_bytes(b"of what was here before")
    assert store.joined((made.folder, made.folder), tmp_path / "two") == 2 * len(made.pieces)
    both, count = store.Corpus(tmp_path / "two"), len(made.pieces)
    assert not (both.folder / store.RELATIONS).exists()
    for number, piece in enumerate(both.pieces):
        own = made.pieces[number % count]
        assert np.array_equal(both.window(piece, 3, 70), made.window(own, 3, 70))
        assert np.array_equal(both.curves(piece, 3, 70), made.curves(own, 3, 70))
        for text, before in zip(piece.texts, own.texts, strict=True):
            assert text.text == before.text
            here, there = both.words[text.first : text.last], made.words[before.first : before.last]
            assert np.array_equal(here, there)
        assert np.array_equal(both.vectors[number], made.vectors[number % count])


def test_held_out_pieces_can_be_evaluated(made, tmp_path, capsys):
    source = tmp_path / "corpus"
    store.joined((made.folder,), source)
    pieces = tuple(replace(piece, held=number == 2) for number, piece in enumerate(made.pieces))
    store.write(source, pieces)
    held.main(["--corpus", str(source), "--out", str(tmp_path / "held"), "--count", "3"])
    assert "1 pieces" in capsys.readouterr().out
    (row,) = reading.rows(tmp_path / "held" / held.TITLE)
    assert row.name == "band-2"
    assert row.key == pieces[2].tags.key
    (piece,) = reading.held(tmp_path / "held" / held.TITLE, 1)
    assert piece.broad.title != "band-2"
    assert piece.broad.chords
    assert piece.broad.tempo > 0
    assert piece.real is not None
    (window,) = held.windows(store.Corpus(source), relations.related(store.Corpus(source), 1, held=True))
    paper = held.score(window)
    assert paper.key == row.key
    assert "accents" not in paper.stems


def test_a_corpus_without_held_out_pieces_says_so(made, tmp_path):
    store.joined((made.folder,), tmp_path)
    store.write(tmp_path, tuple(replace(piece, held=False) for piece in made.pieces))
    with pytest.raises(ValueError, match="held out"):
        held.write(store.Corpus(tmp_path), tmp_path / "out")
