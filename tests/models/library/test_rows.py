import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.library.tracks import track

from twopop_models.library.rows import entry_of, from_json, to_json
from twopop_models.types import ChordSpan, Track
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
SECONDS = st.integers(0, 1_800_000).map(lambda number: number / 1000)
PART = st.integers(0, 1000).map(lambda number: number / 1000)


def some(values, most=6):
    return st.lists(values, max_size=most).map(tuple)


TRACKS = st.builds(
    Track,
    id=TEXT,
    path=TEXT.map(Path),
    title=TEXT,
    seconds=st.floats(0, 1800),
    tempo=st.floats(0, 300),
    beats=some(SECONDS),
    downbeats=some(SECONDS),
    key=st.sampled_from(["A minor", "F# major"]),
    chords=some(st.builds(ChordSpan, SECONDS, SECONDS, st.integers(0, 11), st.sampled_from(["maj", "min7"]))),
    energy=some(PART),
    loudness=st.floats(-70, 0),
    tags=some(st.tuples(TEXT, st.integers(0, 10_000).map(lambda number: number / 10_000))),
    moods=some(st.sampled_from(sorted(MOODS))),
    genres=some(st.sampled_from(GENRES)),
    instruments=some(st.sampled_from(INSTRUMENTS)),
    description=TEXT,
    licence=TEXT,
)


@given(TRACKS)
def test_a_track_survives_json(made):
    body = json.dumps(to_json(made), ensure_ascii=False)
    assert from_json(json.loads(body)) == made


@given(TRACKS)
def test_an_entry_says_what_its_track_says(made):
    entry = asdict(entry_of(json.dumps(to_json(made))))
    valence, arousal = entry.pop("feeling")
    assert entry == {name: getattr(made, name) for name in entry}
    assert -1 <= valence <= 1
    assert -1 <= arousal <= 1


def test_times_are_kept_to_the_millisecond():
    made = track(beats=(0.12345,), chords=(ChordSpan(0.00049, 1.99951, 3, "maj"),), tags=(("guitar", 0.123456),))
    again = from_json(to_json(made))
    assert again.beats == (0.123,)
    assert again.chords == (ChordSpan(0.0, 2.0, 3, "maj"),)
    assert again.tags == (("guitar", 0.1235),)


@pytest.mark.parametrize("plain", [{}, {"id": "x"}, {**to_json(track()), "surprise": 1}])
def test_what_is_no_track_is_refused(plain):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(plain)
