"""The panel in a window, driven as a person drives it, with the real server behind it."""

import json

import pytest
from tests.clients.reaper.rig import NOTICED
from tests.clients.reaper.studio import film, opened, score, stems, studio
from tests.serving import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("paneled"), (film().parent,)) as server:
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
    assert host.scripts[-1].slowest < NOTICED
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


def test_markers_are_hits_where_that_is_wanted(host, served):
    host.project.add_marker(11.4, "door, slams [0.5 3]")
    host.project.add_marker(12.0, "look")
    host.project.add_marker(14.0, "beside the range")
    host.project.add_marker(11.0, "a region", stop=12.0)
    opened(host)
    host.click("Hits")
    host.click("+ auto")
    host.click("markers")
    score(host)
    assert dict(requests(served)["controls"])["hits"] == "35:0.5:3.0:door%2C slams,50:1.0:1.0:look"
    assert host.sees("of 2 hits met")


def test_the_description_can_be_changed_and_reverted_and_another_variation_made(host, served):
    opened(host)
    score(host)
    assert "text" not in dict(requests(served)["controls"])
    host.click("Music")
    host.click("Description")
    host.tick(until=lambda: host.sees("Revert"), seconds=2)
    above = next(item for item in host.windows[0].frame if item.words == "Revert")
    host.mouse(host.windows[0], above.x + 60, above.y - 60)
    host.key(1)
    host.type("a sad cello")
    assert host.sees("your words will be used")
    before = stems(host.project)
    host.click("New variation")
    host.tick(until=lambda: host.sees("%"), seconds=60)
    host.tick(until=lambda: host.sees("Done."), seconds=60)
    asked = dict(requests(served)["controls"])
    assert asked["text"] == "a sad cello"
    assert int(asked["seed"]) > 0
    assert len(host.project.items) > len(before)
    host.click("Revert")
    assert not host.sees("your words will be used")
