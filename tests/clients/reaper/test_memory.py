"""What stays with a project."""

import json

import pytest
from tests.clients.reaper.lua import plain, room, table

RATE = {"num": 25, "den": 1, "drop": False}


@pytest.fixture
def memory(host):
    return room(host.script.lua, "memory")


def remember(host, memory, job, **more):
    entry = {
        "job": job,
        "kind": "place",
        "request": {"controls": []},
        "range": {"first": 0, "stop": 9, "rate": RATE},
    } | more
    made = table(host.script.lua, {name: value for name, value in entry.items() if name != "items"})
    if "items" in entry:
        made["items"] = host.script.lua.table_from(entry["items"])
    memory.remember_job(host.reaper, host.project, made)


def jobs(host, memory):
    return [(one["job"], one["state"]) for one in plain(memory.jobs(host.reaper, host.project)) or []]


def test_jobs_are_remembered_in_their_order_and_how_they_ended(host, memory):
    for job in ("b", "a", "c"):
        remember(host, memory, job)
    memory.finish_job(host.reaper, host.project, "a", "done", "/takes/a")
    assert jobs(host, memory) == [("b", "scoring"), ("a", "done"), ("c", "scoring")]
    assert [one["job"] for one in plain(memory.pending(host.reaper, host.project))] == ["b", "c"]
    assert memory.job(host.reaper, host.project, "a").folder == "/takes/a"


def test_a_job_is_remembered_once(host, memory):
    remember(host, memory, "a")
    memory.finish_job(host.reaper, host.project, "a", "done")
    remember(host, memory, "a")
    assert jobs(host, memory) == [("a", "done")]


def test_items_are_found_again_by_their_ids(host, memory):
    track = host.project.add_track()
    kept, gone = track.add_item(None, 0, 1), track.add_item(None, 1, 1)
    remember(host, memory, "a", items=[kept, gone])
    track.items.remove(gone)
    (record,) = memory.pending(host.reaper, host.project).values()
    assert list(record["items"].values()) == [kept]


@pytest.mark.parametrize("damage", ["{", "7", '{"version":99,"job":"x"}', '{"version":1}', ""])
def test_what_cannot_be_read_counts_as_absent(host, memory, damage):
    remember(host, memory, "a")
    host.project.state["twopop", "job/broken"] = damage
    assert jobs(host, memory) == [("a", "scoring")]
    item = host.project.add_track().add_item(None, 0, 1)
    item.take.texts["P_EXT:twopop"] = damage
    assert memory.of_item(host.reaper, item) is None or damage == '{"version":1}'


def test_old_jobs_are_forgotten_open_ones_never(host, memory):
    remember(host, memory, "open")
    for number in range(205):
        remember(host, memory, f"job-{number}")
        memory.finish_job(host.reaper, host.project, f"job-{number}", "done")
    known = [job for job, _ in jobs(host, memory)]
    assert known[0] == "open"
    assert len(known) <= 202
    assert known[-1] == "job-204"


def test_records_that_were_read_are_not_read_again_and_changed_ones_are(host, memory):
    remember(host, memory, "a", request={"controls": [["text", '"state":"failed" ' * 20]]})
    remember(host, memory, "b")
    read = host.script.lua.table()
    first = memory.jobs(host.reaper, host.project, 20, read)
    memory.finish_job(host.reaper, host.project, "b", "done")
    again = memory.jobs(host.reaper, host.project, 20, read)
    assert [one["state"] for one in plain(again)] == ["scoring", "done"]
    same = host.script.lua.execute("return function(x, y) return x == y end")
    assert same(first[1], again[1])
    assert not same(first[2], again[2])


def test_a_closed_project_is_no_trouble(host, memory):
    remember(host, memory, "a")
    project = host.project
    host.add_tab()
    host.close_tab(project)
    memory.finish_job(host.reaper, project, "a", "done")
    assert json.loads(project.state["twopop", "job/a"])["state"] == "scoring"


def test_texts_with_every_kind_of_quote_come_back(host, memory):
    """A line of a project file cannot hold all three kinds at once."""
    words = """it's a "door" `slam`, \\ and Ünï 音"""
    remember(host, memory, "a", request={"controls": [["text", words]]})
    stored = host.project.state["twopop", "job/a"]
    assert not set("'`\n") & set(stored)
    record = plain(memory.job(host.reaper, host.project, "a"))
    assert record["request"]["controls"] == [["text", words]]


def test_whole_numbers_stay_whole(host, memory):
    """Frames and samples are counted in integers, also after the project was closed and opened."""
    remember(host, memory, "a", range={"first": 2_589_408, "stop": 2_589_500, "rate": {"num": 30_000, "den": 1_001}})
    found = memory.job(host.reaper, host.project, "a")["range"]
    rates = room(host.script.lua, "rates")
    assert isinstance(found.first, int)
    assert rates.sample_at(found.first, found.rate, 48_000) == round(2_589_408 * 1_001 / 30_000 * 48_000)
    assert isinstance(rates.sample_at(found.first, found.rate, 48_000), int)
