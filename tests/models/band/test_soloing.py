"""Who is asked for: where the tune lies, how it is sung, and that the others make room."""

from itertools import pairwise

import numpy as np
import pytest

from twopop_models.composers.band import styles
from twopop_models.composers.band.moods import Feeling
from twopop_models.composers.band.players import BACK_DB, FORWARD_DB, line_up
from twopop_models.composers.band.soloing import BREATH, HEARTS, sung
from twopop_models.score import PPQ, Note
from twopop_models.spotting import steady_bpm
from twopop_models.types import Bridges, Description, Hit

CELLS = [Note(240 * step, 120, 70 + step % 5, 80) for step in range(32)]


def players(family, *wanted):
    return line_up(styles.load(family), wanted=wanted, liked=(), forbidden=(), variation=0)


def soloist(family, name):
    return next(who for who in players(family, name) if who.role == "melody")


def test_a_cello_that_is_asked_for_sings_low_and_long():
    found = sung(CELLS, soloist("minimal", "cello"))
    assert abs(np.mean([note.pitch for note in found]) - HEARTS["cello"]) <= 6
    assert all(after.tick - note.tick >= PPQ for note, after in pairwise(found))
    assert all(note.tick + note.length == after.tick for note, after in pairwise(found))
    assert max(note.length for note in found) <= BREATH


def test_a_flute_keeps_its_quick_notes_and_a_harp_its_lengths():
    flute, harp = sung(CELLS, soloist("minimal", "flute")), sung(CELLS, soloist("minimal", "harp"))
    assert [note.tick for note in flute] == [note.tick for note in CELLS]
    assert {note.length for note in flute[:-1]} == {240}
    assert {note.length for note in harp} == {120}


def test_who_was_not_asked_for_plays_as_written():
    who = next(who for who in players("classical") if who.role == "melody")
    assert sung(CELLS, who) == CELLS


@pytest.mark.parametrize("name", ["choir", "cello", "strings", "violin", "electric-guitar"])
def test_the_others_make_room(name):
    plain = {(who.role, who.instrument.name): who.instrument.gain_db for who in players("minimal")}
    found = players("minimal", name)
    for who in found:
        before = plain.get((who.role, who.instrument.name))
        if who.instrument.name == name:
            assert who.asked
            assert before is None or who.instrument.gain_db >= before + FORWARD_DB
        elif before is not None:
            assert who.instrument.gain_db == pytest.approx(before + BACK_DB)
    assert {who.role for who in found if who.asked} >= {"melody"}
    assert sum(who.role == "harmony" for who in found) == 1


def test_a_choir_is_a_choir_where_the_family_has_a_synthesiser_for_it():
    assert soloist("ambient", "choir").program == 52
    assert next(who.program for who in players("ambient") if who.instrument.name == "pad") == 95
    assert soloist("rock", "electric-guitar").program == 30


@pytest.mark.parametrize(
    ("name", "felt", "family"),
    [
        ("cello", Feeling(-0.1, 0.0), "piano"),
        ("choir", Feeling(-0.1, 0.0), "minimal"),
        ("acoustic-guitar", Feeling(0.3, 0.0), "folk"),
        ("harpsichord", Feeling(), "classical"),
        ("flute", Feeling(0.3, -0.5), "ambient"),
        ("flute", Feeling(0.5, 0.9), "heroic"),
    ],
)
def test_an_instrument_brings_a_family_that_suits_the_described_genre_and_mood(name, felt, family):
    assert styles.by_instruments_near((name,), "cinematic", felt).name == family


def test_an_asked_instrument_outranks_a_described_genre_and_an_asked_genre_outranks_it(cue):
    seen = Bridges(Description("A scene.", ("happy",), ("cinematic",), ("strings",), 110.0, "picture"), None, None)
    assert cue(8, genre="", bridges=seen, instruments=("acoustic-guitar",)).style == "pop"
    assert cue(8, genre="techno", bridges=seen, instruments=("acoustic-guitar",)).style == "techno"


def test_a_mood_that_is_asked_for_brings_its_pace_and_the_familys_own_players(cue):
    seen = Bridges(Description("A scene.", ("happy",), ("cinematic",), ("brass",), 120.0, "picture"), None, None)
    tender = cue(20, genre="", bridges=seen, mood=("tender",), hits=())
    assert steady_bpm(tender.tempo_map) < 90
    assert "brass" not in {part.instrument for part in tender.parts}
    happy = cue(20, genre="", bridges=seen, hits=())
    assert steady_bpm(happy.tempo_map) == pytest.approx(120, rel=0.011)
    assert "brass" in {part.instrument for part in happy.parts}


def test_light_touches_of_a_piano_lie_above_the_hands_and_heavy_ones_among_them(cue):
    places = (60, 140, 220)
    light, heavy = (cue(12, genre="piano", hits=tuple(Hit(frame, weight) for frame in places)) for weight in (0.3, 1.0))
    middles = []
    for score in (light, heavy):
        ticks = {one.tick for one in score.accents}
        parts = [part for part in score.parts if part.stem == "accents" and part.instrument == "piano"]
        middles.append(np.mean([note.pitch for part in parts for note in part.notes if note.tick in ticks]))
    assert middles[0] >= middles[1] + 9
