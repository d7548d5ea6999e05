"""The project's tempo map as the server follows it, and a cue's tempo map in the project."""

import math
import random
from fractions import Fraction

import pytest
from tests.clients.reaper.lua import room, table
from tests.clients.reaper.rig.world import Tempo

from twopop_models.controls import Controls
from twopop_models.score import PPQ
from twopop_models.spotting.grids import follow
from twopop_models.types import Clip

FRAME = 1 / 25
LINE = 0.001  # seconds


def told(host, start, stop, first=0):
    """What the function says: text and error, or nothing and a problem."""
    host.project.select(start, stop)
    selected = room(host.script.lua, "selection").read(host.reaper, host.project)
    return room(host.script.lua, "tempo").host(host.reaper, selected, first)


def sent(host, start, stop, first=0):
    text, _ = told(host, start, stop, first)
    return text


def followed(text, seconds, first=0):
    """The tempo map that the engine makes of the text."""
    clip = Clip(None, first, first + round(seconds * 25), Fraction(25))
    return follow(clip, Controls.parse([("host_tempo", text)]).host_tempo), clip


def heard(text, seconds, first=0):
    """Bar lines in seconds from the range's start, as the engine follows the text."""
    tempo_map, clip = followed(text, seconds, first)
    last = tempo_map.tick(clip.seconds)
    return [float(tempo_map.seconds(tick)) for tick, _ in tempo_map.bars(last) if tick >= tempo_map.pickup]


def expected(host, start, stop):
    times, measure = [], 0
    while (at := host.call("TimeMap2_beatsToTime", host.project, 0, measure)) < stop - 1e-6:
        times += [at - start] if at >= start - 1e-9 else []
        measure += 1
    return times


def misses(host, start, stop, first=0):
    """By how many seconds each bar line of the project is missed."""
    ours, theirs = heard(sent(host, start, stop, first), stop - start, first), expected(host, start, stop)
    assert len(ours) == len(theirs)
    return [abs(one - other) for one, other in zip(ours, theirs, strict=True)]


def eighths_missed(host, start, stop):
    """The most by which an eighth note from the first bar line on is missed."""
    tempo_map, _ = followed(sent(host, start, stop), stop - start)
    first = expected(host, start, stop)[0] + start
    begin, end = (host.call("TimeMap2_timeToQN", host.project, at) for at in (first, stop))
    found = []
    for step in range(int((end - begin) * 2)):
        theirs = host.call("TimeMap2_QNToTime", host.project, begin + step / 2) - start
        found.append(abs(float(tempo_map.seconds(tempo_map.pickup + step * PPQ // 2)) - theirs))
    return max(found)


def test_a_steady_tempo_is_one_bar_line(host):
    host.project.bpm = 96.5
    text = sent(host, 10.0, 20.0, first=250)
    assert text.count(",") == 0
    frame, bpm = text.split(":")
    assert bpm == "96.5"
    assert float(frame) <= 250


def test_a_bar_line_before_the_films_first_frame_is_told_too(host):
    host.project.bpm, host.project.meter = 100.0, (3, 4)
    text = sent(host, 10.0, 20.0)
    assert text == "-25:100:3/4"
    assert heard(text, 10.0)[0] == pytest.approx(0.8, abs=LINE)


MAPS = {
    "steps": [Tempo(0.0, 120.0, 4, 4), Tempo(12.0, 90.0, 3, 4), Tempo(18.0, 150.0)],
    "cut bar": [Tempo(0.0, 97.3, 7, 8), Tempo(13.37, 101.1, 4, 4)],
    "sliver": [Tempo(0.0, 120.0, 4, 4), Tempo(14.05, 120.0, 4, 4)],
    "equal behind a cut bar": [Tempo(0.0, 120.0, 4, 4), Tempo(13.3, 120.0, 4, 4)],
    "between bars": [Tempo(0.0, 120.0, 4, 4), Tempo(13.1, 80.0), Tempo(17.77, 130.0)],
    "ramp": [Tempo(0.0, 100.0, 4, 4, True), Tempo(24.0, 140.0)],
    "crawl": [Tempo(0.0, 100.0, 4, 4, True), Tempo(90.0, 101.0)],
}


@pytest.mark.parametrize("name", MAPS)
def test_bar_lines_are_where_the_projects_are(host, name):
    host.project.tempos = MAPS[name]
    assert max(misses(host, 10.0, 30.0, 100)) < LINE


def test_a_long_range_at_an_odd_tempo_does_not_drift(host):
    """The server counts whole microseconds a quarter note: another bar line is told before that is heard."""
    host.project.bpm = 123.456
    assert max(misses(host, 0.0, 1200.0)) < LINE


@pytest.mark.parametrize("name", ["steps", "ramp", "between bars"])
def test_the_error_inside_of_bars_is_said(host, name):
    host.project.tempos = MAPS[name]
    _, worst = told(host, 10.0, 30.0)
    found = eighths_missed(host, 10.0, 30.0)
    assert worst == pytest.approx(found, abs=LINE)
    assert (found < LINE) == (name == "steps")
    if name == "ramp":
        assert worst < FRAME / 4


def played(bars, wide):
    """A tempo map tapped by hand: every bar has a tempo of its own."""
    chance, now, points = random.Random(1), 0.0, []
    for _ in range(bars):
        bpm = 120.0 * (1 + chance.uniform(-wide, wide))
        points.append(Tempo(now, bpm))
        now += 240 / bpm
    return points, math.floor(now)


def test_a_tapped_map_of_eight_minutes_fits(host):
    host.project.tempos, seconds = played(240, 0.02)
    assert max(misses(host, 0.0, seconds)) < LINE


def test_a_longer_one_moves_its_bar_lines_by_a_quarter_frame_at_most(host):
    host.project.tempos, seconds = played(450, 0.003)
    found = max(misses(host, 0.0, seconds))
    assert LINE < found < FRAME / 4 + LINE


def test_a_tempo_that_the_server_does_not_take_is_said(host):
    host.project.bpm = 500.0
    nothing, problem = told(host, 1.0, 5.0)
    assert (nothing, problem.code) == (None, "tempo_range")


@pytest.mark.parametrize("meter", [(17, 4), (4, 32)])
def test_a_meter_that_the_server_does_not_take_is_said(host, meter):
    host.project.meter = meter
    nothing, problem = told(host, 1.0, 5.0)
    assert (nothing, problem.code) == (None, "meter_range")


def test_a_map_that_fits_into_no_message_is_said(host):
    host.project.tempos = [Tempo(number * 0.5, 100.0 + number % 50, 1, 4) for number in range(500)]
    nothing, problem = told(host, 1.0, 245.0)
    assert (nothing, problem.code) == (None, "tempo_long")
    assert "shorter range" in problem.remedy


def test_what_is_sent_is_never_longer_than_the_server_takes(host):
    """Maps whose text is around the limit: either the server reads it or it is said before."""
    told_all = []
    for count in range(260, 500, 24):
        host.project.tempos = [Tempo(number * 0.5, 100.0 + number % 50, 1, 4) for number in range(count)]
        text, problem = told(host, 1.0, count / 2 - 1)
        told_all.append(text is None)
        if text:
            Controls.parse([("host_tempo", text)])
        else:
            assert problem.code == "tempo_long"
    assert set(told_all) == {True, False}


# -- a cue's map in the project ----------------------------------------------------------------

POINTS = [
    {"offset": "0", "bpm": 100.0, "beats": 3, "unit": 16},
    {"offset": "9/20", "bpm": 101.5, "beats": 4, "unit": 4},
    {"offset": "3", "bpm": 99.0, "beats": 0, "unit": 0},
]


def insert(host, start=10.0, stop=15.0):
    host.call("Undo_BeginBlock2", host.project)
    made = table(host.script.lua, POINTS)
    done = room(host.script.lua, "tempo").insert(host.reaper, host.project, made, start, stop)
    host.call("Undo_EndBlock2", host.project, "test", -1)
    return done


def lines(host, stop):
    return expected(host, 0.0, stop)


@pytest.mark.parametrize("tempos", [[], MAPS["steps"][:1], [Tempo(0.0, 90.0, 3, 4), Tempo(21.3, 70.0, 4, 4)]])
def test_behind_the_cue_bars_go_on_where_they_were(host, tempos):
    host.project.tempos, host.project.bpm = tempos, 93.0
    before = [at for at in lines(host, 40.0) if at >= 15.0]
    assert insert(host)
    after = [at for at in lines(host, 40.0) if at > 15.0 + 1e-6]
    assert after == pytest.approx([at for at in before if at > 15.0 + 1e-6])
    points = [(at.position, at.bpm, at.beats, at.unit) for at in host.project.tempos if 10.0 <= at.position < 15.0]
    assert points == [(10.0, 100.0, 3, 16), (10.45, 101.5, 4, 4), (13.0, 99.0, 0, 0)]


@pytest.mark.parametrize(
    "tempos",
    [
        [Tempo(12.0, 90.0)],
        [Tempo(10.0, 90.0)],
        [Tempo(0.0, 90.0, 4, 4, True), Tempo(60.0, 140.0)],
    ],
    ids=["inside", "at its beginning", "a ramp over it"],
)
def test_the_projects_own_markers_are_not_touched(host, tempos):
    host.project.tempos = list(tempos)
    assert insert(host) is False
    assert host.project.tempos == tempos


def test_a_marker_right_behind_the_range_says_how_it_goes_on(host):
    host.project.tempos = [Tempo(15.0, 77.0, 5, 4)]
    assert insert(host)
    assert [at.bpm for at in host.project.tempos if at.position >= 15.0] == [77.0]
