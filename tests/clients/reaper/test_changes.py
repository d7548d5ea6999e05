"""What changes while a cue is made, and what is made of a cue that is there: real server, both Luas, every sample."""

import copy
import json
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.clients.reaper.proof import check, mix_of, note_of, sound
from tests.clients.reaper.studio import PATIENCE, film, opened, score, stems, studio
from tests.serving import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    roots = film().parent, tmp_path_factory.getbasetemp()
    with serving(tmp_path_factory.mktemp("changing"), roots) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as made:
        yield made


@contextmanager
def asking(host, served):
    """What is done here asks the server for a cue: it has the request afterwards, and nothing is placed yet."""
    before = set(served.jobs.glob("*/request.json"))
    yield
    host.tick(until=lambda: set(served.jobs.glob("*/request.json")) - before, seconds=PATIENCE)


def a_cue(host):
    """A cue on tracks, the panel closed again; its items by name."""
    opened(host)
    score(host)
    host.key(27)
    host.tick(until=lambda: not host.windows, seconds=3)
    return stems(host.project)


def act(host, name, *items):
    """Run an action on items and wait until its window has gone."""
    for item in host.project.items:
        item.selected = item in items
    host.run(f"twopop_{name}.lua")
    host.tick(until=lambda: not host.windows, seconds=PATIENCE)


def loudest(items):
    """The stem with the most to hear; some are silent."""
    return max(items, key=lambda name: np.abs(sound(items[name].take.source.path)).sum())


def kept(project):
    """All that a project holds, as values that can be compared."""
    tracks = [
        (track.texts, track.values, [(item.texts, item.values, item.active, len(item.takes)) for item in track.items])
        for track in project.tracks
    ]
    takes = [(take.texts, take.values, take.source.path) for item in project.items for take in item.takes]
    return json.dumps([tracks, takes], default=str, sort_keys=True), copy.deepcopy(project.markers), dict(project.state)


def test_the_films_track_is_deleted_while_the_cue_is_made(host, served, tmp_path):
    opened(host)
    with asking(host, served):
        host.click("Score")
    host.project.track("Video").delete()
    host.tick(until=lambda: host.sees("Done."), seconds=PATIENCE)
    check(host.project, 275, 325, tmp_path)


def test_a_stems_track_is_deleted_while_it_is_made_anew(host, served, tmp_path):
    items = a_cue(host)
    name = loudest(items)
    for item in items.values():
        item.selected = item is items[name]
    with asking(host, served):
        host.run("twopop_Regenerate this stem.lua")
    items[name].track.delete()
    host.tick(until=lambda: not host.windows, seconds=PATIENCE)
    folder, track = host.project.tracks[-2:]
    (item,) = track.items
    assert (track.name, folder.name) == (name, f"twopop {note_of(item)['job']}")
    assert check(host.project, 275, 325, tmp_path, latest=item)[name] is item
    assert {len(other.takes) for other in host.project.items} == {1}, "nothing else got a take"


def test_three_variations_are_takes_undone_and_done_again_in_one_step(host, tmp_path):
    host.state["twopop", "panel"] = json.dumps({"values": {"variations": 3}})
    opened(host)
    before = kept(host.project)
    score(host)
    first = check(host.project, 275, 325, tmp_path)
    mixes = {mix_of(next(iter(first.values()))).tobytes()}
    for number in (1, 2):
        for name, item in first.items():
            assert [take.name for take in item.takes] == [f"{name} v{one}" for one in (1, 2, 3)]
            item.active = number
        check(host.project, 275, 325, tmp_path)
        mixes.add(mix_of(next(iter(first.values()))).tobytes())
    assert len(mixes) == 3, "three cues, not one three times"
    for item in first.values():
        item.active = 0
    after = kept(host.project)
    assert len(host.project.undos) == 1
    host.project.undo()
    assert kept(host.project)[:2] == before[:2]
    host.project.redo()
    assert kept(host.project) == after
    for _ in range(20):
        host.once()
    assert kept(host.project) == after, "the panel leaves it at that"


def test_a_stem_made_anew_fits_the_others_that_stay(host, tmp_path):
    items = a_cue(host)
    name = loudest(items)
    old = sound(items[name].take.source.path)
    act(host, "Regenerate this stem", items[name])
    item = items[name]
    assert not np.array_equal(sound(item.take.source.path), old)
    assert check(host.project, 275, 325, tmp_path, latest=item) == items
    host.project.undo()
    check(host.project, 275, 325, tmp_path)
    host.project.redo()
    assert (len(item.takes), item.active) == (2, 1)


def test_a_region_made_anew_leaves_the_rest_to_the_sample(host, tmp_path):
    host.state["twopop", "panel"] = json.dumps({"values": {"tempo": 120, "meter": "4/4"}})
    host.project.select(11.0, 17.0)
    items = a_cue(host)
    name = loudest(items)
    old = sound(items[name].take.source.path)
    host.project.select(13.0, 14.0)
    act(host, "Regenerate this region", items[name])
    item = items[name]
    new = sound(item.take.source.path)
    assert (len(item.takes), item.active, len(new)) == (2, 1, len(old))
    changed = np.flatnonzero((new != old).any(axis=1))
    assert changed.size, "something was made anew"
    beats = 52_800  # widened to whole beats, and faded over one more: two at most on either side, and a tenth
    assert 96_000 - beats < changed[0] < changed[-1] < 144_000 + beats
    assert check(host.project, 275, 425, tmp_path, latest=item) == items


def test_a_file_that_is_gone_is_said_and_the_next_cue_is_made(host, tmp_path):
    video = host.project.track("Video").items[0]
    there = video.take.source.path
    for speed in (1.0, 2.0):  # the film itself, and inside a timeline
        video.take.source.path = there.with_name("deleted since.mp4")
        video.take.values["D_PLAYRATE"] = speed
        if not host.windows:
            opened(host)
        host.click("Score")
        host.tick(until=lambda: host.sees("That did not work."), seconds=PATIENCE)
        said = "".join(host.screen())
        assert "deleted since.mp4" in said
        assert "(media_missing)" in said
        host.tick(until=lambda: not host.sees("in the queue"), seconds=5)
        video.take.source.path = there
        score(host)
        check(host.project, 275, 325, tmp_path)
        host.project.undo()


def test_twenty_minutes_are_asked_followed_and_stopped(host, served):
    """The film again and again over 30,000 frames: 120 clips in a timeline."""
    video = host.project.track("Video").items[0]
    video.values["D_LENGTH"] = 1_300.0
    host.project.select(11.0, 1_211.0)
    opened(host)
    host.click("Score")
    host.tick(until=lambda: host.sees("%"), seconds=PATIENCE)
    request = max(served.jobs.glob("*/request.json"), key=lambda path: path.stat().st_mtime_ns)
    found = json.loads(request.read_text())
    assert found["clip"]["stop"] - found["clip"]["first"] == 30_000
    timeline = json.loads(Path(found["clip"]["media"]).read_text())
    assert len(timeline["tracks"]["children"][0]["children"]) == 121
    host.click("Cancel")
    host.tick(until=lambda: host.sees("Cancelled."), seconds=10)
    assert not stems(host.project)
    assert not host.project.undos


def test_notes_and_tempo_come_with_the_stems_though_the_card_is_read_in_parts(host):
    host.state["twopop", "panel"] = json.dumps({"midi": True, "tempo_map": True, "markers": "region"})
    opened(host)
    score(host)
    notes = [track for track in host.project.tracks if track.name.endswith(" MIDI") and track.items]
    assert notes, "somebody plays"
    assert host.project.tempos[0].position == 11.0
    assert [(marker.position, marker.stop) for marker in host.project.markers] == [(11.0, 13.0)]
    host.project.undo()
    assert (len(host.project.tracks), host.project.tempos, host.project.markers) == (1, [], [])
