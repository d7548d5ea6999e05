"""Going on from sound, over a composer that makes noise: what is kept, what is new, what is refused."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from twopop_models.bwf import Stamp
from twopop_models.cache import StageCache
from twopop_models.composers import Editor
from twopop_models.controls import Controls
from twopop_models.errors import BaseError
from twopop_models.gate import Limits
from twopop_models.mastering import master
from twopop_models.pipeline import Engine
from twopop_models.rework import session as sessions
from twopop_models.rework.sounding import rework
from twopop_models.rework.working import open_base
from twopop_models.score import Ending, Score, TempoChange, TempoMap
from twopop_models.types import Bridges, Clip, Description, Music, RawStem

RATE = Fraction(24_000, 1_001)
CLIP = Clip(None, 48, 144, RATE)  # four seconds and a little
STAMP = Stamp(CLIP.first_sample(), RATE)
ASKED = Controls(text="a hum", ending="cut")
NINETY = TempoMap((TempoChange(0, 666_667),))


class Noise:
    """Makes noise by seed and variation; remembers what it was given to go on from."""

    name = "noise"

    def __init__(self):
        self.kept, self.asked = [], []

    def make(self, clip, folder, seed, variation, names=("music",)):
        stems = []
        for number, name in enumerate(names):
            rng = np.random.default_rng([seed, variation, number])
            sound = rng.standard_normal((clip.samples(), 2)).astype(np.float32) * 0.05
            soundfile.write(folder / f"{name}.wav", sound, 48_000, "FLOAT")
            stems.append(RawStem(name, folder / f"{name}.wav"))
        return Music(tuple(stems), 48_000, clip.samples(), 100.0, "", "noise", None)

    def edit(self, clip, frames, bridges, hits, controls, kept, *, seed, variation, folder, progress):
        self.kept.append(kept)
        self.asked.append(controls)
        return self.make(clip, folder, seed, variation, controls.stems or ("music",))


class Nobody:
    """Listens to nothing."""

    def description(self, text):
        """Not now."""

    reference = hit = description


def a_take(tmp_path, *names):
    """A take of noise, as the pipeline leaves it."""
    folder, scratch = tmp_path / "take", tmp_path / "scratch"
    scratch.mkdir()
    music = Noise().make(CLIP, scratch, 1, 0, names)
    done = master(
        music.stems,
        target=-23.0,
        samples=music.samples,
        sample_rate=48_000,
        folder=folder / "v1",
        stamp=STAMP,
    )
    given = {"composer": "noise", "clip": CLIP, "controls": ASKED, "variation": 0, "hits": ()}
    kept = sessions.of(music, done.curve, bridges=Bridges(Description("A hum."), None, None), **given)
    sessions.save(kept, done.curve, folder / "v1")
    return folder


@pytest.fixture
def take(tmp_path):
    return a_take(tmp_path, "music")


def work(take, tmp_path, clip=CLIP, composer=None, **controls):
    composer, folder = composer or Noise(), tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    engine = Engine(None, None, composer, StageCache(tmp_path / "cache"), Limits(()))
    asked = Controls.parse([("base", "it"), *controls.items()])
    base = open_base(take, 0)
    return rework(clip, asked, base, engine=engine, folder=folder, stamp=STAMP, listener=Nobody())


def ints(path):
    return soundfile.read(path, dtype="int32", always_2d=True)[0]


def test_noise_is_an_editor():
    assert isinstance(Noise(), Editor)


def test_outside_the_range_not_a_bit_changes(take, tmp_path):
    composer = Noise()
    cue = work(take, tmp_path, composer=composer, redo="72:96").cues[0]
    old, new = ints(take / "v1" / "music.wav"), ints(cue.stems[0].path)
    places = [Clip(None, 48, frame, RATE).samples() for frame in (72, 96)]
    changed = np.flatnonzero((old != new).any(axis=1))
    assert places[0] - 12_000 <= changed[0] <= places[0]
    assert places[1] - 1 <= changed[-1] < places[1] + 12_000
    assert composer.kept[0].fresh == tuple(places)
    assert np.array_equal(ints(cue.mix), new)


@pytest.mark.parametrize(("redo", "first", "last"), [("48:60", 0, None), ("120:144", None, -1)])
def test_a_range_at_an_edge_has_one_fade(take, tmp_path, redo, first, last):
    cue = work(take, tmp_path, redo=redo).cues[0]
    changed = np.flatnonzero((ints(take / "v1" / "music.wav") != ints(cue.stems[0].path)).any(axis=1))
    if first is not None:
        assert changed[0] < 10
    if last is not None:
        assert changed[-1] > CLIP.samples() - 10


def test_a_longer_cue_begins_with_the_old_one(take, tmp_path):
    longer, composer = replace(CLIP, stop=192), Noise()
    cue = work(take, tmp_path, longer, composer).cues[0]
    old, new = ints(take / "v1" / "music.wav").astype(float), ints(cue.stems[0].path).astype(float)
    kept = len(old) - 12_000
    ratio = (new[:kept] * old[:kept]).sum() / (old[:kept] ** 2).sum()
    assert len(new) == longer.samples()
    assert np.abs(new[:kept] - ratio * old[:kept]).max() <= 2 * 256  # one step of 24 bits
    assert composer.kept[0].fresh == (len(old), len(new))


def test_each_variation_is_another_one(take, tmp_path):
    one, other = work(take, tmp_path, variations=2).cues
    assert not np.array_equal(ints(one.mix), ints(other.mix))
    assert "A variation of the base take" in one.music.notes[-1]


def test_what_was_made_so_can_be_gone_on_from(take, tmp_path):
    cue = work(take, tmp_path, redo="72:96").cues[0]
    session, _ = sessions.load(cue.mix.parent)
    assert (session.generation, session.score) == (1, None)
    again = work(cue.mix.parents[1], tmp_path, redo="72:96").cues[0]
    assert not np.array_equal(ints(again.mix), ints(cue.mix)), "other material than what was heard"


@pytest.mark.parametrize(
    ("clip", "controls", "code"),
    [
        (CLIP, {"redo": "10:20"}, "redo_range"),
        (CLIP, {"mood": "sad"}, "base_mismatch"),
        (CLIP, {"stems": "bass"}, "stem_missing"),
        (replace(CLIP, stop=120), {}, "base_mismatch"),
        (replace(CLIP, first=40), {}, "base_mismatch"),
        (replace(CLIP, stop=200), {"redo": "60:80"}, "redo_range"),
        (replace(CLIP, stop=200), {"stems": "music"}, "redo_range"),
    ],
)
def test_what_does_not_fit_is_refused(take, tmp_path, clip, controls, code):
    with pytest.raises(BaseError) as caught:
        work(take, tmp_path, clip, **controls)
    assert caught.value.code == code


@pytest.mark.parametrize("more", [{}, {"redo": "72:96"}])
def test_a_stem_made_anew_leaves_the_others_to_the_bit(tmp_path, more):
    take = a_take(tmp_path, "drums", "bass", "harmony")
    cue = work(take, tmp_path, stems="bass", **more).cues[0]
    assert [stem.name for stem in cue.stems] == ["drums", "bass", "harmony"]
    old, new = (
        {name: ints(folder / f"{name}.wav") for name in ("drums", "bass", "harmony")}
        for folder in (take / "v1", cue.mix.parent)
    )
    assert np.array_equal(old["drums"], new["drums"])
    assert np.array_equal(old["harmony"], new["harmony"])
    changed = np.flatnonzero((old["bass"] != new["bass"]).any(axis=1))
    assert (len(changed) > 0.9 * CLIP.samples()) == (not more)
    assert np.array_equal(ints(cue.mix), sum(new.values()))
    assert "Kept as they are: drums, harmony" in cue.music.notes[-1]
    assert sessions.load(cue.mix.parent)[0].stems == ("drums", "bass", "harmony")


def test_knobs_are_the_bases_unless_they_are_turned(take, tmp_path):
    session, curve = sessions.load(take / "v1")
    sessions.save(replace(session, asked=(*session.asked, ("steps", "4"), ("guidance", "3.0"))), curve, take / "v1")
    composer = Noise()
    work(take, tmp_path, composer=composer, guidance=5)
    assert (composer.asked[0].steps, composer.asked[0].guidance) == (4, 5.0)


def test_a_composer_that_cannot_go_on_says_so(take, tmp_path):
    with pytest.raises(BaseError) as caught:
        work(take, tmp_path, composer=SimpleNamespace(name="noise"))
    assert caught.value.code == "base_no_score"


def test_another_composer_goes_on_from_anybodys_sound(take, tmp_path):
    class Other(Noise):
        name = "other"

    composer = Other()
    cue = work(take, tmp_path, composer=composer, strength=40).cues[0]
    (kept,) = composer.kept
    assert (kept.path, kept.tempo) == (take / "v1" / "mix.wav", None)
    session, _ = sessions.load(cue.mix.parent)
    assert (session.composer, session.generation) == ("other", 1)


def test_who_cannot_and_did_not_make_it_is_told_who_can(take, tmp_path):
    with pytest.raises(BaseError) as caught:
        work(take, tmp_path, composer=SimpleNamespace(name="mute"))
    assert caught.value.code == "base_mismatch"
    assert "composer=diffusion" in caught.value.remedy


@pytest.fixture
def written(take):
    """A take of notes in F minor, at 90 beats a minute."""
    session, curve = sessions.load(take / "v1")
    score = Score(NINETY, 960 * 6, "F minor", "drone", (), (), (), Ending("cut", None))
    sessions.save(replace(session, composer="band", score=score, stems=("music",)), curve, take / "v1")
    return take


def test_of_what_was_written_bars_and_key_are_kept(written, tmp_path):
    composer = Noise()
    work(written, tmp_path, composer=composer, strength=40)
    assert composer.kept[0].tempo == NINETY
    assert composer.asked[0].key == "F minor"


@pytest.mark.parametrize("controls", [{"redo": "72:96"}, {"stems": "music"}])
def test_parts_of_what_was_written_stay_with_who_wrote_them(written, tmp_path, controls):
    composer = Noise()
    with pytest.raises(BaseError) as caught:
        work(written, tmp_path, composer=composer, **controls)
    assert caught.value.code == "base_mismatch"
    assert composer.kept == []


def test_a_mix_that_lies_elsewhere_is_not_read(take, tmp_path):
    elsewhere = tmp_path / "secret.wav"
    (take / "v1" / "mix.wav").rename(elsewhere)
    (take / "v1" / "mix.wav").symlink_to(elsewhere)
    composer = Noise()
    with pytest.raises(BaseError) as caught:
        work(take, tmp_path, composer=composer)
    assert caught.value.code == "base_no_score"
    assert composer.kept == []
