from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest

from twopop.demo.footage import RATE, assemble, clip_path, cuts
from twopop_models import picture
from twopop_models.cache import StageCache
from twopop_models.controls import Both, Controls
from twopop_models.errors import ControlError, MediaError
from twopop_models.gate import Limits
from twopop_models.smpte import Labels
from twopop_models.spotting import check_hits, choose_hits
from twopop_models.spotting.lists import write_list
from twopop_models.types import Clip, Frames, Hit, Shot, SourceFacts, ignore


@pytest.fixture
def frames() -> Frames:
    clip = Clip(None, 100, 200, Fraction(25))
    facts = SourceFacts("video", 8, 8, Fraction(25), False, 0, "", "x")
    curve = np.zeros(100, np.float32)
    found = (Hit(150, 0.5, "motion"), Hit(120, 0.9, "cut"), Hit(150, 0.8, "cut"))
    return Frames(clip, facts, np.zeros((1, 2, 2, 3), np.uint8), (100,), curve, curve, (Shot(100, 200),), found)


def test_auto_takes_what_the_picture_says_once_per_frame_in_order(frames):
    assert choose_hits(frames, Controls()) == (Hit(120, 0.9, "cut"), Hit(150, 0.8, "cut"))


def test_off_takes_none(frames):
    assert choose_hits(frames, Controls(hits="off")) == ()


def test_own_hits_replace_those_found(frames):
    own = (Hit(199, 1.0, "client"), Hit(100, 0.2, "client"))
    assert choose_hits(frames, Controls(hits=own)) == own[::-1]


@pytest.mark.parametrize("frame", [99, 200])
def test_an_own_hit_outside_the_range_is_refused_by_name(frames, frame):
    with pytest.raises(ControlError, match=f"frame {frame} is outside the range 100 to 199") as caught:
        choose_hits(frames, Controls(hits=(Hit(frame),)))
    assert caught.value.code == "bad_control"


def test_the_clients_own_and_the_pictures_hits_together(frames):
    own = (Hit(121, 0.2, "door", 2.0), Hit(180, 1.0, "end"))
    assert choose_hits(frames, Controls(hits=Both(own))) == (own[0], Hit(150, 0.8, "cut"), own[1])


def test_a_file_is_a_list_and_goes_through_the_gate(frames, tmp_path):
    path = write_list(tmp_path / "a.csv", (Hit(10, 1.0, "before"), Hit(130, 0.5, "door", 3.0)), Labels(Fraction(25)))
    controls = Controls.parse([("hits", str(path))])
    assert choose_hits(frames, controls, Limits((tmp_path,))) == (Hit(130, 0.5, "door", 3.0),)
    both = Controls.parse([("hits", f"auto+{path}")])
    assert [hit.frame for hit in choose_hits(frames, both, Limits((tmp_path,)))] == [120, 130, 150]
    for asked in (lambda: choose_hits(frames, controls), lambda: check_hits(both, Limits(()))):
        with pytest.raises(MediaError) as caught:
            asked()
        assert caught.value.code == "media_forbidden"
    check_hits(Controls(), Limits(()))


def test_another_sensitivity_looks_at_no_picture_again(tmp_path, monkeypatch):
    from twopop_models import pipeline

    path = clip_path("bikes.mp4").resolve()
    limits, clip = Limits((path.parent,)), Clip(path, 0, 250, Fraction(25))
    engine = pipeline.Engine(None, None, None, StageCache(tmp_path), limits)
    seen = pipeline.look(clip, engine, pipeline.Stopwatch(), ignore)
    first = choose_hits(seen, Controls(), limits)
    assert [hit.frame for hit in first if hit.label == "cut"] == [30, 76, 137, 187, 242]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the picture was looked at again")

    monkeypatch.setattr(picture, "look", refuse)
    monkeypatch.setattr("twopop_models.picture.sources.open_source", refuse)
    before = time.perf_counter()
    again = pipeline.look(clip, engine, pipeline.Stopwatch(), ignore)
    found = {s: choose_hits(again, Controls(sensitivity=s), limits) for s in (0.0, 40.0, 50.0, 100.0)}
    assert time.perf_counter() - before < 0.5
    assert found[50.0] == first
    kept = [[hit.frame for hit in found[s] if hit.label == "cut"] for s in sorted(found)]
    assert kept[0] == []
    assert not {30, 76, 137, 187, 242} & {hit.frame for hit in found[0.0]}  # a cut is no burst of motion either
    assert kept[1] == [30, 137, 187, 242]
    assert set(kept[2]) < set(kept[3])
    assert again.shots == seen.shots


def test_cuts_of_a_timeline_stand_at_any_sensitivity(tmp_path):
    edit = assemble(tmp_path)
    limits = Limits((tmp_path, clip_path("bikes.mp4").resolve().parent))
    seen = picture.look(Clip(edit, 0, 480, RATE), limits)
    for sensitivity in (0.0, 50.0, 100.0):
        found = {hit.frame for hit in choose_hits(seen, Controls(sensitivity=sensitivity)) if hit.label == "cut"}
        assert set(cuts()) <= found
    assert {hit.frame for hit in choose_hits(seen, Controls(sensitivity=0.0)) if hit.label == "cut"} == set(cuts())
