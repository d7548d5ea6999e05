"""Themes that come back in long cues."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tests.models.band.conftest import a_picture, some_hits
from tests.models.composers.score import small
from tests.models.composers.score.test_sampling import events

from twopop_models.composers.diffusion.guidance import Scales
from twopop_models.composers.score import returns, sampling
from twopop_models.composers.score.job import Job
from twopop_models.composers.score.returns import CHANNELS as MOTIF
from twopop_models.composers.score.returns import Return
from twopop_models.composers.score.wishes import Known, Wish
from twopop_models.controls import Controls
from twopop_models.grid.lanes import CHANNELS
from twopop_models.score import PPQ
from twopop_models.types import Bridges, Description

OTHERS = np.setdiff1d(np.arange(CHANNELS), MOTIF)


@pytest.fixture(scope="module")
def networks():
    return small.networks()


def a_wish(cells, *themes):
    return Wish(cells, "a waltz", events(cells), scales=Scales(2.0), steps=3, returns=themes)


def a_bar(section, start, quarters=4.0):
    from twopop_models.composers.band.form import Bar
    from twopop_models.score import Meter

    ticks = round(quarters * PPQ)
    return Bar(0, start, start + ticks, Meter(0, 4, 4), section, 0.5, False, False, (0, "major"), False, False)


def bars_of(names, quarters=4.0):
    ticks = round(quarters * PPQ)
    return tuple(a_bar(name, number * ticks, quarters) for number, name in enumerate(names))


def test_the_first_half_of_every_section_of_a_letter_is_its_motif():
    names = ["intro"] * 2 + ["theme A1"] * 8 + ["theme B2"] * 8 + ["theme A3"] * 8 + ["peak"] * 2 + ["theme A4"] * 4
    found = returns.returns(bars_of(names), 0, 4 * len(names))
    assert found == (Return(8, 72, 16), Return(8, 112, 8))


def test_bars_that_are_no_whole_cells_and_what_does_not_fit_do_not_return():
    names = ["theme A1"] * 4 + ["theme B2"] * 4 + ["theme A3"] * 4
    assert returns.returns(bars_of(names, 3.5), 0, 42) == ()
    assert returns.returns(bars_of(names), 0, 36) == ()
    assert returns.returns(bars_of(names), 0, 48) == (Return(0, 32, 8),)
    mixed = (*bars_of(["theme A1"] * 4), a_bar("theme A2", 16 * PPQ, 3), a_bar("theme A2", 19 * PPQ, 3))
    assert returns.returns(mixed, 0, 22) == ()


def test_what_comes_back_within_a_window_is_one_tune_under_other_music(networks):
    theme = Return(2, 20, 8)
    found = sampling.sample(networks, a_wish(32, theme))
    first, again = found[:, 2:10], found[:, 20:28]
    assert np.array_equal(first[MOTIF], again[MOTIF])
    assert not np.allclose(first[OTHERS], again[OTHERS])
    plain = sampling.sample(networks, a_wish(32))
    assert not np.allclose(plain[:, 2:10][MOTIF], plain[:, 20:28][MOTIF])


def test_what_comes_back_in_a_later_window_is_as_it_was_written(networks):
    themes = (Return(0, 60, 8), Return(0, 80, 8), Return(24, 36, 4))
    found = sampling.sample(networks, a_wish(96, *themes))
    for theme in themes:
        here, there = (slice(begin, begin + theme.cells) for begin in (theme.first, theme.again))
        assert np.array_equal(found[MOTIF, here], found[MOTIF, there])
        assert not np.allclose(found[OTHERS, here], found[OTHERS, there])


def test_known_music_is_not_moved_for_a_theme(networks):
    before = sampling.sample(networks, a_wish(32))
    mask = np.zeros((CHANNELS, 32), bool)
    mask[:, 20:] = True
    after = sampling.sample(networks, replace(a_wish(32, Return(2, 20, 8)), seed=7), Known(before, mask))
    assert np.array_equal(after[mask], before[mask])


def test_a_long_cue_has_themes_that_return_and_says_so(monkeypatch, networks):
    monkeypatch.setattr("twopop_models.composers.score.networks.load", lambda: networks)
    frames = a_picture(150.0)
    controls = Controls(steps=2, genre="pop", tempo=110.0)
    job = Job(
        frames.clip, frames, Bridges(Description("A pop track"), None, None), some_hits(frames, 4), controls, 1, 0
    )
    kept = {}
    real = sampling.sample

    def seen(net, wish, *more, **named):
        kept["wish"], kept["found"] = wish, real(net, wish, *more, **named)
        return kept["found"]

    monkeypatch.setattr("twopop_models.composers.score.sampling.sample", seen)
    score, said = job.score(lambda done: None)
    themes = kept["wish"].returns
    assert themes
    assert f"Themes return {len(themes)} times." in said[0]
    for theme in themes:
        here, there = (slice(begin, begin + theme.cells) for begin in (theme.first, theme.again))
        assert np.array_equal(kept["found"][MOTIF, here], kept["found"][MOTIF, there])
    places = [range(theme.again, theme.again + theme.cells) for theme in themes]
    assert all(not set(one) & set(other) for one, other in combinations(places, 2))
    assert {section.name[:7] for section in score.sections} >= {"theme A"}
