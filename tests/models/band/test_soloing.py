"""Who is asked for: where the tune lies, how it is sung, and that the others make room."""

from itertools import pairwise

import numpy as np
import pytest

from twopop_models.composers.band import styles
from twopop_models.composers.band.moods import Feeling
from twopop_models.composers.band.players import BACK_DB, FORWARD_DB, line_up
from twopop_models.composers.band.soloing import BREATH, HEARTS, sung
from twopop_models.score import PPQ, Note

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


def test_of_families_that_suit_an_instrument_the_described_genre_comes_first():
    assert styles.by_instruments(("cello",), Feeling(), "cinematic").name == "piano"
    assert styles.by_instruments(("flute",), Feeling(), "cinematic").name in ("classical", "ambient")
    assert styles.by_instruments(("acoustic-guitar",), Feeling(), "cinematic").name == "folk"
