import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from twopop_models.controls import Controls
from twopop_models.errors import ControlError, LibraryError
from twopop_models.evaluating import against, bridges, held, judging, playing, tables
from twopop_models.evaluating.bridges import Answer
from twopop_models.evaluating.judging import Heard
from twopop_models.evaluating.telling import Telling
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import LANES
from twopop_models.types import Description, Music, RawStem


def heard(seed, centre=0.0, loud=3):
    rng = np.random.default_rng(seed)
    logits = np.full(50, -4.0, np.float32)
    logits[loud] = 3.0
    rows = (rng.normal(centre, 1, (10, 200))).astype(np.float32)
    return Heard(rows, logits, 1 / (1 + np.exp(-logits)))


def answer(real, off):
    return Answer(real.embeddings + np.float32(off), off, -off)


def test_the_better_condition_wins_and_equal_music_has_no_distance():
    real = [heard(seed) for seed in range(6)]
    offs = {"both": 0.0, "broad only": 1.0, "targeted only": 2.0, "none": 3.0}
    table, gaps = bridges.report({name: [answer(one, off) for one in real] for name, off in offs.items()}, real, 1)
    assert [row[0] for row in table.rows] == list(offs)
    assert table.cell(0, "FD").value == pytest.approx(0, abs=1e-3)
    assert table.cell(3, "FD").value == pytest.approx(200 * 9, rel=1e-3)
    assert table.cell(3, "KL x100").value == pytest.approx(300)
    assert (table.cell(0, "paper FD"), table.cell(0, "paper KL x100")) == (177.27, 75.29)
    assert "FD: both; KL: both; score: both" in table.notes[1]
    assert gaps.cell(0, "surely better") == "FD, KL, score"
    assert gaps.cell(0, "surely worse") == "-"


def test_a_sentence_fits_what_the_judge_hears():
    places = {name: judging.tags().index(name) for name in ("jazz", "metal", "ambient")}
    for name, place in places.items():
        scores = {other: judging.text_audio(f"{other} music", heard(0, loud=place)) for other in places}
        assert max(scores, key=scores.get) == name
        assert scores[name] > 0.9


def test_silence_fits_nothing():
    logits = np.full(50, -9.0, np.float32)
    assert judging.text_audio("jazz music", Heard(np.zeros((1, 200), np.float32), logits, np.zeros(50))) == 0


def test_the_judge_does_not_mind_the_level_and_hears_patches():
    rng = np.random.default_rng(1)
    sound = (rng.normal(0, 0.1, (48_000 * 7, 2))).astype(np.float32)
    loud, soft = judging.hear(sound, 48_000), judging.hear(sound * np.float32(0.2), 48_000)
    assert loud.embeddings.shape == (2, 200)
    assert np.abs(loud.logits - soft.logits).max() < 0.02
    assert loud.posterior.sum() == pytest.approx(1)
    other = judging.hear(sound, 48_000, judging.OTHER)
    assert np.abs(other.logits - loud.logits).max() > 0.1
    assert judging.tags()[0] == "rock"
    assert judging.tags(judging.OTHER)[0] == "guitar"


# -- held-out pieces ---------------------------------------------------------------------------------


class Simple:
    """A composer that plays noise as loud as its seed, and has no score."""

    name = "simple"

    def warm(self):
        pass

    def compose(self, clip, frames, bridges, hits, controls, *, seed, variation, folder, progress=None):
        self.last = bridges
        sound = np.random.default_rng(seed).normal(0, 0.1, (clip.samples(), 2)).astype(np.float32)
        soundfile.write(folder / "music.wav", sound, 48_000, "FLOAT")
        stems = (RawStem("music", folder / "music.wav"),)
        return Music(stems, 48_000, clip.samples(), 120.0, "C major", "noise", None)


def written(folder):
    """A held.json of one piece whose references are latents that the band has played."""
    from twopop_models import composers
    from twopop_models.controls import Controls
    from twopop_models.describers.wording import read_text

    band = composers.load("band")
    band.warm()
    controls = Controls.parse([("key", "D major"), ("tempo", "120"), ("hits", "off"), ("genre", "classical")])
    order = playing.Order(playing.picture(8), playing.bridged(read_text("A scene")), controls)
    played = playing.Studio(band, 1).play(order)
    latents = encode(played.score)
    np.savez(folder / "ref.npz", np.round(latents * 127).astype(np.int8))
    soundfile.write(folder / "piece.wav", played.mix, 48_000)
    row = {"name": "piece", "description": "A calm piano piece.", "genre": "classical", "moods": ["calm"]}
    row |= {"instruments": ["piano"], "tempo": 120, "key": "D major", "meter": "4/4", "seconds": 6}
    row |= {"render": "piece.wav", "broad": "ref.npz", "targeted": {"path": "ref.npz", "title": "Ref", "tempo": 96}}
    (folder / "held.json").write_text(json.dumps([row, {**row, "name": "second", "targeted": None}]))
    return played, latents


def test_a_file_of_held_out_pieces_is_read(tmp_path):
    played, latents = written(tmp_path)
    first, second = held.held(tmp_path / "held.json", 5)
    assert (first.name, first.text.genres, first.text.moods) == ("piece", ("classical",), ("calm",))
    assert (first.controls.tempo, first.controls.key, first.controls.meter) == (120, "D major", "4/4")
    assert (first.broad.path, first.broad.tempo, first.broad.key) == (tmp_path / "ref.npz", 120, "D major")
    assert (first.targeted.title, first.targeted.tempo) == ("Ref", 96)
    assert second.targeted is None
    assert set(first.broad.instruments) <= {part.instrument for part in played.score.parts}
    roots = {chord.root for chord in played.score.chords if chord.tick < played.score.stop - 960}
    assert {span.root for span in first.broad.chords} == roots
    assert first.broad.seconds == pytest.approx(latents.shape[1] / 2)
    assert len(first.broad.beats) == latents.shape[1]


def test_references_of_notes_are_read_and_not_heard(tmp_path):
    from twopop_models import midi
    from twopop_models.grid import files, hearing

    played, latents = written(tmp_path)
    midi.write(played.score, tmp_path / "ref.mid", played.order.frames.clip)
    rows = json.loads((tmp_path / "held.json").read_text())
    (tmp_path / "held.json").write_text(json.dumps([{**rows[0], "targeted": "ref.mid"}]))
    (piece,) = held.held(tmp_path / "held.json", 1)
    assert np.abs(hearing.encode(piece.broad) - latents).max() < 0.01
    assert hearing.encode(piece.targeted).shape == files.read(tmp_path / "ref.mid").shape
    assert piece.targeted.key.split()[1] in ("major", "minor")
    assert piece.targeted.tempo == pytest.approx(played.score.tempo_map.bpm(), rel=0.01)


def test_every_condition_is_asked_for_with_its_references_alone(tmp_path):
    written(tmp_path)
    seen = []

    class Watched(Simple):
        def compose(self, *args, **words):
            seen.append((args[2].broad is not None, args[2].targeted is not None, words["seed"]))
            return super().compose(*args, **words)

    studio = playing.Studio(Watched(), 0)
    table, _ = bridges.evaluate(studio, held.held(tmp_path / "held.json", 1), (3, 4))
    assert studio.made == 8
    assert seen == [(b, t, s) for b, t in ((True, True), (True, False), (False, True), (False, False)) for s in (3, 4)]
    values = [row[3].value for row in table.rows[:4]]
    assert values == [values[0]] * 4  # it does not listen to references: no row is better


@pytest.mark.parametrize(
    ("text", "why"),
    [("{", "Expecting"), ("[]", "list of pieces"), ('[{"name": "a"}]', "description"), ('[{"name": 3}]', "name")],
)
def test_a_file_that_is_none_is_refused(text, why, tmp_path):
    (tmp_path / "held.json").write_text(text)
    with pytest.raises(LibraryError, match=why) as caught:
        held.held(tmp_path / "held.json", 5)
    assert caught.value.code == "held_unreadable"


def test_a_composer_without_scores_is_told_so():
    studio = playing.Studio(Simple(), 0)
    asked = against.requests(1, 5.0)
    with pytest.raises(ControlError, match="writes none"):
        against.evaluate(studio, studio, asked, (0,))


# -- against -----------------------------------------------------------------------------------------


def values(level):
    return dict.fromkeys(against.ROWS, level)


def test_who_is_surely_better_wins_and_repetition_has_no_winner():
    found = {"band": [[values(0.5)], [values(0.6)]], "score": [[values(0.7)], [values(0.9)]]}
    table = against.report(found)
    wins = {row[0]: row[-1] for row in table.rows}
    assert wins["in key, share"] == "score"
    assert wins["hit error, frames"] == "band"
    assert wins["bar as four bars before, share"] == "-"
    even = against.report({"band": [[values(0.5)], [values(0.9)]], "score": [[values(0.9)], [values(0.5)]]})
    assert {row[-1] for row in even.rows} == {"even", "-"}


def test_requests_are_the_same_for_both():
    assert against.requests(3, 20.0) == against.requests(3, 20.0)
    order = against.requests(1, 20.0)[0].order(7)
    assert order.controls.seed == 7
    assert all(0 <= hit.frame < 500 for hit in order.hits)
    assert order.hits


def test_tables_are_json_without_nan():
    from twopop_models.evaluating.statistics import mean_of

    table = tables.Table("t", ("a", "b"), (("x", mean_of([])), ("y", float("nan"))))
    assert json.loads(json.dumps(tables.plain(table), allow_nan=False))["rows"][0]["b"]["value"] is None
    assert tables.said(mean_of([])) == tables.said(float("nan")) == "-"


def test_latents_of_a_reference_keep_who_plays(tmp_path):
    _, latents = written(tmp_path)
    shares = (LANES["players"].read(latents) > 0).mean(axis=0)
    assert len(held.players(latents)) == int((shares >= 0.25).sum())


def test_a_piece_told_by_its_moods_says_nothing_of_its_players():
    text = Description(
        "An epic rock track with organ", ("epic", "dark"), ("rock",), ("organ",), 120.0, "corpus", key="C major"
    )
    piece = held.Piece("p", text, Controls(), 4.0, None, None, heard(0))
    assert piece.asked is text
    blind = replace(piece, telling=Telling.MOOD)
    assert blind.asked == Description("Music for a scene: epic, dark", ("epic", "dark"), author="corpus")
    assert blind.text is text
    assert Telling.MOOD.of(Description("Rock", (), ("rock",))).sentence == "Music for a scene: any mood"


def test_it_is_judged_by_what_it_was_not_told():
    text = Description("A dark rock track with organ", ("dark",), ("rock",), ("organ",))
    asked = []

    class Listener(Simple):
        def compose(self, clip, frames, bridges, *others, **more):
            asked.append(bridges.text)
            return super().compose(clip, frames, bridges, *others, **more)

    piece = held.Piece("p", text, Controls(), 4.0, None, None, heard(0), Telling.MOOD)
    table, _ = bridges.evaluate(playing.Studio(Listener(), 0), [piece, replace(piece, name="q")], (0,))
    assert {one.sentence for one in asked} == {"Music for a scene: dark"}
    assert "told: mood" in table.notes[0]
    own = 100 * judging.text_audio(text.sentence, piece.real)
    assert table.cell(4, "score x100").value == pytest.approx(own)
