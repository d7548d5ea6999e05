"""What is heard of a job, in any order, twice, or not at all."""

import itertools
import random

import pytest
from tests.clients.reaper.lua import plain, room, table

from twopop.messages import BY_PATH, ROOT

STEMS = [
    ("stem", {"index": index, "count": 3, "name": name, "path": f"/{name}.wav", "first_sample": 0, "samples": 9}
     | {"sample_rate": 48_000, "variation": 0})
    for index, name in enumerate(("drums", "bass", "melody"), 1)
]  # fmt: skip
STORY = [
    ("accepted", {"state": "queued", "waiting": 1}),
    ("progress", {"fraction": 0.5, "stage": "render", "eta": 2.0}),
    ("description", {"part": 1, "parts": 2, "text": "A calm "}),
    ("description", {"part": 2, "parts": 2, "text": "cue."}),
    ("reference", {"track": "broad", "title": "One", "path": "/a", "score": 0.5, "why": "near", "id": "a1"}),
    ("hit", {"frame": 24, "weight": 1.0, "tolerance": 1.0, "label": "cut", "event": "chord", "error_frames": 0.1}),
    ("hit", {"frame": 12, "weight": 0.5, "tolerance": 1.0, "label": "cut", "event": "", "error_frames": None}),
    *STEMS,
    ("done", {"folder": "/takes/1", "stem_count": 3}),
]


@pytest.fixture
def gathered(lua):
    return room(lua, "gathered").new("job-1")


def hear(lua, gathered, story):
    for name, line in story:
        gathered.hear(gathered, name, table(lua, line))
    return plain(gathered.take)


def test_the_story_is_the_servers():
    for name, line in STORY:
        names = [arg.name for arg in BY_PATH[f"{ROOT}/{name}"].args if arg.name != "job"]
        assert names == list(line)


def test_any_order_and_everything_twice_is_the_same_take(lua, gathered):
    wanted = hear(lua, gathered, STORY)
    assert (wanted["state"], wanted["text"], wanted["folder"]) == ("done", "A calm cue.", "/takes/1")
    assert [hit["frame"] for hit in wanted["hits"]] == [12, 24]
    assert len(wanted["references"]) == 1
    chance = random.Random(5)
    for _ in range(30):
        story = STORY * 2
        chance.shuffle(story)
        other = hear(lua, room(lua, "gathered").new("job-1"), story)
        for name in ("state", "text", "folder", "hits", "stems", "references", "fraction"):
            assert other[name] == wanted[name], name


@pytest.mark.parametrize("left_out", [*range(2, 4), *range(7, 11)])
def test_it_is_not_whole_while_something_is_missing(lua, gathered, left_out):
    take = hear(lua, gathered, [line for place, line in enumerate(STORY) if place != left_out])
    assert not gathered.complete(gathered)
    assert take["state"] != "done"
    assert hear(lua, gathered, [STORY[left_out]])["state"] == "done"


def test_progress_never_falls(lua, gathered):
    seen = []
    for fraction in (0.1, 0.6, 0.4, 0.7):
        seen.append(hear(lua, gathered, [("progress", {"fraction": fraction, "stage": "render"})])["fraction"])
    assert all(before <= after for before, after in itertools.pairwise(seen))
    assert seen == [0.1, 0.6, 0.6, 0.7]


@pytest.mark.parametrize(("name", "line", "state"), [
    ("cancelled", {}, "cancelled"),
    ("error", {"code": "media_missing", "text": "There is no such file."}, "failed"),
])  # fmt: skip
def test_other_ends(lua, gathered, name, line, state):
    take = hear(lua, gathered, [*STORY[:2], (name, line), ("progress", {"fraction": 0.9, "stage": "late"})])
    assert take["state"] == state
    assert gathered.complete(gathered)


def test_an_audition_has_no_stems(lua, gathered):
    take = hear(lua, gathered, [*STORY[2:5], ("done", {"folder": "/takes/1", "stem_count": 0})])
    assert (take["state"], take["stems"]) == ("done", {})
