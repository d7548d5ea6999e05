"""As many notes a second as the targeted reference has, as far as a family goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twopop_models.composers.band.busyness import ADDED, DROPPED, FURTHEST, TRIES, Fullness, per_second, sought
from twopop_models.composers.band.styles import NAMES
from twopop_models.library.starter import packed
from twopop_models.types import Bridges, Description, Hit, Reference, Role


def reference(onsets: float) -> Bridges:
    """A targeted reference that says nothing but its onsets."""
    track = replace(packed()[0].track, onsets=onsets, tags=(), instruments=(), moods=("happy",))
    return Bridges(Description("x"), None, Reference(Role.TARGETED, track, 1.0, ""))


def test_what_is_sought_is_found_in_a_few_counts():
    asked = []

    def count(full: Fullness) -> float:
        asked.append(full.amount)
        return 4.0 * 2 ** (full.amount / 2)

    full = sought(6.0, count)
    assert abs(count(full) / 6 - 1) < 0.1
    assert len(asked) <= TRIES + 1
    assert asked[0] == 0


@pytest.mark.parametrize(("wanted", "side"), [(0.1, -1), (100.0, 1)])
def test_what_cannot_be_reached_is_neared(wanted, side):
    full = sought(wanted, lambda _: 4.0)
    assert 0 <= side * full.amount <= FURTHEST


def test_fullness_is_energy_first_and_steps_after_that():
    assert (Fullness(0.5).bias, Fullness(0.5).added, Fullness(-0.5).dropped) == (0.125, (), frozenset())
    assert Fullness(2).bias == Fullness(1).bias == -Fullness(-2).bias
    assert Fullness(2).added == ADDED[:6]
    assert Fullness(-FURTHEST).dropped == set(DROPPED)
    assert not {0, 4, 8, 12} & set(DROPPED)  # beats stay


@pytest.mark.parametrize("genre", NAMES)
def test_denser_references_make_denser_cues(cue, genre):
    found = [per_second(cue(24, genre=genre, hits=(), bridges=reference(onsets))) for onsets in (1.5, 3.5, 7.0)]
    assert found[0] < found[1] * 1.05
    assert found[0] * 1.3 < found[2]
    assert found[1] < found[2] * 1.05


@pytest.mark.parametrize("genre", ["rock", "piano", "techno", "comedy"])
def test_a_reference_whose_onsets_nobody_counted_changes_no_density(cue, genre):
    plain = cue(24, genre=genre, mood=("happy",), hits=())
    assert per_second(cue(24, genre=genre, mood=("happy",), hits=(), bridges=reference(0.0))) == per_second(plain)


@pytest.mark.parametrize("genre", ["funk", "jazz", "latin", "classical"])
@pytest.mark.parametrize("onsets", [1.0, 9.0])
def test_notes_stay_in_range_and_hits_are_answered(cue, genre, onsets):
    hits = (Hit(120, 1.0), Hit(333, 0.7), Hit(471, 0.4))
    score = cue(24, genre=genre, hits=hits, bridges=reference(onsets))
    assert len(score.accents) == 3
    for accent in score.accents:
        assert any(note.tick == accent.tick for part in score.parts for note in part.notes)
    for part in score.parts:
        assert all(0 <= note.tick < score.stop and note.length > 0 for note in part.notes)


def test_a_long_cue_is_judged_by_its_first_minute(cue):
    score = cue(150, genre="pop", hits=(), bridges=reference(2.5))
    assert per_second(score) == pytest.approx(2.5 * 1.15, rel=0.3)
