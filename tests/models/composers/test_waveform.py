"""What the generators of others share, over one that hums."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.composers.diffusion.conftest import a_picture
from tests.models.composers.diffusion.test_references import a_track

from twopop_models.composers import Resources
from twopop_models.composers import waveform as waves
from twopop_models.composers.waveform import Waveform
from twopop_models.controls import Controls
from twopop_models.errors import Cancelled, EngineError
from twopop_models.packs import cards
from twopop_models.packs.cards import Card, Licence, Source, Training
from twopop_models.packs.cards import Role as PackRole
from twopop_models.types import Bridges, Description, Reference, Role, Stage

RATE = 8_000


class Hum(Waveform):
    """A constant tone at a level that its chance gives."""

    name, families, known = "hum", ("hum",), "hum-small"
    trouble = None

    def open(self, pack, device):
        return "hum"

    def generate(self, model, asked, seconds, generator, report):
        if self.trouble is not None:
            raise self.trouble
        report(0.5)
        level = float(torch.rand(1, generator=generator))
        return np.full((round(seconds * RATE), 1), 0.2 + 0.1 * level, np.float32), RATE


@pytest.fixture
def hum(tmp_path):
    folder = tmp_path / "packs" / "hum-small"
    folder.mkdir(parents=True)
    facts = Training(RATE, 3.0)
    cards.write(Card("hum-small", "Hum", PackRole.PIPELINE, "hum", Licence("none"), Source(), (), 1, facts), folder)
    return Hum(Resources(packs=tmp_path / "packs", device="cpu"))


def compose(composer, folder, seconds=2.0, bridges=None, progress=lambda stage, done: None, **controls):
    frames = a_picture(seconds, Fraction(25))
    given = bridges or Bridges(Description("a hum"), None, None)
    asked = Controls(**{"ending": "loop"} | controls)
    return composer.compose(
        frames.clip, frames, given, (), asked, seed=1, variation=0, folder=folder, progress=progress
    )


@settings(deadline=None)
@given(seconds=st.floats(0.04, 300), longest=st.floats(0.5, 60))
def test_windows_are_enough_and_none_is_too_long(seconds, longest):
    spans = waves.spread(seconds, longest)
    assert all(span <= longest for span in spans)
    row = sum(spans) - (len(spans) - 1) * waves.overlap(longest)
    assert row >= seconds - 1e-6
    assert len(spans) == 1 or row - longest + waves.overlap(longest) < seconds + 1e-6, "none is one too many"


def test_pieces_are_crossfaded_at_equal_power():
    rng = np.random.default_rng(1)
    one, other = (rng.standard_normal((8_000, 2)).astype(np.float32) for _ in range(2))
    row = waves.joined([one, other], 2_000)
    assert row.shape == (14_000, 2)
    assert np.array_equal(row[:6_000], one[:6_000])
    assert np.array_equal(row[8_000:], other[2_000:])
    assert float(row[6_000:8_000].var()) == pytest.approx(1.0, abs=0.1)


def test_long_cues_take_windows_and_say_so(hum, tmp_path):
    music = compose(hum, tmp_path, 7.0)
    sound = soundfile.read(music.stems[0].path)[0]
    assert len(sound) == 7 * 48_000
    assert np.abs(sound[1_000:]).min() > 0.15, "no hole at a joint"
    assert "4 windows crossfaded" in " ".join(music.notes)


def test_that_it_makes_no_loops_is_said(hum, tmp_path):
    assert "hum makes no loops" in " ".join(compose(hum, tmp_path, 1.0).notes)
    assert "makes no loops" not in " ".join(compose(hum, tmp_path, 1.0, ending="cut").notes)


def test_references_that_it_does_not_hear_are_said(hum, tmp_path):
    track = a_track(tmp_path / "reference.wav")
    found = Bridges(
        Description("a hum"), *(Reference(role, track, 0.5, "because") for role in (Role.BROAD, Role.TARGETED))
    )
    said = " ".join(compose(hum, tmp_path, bridges=found).notes)
    assert "The broad reference was not heard: hum does not listen" in said
    assert "The targeted reference was not heard" in said
    off = compose(hum, tmp_path, bridges=found, guide_broad=0.0, guide_style=0.0)
    assert "was not heard" not in " ".join(off.notes), "nobody wanted to hear it"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "device_memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "device_memory"),
        (ValueError("shapes do not fit"), "render_failed"),
    ],
)
def test_what_a_pipeline_dies_of_has_a_code(hum, tmp_path, trouble, code):
    hum.trouble = trouble
    with pytest.raises(EngineError) as caught:
        compose(hum, tmp_path)
    assert caught.value.code == code


def test_a_cancel_inside_a_pipeline_stays_one(hum, tmp_path):
    def stop(stage, done):
        if stage is Stage.COMPOSE and done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        compose(hum, tmp_path, progress=stop)
