"""The composer as a whole: what ran is said, stems sum to the mix, shortage is survived."""

import shutil
from fractions import Fraction

import numpy as np
import pytest
import soundfile
import torch
from tests.models.composers.diffusion.conftest import a_picture
from tests.models.composers.diffusion.test_references import a_track
from tests.models.separators.small import a_pack as a_separator

from twopop_models.composers import Resources, load
from twopop_models.composers.diffusion import job, references
from twopop_models.composers.diffusion.sampling import Denoiser
from twopop_models.controls import Controls
from twopop_models.errors import Cancelled, ControlError, EngineError
from twopop_models.types import Bridges, Description, Hit, Reference, Role, Stage


def compose(packs, folder, *, bridges=None, seconds=2.0, hits=(), progress=lambda stage, done: None, **controls):
    """One cue with these packs."""
    composer = load("diffusion", Resources(packs=packs, device="cpu"))
    frames = a_picture(seconds, Fraction(25))
    given = bridges or Bridges(Description("a calm piano piece"), None, None)
    asked = Controls(**{"steps": 3} | controls)
    folder.mkdir(exist_ok=True)
    return composer.compose(
        frames.clip, frames, given, hits, asked, seed=1, variation=0, folder=folder, progress=progress
    )


def both(tmp_path):
    """A broad and a targeted reference."""
    track = a_track(tmp_path / "reference.wav")
    found = (Reference(role, track, 0.5, "because") for role in (Role.BROAD, Role.TARGETED))
    return Bridges(Description("a calm piano piece"), *found)


def sound(stem):
    return soundfile.read(stem.path, dtype="float64", always_2d=True)[0]


def test_all_bridges_are_heard_and_said(packs, tmp_path):
    music = compose(packs, tmp_path / "a", bridges=both(tmp_path), hits=(Hit(25),))
    assert "steered by broad, style, events" in " ".join(music.notes)
    assert "was not heard" not in " ".join(music.notes)


def test_a_reference_that_nobody_can_hear_is_said(plain_packs, tmp_path):
    said = " ".join(compose(plain_packs, tmp_path / "a", bridges=both(tmp_path)).notes)
    assert "The broad reference was not heard" in said
    assert "The targeted reference was not heard" in said
    assert "by text alone" in said
    off = compose(plain_packs, tmp_path / "b", bridges=both(tmp_path), guide_broad=0.0, guide_style=0.0)
    assert "was not heard" not in " ".join(off.notes), "nobody wanted to hear it"


def test_a_model_of_full_windows_gets_them(plain_packs, packs, tmp_path):
    assert "a full window of 256 latent frames" in " ".join(compose(plain_packs, tmp_path / "a", seconds=1.0).notes)
    assert "126 latent frames, those of the cue" in " ".join(compose(packs, tmp_path / "b", seconds=1.0).notes)
    assert "overlapping windows" in " ".join(compose(packs, tmp_path / "c", seconds=4.0).notes)


def test_forbidden_instruments_stand_on_the_other_side_of_guidance(packs, tmp_path):
    plain, without = compose(packs, tmp_path / "a"), compose(packs, tmp_path / "b", instruments=("-drums",))
    assert not np.array_equal(sound(plain.stems[0]), sound(without.stems[0]))


def test_without_guidance_it_says_that_nothing_keeps_them_out(packs, tmp_path):
    said = " ".join(compose(packs, tmp_path / "a", instruments=("-drums",), guidance=1.0).notes)
    assert "Nothing keeps drums out" in said
    assert "Nothing keeps" not in " ".join(compose(packs, tmp_path / "b", instruments=("-drums",)).notes)


def test_what_is_kept_is_read_while_the_autoencoder_is_there(packs, tmp_path, monkeypatch):
    """The ladder may put the autoencoder aside while music is denoised."""
    order = []
    hold, aside = job.Job._hold, job.Job.aside
    monkeypatch.setattr(job.Job, "_hold", lambda self, *given: order.append("hold") or hold(self, *given))
    monkeypatch.setattr(job.Job, "aside", lambda self, thrift: order.append("aside") or aside(self, thrift))
    compose(packs, tmp_path / "a", bridges=both(tmp_path), strength=50.0)
    assert order == ["hold", "aside"]


def test_reading_references_is_told_and_can_be_cancelled(packs, tmp_path):
    """At full size a CPU takes as long to hear a reference as it lasts: nobody may take that for a hang."""
    told = []

    def count(stage, done):
        told.append((stage, done))
        if len(told) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        compose(packs, tmp_path / "a", bridges=both(tmp_path), progress=count)
    assert told == [(Stage.COMPOSE, 0.0)] * 4


def test_a_reference_is_heard_once(packs, tmp_path, monkeypatch):
    heard, laid = [], references.laid
    monkeypatch.setattr(references, "laid", lambda *given: heard.append(given) or laid(*given))
    compose(packs, tmp_path / "a", bridges=both(tmp_path), strength=50.0)
    assert len(heard) == 1


def test_strength_begins_with_the_broad_reference(packs, tmp_path):
    bridges = both(tmp_path)
    near, far = (compose(packs, tmp_path / str(much), bridges=bridges, strength=much) for much in (5.0, 100.0))
    assert not np.array_equal(sound(near.stems[0]), sound(far.stems[0]))


@pytest.fixture
def parted(packs, tmp_path):
    """The packs with a separator."""
    folder = shutil.copytree(packs, tmp_path / "packs")
    a_separator(folder)
    return folder


def test_a_separator_makes_stems_that_sum_to_the_mix(packs, parted, tmp_path):
    whole, music = compose(packs, tmp_path / "a"), compose(parted, tmp_path / "b")
    assert len(music.stems) == 4
    total = sum(sound(stem) for stem in music.stems)
    assert np.abs(total - sound(whole.stems[0])).max() < 1e-5
    assert "Taken apart by" in " ".join(music.notes)
    assert not (tmp_path / "b" / "music.wav").exists()


def test_of_its_stems_some_can_be_chosen(parted, tmp_path):
    assert [stem.name for stem in compose(parted, tmp_path / "a", stems=("bass",)).stems] == ["bass"]
    with pytest.raises(ControlError) as caught:
        compose(parted, tmp_path / "b", stems=("accents",))
    assert caught.value.code == "bad_control"
    assert "bass" in caught.value.remedy


def test_where_memory_runs_out_less_is_done_at_once(packs, tmp_path, monkeypatch):
    """Rows all at once are too much: the ladder goes down to rows one by one, and the music is the same."""
    rows = Denoiser._rows

    def scarce(self, noisy, moment, span, some):
        if len(some) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return rows(self, noisy, moment, span, some)

    plain = compose(packs, tmp_path / "a")
    monkeypatch.setattr(Denoiser, "_rows", scarce)
    frugal = compose(packs, tmp_path / "b")
    assert "Memory ran out: the rows of guidance were computed one by one" in frugal.notes
    assert "Memory ran out: windows were half as long" not in frugal.notes
    assert not any("outside the device" in note for note in frugal.notes), "here is none but the CPU"
    assert np.corrcoef(sound(plain.stems[0])[:, 0], sound(frugal.stems[0])[:, 0])[0, 1] > 0.99


def test_memory_that_never_suffices_is_an_error(packs, tmp_path, monkeypatch):
    def never(*given):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Denoiser, "_rows", never)
    with pytest.raises(EngineError) as caught:
        compose(packs, tmp_path / "a")
    assert caught.value.code == "device_memory"
