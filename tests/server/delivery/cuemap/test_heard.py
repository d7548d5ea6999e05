from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.server.delivery.cuemap.cues import chart, label, take_with

from twopop.delivery.cuemap import drawn
from twopop.delivery.cuemap.heard import energy_of
from twopop.delivery.cuemap.measuring import STEP, loudness
from twopop_models.types import Bridges, Reference, Role, Track

SECONDS = 96 * 1.001 / 24
RISING = tuple(np.linspace(0, 1, 40).tolist())


def swelling(take):
    """The same take with a mix that grows by 24 dB."""
    count = take.clip.samples()
    gains = 0.3 * 10 ** (np.linspace(-24, 0, count) / 20)
    wave = gains * np.sin(2 * np.pi * 440 * np.arange(count) / 48_000)
    soundfile.write(take.cues[0].mix, np.stack([wave, wave], 1), 48_000, "PCM_24")
    return take


def referring(take, contour):
    track = Track("x", Path("x.opus"), "x", 20.0, 100.0, (), (), "A minor", (), contour, -20.0, (), (), (), (), "")
    reference = Reference(Role.BROAD, track, 0.5, "near")
    return replace(take, bridges=Bridges(take.bridges.text, reference, None))


@pytest.fixture
def take(tmp_path):
    return referring(swelling(take_with(tmp_path)), RISING)


def test_loudness_is_measured_on_the_written_mix(take):
    energy = energy_of(take, take.cues[0].mix, chart())
    assert len(energy.times) == 40
    assert energy.loudness == pytest.approx(loudness(take.cues[0].mix, 0.4)[:40], abs=0.2)
    assert 20 < np.ptp(energy.loudness) < 25


def test_the_number_is_numpys_for_loudness_against_the_motion_around_each_moment(take):
    energy = energy_of(take, take.cues[0].mix, chart())
    frame = np.arange(96)
    around = [take.frames.motion[np.abs((frame + 0.5) / 24 * 1.001 - at) <= 0.2].mean() for at in energy.times]
    by_hand = np.corrcoef(loudness(take.cues[0].mix, 0.4)[:40], around)[0, 1]
    assert energy.likeness("motion") == pytest.approx(by_hand, abs=0.01)
    assert energy.likeness("motion") > 0.95


def test_the_forms_energy_changes_where_its_sections_do(take):
    energy = energy_of(take, take.cues[0].mix, chart())
    assert (energy.form[energy.times < 2] == 0.25).all()
    assert (energy.form[energy.times > 2] == 1.0).all()


def test_the_references_contour_is_stretched_over_the_cue(take):
    energy = energy_of(take, take.cues[0].mix, chart())
    assert energy.broad == pytest.approx(energy.times / SECONDS, abs=0.06)
    assert energy.likeness("broad") > 0.98


def test_what_stands_still_has_no_likeness(take):
    frames = replace(take.frames, motion=np.zeros(96, np.float32))
    energy = energy_of(replace(take, frames=frames), take.cues[0].mix, None)
    assert energy.likeness("motion") is None
    assert energy.form is None
    assert energy.likeness("form") is None


def test_the_panel_draws_these_curves_and_prints_their_numbers(take):
    page = drawn(take, take.cues[0], label, ())
    energy = energy_of(take, take.cues[0].mix, chart())
    motion, broad, loud = page.panels["energy"].lines
    assert loud.get_ydata() == pytest.approx(np.clip(1 + (energy.loudness + 9) / 24, 0, None), abs=1e-9)
    assert broad.get_ydata() == pytest.approx(energy.broad)
    assert motion.get_ydata() == pytest.approx(energy.motion / energy.motion.max())
    assert [text.get_text() for text in page.panels["energy"].get_yticklabels()] == ["-9", "-15", "-21", "-27", "-33"]
    legend = [text.get_text() for text in page.figure.texts]
    assert f"picture's motion: {energy.likeness('motion'):+.2f}" in legend
    assert f"sections' energy: {energy.likeness('form'):+.2f}" in legend
    assert f"reference: {energy.likeness('broad'):+.2f}" in legend
    assert STEP == 0.1


def test_no_reference_and_no_motion_are_not_drawn(take):
    page = drawn(replace(take, bridges=replace(take.bridges, broad=None)), take.cues[0], label, ())
    assert len(page.panels["energy"].lines) == 2
