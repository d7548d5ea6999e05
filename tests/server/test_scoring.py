"""Which composer makes a take, and which are kept in memory."""

from types import SimpleNamespace

import pytest

from twopop import scoring
from twopop_models import composers
from twopop_models.controls import Controls
from twopop_models.errors import BaseError, EngineError


def test_of_the_composers_by_networks_only_the_last_is_kept(tmp_path):
    given = composers.Resources(packs=tmp_path)
    band, diffusion = scoring._composer("band", given), scoring._composer("diffusion", given)
    assert scoring._composer("diffusion", given) is diffusion
    scoring._composer("musicgen", given)
    assert scoring._composer("band", given) is band
    assert scoring._composer("diffusion", given) is not diffusion


@pytest.mark.parametrize("name", ["band", "diffusion"])
def test_a_base_is_gone_on_from_by_its_own_maker(name):
    assert scoring.maker_of_base(SimpleNamespace(session=SimpleNamespace(composer=name))) == name


@pytest.mark.parametrize("name", ["", "auto", "os", "x" * 1_000])
def test_a_base_by_nobody_that_we_know_is_refused(name):
    with pytest.raises(BaseError) as caught:
        scoring.maker_of_base(SimpleNamespace(session=SimpleNamespace(composer=name)))
    assert caught.value.code == "base_no_score"


class Unready:
    """A composer whose packages are not here."""

    def warm(self):
        raise EngineError("extra_missing", "The composer score needs packages", "Run: pip install more")


@pytest.mark.parametrize(("composer", "auto"), [("auto", True), ("score", False)])
def test_where_scenes_cannot_be_written_it_is_said_before_the_picture_is_looked_at(composer, auto):
    controls = Controls.parse([("scenes", "0:calm"), ("composer", composer)])
    with pytest.raises(EngineError) as caught:
        scoring._ready_for_scenes(SimpleNamespace(composer=Unready()), controls)
    assert caught.value.code == "extra_missing"
    assert ("auto takes the composer score" in caught.value.text) == auto
    assert ("leave 'scenes' out" in caught.value.remedy) == auto
    assert "pip install more" in caught.value.remedy
