"""Holes in the music are closed by somebody who can hold a note, and only there."""

from __future__ import annotations

import pytest

from twopop_models.composers.band.holes import holes
from twopop_models.score import PPQ, Note, Part, TempoChange, TempoMap

MAP = TempoMap((TempoChange(0, 500_000),))


def part(*notes: tuple[int, int], drums: bool = False) -> Part:
    """Notes as (quarter, length in quarters)."""
    return Part("pads", "pad", 0, tuple(Note(tick * PPQ, length * PPQ, 60, 80) for tick, length in notes), drums=drums)


def test_a_rest_of_two_seconds_is_a_hole_and_one_of_a_second_is_none():
    assert holes([part((0, 2), (6, 2))], MAP, 8 * PPQ) == [(2 * PPQ, 6 * PPQ)]
    assert holes([part((0, 2), (4, 4))], MAP, 8 * PPQ) == []


def test_other_parts_fill_a_rest_and_drums_do_not():
    assert holes([part((0, 2), (6, 2)), part((2, 4))], MAP, 8 * PPQ) == []
    assert holes([part((0, 2), (6, 2)), part((2, 4), drums=True)], MAP, 8 * PPQ) == [(2 * PPQ, 6 * PPQ)]


def test_the_beginning_and_the_end_count():
    assert holes([part((4, 1))], MAP, 12 * PPQ) == [(0, 4 * PPQ), (5 * PPQ, 12 * PPQ)]


@pytest.mark.parametrize(
    ("genre", "mood", "seconds", "seed"),
    [("soul", ("uplifting",), 34, 958), ("cinematic", ("melancholic",), 13, 132), ("comedy", ("powerful",), 55, 954)],
)
@pytest.mark.parametrize("meter", ["5/4", "4/4"])
def test_no_family_leaves_a_hole(cue, genre, mood, seconds, seed, meter):
    for tempo in (54.7, 96.5):
        score = cue(seconds, genre=genre, mood=mood, seed=seed, meter=meter, tempo=tempo, ending="fade")
        assert holes(score.parts, score.tempo_map, score.stop) == []
        for one in score.parts:
            assert one.notes == tuple(sorted(one.notes, key=lambda note: (note.tick, note.pitch)))
