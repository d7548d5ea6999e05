"""Tempo maps: hits on beats, asked tempos kept, loops whole, the host followed."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twopop_models.controls import Bar
from twopop_models.score import PPQ, Meter, TempoChange, TempoMap
from twopop_models.spotting import distances, fit, fitness, mean_bpm, met, pulse, steady_bpm
from twopop_models.types import Clip, Hit

RATES = (Fraction(24_000, 1_001), Fraction(25), Fraction(30_000, 1_001), Fraction(50), Fraction(60))


def regular(clip: Clip, bpm: float, start: float, every: int = 4) -> tuple[Hit, ...]:
    """Hits on the frames nearest to a grid of beats; every fourth is heavy."""
    beats = np.arange(start, float(clip.seconds), 60 / bpm)
    frames = [clip.first + round(float(beat * clip.rate)) for beat in beats]
    return tuple(
        Hit(frame, 1.0 if place % every == 0 else 0.5) for place, frame in enumerate(frames) if frame < clip.stop
    )


def random_hits(clip: Clip, count: int, rng: np.random.Generator) -> tuple[Hit, ...]:
    frames = sorted(rng.choice(np.arange(clip.first, clip.stop), count, replace=False))
    return tuple(Hit(int(frame)) for frame in frames)


@settings(max_examples=40, deadline=None)
@given(
    bpm=st.floats(62, 175),
    start=st.floats(0, 2),
    rate=st.sampled_from(RATES),
    first=st.integers(0, 200_000),
    seconds=st.integers(15, 120),
)
def test_all_hits_of_a_regular_grid_are_met(bpm, start, rate, first, seconds):
    clip = Clip(None, first, first + round(seconds * rate), rate)
    hits = regular(clip, bpm, start)
    for asked in ({"wanted": bpm}, {"likely": bpm * 1.05}):
        found = fit(clip, hits, meters=((4, 4),), **asked)
        assert met(found, clip, hits) == 1.0
        assert max(abs(landing.error_frames) for landing in distances(found, clip, hits)) <= 1.0


def test_heavy_hits_fall_on_bar_lines():
    clip = Clip(None, 0, 25 * 60, Fraction(25))
    hits = regular(clip, 100, 1.3)
    found = fit(clip, hits, wanted=100)
    bars = [float(found.seconds(tick)) for tick, _ in found.bars(found.tick(clip.seconds))]
    for hit in hits[::4]:
        assert min(abs(bar - float(clip.offset_of(hit.frame))) for bar in bars) < 1 / 25


def test_a_waltz_is_found():
    clip = Clip(None, 0, 25 * 60, Fraction(25))
    found = fit(clip, regular(clip, 100, 0.5, every=3), likely=100)
    assert found.meters[-1].beats == 3


@settings(max_examples=30, deadline=None)
@given(bpm=st.floats(40, 240), seed=st.integers(0, 999), rate=st.sampled_from(RATES))
def test_an_asked_tempo_is_kept_within_one_percent(bpm, seed, rate):
    clip = Clip(None, 0, round(40 * rate), rate)
    found = fit(clip, random_hits(clip, 12, np.random.default_rng(seed)), wanted=bpm)
    assert steady_bpm(found) == pytest.approx(bpm, rel=0.0101)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 9_999), rate=st.sampled_from(RATES), likely=st.floats(50, 180))
def test_tempo_maps_are_valid_and_the_pickup_goes_at_nearly_the_same_pace(seed, rate, likely):
    rng = np.random.default_rng(seed)
    clip = Clip(None, 0, round(float(rng.uniform(2, 60)) * rate), rate)
    found = fit(clip, random_hits(clip, int(rng.integers(1, min(20, clip.frames))), rng), likely=likely)
    assert found.tempos[0].tick == found.meters[0].tick == 0
    assert len(found.tempos) <= 2
    assert len(found.meters) <= 3
    for meter in found.meters:
        assert 1 <= meter.beats <= 255
        assert meter.unit in (4, 8, 16, 32, 64)
    assert all(after.tick == before.tick + before.bar_ticks for before, after in pairwise(found.meters))
    assert found.pickup in (0, found.meters[0].bar_ticks)
    short = 0 < found.pickup < 8 * 60  # less than eight 64ths: too short for a tempo to be felt
    assert short or found.bpm(0) == pytest.approx(steady_bpm(found), rel=0.07)


def test_the_search_is_as_good_as_brute_force():
    clip = Clip(None, 0, 25 * 25, Fraction(25))
    for seed in range(5):
        hits = random_hits(clip, 7, np.random.default_rng(seed))
        found = fit(clip, hits, wanted=100, meters=((4, 4),))
        period = 60 / steady_bpm(found)
        start = float(found.seconds(found.meters[-1].tick))
        mine = fitness(clip, hits, period, start)
        tempos, offsets = np.linspace(99, 101, 41), np.linspace(0, 2.4, 240, endpoint=False)
        best = max(fitness(clip, hits, 60 / bpm, offset) for bpm in tempos for offset in offsets)
        assert mine >= 0.93 * best


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [2.5, 10.0, 47.3])
def test_a_loop_is_whole_bars_and_exact_to_the_sample(rate, seconds):
    clip = Clip(None, 0, round(seconds * rate), rate)
    hits = random_hits(clip, 5, np.random.default_rng(1))
    found = fit(clip, hits, likely=100, ending="loop")
    stop = found.tick(clip.seconds)
    assert stop % found.meters[0].bar_ticks == 0
    assert found.sample(stop) == clip.samples()


def test_without_hits_the_range_begins_on_a_bar_line_at_the_asked_tempo():
    found = fit(Clip(None, 7, 900, Fraction(25)), (), wanted=93)
    assert found.meters[0].tick == 0
    assert len(found.tempos) == 1
    assert found.bpm() == pytest.approx(93, rel=1e-5)


@pytest.mark.parametrize("rate", RATES)
def test_the_hosts_bar_lines_are_followed(rate):
    clip = Clip(None, 1_000, 1_000 + round(30 * rate), rate)
    change = 1_000 + round(11 * rate)
    host = (Bar(100, 97.0, 4, 4), Bar(change, 133.0, 3, 4))
    found = fit(clip, random_hits(clip, 9, np.random.default_rng(2)), host=host)
    lines = dict(found.bars(found.tick(clip.seconds)))
    at = {float(found.seconds(tick)): meter for tick, meter in lines.items()}
    bar = 4 * 60 / 97
    phase = float((clip.first - 100) / rate) % bar
    first = bar - phase
    before = [second for second, meter in at.items() if first - 0.01 < second < 10.99]
    assert before == pytest.approx([first + n * bar for n in range(len(before))], abs=2e-3)
    after = [second for second, meter in at.items() if meter.beats == 3]
    start = float(clip.offset_of(change))
    assert after == pytest.approx([start + n * 3 * 60 / 133 for n in range(len(after))], abs=2e-3)


def test_a_host_with_one_tempo_begins_with_the_range():
    found = fit(Clip(None, 50, 500, Fraction(25)), (), host=(Bar(None, 120.0),))
    assert (found.bpm(), found.meters[0].tick, len(found.meters)) == (120.0, 0, 1)


def test_the_pulse_of_a_pickup_is_counted_back_from_its_bar_line():
    clip = Clip(None, 0, 25 * 20, Fraction(25))
    found = fit(clip, regular(clip, 100, 1.5), wanted=100, meters=((4, 4),))
    beats = [float(found.seconds(tick)) for tick in pulse(found, found.tick(clip.seconds))]
    assert np.allclose(np.diff(beats), 60 / steady_bpm(found), rtol=0.07)


def test_random_cut_lists_are_met_more_often_than_by_chance():
    shares = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        clip = Clip(None, 0, int(25 * rng.uniform(20, 180)), Fraction(25))
        hits = random_hits(clip, int(rng.integers(5, 41)), rng)
        shares.append(met(fit(clip, hits, likely=100), clip, hits))
    chance = 2 / 25 * 100 / 60  # two frames' width of every beat at 100
    print(f"within one frame of a beat: {np.mean(shares):.1%}, by chance {chance:.1%}")
    assert np.mean(shares) > 2 * chance


def test_three_hundred_hits_take_little_time():
    clip = Clip(None, 0, 25 * 600, Fraction(25))
    hits = random_hits(clip, 300, np.random.default_rng(0))
    fit(clip, hits, likely=100)
    start = time.process_time()
    fit(clip, hits, likely=100)
    assert time.process_time() - start < 1.0


def test_a_bar_line_just_behind_the_beginning_is_where_it_should_be():
    clip = Clip(None, 0, 900, Fraction(60))
    hits = regular(clip, 62.0, 0.265625)
    assert met(fit(clip, hits, wanted=62.0, meters=((4, 4),)), clip, hits) == 1.0


def test_an_odd_first_bar_makes_no_other_beat():
    frames = ((4, 0.6), (7, 0.6), (12, 0.3), (27, 1.0), (32, 0.3), (62, 1.0), (65, 0.6), (87, 0.6))
    clip, hits = Clip(None, 0, 125, Fraction(25)), tuple(Hit(frame, weight) for frame, weight in frames)
    found = fit(clip, hits, wanted=60, meters=((6, 8),), flex=0.05)
    assert steady_bpm(found, found.tick(clip.seconds)) == pytest.approx(60, rel=0.03)


@pytest.mark.parametrize(
    ("rate", "host"),
    [
        (Fraction(25), (Bar(0, 97.0), Bar(247, 107.0), Bar(472, 97.0))),
        (Fraction(24_000, 1_001), (Bar(0, 113.0, 3), Bar(153, 123.0, 3), Bar(293, 113.0, 3))),
    ],
)
def test_a_hosts_bar_line_between_frames_makes_no_phantom_bar(rate, host):
    clip = Clip(None, 0, round(24 * rate), rate)
    found = fit(clip, (), host=host)
    lines = [float(found.seconds(tick)) for tick, _ in found.bars(found.tick(clip.seconds))]
    assert np.diff(lines).min() > 1.0
    for bar in host:
        assert min(abs(line - float(clip.offset_of(bar.frame))) for line in lines) < 1e-3


def test_a_loop_whose_beats_are_all_longer_has_one_tempo():
    clip = Clip(None, 0, 24, Fraction(24_000, 1_001))
    found = fit(clip, (), likely=120, ending="loop", meters=((4, 4),))
    assert [change.tick for change in found.tempos] == sorted({change.tick for change in found.tempos})


def test_a_hit_with_more_tolerance_is_met_further_from_its_beat():
    clip = Clip(None, 0, 500, Fraction(25))
    found = fit(clip, (), wanted=60)  # beats on every 25th frame
    hits = (Hit(100), Hit(202, 1.0, "motion", 2.0), Hit(302, 1.0, "cut", 1.0))
    assert met(found, clip, hits) == pytest.approx(2 / 3)
    assert met(found, clip, hits, 0.9) == pytest.approx(1 / 3)


def test_the_mean_of_a_tempo_asked_for_stays_near_it_though_it_bends_to_hits():
    near, shares = [], []
    for seed in range(12):
        rng = np.random.default_rng(100 + seed)
        clip = Clip(None, 0, 25 * 30, Fraction(25))
        frames = np.sort(rng.uniform(0, 430, 15)) + 20 * np.arange(1, 16)
        hits = tuple(Hit(int(frame), 0.7) for frame in frames)
        wanted = float(rng.uniform(60, 160))
        found = fit(clip, hits, wanted=wanted, flex=0.05, meters=((4, 4),))
        near.append(abs(mean_bpm(found, found.tick(clip.seconds)) / wanted - 1) < 0.0101)
        shares.append(met(found, clip, hits))
    assert sum(near) >= 11
    assert np.mean(shares) > 0.85


@pytest.mark.parametrize("stop", [8 * PPQ, 20 * PPQ])
def test_the_mean_tempo_is_beats_by_time(stop):
    bending = TempoMap((TempoChange(0, 500_000), TempoChange(8 * PPQ, 600_000)), (Meter(0, 4, 4),))
    seconds = 8 * 0.5 + (stop / PPQ - 8) * 0.6
    assert mean_bpm(bending, stop) == pytest.approx(60 * stop / PPQ / seconds)
