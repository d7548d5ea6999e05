"""Every hit gets what its weight and the room around it allow, and the gestures do what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twopop_models.composers.band import styles
from twopop_models.composers.band.answers import answered
from twopop_models.composers.band.gestures import SHORT, SOFT, endings_of_fills, stopped, stops, swells
from twopop_models.composers.band.players import line_up
from twopop_models.score import EVENTS, PPQ, Accent, Note, TempoChange, TempoMap

MAP = TempoMap((TempoChange(0, 500_000),))
STYLE = styles.load("heroic")
PLAYERS = line_up(STYLE, wanted=(), liked=(), forbidden=(), variation=0)


def every(seconds: float, count: int, weight: float) -> list[tuple[int, float]]:
    """Hits a number of seconds apart, at two quarters a second."""
    return [(round((number + 1) * seconds * 2 * PPQ), weight) for number in range(count)]


def test_heavy_hits_with_room_get_every_large_gesture_of_the_family():
    style = replace(STYLE, large_answers=("fill", "swell", "stop", "chord"))
    found = answered(every(3, 8, 1.0), style, PLAYERS, MAP, 60 * PPQ)
    assert [one.event for one in found] == ["fill", "swell", "stop", "chord"] * 2


def test_light_hits_get_small_answers_and_the_last_chord_only_accents():
    found = answered(every(2, 4, 0.4), STYLE, PLAYERS, MAP, 13 * PPQ)
    assert [one.event for one in found] == [*STYLE.small_answers * 3, "accent"][:4]


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_without_room_nothing_large_is_tried(seconds):
    style = replace(STYLE, large_answers=("fill", "swell", "stop"))
    found = answered(every(seconds, 6, 1.0), style, PLAYERS, MAP, 8 * PPQ)
    assert {one.event for one in found[1:-1]} <= {"accent"}


def test_every_family_answers_with_known_events():
    for name in styles.NAMES:
        style = styles.load(name)
        assert set(style.large_answers) | set(style.small_answers) <= set(EVENTS)


def test_after_a_stop_nobody_plays_until_it_is_over():
    events = (Accent(4 * PPQ, 1.0, "stop"), Accent(8 * PPQ, 1.0, "accent"))
    rests = stops(events, 16 * PPQ)
    notes = [Note(tick * PPQ // 4, PPQ, 60, 80) for tick in range(64)]
    kept = stopped(notes, rests)
    ((start, stop),) = rests
    assert (start, stop) == (4 * PPQ, 5 * PPQ)
    assert not [note for note in kept if start < note.tick < stop]
    assert all(note.tick + note.length <= start + SHORT for note in kept if note.tick <= start)
    assert [note for note in kept if note.tick >= stop] == [note for note in notes if note.tick >= stop]


def test_a_swell_grows_and_is_full_on_its_hit():
    event = Accent(8 * PPQ, 1.0, "swell")
    holder = next(who for who in PLAYERS if who.instrument.sustained and who.role != "melody")
    values = [change.value for change in swells(holder, (event,))]
    assert values[0] == SOFT
    assert values[-1] == 127
    assert np.all(np.diff(values) >= 0)
    assert swells(holder, (event,))[-1].tick == event.tick


def test_a_fill_ends_where_the_hit_begins(cue, picture, hits_of):
    frames = picture(40)
    hits = tuple(replace(hit, weight=1.0) for hit in hits_of(frames, 5, 3))
    found = 0
    for genre in ("rock", "funk", "heroic"):
        score = cue(frames=frames, hits=hits, genre=genre, mood=("energetic",))
        drums = [note.tick for part in score.parts if part.stem == "drums" for note in part.notes]
        for event in score.accents:
            if event.event == "fill":
                before = [tick for tick in drums if event.tick - PPQ <= tick < event.tick]
                found += len(before) >= 2
    assert found


def test_no_event_is_claimed_that_nobody_plays(cue, picture, hits_of):
    claimed = 0
    for number, name in enumerate(styles.NAMES):
        frames = picture(30)
        score = cue(frames=frames, hits=hits_of(frames, 6, number), genre=name, seed=number)
        turns = {chord.tick for chord in score.chords}
        for event in score.accents:
            if event.event == "chord":
                assert event.tick in turns
            if event.event == "fill":
                drums = [note.tick for part in score.parts if part.stem == "drums" for note in part.notes]
                assert any(event.tick - 6 * PPQ // 4 <= tick < event.tick for tick in drums)
            claimed += event.event in ("chord", "fill")
    assert claimed > 30


def test_a_fill_needs_somebody_who_can_strike_its_end():
    mute = replace(STYLE, fills=(((49, "X..............."),),))
    drummers = [who for who in PLAYERS if who.role == "drums"]
    assert any(endings_of_fills(STYLE, who) for who in drummers)
    assert not any(endings_of_fills(mute, who) for who in drummers)
    found = answered(every(3, 2, 1.0), replace(mute, large_answers=("fill",)), PLAYERS, MAP, 60 * PPQ)
    assert [one.event for one in found] == ["accent", "accent"]
