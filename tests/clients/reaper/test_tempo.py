"""The project's tempo map as the server follows it."""

from fractions import Fraction

import pytest
from tests.clients.reaper.lua import plain, room
from tests.clients.reaper.rig import Reaper
from tests.clients.reaper.rig.world import Tempo

from twopop_models.controls import Controls
from twopop_models.spotting.grids import follow
from twopop_models.types import Clip


@pytest.fixture
def host(lua_version, tmp_path):
    with Reaper(lua_version, tmp_path) as made:
        made.new_script(tmp_path / "test")
        yield made


def sent(host, start, stop, first=0):
    host.project.select(start, stop)
    lua = host.script.lua
    selected = room(lua, "selection").read(host.reaper, host.project)
    return room(lua, "tempo").host(host.reaper, selected, first)


def heard(text, seconds, first=0):
    """Bar lines in seconds from the range's start, as the engine follows the text."""
    clip = Clip(None, first, first + round(seconds * 25), Fraction(25))
    tempo_map = follow(clip, Controls.parse([("host_tempo", text)]).host_tempo)
    last = tempo_map.tick(clip.seconds)
    return [float(tempo_map.seconds(tick)) for tick, _ in tempo_map.bars(last) if tick >= tempo_map.pickup]


def expected(host, start, stop):
    times, measure = [], 0
    while (at := host.call("TimeMap2_beatsToTime", host.project, 0, measure)) < stop - 1e-6:
        times += [at - start] if at >= start - 1e-9 else []
        measure += 1
    return times


def test_a_steady_tempo_is_one_bar_line(host):
    host.project.bpm = 96.5
    text = sent(host, 10.0, 20.0, first=250)
    assert text.count(",") == 0
    frame, bpm, meter = text.split(":")
    assert (float(bpm), meter) == (96.5, "4/4")
    assert float(frame) <= 250


@pytest.mark.parametrize(
    "tempos",
    [
        [Tempo(0.0, 120.0, 4, 4), Tempo(12.0, 90.0, 3, 4), Tempo(18.0, 150.0)],
        [Tempo(0.0, 97.3, 7, 8), Tempo(13.37, 101.1, 4, 4)],
        [Tempo(0.0, 100.0, 4, 4, True), Tempo(24.0, 140.0)],
    ],
    ids=["steps", "odd", "ramp"],
)
def test_bar_lines_are_where_the_projects_are(host, tempos):
    host.project.tempos = tempos
    text = sent(host, 10.0, 30.0, first=100)
    ours, theirs = heard(text, 20.0, 100), expected(host, 10.0, 30.0)
    assert len(ours) == len(theirs)
    assert max(abs(one - other) for one, other in zip(ours, theirs, strict=True)) < 0.001


def test_a_tempo_that_the_server_does_not_take_is_said(host):
    host.project.bpm = 500.0
    nothing, problem = sent(host, 1.0, 5.0)
    assert (nothing, problem.code) == (None, "tempo_range")


def test_a_map_that_fits_into_no_message_is_said(host):
    host.project.tempos = [Tempo(number * 0.5, 100.0 + number % 50, 1, 4) for number in range(320)]
    nothing, problem = sent(host, 1.0, 155.0)
    assert (nothing, plain(problem)["code"]) == (None, "tempo_long")
