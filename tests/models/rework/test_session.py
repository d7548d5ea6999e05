"""What a take keeps for being worked on again."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from twopop_models.errors import BaseError
from twopop_models.mastering.limiter import Curve
from twopop_models.rework import session as sessions
from twopop_models.rework.session import Session
from twopop_models.score import (
    Accent,
    ChordSymbol,
    ControlChange,
    Ending,
    Note,
    Part,
    Score,
    Section,
    TempoChange,
    TempoMap,
)
from twopop_models.types import Bridges, ChordSpan, Clip, Description, Hit, Reference, Role, Track

TRACK = Track(
    "t1",
    Path("/music/t1.ogg"),
    "A title",
    12.5,
    96.0,
    (0.1, 0.7),
    (0.1,),
    "A minor",
    (ChordSpan(0.0, 1.0, 9, "min"),),
    (0.1, 0.2),
    -14.0,
    (("rock", 0.5), ("loud", 0.25)),
    ("tense",),
    ("rock",),
    ("drums",),
    "words",
)
SCORE = Score(
    TempoMap((TempoChange(0, 512_345),)),
    9_000,
    "A minor",
    "rock",
    (Part("drums", "drums", 0, (Note(0, 10, 36, 99),), drums=True, controls=(ControlChange(0, 11, 90),)),),
    (ChordSymbol(0, "Am", 9, (9, 0, 4)),),
    (Section(0, "intro", 0.25),),
    Ending("fade", 8_000),
    (Accent(960, 0.5, "swell"),),
)
SESSION = Session(
    composer="band",
    clip=Clip(Path("/film/scene.mov"), 10, 250, Fraction(24_000, 1_001)),
    asked=(("genre", "rock"), ("hits", "20:0.5")),
    seed=3,
    variation=1,
    generation=2,
    bridges=Bridges(Description("A street.", ("tense",)), Reference(Role.BROAD, TRACK, 0.75, "near"), None),
    hits=(Hit(20, 0.5, "client"),),
    stems=("drums", "bass"),
    score=SCORE,
    sample_rate=48_000,
    samples=480_480,
    gain=0.123456789,
    limited=True,
)
CURVE = Curve(0.123456789, np.linspace(1, 0.5, 15_015, dtype=np.float32))


def test_everything_comes_back(tmp_path):
    sessions.save(SESSION, CURVE, tmp_path)
    found, curve = sessions.load(tmp_path)
    assert found == SESSION
    assert found.controls.genre == "rock"
    assert curve.constant == CURVE.constant
    assert np.array_equal(curve.over(700, 5_000), CURVE.over(700, 5_000))


def test_the_same_session_is_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        sessions.save(SESSION, CURVE, tmp_path / name)
    for name in (sessions.NAME, sessions.GAIN):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def damaged(folder, **changes):
    data = json.loads((folder / sessions.NAME).read_text("utf-8"))
    (folder / sessions.NAME).write_text(json.dumps({**data, **changes}), "utf-8")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 99}, "another version"),
        ({"score": []}, "cannot be read"),
        ({"gain": "loud"}, "cannot be read"),
        ({"asked": [["genre", "polka"]]}, "cannot be read"),
        ({"clip": {"media": None, "first": 0, "stop": 1, "rate": "1/0"}}, "cannot be read"),
    ],
)
def test_a_damaged_session_is_said(tmp_path, changes, said):
    sessions.save(SESSION, CURVE, tmp_path)
    damaged(tmp_path, **changes)
    with pytest.raises(BaseError, match=said) as caught:
        sessions.load(tmp_path)
    assert caught.value.code == "base_no_score"


def test_a_take_without_a_session_is_said(tmp_path):
    with pytest.raises(BaseError, match="missing"):
        sessions.load(tmp_path)
    (tmp_path / sessions.NAME).write_bytes(b"\xff\xfe nonsense")
    with pytest.raises(BaseError, match="cannot be read"):
        sessions.load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_gain_that_is_lost_is_said(tmp_path, content):
    sessions.save(SESSION, CURVE, tmp_path)
    (tmp_path / sessions.GAIN).unlink()
    if content is not None:
        (tmp_path / sessions.GAIN).write_bytes(content)
    with pytest.raises(BaseError, match=r"cannot be read|missing"):
        sessions.load(tmp_path)


def test_no_pickle_is_ever_read(tmp_path):
    sessions.save(SESSION, CURVE, tmp_path)
    with (tmp_path / sessions.GAIN).open("wb") as file:
        np.savez(file, steps=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(BaseError, match="cannot be read"):
        sessions.load(tmp_path)
