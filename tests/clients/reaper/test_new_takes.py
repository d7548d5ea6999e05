"""New takes on items that are there: a stem made anew, a region, another variation."""

import pytest
from tests.clients.reaper.lua import plain, room, table
from tests.clients.reaper.takes import FIRST_SAMPLE, NAMES, a_take, in_samples, placed, target


@pytest.fixture
def host(host):
    host.project.add_track("dialogue")
    return host


def renewed(host, take, items, names=None):
    lua = host.script.lua
    wanted = None if names is None else lua.table_from(dict.fromkeys(names, True))
    return room(lua, "place").new_takes(host.reaper, target(host), lua.table_from(items), table(lua, take), wanted)


def test_a_new_take_lies_on_the_item_as_the_old_one_does(host, tmp_path):
    placed(host, a_take(tmp_path))
    (item,) = host.project.track("bass").items
    item.values["D_POSITION"] += 0.5
    item.take.values["D_STARTOFFS"] = 0.5
    renewed(host, a_take(tmp_path, "job-2"), [item])
    assert [take.texts["P_NAME"] for take in item.takes] == ["bass", "bass take 2"]
    assert (item.active, item.take.values["D_STARTOFFS"]) == (1, 0.5)
    note = plain(room(host.script.lua, "memory").of_item(host.reaper, item))
    assert note["job"] == "job-2"
    assert len(host.project.track("drums").items[0].takes) == 1
    host.project.undo()
    assert len(item.takes) == 1


def test_only_the_stems_that_are_meant_are_renewed(host, tmp_path):
    placed(host, a_take(tmp_path))
    items = list(host.project.items)
    renewed(host, a_take(tmp_path, "job-2"), items, ("drums",))
    assert [len(item.takes) for item in items] == [2, 1, 1]


def delete(*items):
    for item in items:
        item.track.items.remove(item)
        for thing in (item, *item.takes):
            thing.alive = False


@pytest.mark.parametrize("names", [None, ("drums", "bass")])
def test_a_stem_whose_item_was_deleted_is_placed_anew_and_it_says_so(host, tmp_path, names):
    placed(host, a_take(tmp_path))
    drums, bass, melody = host.project.items
    delete(drums)
    result = renewed(host, a_take(tmp_path, "job-2"), [drums, bass] if names else [drums, bass, melody], names)
    assert result.skipped == 1
    assert [len(bass.takes), len(melody.takes)] == [2, 1 if names else 2]
    assert [track.name for track in host.project.tracks[-2:]] == ["twopop job-2", "drums"]
    (item,) = host.project.tracks[-1].items
    assert in_samples(item.position) == FIRST_SAMPLE
    assert plain(result.notes) == ["Deleted meanwhile, so it is on a new track: drums."]
    assert [name for name, _, _ in host.project.undos] == ["twopop: place job-1", "twopop: new take of job-2"]


def test_when_all_items_are_gone_all_are_placed_anew(host, tmp_path):
    placed(host, a_take(tmp_path))
    items = list(host.project.items)
    delete(*items)
    renewed(host, a_take(tmp_path, "job-2"), items)
    assert [track.name for track in host.project.tracks[-4:]] == ["twopop job-2", *NAMES]


def test_nothing_left_to_do_is_said(host, tmp_path):
    nothing, problem = renewed(host, a_take(tmp_path), [])
    assert (nothing, problem.code) == (None, "items_gone")


def test_both_halves_of_a_split_item_get_the_new_take_where_they_are(host, tmp_path):
    placed(host, a_take(tmp_path))
    (left,) = host.project.track("bass").items
    right = left.split(left.position + 1.25)
    renewed(host, a_take(tmp_path, "job-2"), [left, right], ("bass",))
    assert [(item.active, item.take.offset) for item in (left, right)] == [(1, 0.0), (1, 1.25)]
    assert left.take.source is not right.take.source
