"""What holds for the music of every family, in any meter and of any length from 2 s to 20 minutes."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twopop_models.composers.band import styles
from twopop_models.composers.band.instruments import TABLE
from twopop_models.controls import Bar
from twopop_models.vocabulary import GENRES, METERS, MOODS

FIXTURE = [HealthCheck.function_scoped_fixture]
NAMES = [name if name in GENRES else styles.load(name).genres[0] for name in styles.NAMES]


def silences(score) -> list[float]:
    """Seconds in which no note is held, before the last chord's end."""
    spans = sorted((note.tick, note.tick + note.length) for part in score.parts for note in part.notes)
    reached, found = 0, [0.0]
    for start, stop in spans:
        if start > reached:
            found.append(float(score.tempo_map.seconds(start) - score.tempo_map.seconds(reached)))
        reached = max(reached, stop)
    return found


def playable(score) -> None:
    for part in score.parts:
        row = TABLE[part.instrument]
        ends: dict[int, int] = {}
        for note in part.notes:
            assert row.low <= note.pitch <= row.high
            assert 0 <= note.tick < note.tick + note.length <= score.stop
            assert note.tick >= ends.get(note.pitch, 0)
            ends[note.pitch] = note.tick + note.length


def blocks(score) -> list[set[tuple[int, int, int]]]:
    """What each four bars play: part, 32nd and pitch."""
    lines = [tick for tick, _ in score.tempo_map.bars(score.chords[-1].tick) if tick >= score.tempo_map.pickup]
    return [
        {
            (number, round((note.tick - start) / 120), note.pitch)
            for number, part in enumerate(score.parts)
            if part.stem != "accents"
            for note in part.notes
            if start - 60 <= note.tick < stop - 60
        }
        for start, stop in zip(lines[::4], lines[4::4], strict=False)
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=FIXTURE)
@given(
    seconds=st.one_of(st.floats(2, 20), st.floats(20, 150)),
    genre=st.sampled_from(GENRES),
    meter=st.sampled_from(("", *METERS)),
    mood=st.sampled_from(("", *sorted(MOODS))),
    follow=st.sampled_from((0.0, 50.0, 100.0)),
    seed=st.integers(0, 2**31 - 1),
    variation=st.integers(0, 3),
    hits=st.integers(0, 8),
)
def test_any_meter_length_and_mood_is_playable_and_never_silent(
    cue, picture, hits_of, seconds, genre, meter, mood, follow, seed, variation, hits
):
    frames = picture(seconds)
    score = cue(
        frames=frames,
        hits=hits_of(frames, hits, seed),
        genre=genre,
        meter=meter,
        mood=(mood,) if mood else (),
        follow=follow,
        seed=seed,
        variation=variation,
    )
    playable(score)
    assert max(silences(score)) < 2
    assert score.key.split()[1] in ("major", "minor")


@pytest.mark.parametrize("meter", METERS)
@pytest.mark.parametrize("genre", NAMES)
def test_bars_are_heard_in_every_meter(cue, genre, meter):
    beats, unit = map(int, meter.split("/"))
    score = cue(40, genre=genre, hits=(), host_tempo=(Bar(None, 100.0, beats, unit),), meter=meter)
    lines = [tick for tick, _ in score.tempo_map.bars(score.chords[-1].tick)]
    assert {m.beats for m in score.tempo_map.meters} == {beats}
    low = [note for part in score.parts if part.stem in ("bass", "drums", "harmony", "pads") for note in part.notes]
    near = [any(abs(note.tick - line) < 130 for note in low) for line in lines]
    assert np.mean(near) > 0.8
    playable(score)


@pytest.mark.parametrize("genre", NAMES)
@pytest.mark.parametrize("seed", [0, 1])
def test_no_four_bars_repeat_the_four_before_them(cue, genre, seed):
    for one, other in pairwise(blocks(cue(150, genre=genre, seed=seed, hits=()))):
        assert len(one & other) < 0.95 * max(len(one), len(other), 1)


@pytest.mark.parametrize("genre", NAMES)
def test_energy_is_heard(cue, genre):
    """Louder notes and more of them where the form is fuller."""
    score = cue(120, genre=genre, hits=())
    ends = [*(section.tick for section in score.sections[1:]), score.chords[-1].tick]
    force, energy, length = [], [], []
    for section, stop in zip(score.sections, ends, strict=True):
        notes = [
            n for part in score.parts if part.stem != "accents" for n in part.notes if section.tick <= n.tick < stop
        ]
        held = sum((note.velocity / 127) ** 2 * min(note.length, 960) for note in notes)
        force.append(np.log(max(1.0, held) / (stop - section.tick)))
        energy.append(section.energy)
        length.append(stop - section.tick)
    assert np.corrcoef(force, energy)[0, 1] > 0.6
    peak = max(range(len(energy)), key=lambda place: energy[place])
    assert force[peak] > np.average(force, weights=length)


def test_twenty_minutes_are_composed_in_seconds_and_change_all_along(cue):
    start = time.process_time()
    score = cue(1200, genre="folk", mood=("uplifting",), key="G major", hits=())
    assert time.process_time() - start < 8
    playable(score)
    assert max(silences(score)) < 2
    assert all(len(one & other) < 0.95 * max(len(one), len(other)) for one, other in pairwise(blocks(score)))
    assert len({section.name for section in score.sections}) > 20
    seconds = [float(score.tempo_map.seconds(section.tick)) for section in score.sections]
    assert max(b - a for a, b in pairwise(seconds)) < 45
    assert score.chords[-1].root == 7
    away = [chord for chord in score.chords if chord.root in (1, 3, 6, 8, 10)]  # outside G major
    assert away


def test_sections_thin_out_and_fill_up(cue):
    score = cue(200, genre="heroic", hits=())
    ends = [*(section.tick for section in score.sections[1:]), score.stop]
    playing = {}
    for section, stop in zip(score.sections, ends, strict=True):
        middle = (section.tick + stop) // 2
        sounding = {
            number
            for number, part in enumerate(score.parts)
            if part.stem != "accents" and any(section.tick <= note.tick < middle for note in part.notes)
        }
        playing[section.name] = len(sounding)
    assert playing["peak"] == max(playing.values())
    assert playing["intro"] < playing["peak"]
    assert playing["breakdown"] < playing["peak"]


def test_phrases_swell(cue):
    score = cue(60, genre="folk", hits=(), host_tempo=(Bar(None, 100.0),))
    tune = next(part for part in score.parts if part.stem == "melody")
    places = [(note.tick % (4 * 3840)) / (4 * 3840) for note in tune.notes]
    inner = [note.velocity for note, place in zip(tune.notes, places, strict=True) if 0.3 < place < 0.7]
    outer = [note.velocity for note, place in zip(tune.notes, places, strict=True) if not 0.15 < place < 0.85]
    assert np.mean(inner) > np.mean(outer) + 2


def test_a_rate_of_film_and_a_pickup_are_no_obstacle(cue, picture, hits_of):
    frames = picture(33.3, Fraction(24_000, 1_001))
    for meter in METERS:
        playable(cue(frames=frames, hits=hits_of(frames, 9, 4), meter=meter, genre="minimal"))
