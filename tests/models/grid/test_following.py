"""The measures of following tell the same from another, and say nothing where nothing is known."""

from fractions import Fraction
from math import isnan

import numpy as np
import pytest

from twopop_models.grid import fitting, following
from twopop_models.grid.lanes import CHANNELS, LANES, silence, unknown
from twopop_models.score import PPQ, Meter


def a_song(roots, strokes=()):
    """Major chords on ``roots``, one a cell; kicks on ``strokes``, in sixteenths; louder and louder."""
    found = silence(len(roots))
    for cell, root in enumerate(roots):
        found[LANES["root"].first + root, cell] = 1
        for step in (0, 4, 7):
            found[LANES["chroma"].first + (root + step) % 12, cell] = 1
    drums = LANES["drums"].read(found).copy()
    drums[list(strokes), 0] = 0.8
    LANES["drums"].write(found, drums)
    found[LANES["energy"].first] = np.linspace(-1, 1, len(roots))
    return found


def roots_of(latents):
    return latents[LANES["root"].channels].argmax(0).tolist()


def test_music_follows_itself():
    song = a_song([0, 5, 7, 0] * 4, (0, 8, 9, 40, 41, 42, 63))
    song[LANES["players"].first] = 1
    assert following.roots(song, song) == 1
    assert following.chroma(song, song) == pytest.approx(1)
    assert following.energy(song, song) == pytest.approx(1)
    assert following.density(song, song) == pytest.approx(1)
    assert following.pattern(song, song) == 1
    assert following.players(song, song) == 0


def test_other_music_does_not():
    one, other = a_song([0] * 16, (0,)), a_song([0, 1] * 8, (1,))
    other[LANES["energy"].first] *= -1
    one[LANES["players"].first], other[LANES["players"].first + 1] = 1, 1
    assert following.roots(one, other) == 0.5
    assert following.chroma(one, other) == pytest.approx(0.5)
    assert following.energy(one, other) == pytest.approx(-1)
    assert following.pattern(one, other) == 0
    assert following.players(one, other) == 1


def test_what_is_unknown_is_no_answer():
    song, nothing = a_song([0] * 16), unknown(16)
    for measure in (following.roots, following.chroma, following.energy, following.density, following.players):
        assert isnan(measure(song, nothing))


def test_stretching_twice_and_back_changes_nothing_that_is_heard():
    song = a_song([0, 5, 7, 0], (0, 3, 8))
    slow = fitting.stretched(song, Fraction(2))
    assert roots_of(slow) == [0, 0, 5, 5, 7, 7, 0, 0]
    assert np.flatnonzero(LANES["drums"].read(slow)[:, 0] > 0).tolist() == [0, 6, 16]
    assert np.array_equal(fitting.stretched(slow, Fraction(1, 2)), song)
    with pytest.raises(ValueError):
        fitting.stretched(song, Fraction(3))


def test_a_short_reference_is_repeated_in_whole_phrases():
    song = a_song([bar % 12 for bar in range(6) for _ in range(4)])
    assert roots_of(fitting.fitted(song, 40))[::4] == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]
    assert roots_of(fitting.fitted(song, 24)) == roots_of(song)
    assert fitting.fitted(unknown(0), 5).shape == (CHANNELS, 5)


def test_bars_fall_on_bars_in_other_meters():
    waltz = a_song([0, 1, 2, 3, 4, 5])
    assert roots_of(fitting.fitted(waltz, 8, Meter(0), 3)) == [0, 1, 2, 2, 3, 4, 5, 5]
    march = a_song([0, 1, 2, 3, 4, 5, 6, 7])
    assert roots_of(fitting.fitted(march, 6, Meter(0, 3, 4))) == [0, 1, 2, 4, 5, 6]
    seven = fitting.fitted(a_song([0] * 8, (0, 16)), 7, Meter(0, 7, 8))
    assert np.flatnonzero(LANES["drums"].read(seven)[:, 0] > 0).tolist() == [0, 14]
    assert Meter(0, 7, 8).bar_ticks * 4 // PPQ == 14
