"""Merging what is known with what is found."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.picture import spots
from twopop_models.picture.looking import TEXT
from twopop_models.types import Clip, Evidence, Frames, Hit

CLIP = Clip(None, 100, 200, Fraction(25))


def test_known_cuts_stand_on_the_first_frame_of_the_new_shot():
    edits = [Fraction(100, 25), Fraction(110, 25), Fraction(1201, 250), Fraction(200, 25)]
    assert spots.known_cuts(CLIP, edits) == [110, 121]


def test_found_cuts_near_known_ones_are_the_known_ones():
    assert spots.merge_cuts(CLIP, [150], [143, 151, 158, 162], []) == (150, 158)


def test_the_edges_of_a_flash_are_no_cuts():
    assert spots.merge_cuts(CLIP, [], [120, 124, 150], [120]) == (150,)


def test_a_lasting_change_of_light_is_no_flash():
    light = np.concatenate((np.full(50, 0.2), np.full(50, 0.8))).astype(np.float32)
    assert spots.find_flashes(CLIP, light, []) == []


@given(st.lists(st.integers(101, 199), max_size=20, unique=True).map(sorted))
def test_shots_are_exactly_the_range(cuts):
    shots = spots.shots_of(CLIP, cuts)
    assert (shots[0].first, shots[-1].stop) == (100, 200)
    assert all(one.stop == two.first for one, two in pairwise(shots))
    assert all(shot.first < shot.stop for shot in shots)


@given(st.integers(0, 2**32 - 1))
def test_peaks_stay_apart_and_away_from_cuts(seed):
    motion = np.random.default_rng(seed).random(100).astype(np.float32) ** 4
    peaks = spots.find_peaks(CLIP, motion, (130, 160))
    marks = sorted((*peaks, 130, 160))
    assert all(b - a >= 12 for a, b in pairwise(marks))


def evidence_of(seed, frames=100, known=()):
    dice = np.random.default_rng(seed)
    change = (dice.random(frames) ** 6 * 120).astype(np.float32)
    return Evidence(change, np.arange(CLIP.first, CLIP.first + frames, dtype=np.int32), tuple(known))


def seen(evidence, brightness=None, motion=None):
    light = np.full(CLIP.frames, 0.5, np.float32) if brightness is None else brightness
    moves = np.zeros(CLIP.frames, np.float32) if motion is None else motion
    return Frames(CLIP, TEXT, np.zeros((0, 0, 0, 3), np.uint8), (), moves, light, (), (), evidence)


@given(st.integers(0, 2**32 - 1), st.floats(0, 100), st.floats(0, 100))
def test_what_is_a_cut_stays_one_at_every_higher_sensitivity(seed, one, other):
    evidence = evidence_of(seed, known=(120, 160))
    light = np.random.default_rng(seed).random(100).astype(np.float32)
    low, high = (set(spots.find_cuts(CLIP, evidence, light, value)) for value in sorted((one, other)))
    assert {120, 160} <= low <= high


@given(st.integers(0, 2**32 - 1))
def test_known_cuts_keep_found_ones_away_at_any_sensitivity(seed):
    cuts = spots.find_cuts(CLIP, evidence_of(seed, known=(120, 160)), np.zeros(100, np.float32), 100.0)
    assert all(b - a >= 8 for a, b in pairwise(cuts))


@given(st.integers(0, 2**32 - 1))
def test_the_middle_is_pyscenedetects_adaptive_rule(seed):
    evidence = evidence_of(seed)
    change = evidence.change.astype(float)
    expected = [
        place
        for place in range(2, 98)
        if change[place] >= 15 and change[place] >= 3 * (change[place - 2 : place + 3].sum() - change[place]) / 4
    ]
    assert np.flatnonzero(spots.needed(evidence.change) <= spots.MIDDLE).tolist() == expected


def test_pyscenedetects_own_detector_finds_the_same():
    from scenedetect import AdaptiveDetector, FrameTimecode

    dice = np.random.default_rng(3)
    scenes = [dice.integers(0, 240, 3, np.uint8) for _ in range(9)]
    pictures = [scenes[place // 12] + dice.integers(0, 6, (36, 64, 1), np.uint8) for place in range(100)]
    witness, detector = spots.Witness(), AdaptiveDetector(3.0, min_scene_len=1, min_content_val=15.0)
    found = []
    for place, picture in enumerate(pictures):
        witness.see(CLIP.first + place, picture)
        found += [at.frame_num for at in detector.process_frame(FrameTimecode(place, 25.0), picture[:, :, ::-1])]
    needs = spots.needed(witness.evidence().change)
    assert found == [12, 24, 36, 48, 60, 72, 84, 96]
    assert np.flatnonzero(needs <= spots.MIDDLE).tolist() == found


def test_flashes_and_bursts_follow_the_sensitivity():
    light = np.full(100, 0.3, np.float32)
    light[40:42] = 0.44
    motion = np.full(100, 0.02, np.float32)
    motion[70:73] = 0.045
    frames = seen(evidence_of(0), light, motion)
    calm, keen = (
        {hit.label: hit.frame for hit in spots.spot(replace(frames, evidence=quiet), value) if hit.label != "cut"}
        for quiet, value in ((Evidence(np.zeros(100, np.float32), frames.evidence.frames), s) for s in (50, 90))
    )
    assert calm == {}
    assert keen == {"flash": 140, "motion": 171}


def test_a_burst_of_motion_may_be_missed_by_two_frames_of_film():
    motion = np.full(100, 0.02, np.float32)
    motion[70:73] = 0.3
    (hit,) = spots.hits_of(CLIP, motion, (), [], [171])
    assert (hit.label, hit.tolerance) == ("motion", 2.0)


def test_without_evidence_the_hits_stand():
    frames = replace(seen(None), hits=(Hit(150, 0.9, "cut"),))
    assert spots.spot(frames, 90.0) == frames.hits


def test_ten_minutes_are_decided_again_in_a_moment():
    long = Clip(None, 0, 15_000, Fraction(25))
    dice = np.random.default_rng(5)
    evidence = Evidence((dice.random(15_000) ** 6 * 120).astype(np.float32), np.arange(15_000, dtype=np.int32))
    motion, light = dice.random(15_000).astype(np.float32) ** 4, np.full(15_000, 0.5, np.float32)
    light[::500] = 0.9
    frames = Frames(long, TEXT, np.zeros((0, 0, 0, 3), np.uint8), (), motion, light, (), (), evidence)
    spots.spot(frames, 70.0)
    before = time.perf_counter()
    found = spots.spot(frames, 100.0)
    assert len(found) > 500
    assert time.perf_counter() - before < 0.5  # tens of milliseconds; room for a busy machine
