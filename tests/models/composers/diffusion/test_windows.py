"""Windows: how many frames, and crossfades that sum to one."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from twopop_models.composers.diffusion.windows import layout, weights


def test_only_the_frames_of_the_cue_where_the_model_was_trained_so():
    assert layout(30, 100, any_length=True).frames == 30
    assert layout(30, 100, any_length=False).frames == 100
    assert "full window of 100" in layout(30, 100, any_length=False).said
    assert layout(100, 100, any_length=False).said == "100 latent frames, those of the cue"


@settings(deadline=None)
@given(needed=st.integers(1, 3_000), window=st.integers(2, 300), any_length=st.booleans())
def test_windows_cover_the_cue_and_overlap(needed, window, any_length):
    made = layout(needed, window, any_length)
    assert made.frames >= needed
    assert made.spans[0].first == 0
    assert made.spans[-1].stop == made.frames
    assert all(len(span) <= window for span in made.spans)
    if needed > window:
        assert made.frames == needed
        for one, other in zip(made.spans, made.spans[1:], strict=False):
            assert one.first < other.first
            assert one.stop - other.first >= max(1, window // 4)


@settings(deadline=None)
@given(needed=st.integers(2, 2_000), window=st.integers(2, 200))
def test_weights_sum_to_one_everywhere(needed, window):
    made = layout(needed, window, any_length=True)
    total = torch.zeros(made.frames)
    for span, weight in zip(made.spans, weights(made.spans), strict=True):
        assert weight.min() > 0
        total[span.first : span.stop] += weight
    assert torch.allclose(total, torch.ones(made.frames), atol=1e-6)


def test_one_window_is_left_alone():
    (weight,) = weights(layout(50, 64, any_length=True).spans)
    assert (weight == 1).all()


@pytest.mark.parametrize("needed", [65, 100, 112, 113, 5_000])
def test_long_cues_say_how_many_windows(needed):
    made = layout(needed, 64, any_length=False)
    assert made.said == f"{len(made.spans)} overlapping windows of 64 latent frames"


@settings(deadline=None)
@given(needed=st.integers(10, 2_000), window=st.integers(8, 200), step=st.integers(0, 200))
def test_moved_windows_still_cover_and_sum_to_one(needed, window, step):
    made = layout(needed, window, any_length=True)
    spans = made.at(step)
    assert [len(span) for span in spans] == [len(span) for span in made.spans]
    assert (spans[0], spans[-1]) == (made.spans[0], made.spans[-1])
    total = torch.zeros(made.frames)
    for span, weight in zip(spans, weights(spans), strict=True):
        assert 0 <= span.first < span.stop <= made.frames
        total[span.first : span.stop] += weight
    assert torch.allclose(total, torch.ones(made.frames), atol=1e-6)


def test_edges_are_elsewhere_at_each_step():
    made = layout(2_000, 100, any_length=True)
    starts = [made.at(step)[1].first for step in range(12)]
    assert len(set(starts)) >= 10
    assert max(starts) - min(starts) <= 26, "what two windows share"
