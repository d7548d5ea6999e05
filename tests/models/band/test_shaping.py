"""Hands on a part: timing, loudness and length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band import styles
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.moods import Feeling
from twopop_models.composers.band.players import player
from twopop_models.composers.band.polish import FEELS, feel, humanise
from twopop_models.composers.band.shaping import articulated, phrase
from twopop_models.score import PPQ, Meter, Note, TempoChange, TempoMap

STEADY = TempoMap((TempoChange(0, 500_000),))  # 120 bpm: a millisecond is 1.92 ticks
LINE = [Note(PPQ * beat, PPQ // 2, pitch, 80) for beat in range(1, 400) for pitch in (60, 64, 67)]


def strays(role="harmony", looseness=10.0, swing=0.0, notes=LINE, fixed=frozenset()):
    moved = humanise(notes, STEADY, np.random.default_rng(3), looseness, fixed, feel(role, swing))
    return np.array([(new.tick - old.tick) / 1.92 for new, old in zip(moved, notes, strict=True)])


@pytest.mark.parametrize("role", sorted(FEELS))
def test_hands_stray_by_their_looseness_and_not_further(role):
    found = strays(role)
    late = 10 * FEELS[role].lag
    assert np.abs(found - late).max() <= 20.6 * FEELS[role].share
    assert np.std(found) == pytest.approx(10 * FEELS[role].share, rel=0.2)
    assert np.mean(found) == pytest.approx(late, abs=1.5)


def test_a_chord_strays_together_and_hands_drift():
    found = strays().reshape(-1, 3)
    assert np.std(found.mean(axis=1)) > 2.5 * np.mean(np.std(found, axis=1))
    means = found.mean(axis=1)
    assert np.corrcoef(means[:-1], means[1:])[0, 1] > 0.35


def test_what_answers_a_hit_does_not_stray():
    fixed = frozenset(note.tick for note in LINE[::6])
    assert {stray for stray, note in zip(strays(fixed=fixed), LINE, strict=True) if note.tick in fixed} == {0.0}


def test_a_swung_backbeat_is_laid_back():
    snares = [Note(PPQ * beat, 10, 38, 90) for beat in range(1, 300)]
    assert strays("drums", swing=0.3, notes=snares).mean() > strays("drums", swing=0.0, notes=snares).mean() + 4


@given(index=st.integers(0, 50), along=st.floats(0, 0.999))
def test_phrases_are_arches_and_drums_grow(index, along):
    bar = Bar(index, 0, 4 * PPQ, Meter(0), "theme A1", 0.5, False)
    value = phrase(bar, int(along * 4 * PPQ), "melody")
    assert -8 <= value <= 8
    assert (value > 0) == (1 / 6 < (index % 4 + int(along * 4 * PPQ) / (4 * PPQ)) / 4 < 5 / 6) or abs(value) < 0.1
    assert phrase(bar, 0, "drums") < phrase(bar, 4 * PPQ - 1, "drums")
    assert phrase(bar, 0, "pads") == 0


@given(arousal=st.floats(-1, 1), valence=st.floats(-1, 1))
def test_articulation_never_runs_into_what_follows(arousal, valence):
    piano = player(styles.load("piano"), "melody", "piano", 0)
    notes = [Note(PPQ * beat, PPQ, 60 + beat % 5, 80) for beat in range(12)]
    found = articulated(notes, Feeling(valence, arousal), piano)
    assert [note.tick for note in found] == [note.tick for note in notes]
    assert all(1 <= note.length <= PPQ for note in found)
    short = articulated(notes, Feeling(0, 1), piano)[0].length
    assert short < PPQ
