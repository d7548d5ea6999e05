"""Sections, energies, textures and keys of cues of any length."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band.energies import arc, energies
from twopop_models.composers.band.form import Bar
from twopop_models.composers.band.moods import Feeling, feeling
from twopop_models.composers.band.regions import regions
from twopop_models.composers.band.sectioning import named_sections, runs
from twopop_models.composers.band.textures import resting, thin, thinned
from twopop_models.score import PPQ, Meter, Note

MARKS = st.frozensets(st.integers(0, 700), max_size=30)


@st.composite
def cues(draw):
    count = draw(st.integers(1, 700))
    return count, draw(st.integers(0, count - 1)), draw(MARKS)


@given(cue=cues())
def test_every_bar_has_a_section_and_the_peak_is_where_it_was_put(cue):
    count, peak, marks = cue
    names = named_sections(count, peak, marks)
    assert len(names) == count
    if count > 2 and peak < count - min(max(1, count // 10), 8):
        assert names[peak] == "peak"
        assert peak == 0 or names[peak - 1] != "peak"
    assert len({name for name, _, _ in runs(names)}) == len(runs(names)), "a section's name comes once"


@given(cue=cues())
def test_no_section_of_a_long_cue_is_endless(cue):
    names = named_sections(*cue)
    assert max(stop - start for _, start, stop in runs(names)) <= 14


def test_a_long_cue_has_an_introduction_themes_that_return_a_breakdown_a_build_and_an_ending():
    plan = [name for name, _, _ in runs(named_sections(160, 110))]
    letters = [name[6] for name in plan if name.startswith("theme")]
    assert plan[0] == "intro"
    assert plan[-1] == "ending"
    at = plan.index("peak")
    assert plan[at - 2 : at + 2] == ["breakdown", "build", "peak", "release"]
    assert letters.count("A") >= 4
    assert len(set(letters)) >= 4
    assert all(one != other for one, other in pairwise(letters))


def test_sections_begin_at_heavy_hits_that_are_near():
    plain, met = named_sections(100, 70), named_sections(100, 70, frozenset({17, 42}))
    borders = {start for _, start, _ in runs(met)}
    assert {17, 42} <= borders
    assert not {17, 42} <= {start for _, start, _ in runs(plain)}
    assert met.index("peak") == 70


def an_energy(picture, seconds, contour=(), follow=50.0, bars=40, peak=28):
    times = np.linspace(0, seconds, bars + 1)
    names = named_sections(bars, peak)
    return energies(picture(seconds), contour, times, names, peak, level=0.5, follow=follow), names


def test_the_peak_is_the_fullest_and_the_introduction_the_emptiest(picture):
    energy, names = an_energy(picture, 80, follow=0.0)
    assert int(np.argmax(energy)) == 28
    assert names[int(np.argmin(energy))] in ("intro", "breakdown")
    assert np.all((energy >= 0.05) & (energy <= 1))


def test_follow_weighs_picture_and_reference(picture):
    contour = tuple(float(value) for value in 0.5 + 0.5 * np.cos(np.linspace(0, 9, 200)))
    wanted = np.interp(np.linspace(0, 1, 40), np.linspace(0, 1, 200), contour)
    near = [
        np.corrcoef(an_energy(picture, 80, contour, follow)[0], wanted)[0, 1] for follow in (0.0, 30.0, 60.0, 100.0)
    ]
    assert near == sorted(near)
    assert near[-1] > near[0] + 0.2
    with_it, without = (an_energy(picture, 80, some, 0.0)[0] for some in (contour, ()))
    assert np.array_equal(with_it, without)


def test_a_flat_picture_without_reference_leaves_the_form(picture):
    frames = picture(40)
    still = np.zeros_like(frames.motion)
    quiet = type(frames)(
        frames.clip, frames.facts, frames.images, frames.image_frames, still, still, frames.shots, frames.hits
    )
    names = named_sections(20, 14)
    one, two = (
        energies(quiet, (), np.linspace(0, 40, 21), names, 14, level=0.5, follow=follow) for follow in (0.0, 100.0)
    )
    assert np.array_equal(one, two)


@given(cue=cues())
def test_the_arc_stays_in_its_range_and_builds_rise(cue):
    names = named_sections(*cue)
    curve = arc(names, cue[1])
    assert np.all((curve >= 0) & (curve <= 1))
    for name, start, stop in runs(names):
        if name == "build" and stop - start > 2:
            assert curve[stop - 1] > curve[start]


def bars_of(count: int, rests=None) -> tuple[Bar, ...]:
    size = 4 * PPQ
    rests = rests or [frozenset()] * count
    return tuple(
        Bar(index, index * size, (index + 1) * size, Meter(0), "theme A1", 0.5, False, rests=rests[index])
        for index in range(count)
    )


@given(cue=cues())
def test_somebody_always_plays(cue):
    names = named_sections(*cue)
    for rest in resting(names, np.linspace(0.1, 0.9, len(names))):
        assert "harmony" not in rest
        assert len(rest) <= 2


def test_short_cues_rest_nowhere():
    assert not any(resting(named_sections(12, 8), np.linspace(0, 1, 12)))
    assert not any(thin(np.linspace(0, 1, 12)))


def test_the_quiet_third_is_thin():
    few = thin(np.linspace(0.1, 0.9, 30))
    assert sum(few) == 10
    assert all(few[:10])


def test_thinned_parts_are_silent_where_they_rest_and_come_back():
    size = 4 * PPQ
    rests = [frozenset(), frozenset({"pads"}), frozenset(), frozenset()]
    bars = bars_of(4, rests)
    notes = [
        Note(0, 2 * size, 60, 80),
        Note(size, 2 * size, 64, 80),
        Note(size + 5, 100, 67, 80),
        Note(3 * size, 9, 60, 8),
    ]
    assert thinned(notes, bars, "pads") == [
        Note(0, size, 60, 80),
        Note(2 * size, size, 64, 80),
        Note(3 * size, 9, 60, 8),
    ]
    assert thinned(notes, bars, "melody") == notes


@given(cue=cues(), valence=st.floats(-1, 1), arousal=st.floats(-1, 1), mode=st.sampled_from(("major", "minor")))
def test_first_and_last_sections_are_at_home(cue, valence, arousal, mode):
    names = named_sections(*cue)
    keys = regions(names, (7, mode), Feeling(valence, arousal))
    for (name, _, _), key in zip(runs(names), (keys[start] for _, start, _ in runs(names)), strict=True):
        assert key == (7, mode) or name[:7] in ("peak", "theme C", "theme D", "theme F", "theme G")
    assert sum(key == (7, mode) for key in keys) >= 0.5 * len(keys)


@pytest.mark.parametrize(("mood", "lifted"), [("uplifting", True), ("epic", True), ("calm", False), ("sad", False)])
def test_the_peak_is_lifted_where_the_mood_asks_for_it(mood, lifted):
    names = named_sections(60, 40)
    key = regions(names, (0, "major"), feeling((mood,)))[names.index("peak")]
    assert (key == (2, "major")) == lifted


def test_a_short_cue_stays_in_its_key():
    names = named_sections(24, 16)
    assert set(regions(names, (3, "minor"), Feeling(0.8, 0.9))) == {(3, "minor")}
