"""Hits as text."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import twopop_models.hit_text
from twopop_models.hit_text import label_of, read_hits, write_hits
from twopop_models.types import Hit

HITS = st.lists(
    st.builds(
        Hit,
        st.integers(0, 999_999_999),
        st.floats(0, 1, exclude_min=True),
        st.text(max_size=100).map(label_of) | st.sampled_from(["client", "a,b", "100%2C", "", ":", "x:1:1"]),
        st.floats(0, 1000),
    ),
    min_size=1,
    max_size=8,
).map(lambda hits: tuple(sorted(hits, key=lambda hit: hit.frame)))


def test_the_examples():
    assert doctest.testmod(twopop_models.hit_text).failed == 0


@given(HITS)
def test_what_is_written_is_read_again(hits):
    assert read_hits(write_hits(hits)) == hits


def test_what_is_left_out_is_one():
    assert read_hits(" 300 , 240:0.8 ") == (Hit(240, 0.8, "client"), Hit(300, 1.0, "client"))
    assert read_hits("240::4:a:b") == (Hit(240, 1.0, "a:b", 4.0),)
    assert read_hits("24.0") == (Hit(24, 1.0, "client"),)


@pytest.mark.parametrize(
    "text",
    ["", ",", "1,,2", "a", "-1", "1.5", "1:0", "1:1.1", "1:nan", "1:1:-1", "1:1:1e9", "1:1:1:a\nb", "1" * 30, "1:."],
)
def test_a_list_is_read_whole_or_not_at_all(text):
    assert read_hits(text) == ()
