"""Frames to whole beats, and whose notes count where."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.errors import BaseError
from twopop_models.rework.spans import Span, merged, span_of, window_of
from twopop_models.score import Ending, Meter, Note, Part, Score, TempoChange, TempoMap
from twopop_models.types import Clip

PAL = Fraction(25)
MAP = TempoMap((TempoChange(0, 500_000), TempoChange(7_680, 480_000)), (Meter(0), Meter(3_840, 3, 4)))
"""Two bars at 120, then 125 bpm; 4/4 and then 3/4."""


def a_score(seconds=12, ending="ring", parts=()):
    return Score(MAP, MAP.tick(Fraction(seconds)), "C major", "test", parts, (), (), Ending(ending))


def a_clip(seconds=12, first=0):
    return Clip(None, first, first + seconds * 25, PAL)


@given(st.integers(0, 299), st.integers(1, 300), st.integers(0, 5_000), st.sampled_from(["ring", "loop"]))
def test_a_span_holds_the_frames_and_consists_of_beats(one, length, offset, ending):
    clip, score = a_clip(first=offset), a_score(ending=ending)
    redo = (offset + one, min(offset + one + length, clip.stop))
    span = span_of(score, clip, redo)
    beats = [*MAP.beats(score.stop)]
    slack = 82  # ticks of a frame at the faster tempo, and rounding
    assert span.begin in beats
    assert span.begin <= MAP.tick(clip.offset_of(redo[0])) + slack
    assert span.stop in (*beats, score.stop)
    assert span.begin < span.stop
    assert span.stop >= min(score.stop, MAP.tick(clip.offset_of(redo[1])) - slack)
    if span.fade_from is not None:
        assert 300 <= span.begin - span.fade_from <= 1_920
    if span.fade_to is not None:
        assert span.fade_to - span.stop >= 300
    if ending == "ring":
        assert (span.fade_from is None) == (span.begin == 0)
        assert (span.fade_to is None) == (span.stop == score.stop)
    else:
        assert (span.fade_from is None) == (span.fade_to is None)


def test_a_beat_within_a_frame_of_an_edge_is_that_edge():
    assert span_of(a_score(), a_clip(), (25, 50)) == Span(1_920, 3_840, 960, 4_800)  # seconds 1 and 2, on beats
    assert span_of(a_score(), a_clip(), (24, 51)) == Span(1_920, 3_840, 960, 4_800)
    assert span_of(a_score(), a_clip(), (22, 53)) == Span(960, 4_800, 0, 5_760)


def test_a_pick_up_is_counted_back_from_its_end():
    """Its own meter may be anything, 23/32 here, and a scrap before the first beat is no beat."""
    tempo_map = TempoMap((TempoChange(0, 500_000),), (Meter(0, 23, 32), Meter(2_760)), pickup=2_760)
    score = Score(tempo_map, 23_040, "C major", "test", (), (), (), Ending("ring"))
    assert span_of(score, a_clip(), (0, 18)) == Span(0, 1_800, None, 2_760)
    assert span_of(score, a_clip(), (22, 36)) == Span(840, 2_760, 0, 3_720)
    scrap = replace(score, tempo_map=replace(tempo_map, meters=(Meter(0, 17, 32), Meter(2_040)), pickup=2_040))
    assert span_of(scrap, a_clip(), (4, 25)) == Span(0, 2_040, None, 3_000)


@pytest.mark.parametrize("redo", [(0, 301), (-1, 5), (300, 301), (7, 7)])
def test_frames_outside_are_refused(redo):
    with pytest.raises(BaseError, match="not inside 0:300") as caught:
        span_of(a_score(), a_clip(), redo)
    assert caught.value.code == "redo_range"


def test_fades_of_a_loop_lie_across_its_seam():
    score = a_score(ending="loop")
    window = window_of(span_of(score, a_clip(), (250, 300)), score, 576_000, 48_000)
    assert window.fade_out is not None
    assert (window.fade_out.start, window.fade_out.stop) == (576_000, 576_000 + 24_000)
    window = window_of(span_of(score, a_clip(), (0, 25)), score, 576_000, 48_000)
    assert window.fade_in is not None
    assert window.fade_in.stop == 0
    assert window.fade_in.start < 0


def a_part(stem, *ticks, instrument="piano", length=400):
    return Part(stem, instrument, 0, tuple(Note(tick, length, 60, 90) for tick in ticks))


def test_notes_are_those_that_are_heard():
    old = a_score(parts=(a_part("drums", 0, 900, 1_920, 4_800), a_part("bass", 0, 1_920)))
    new = a_score(parts=(a_part("drums", 10, 1_400, 1_930, 4_200, 5_000),))
    span = Span(1_920, 3_840, 960, 4_800)
    heard = merged(old, new, ("drums",), span)
    assert [note.tick for note in heard.parts[0].notes] == [0, 900, 1_930, 4_200, 4_800]
    assert heard.parts[1] == old.parts[1]
    last_new = next(note for note in heard.parts[0].notes if note.tick == 4_200)
    assert last_new.tick + last_new.length == span.cut_out  # what is held over the cut ends there
    assert merged(old, new, ("drums",), None).parts == (new.parts[0], old.parts[1])


def test_players_that_only_one_side_has_keep_their_notes():
    old = a_score(parts=(a_part("accents", 0, 2_000, 9_000),))
    new = a_score(parts=(a_part("accents", 0, 2_400, 9_000, instrument="brass"),))
    heard = merged(old, new, ("accents",), Span(1_920, 3_840, 960, 4_800))
    assert [(part.instrument, [note.tick for note in part.notes]) for part in heard.parts] == [
        ("piano", [0, 9_000]),
        ("brass", [2_400]),
    ]


def test_a_stem_that_falls_silent_is_still_a_stem():
    heard = merged(a_score(parts=(a_part("pads", 0),)), a_score(), ("pads",), None)
    assert heard.stems == ("pads",)
    assert heard.parts[0].notes == ()
