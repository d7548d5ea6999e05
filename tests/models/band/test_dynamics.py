"""Loudness over time: foreseen from notes, led to what is followed, and by nothing else touched."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from twopop_models.composers.band import dynamics
from twopop_models.score import ControlChange, Note, Part, TempoChange, TempoMap
from twopop_models.types import Bridges, ChordSpan, Description, Reference, Role, Track

MAP = TempoMap((TempoChange(0, 500_000),))  # 120 bpm: a quarter is half a second
SECOND = 1920


def a_part(velocities: list[int], instrument: str = "strings", stem: str = "pads") -> Part:
    """One note a second."""
    notes = tuple(Note(at * SECOND, SECOND, 60, velocity) for at, velocity in enumerate(velocities))
    return Part(stem, instrument, 48, notes)


def a_track(energy: tuple[float, ...]) -> Track:
    """A reference of which only the energy is known."""
    nothing: tuple[ChordSpan, ...] = ()
    return Track("x", Path("x"), "x", 30.0, 0.0, (), (), "", nothing, energy, -14.0, (), (), (), (), "")


def still(picture, seconds: float):
    """A picture in which nothing moves."""
    frames = picture(seconds)
    frames.motion[:] = 0
    return frames


def reference(energy: tuple[float, ...]) -> Bridges:
    """A broad reference with this energy."""
    return Bridges(Description("x"), Reference(Role.BROAD, a_track(energy), 1.0, ""), None)


def test_twice_the_velocity_is_six_decibels():
    loud, soft = (dynamics.foreseen([a_part([velocity] * 10)], MAP, 40) for velocity in (100, 50))
    assert np.allclose((loud - soft)[4:-4], 6.02, atol=0.01)


def test_what_is_struck_dies_away_and_what_is_held_does_not():
    held, struck = (
        dynamics.foreseen([Part("harmony", name, 0, (Note(0, 8 * SECOND, 60, 100),))], MAP, 40)
        for name in ("strings", "piano")
    )
    assert np.ptp(held[4:28]) < 0.01
    assert struck[3] - struck[20] > 15


def test_gain_counts_as_loudness():
    part = a_part([80] * 8)
    louder = Part(part.stem, part.instrument, 48, part.notes, gain_db=6.0)
    assert np.allclose(dynamics.foreseen([louder], MAP, 32) - dynamics.foreseen([part], MAP, 32), 6.0)


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_faders_go_a_share_of_the_way(share):
    wish, own = np.linspace(0, 1, 80), np.zeros(80)
    moves = dynamics.lane(wish, own, share)
    assert abs(np.ptp(moves) - share * dynamics.DEPTH) < 0.3
    assert np.corrcoef(moves, wish)[0, 1] > 0.99


def test_faders_take_back_what_is_written_where_it_is_not_wished():
    wish, own = np.linspace(0, 1, 80), np.linspace(6, 0, 80)
    assert np.corrcoef(own + dynamics.lane(wish, own, 1.0), wish)[0, 1] > 0.99
    assert np.abs(dynamics.lane(wish, 10 * own, 1.0)).max() <= dynamics.MOST


def test_nothing_followed_touches_nothing():
    parts = [a_part([80] * 30)]
    assert dynamics.ridden(parts, None, MAP, 30 * SECOND, 1.0) is parts
    assert dynamics.ridden(parts, np.linspace(0, 1, 120), MAP, 30 * SECOND, 0.0) is parts


def test_accents_are_never_made_softer_and_the_last_chord_is_as_written():
    wish = np.r_[np.ones(60), np.zeros(60)]
    parts = [a_part([80] * 30), a_part([90] * 30, "piano", "accents")]
    band, accents = dynamics.ridden(parts, wish, MAP, 30 * SECOND, 1.0)
    as_written = 127 * 10 ** (-band.gain_db / 60)
    assert min(change.value for change in accents.controls) >= round(as_written) - 1
    assert min(change.value for change in band.controls) < as_written - 5
    for part in (band, accents):
        assert part.controls[-1] == ControlChange(30 * SECOND, 11, round(as_written))


def test_a_swell_goes_on_top():
    swell = (ControlChange(0, 11, 44), ControlChange(SECOND, 11, 127), ControlChange(5, 74, 3))
    part = Part("pads", "strings", 48, a_part([80] * 30).notes, controls=swell)
    plain = dynamics.ridden([a_part([80] * 30)], np.linspace(0, 1, 120), MAP, 30 * SECOND, 1.0)[0]
    both = dynamics.ridden([part], np.linspace(0, 1, 120), MAP, 30 * SECOND, 1.0)[0]
    assert both.controls[0].value == round(plain.controls[0].value * 44 / 127)
    assert ControlChange(5, 74, 3) in both.controls
    assert both.controls[-1] == plain.controls[-1]


def test_a_cue_follows_its_reference_as_far_as_it_is_told(cue, picture):
    energy = (0.9, 0.9, 0.5, 0.4, 0.5, 0.9, 1.0, 0.6, 0.4, 0.4, 0.8, 0.9) * 3
    found = []
    for follow in (0.0, 50.0, 100.0):
        score = cue(40, frames=still(picture, 40), bridges=reference(energy), hits=(), follow=follow)
        count = 4 * 32
        heard = dynamics.foreseen(score.parts, score.tempo_map, count)
        heard += _expression(score, count)
        wanted = np.interp(np.arange(count) / 160, np.linspace(0, 1, len(energy)), energy)
        found.append(float(np.corrcoef(heard, wanted)[0, 1]))
    assert found[0] < found[1] < found[2]
    assert found[2] > 0.85


def test_without_picture_and_reference_the_control_does_nothing(cue, picture):
    scores = [cue(30, frames=still(picture, 30), hits=(), follow=follow) for follow in (0.0, 100.0)]
    assert scores[0] == scores[1]


def _expression(score, count: int) -> np.ndarray:
    """dB by which the first part of the body stands lower over time."""
    part = next(part for part in score.parts if part.stem == "harmony")
    ticks = [change.tick for change in part.controls if change.controller == 11]
    values = [127, *(change.value for change in part.controls if change.controller == 11)]
    at = [score.tempo_map.tick(Fraction(moment, dynamics.PER_SECOND)) for moment in range(count)]
    return 60 * np.log10(np.maximum([values[np.searchsorted(ticks, tick, "right")] for tick in at], 1) / 127)
