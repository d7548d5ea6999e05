"""A list of references instead of music, over the whole line."""

from fractions import Fraction

from tests.serving import score

from twopop.messages import DescriptionReply, DoneReply, ErrorReply, ReferenceReply

PAL = Fraction(25)


def test_references_are_listed_and_no_music_is_made(served, footage):
    answer = score(served, "audition-1", footage.clip, 25, 150, PAL, audition=3)
    assert answer.last.stem_count == 0
    found = answer.all(ReferenceReply)
    roles = [line.track for line in found]
    assert roles[:4] == ["broad"] * 3 + ["targeted"]
    assert set(roles[4:]) <= {"targeted"}  # a partition may hold fewer
    assert all(line.why and line.id and line.path for line in found)
    assert answer.all(DescriptionReply)
    assert answer.card.mixes == ()
    assert not list(answer.card.folder.rglob("*.wav"))


def test_what_was_auditioned_becomes_a_reference_by_its_id(served, footage):
    wish = score(served, "audition-2", footage.clip, 25, 150, PAL, audition=4).all(ReferenceReply)[3]
    scored = score(served, "audition-3", footage.clip, 25, 150, PAL, reference=f"broad:{wish.id}; targeted:off")
    assert isinstance(scored.last, DoneReply)
    (used,) = scored.all(ReferenceReply)
    assert (used.track, used.id) == ("broad", wish.id)


def test_a_list_is_no_take_that_can_be_kept(served, footage):
    score(served, "audition-4", footage.clip, 25, 150, PAL, audition=1)
    again = score(served, "audition-5", footage.clip, 25, 150, PAL, base="audition-4")
    assert isinstance(again.last, ErrorReply)
    assert again.last.code in {"base_missing", "base_no_score"}
