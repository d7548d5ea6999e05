"""Merging what is known with what is found."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.picture import spots
from twopop_models.types import Clip

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
