"""Tempos that bend and bars that are odd: exact within their own terms, and sane whatever the hits are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from benchmarks.spotting import exhaustive
from hypothesis import given, settings
from hypothesis import strategies as st

from twopop_models.score import PPQ
from twopop_models.spotting import fit, met, pulse, steady_bpm
from twopop_models.spotting.bars import bent
from twopop_models.spotting.bending import Bender, Marks
from twopop_models.spotting.measures import SHORTEST, Measure, felt
from twopop_models.types import Clip, Hit

METERS = ((4, 4), (3, 4), (6, 8), (5, 4), (7, 8))


def cut_list(seed: int, count: int, seconds: int, least: float = 0.5) -> tuple[Clip, tuple[Hit, ...]]:
    """Cuts at random with shots of ``least`` seconds or more, and random weights."""
    rng = np.random.default_rng(seed)
    clip = Clip(None, 0, 25 * seconds, Fraction(25))
    room = clip.frames - 25 * least * (count + 1)
    frames = np.sort(rng.uniform(0, room, count)) + 25 * least * np.arange(1, count + 1)
    return clip, tuple(Hit(int(frame), round(float(rng.uniform(0.3, 1)), 2)) for frame in frames)


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8), (5, 4)])
def test_the_search_finds_what_trying_everything_finds(meter):
    measure = Measure(meter)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        times = np.sort(rng.uniform(0.3, 12, 6))
        marks = Marks(times, rng.uniform(0.2, 1, 6), np.full(6, 0.04))
        for beat in (0.5, 0.61):
            bender = Bender(marks, measure, np.array([beat]), 0.05, shifts=(0.0,))
            assert float(bender.search()[0]) == pytest.approx(exhaustive(marks, measure, beat, 0.05), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 9_999),
    count=st.integers(1, 30),
    seconds=st.integers(8, 120),
    meter=st.sampled_from(METERS),
    flex=st.sampled_from((0.02, 0.05, 0.1)),
    tempo=st.floats(50, 180),
)
def test_bent_maps_are_valid_and_bend_no_further_than_they_may(seed, count, seconds, meter, flex, tempo):
    clip, hits = cut_list(seed, count, seconds, least=0.05)
    found = fit(clip, hits, wanted=tempo, meters=(meter,), flex=flex)
    stop = found.tick(clip.seconds)
    lines = [line for line, _ in found.bars(stop)]
    assert lines == sorted(set(lines))
    assert found.meters[0].tick == found.tempos[0].tick == 0
    assert all(meter.beats >= 1 and meter.unit in (4, 8, 16, 32, 64) for meter in found.meters)
    beats = pulse(found, stop)
    assert list(beats) == sorted(set(beats))
    quarter = tempo * (1.5 if meter == (6, 8) else 1)
    for change in found.tempos[1:]:
        assert abs(change.bpm / quarter - 1) <= (1.031 * (1 + flex) / (1 - flex)) - 1  # base, beside the window


def test_what_the_search_meets_lies_on_beats_of_the_map():
    for seed in range(10):
        clip, hits = cut_list(seed, 12, 50)
        marks = Marks.joined(
            np.array([float(clip.offset_of(hit.frame)) for hit in hits]),
            np.array([hit.weight for hit in hits]),
            np.full(len(hits), 0.04),
        )
        for meter in METERS:
            measure = Measure(meter)
            bender = Bender(marks, measure, np.array([0.55]), 0.05)
            bender.search()
            steps = bender.path(0)
            found = bent(steps, round(0.55 * 2 / measure.beat * 1_000_000), measure)
            beats = np.array([float(found.seconds(tick)) for tick in pulse(found, found.tick(clip.seconds))])
            bars = np.array([float(found.seconds(tick)) for tick, _ in found.bars(found.tick(clip.seconds))])
            for step in steps:
                assert np.abs(beats - step.time).min() < 2e-4
                if step.place == 0:
                    assert np.abs(bars - step.time).min() < 2e-4


def test_cuts_of_an_edit_are_met_where_one_tempo_would_miss_them():
    straight, curved = [], []
    for seed in range(12):
        clip, hits = cut_list(seed, 5 + 3 * seed, 30 + 10 * seed)
        straight.append(met(fit(clip, hits, likely=100), clip, hits))
        curved.append(met(fit(clip, hits, likely=100, flex=0.05), clip, hits))
    assert np.mean(curved) > 0.95
    assert np.mean(straight) < 0.75


def test_heavy_hits_are_bar_lines_and_light_ones_only_beats():
    lines = {True: 0, False: 0}
    for seed in range(8):
        clip, hits = cut_list(seed, 10, 60, least=1.0)
        hits = tuple(Hit(hit.frame, 1.0 if place % 3 == 0 else 0.3) for place, hit in enumerate(hits))
        found = fit(clip, hits, likely=100, flex=0.05)
        bars = np.array([float(found.seconds(tick)) for tick, _ in found.bars(found.tick(clip.seconds))])
        for hit in hits:
            lines[hit.weight == 1.0] += bool(np.abs(bars - float(clip.offset_of(hit.frame))).min() < 0.04)
    assert lines[True] >= 0.9 * 8 * 4
    assert lines[False] < 0.9 * 8 * 6


@pytest.mark.parametrize("wanted", [72, 100, 140])
def test_a_tempo_that_is_asked_for_stays_the_usual_one(wanted):
    kept = 0
    for seed in range(12):
        clip, hits = cut_list(seed, 10, 45)
        found = fit(clip, hits, wanted=wanted, flex=0.05)
        kept += abs(steady_bpm(found, found.tick(clip.seconds)) / wanted - 1) <= 0.0101
    assert kept >= 11


def test_thick_cuts_drive_a_slow_tempo_that_nobody_asked_for():
    kept, rushed = [], []
    for seed in range(8):
        clip, hits = cut_list(seed, 30, 40)
        slow = fit(clip, hits, likely=64, flex=0.05)
        fast = fit(clip, hits, likely=64, flex=0.05, rush=134)
        kept.append(met(slow, clip, hits))
        rushed.append(met(fast, clip, hits))
        tempo = steady_bpm(fast, fast.tick(clip.seconds))
        assert tempo <= 134 * 1.02
        if kept[-1] < 0.9:
            assert rushed[-1] > kept[-1]
            assert tempo > 64 * 1.15
    assert np.mean(kept) < 0.85
    assert np.mean(rushed) > 0.93


def test_nothing_is_rushed_that_was_asked_for_or_lands_already():
    clip, thick = cut_list(3, 30, 40)
    for asked in ({"wanted": 64}, {"pace": (50, 90), "likely": 64}):
        assert fit(clip, thick, **asked, flex=0.05, rush=134) == fit(clip, thick, **asked, flex=0.05)
    clip, thin = cut_list(3, 5, 60, least=2.0)
    assert fit(clip, thin, likely=64, flex=0.05, rush=134) == fit(clip, thin, likely=64, flex=0.05)
    assert met(fit(clip, thin, likely=64, flex=0.05), clip, thin) == 1.0


def test_two_hits_within_two_frames_share_a_beat():
    clip = Clip(None, 0, 500, Fraction(25))
    hits = (Hit(100), Hit(101), Hit(230), Hit(333), Hit(334))
    assert met(fit(clip, hits, likely=100, flex=0.05), clip, hits) == 1.0


def test_odd_bars_are_plain_to_read():
    for meter in METERS:
        measure = Measure(meter)
        for total in range(SHORTEST, measure.length + SHORTEST):
            bars = measure.odd_bars(total)
            assert sum(bars) == total
            assert len(bars) <= 2
            for length in bars:
                beats, unit = measure.written(length)
                assert beats * 8 // unit == length


def test_beats_are_felt_where_a_conductor_beats_them():
    from twopop_models.score import Meter

    assert felt(Meter(0, 6, 8)) == (0, 3 * PPQ // 2)
    assert felt(Meter(0, 5, 4)) == tuple(PPQ * n for n in range(5))
    assert felt(Meter(0, 3, 8)) == (0, PPQ)
