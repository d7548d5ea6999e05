"""The panel in a window, driven as a person drives it, with the real server behind it."""

import json

import pytest
from tests.clients.reaper.studio import film, opened, score, stems, studio
from tests.serving import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("paneled"), (film().parent, "/tmp")) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as made:
        yield made


def requests(served):
    """What was asked for last: the stored request of the newest job."""
    newest = max(served.jobs.glob("reaper-*/request.json"), key=lambda path: path.stat().st_mtime_ns)
    return json.loads(newest.read_text())


def test_it_shows_where_what_and_how(host):
    opened(host)
    assert host.sees("00:00:11:00 - 00:00:13:00, 50 frames at 25")
    assert host.sees("Picture: bikes.mp4")
    for name in ("genre", "mood", "instruments", "tempo", "key", "ending", "loudness", "variations", "seed"):
        assert host.sees(name), name
    host.project.select(11.01, 13.0)
    host.tick(until=lambda: host.sees("snapped: in -0.25 frames"), seconds=2)


def test_a_click_on_score_brings_stems(host, served):
    opened(host)
    score(host)
    placed = stems(host.project)
    assert len(placed) >= 4
    assert all(item.position == 11.0 and item.length == 2.0 for item in placed.values())
    assert host.sees("stems.")
    assert host.scripts[-1].slowest < 0.010
    host.project.undo()
    assert [track.name for track in host.project.tracks] == ["Video"]


def test_what_is_chosen_is_what_is_asked(host, served):
    opened(host)
    host.click("+ any")  # genre
    host.click("piano")
    host.click("+ any")  # mood
    host.click("calm")
    host.click("tender")
    host.click("follow the project's tempo")
    score(host)
    asked = dict(requests(served)["controls"])
    assert (asked["genre"], asked["mood"]) == ("piano", "calm,tender")
    assert asked["host_tempo"] == "0:120.0:4/4", "only where the project's tempo is to be followed"
    host.windows[-1].keys.append(27)
    host.tick(until=lambda: not host.windows, seconds=2)
    opened(host)
    assert host.sees("+ piano"), "the panel remembers what was chosen"
