"""Opening a base, and what a request beside it may say; over a small take that the band really made."""

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from twopop_models import composers, picture
from twopop_models.bwf import Stamp
from twopop_models.cache import StageCache
from twopop_models.controls import Controls
from twopop_models.errors import BaseError
from twopop_models.gate import Limits
from twopop_models.mastering import master
from twopop_models.pipeline import Engine
from twopop_models.rework import session as sessions
from twopop_models.rework.working import fitting, open_base, rework
from twopop_models.types import Bridges, Clip, Description, Hit

CLIP = Clip(None, 100, 300, Fraction(25))
ASKED = Controls(text="a rock song", genre="rock", ending="loop", seed=4)
HITS = (Hit(150, 0.9), Hit(230, 0.5))
STAMP = Stamp(0, Fraction(25))


@pytest.fixture(scope="module")
def band():
    return composers.load("band")


@pytest.fixture(scope="module")
def made(band, tmp_path_factory):
    """A take's folder with one variation, as the pipeline leaves it."""
    folder, scratch = (tmp_path_factory.mktemp(name) for name in ("take", "scratch"))
    bridges = Bridges(Description("A rock song."), None, None)
    frames = picture.look(CLIP, Limits(()))
    music = band.compose(CLIP, frames, bridges, HITS, ASKED, seed=4, variation=0, folder=scratch)
    done = master(
        music.stems,
        target=-23.0,
        samples=music.samples,
        sample_rate=music.sample_rate,
        folder=folder / "v1",
        stamp=STAMP,
    )
    kept = sessions.of(
        music, done.curve, composer="band", clip=CLIP, controls=ASKED, variation=0, bridges=bridges, hits=HITS
    )
    sessions.save(kept, done.curve, folder / "v1")
    return folder


@pytest.fixture
def take(made, tmp_path):
    return shutil.copytree(made, tmp_path / "take")


class Nobody:
    """Listens to nothing."""

    def description(self, text):
        """Not now."""

    reference = hit = description


def work(band, take, tmp_path, **controls):
    folder = tmp_path / "out"
    folder.mkdir()
    engine = Engine(None, None, band, StageCache(tmp_path / "cache"), Limits(()))
    asked = Controls.parse([("base", "it"), *controls.items()])
    return rework(CLIP, asked, open_base(take, 0), engine=engine, folder=folder, stamp=STAMP, listener=Nobody())


def ints(path):
    return soundfile.read(path, dtype="int32", always_2d=True)[0] >> 8


def resaved(take, **changes):
    session, curve = sessions.load(take / "v1")
    sessions.save(replace(session, **changes), curve, take / "v1")


def test_a_loop_worked_on_at_its_end_has_no_seam(band, take, tmp_path):
    cue = work(band, take, tmp_path, redo="260:300").cues[0]
    for stem in cue.stems:
        sound = ints(stem.path).astype(float)
        old = ints(take / "v1" / stem.path.name).astype(float)
        round_ = np.abs(np.diff(np.concatenate([sound[-2_400:], sound[:2_400]]), axis=0)).max(axis=1)
        usual = max(np.abs(np.diff(sound, axis=0)).max(), np.abs(np.diff(old, axis=0)).max())
        assert round_[2_399] <= usual
    assert np.array_equal(ints(cue.mix), sum(ints(stem.path) for stem in cue.stems))
    assert any(
        ints(stem.path)[:9_000].tobytes() != ints(take / "v1" / stem.path.name)[:9_000].tobytes() for stem in cue.stems
    )


def test_the_same_request_gives_the_same_bits(band, take, tmp_path):
    sounds = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        take_of = work(band, take, tmp_path / name, stems="drums", seed="9")
        sounds.append([stem.path.read_bytes() for stem in take_of.cues[0].stems])
    assert sounds[0] == sounds[1]


def test_a_plan_that_cannot_be_written_any_more_is_refused(band, take, tmp_path):
    session, _ = sessions.load(take / "v1")
    chords = tuple(replace(chord, name="Bb13") for chord in session.score.chords)
    resaved(take, score=replace(session.score, chords=chords))
    with pytest.raises(BaseError) as caught:
        work(band, take, tmp_path, stems="drums")
    assert caught.value.code == "base_outdated"


def test_notes_of_another_version_do_not_matter_where_the_plan_is_the_same(band, take, tmp_path):
    """Kept stems are files; what today's composer would write for them is never asked."""
    session, _ = sessions.load(take / "v1")
    bass = tuple(replace(part, notes=part.notes[::2]) if part.stem == "bass" else part for part in session.score.parts)
    resaved(take, score=replace(session.score, parts=bass))
    cue = work(band, take, tmp_path, stems="drums").cues[0]
    assert [part for part in cue.music.score.parts if part.stem == "bass"] == [p for p in bass if p.stem == "bass"]


def test_another_composer_cannot_work_on_it(band, take, tmp_path):
    resaved(take, composer="echo")
    with pytest.raises(BaseError, match="'band' cannot work on what 'echo' wrote"):
        work(band, take, tmp_path)


@pytest.mark.parametrize(
    ("code", "clip", "asked"),
    [
        ("base_mismatch", replace(CLIP, stop=301), {}),
        ("base_mismatch", replace(CLIP, rate=Fraction(24)), {}),
        ("base_mismatch", replace(CLIP, media=Path("/film/scene.mov")), {}),
        ("base_mismatch", CLIP, {"ending": "fade"}),
        ("base_mismatch", CLIP, {"loudness": "streaming"}),
        ("stem_missing", replace(CLIP), {"stems": "drums,bass,melody,pads,harmony,accents"}),
    ],
)
def test_a_request_must_fit_its_base(take, code, clip, asked):
    if code == "stem_missing":
        session, _ = sessions.load(take / "v1")
        resaved(take, stems=session.stems[:-1])
    with pytest.raises(BaseError) as caught:
        fitting(open_base(take, 0), clip, Controls.parse([("base", "it"), *asked.items()]))
    assert caught.value.code == code


def test_a_strength_that_nobody_heeds_is_refused_and_not_told(band, take, tmp_path):
    """The band makes a stem wholly anew, whatever strength its take was once asked with."""
    with pytest.raises(BaseError) as caught:
        work(band, take, tmp_path, stems="drums", strength="40")
    assert caught.value.code == "base_mismatch"
    session, _ = sessions.load(take / "v1")
    resaved(take, asked=(*session.asked, ("strength", "40")))
    (tmp_path / "again").mkdir()
    cue = work(band, take, tmp_path / "again", stems="drums").cues[0]
    assert not any("%" in note for note in cue.music.notes)


def test_a_composer_that_varies_hears_how_much_and_where(band, take, tmp_path, monkeypatch):
    heard = []
    real = type(band).compose_again

    def listening(self, *asked, **named):
        heard.append(asked[5])
        return real(self, *asked, **named)

    monkeypatch.setattr(type(band), "varies", True)
    monkeypatch.setattr(type(band), "compose_again", listening)
    cue = work(band, take, tmp_path, stems="drums", strength="40", redo="150:200").cues[0]
    session, _ = sessions.load(take / "v1")
    (again,) = heard
    assert again.strength == 0.4
    assert again.written == session.score
    begin, stop = (session.score.tempo_map.seconds(tick) for tick in again.within)
    assert abs(begin - 2) < 1
    assert abs(stop - 4) < 1
    assert "Of their bars 40 %, at least one, have new notes; the others are played again." in cue.music.notes


def test_the_bases_own_controls_may_be_said_again(take):
    asked = Controls.parse([("base", "it"), ("genre", "rock"), ("stems", "bass"), ("seed", "8")])
    fitted = fitting(open_base(take, 0), CLIP, asked)
    assert fitted == replace(ASKED, base="it", stems=("bass",), seed=8)


def test_whom_auto_chose_may_be_named(take):
    asked = Controls.parse([("base", "it"), ("stems", "bass"), ("composer", "band")])
    assert fitting(open_base(take, 0), CLIP, asked).composer == ASKED.composer == "auto"
    with pytest.raises(BaseError):
        fitting(open_base(take, 0), CLIP, replace(asked, composer="score"))


def test_nothing_outside_the_take_is_read(take, tmp_path):
    secret = tmp_path / "secret.wav"
    shutil.copy(take / "v1" / "bass.wav", secret)
    (take / "v1" / "bass.wav").unlink()
    (take / "v1" / "bass.wav").symlink_to(secret)
    with pytest.raises(BaseError) as caught:
        open_base(take, 0)
    assert caught.value.code == "base_no_score"
    resaved(take, stems=("../../secret",))
    with pytest.raises(BaseError, match="unknown stems"):
        open_base(take, 0)


def test_a_variation_that_is_not_there_is_missing(take):
    with pytest.raises(BaseError) as caught:
        open_base(take, 1)
    assert caught.value.code == "base_missing"
