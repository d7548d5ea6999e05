"""Moods that change within a cue, over real OSC."""

from fractions import Fraction

from tests.serving import score

from twopop.messages import DoneReply, ErrorReply, StemReply

PAL = Fraction(25)


def test_auto_takes_score_for_scenes_and_the_take_says_where_they_begin(served, footage):
    answer = score(
        served, "scenes", footage.clip, 25, 150, PAL, genre="pop", scenes="25:calm,90:energetic+tense", steps=2
    )
    assert isinstance(answer.last, DoneReply), answer.last
    said = " ".join(answer.card.notes)
    assert "Written by the pack score" in said
    assert "Scenes, from bar lines on: bar 1 calm, bar " in said
    assert len(answer.all(StemReply)) >= 3


def test_scenes_outside_the_range_are_refused_at_once(served, footage):
    answer = score(served, "refused", footage.clip, 25, 150, PAL, scenes="0:calm")
    assert isinstance(answer.last, ErrorReply)
    assert answer.last.code == "bad_control"
    assert "outside the range 25 to 149" in answer.last.text
