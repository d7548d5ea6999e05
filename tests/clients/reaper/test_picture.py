"""What lies under a range when it is more than a plain video: stills, lanes, loops without end, long edits."""

import time
from pathlib import Path

import pytest
from tests.clients.reaper.lua import plain, room

from twopop.demo.footage import clip_path
from twopop_models.picture.edit import read_edit

FILM = clip_path("bikes.mp4")  # 10 s at 25 fps
PROMPT = 0.3  # processor seconds in the rig, whose calls cost many times those of REAPER


@pytest.fixture
def host(host, tmp_path):
    host.project.path = tmp_path / "film.rpp"
    return host


@pytest.fixture
def card(tmp_path):
    from PIL import Image

    Image.new("RGB", (64, 36), (200, 30, 30)).save(tmp_path / "title card.png")
    return tmp_path / "title card.png"


def selected(host, start=10.0, stop=12.0):
    host.project.select(start, stop)
    found = room(host.script.lua, "selection").read(host.reaper, host.project)
    return found[1] if isinstance(found, tuple) else found


def request(host, start=10.0, stop=12.0):
    lua = host.script.lua
    return plain(room(lua, "picture").request(host.reaper, selected(host, start, stop), "job-1", lua.table()))


def test_a_still_is_sent_as_it_is(host, card):
    """However it is trimmed, stretched or looped: it has no time."""
    item = host.project.add_track().add_video(card, 9.0, 8.0, offset=3.3, playrate=0.7)
    item.take.source.length = 0.5
    asked = request(host)
    assert (asked["media"], asked["first"], asked["stop"]) == (str(card), 0, 50)


def test_a_still_between_films_is_one_segment(host, card):
    track = host.project.add_track()
    track.add_video(FILM, 9.0, 2.0)
    item = track.add_video(card, 11.0, 4.0, offset=1.0)
    item.take.source.length = 0.25
    edit = read_edit(Path(request(host)["media"]))
    found = [(part.media.name, float(part.begin), float(part.speed)) for part in edit.segments]
    assert found == [("bikes.mp4", 1.0, 1.0), ("title card.png", 0.0, 1.0)]


def test_a_still_that_was_split_is_one_clip(host, card):
    item = host.project.add_track().add_video(card, 9.0, 8.0)
    item.split(11.0)
    assert (request(host)["media"], request(host)["first"]) == (str(card), 0)


def test_a_still_over_a_film_hides_it_for_its_time(host, card):
    top, below = host.project.add_track(), host.project.add_track()
    top.add_video(card, 10.5, 0.5)
    below.add_video(FILM, 10.0, 4.0)
    clips = plain(selected(host).clips)
    assert [(clip["path"], clip["at"], clip["source_start"]) for clip in clips] == [
        (str(FILM), 0, 0),
        (str(card), 12.5, 0),
        (str(FILM), 25, 1.0),
    ]


def test_lanes_that_do_not_play_are_not_seen(host):
    track = host.project.add_track()
    track.values["I_FREEMODE"] = 2.0
    track.add_video(FILM, 10.0, 4.0, offset=1.0).values["C_LANEPLAYS"] = 1.0
    track.add_video(FILM, 10.0, 4.0, offset=5.0).values["C_LANEPLAYS"] = 0.0
    assert request(host)["first"] == 25


def test_on_one_track_the_later_item_is_seen(host):
    track = host.project.add_track()
    track.add_video(FILM, 10.0, 4.0, offset=1.0)
    track.add_video(FILM, 11.0, 0.5, offset=5.0)
    assert [clip["source_start"] for clip in plain(selected(host).clips)] == [1.0, 5.0, 2.5]


def test_an_item_that_was_split_is_one_clip(host):
    item = host.project.add_track().add_video(FILM, 9.0, 8.0, offset=1.0)
    item.split(11.0)
    assert (request(host)["media"], request(host)["first"]) == (str(FILM), 50)


def test_a_reversed_item_that_was_split_is_one_clip(host):
    item = host.project.add_track().add_video(FILM, 10.0, 4.0, reverse=True)
    item.split(11.0)
    (clip,) = plain(selected(host).clips)
    assert clip["source_start"] == pytest.approx(10.0 - 2.0, abs=0.05)


def test_before_its_source_begins_an_item_is_black(host):
    host.project.add_track().add_video(FILM, 10.0, 4.0, offset=-0.5, loop=False)
    (clip,) = plain(selected(host).clips)
    assert (clip["at"], clip["source_start"]) == (12.5, 0)


def test_more_cuts_than_can_be_told_are_said(host):
    host.project.add_track().add_video(FILM, 0.0, 7200.0, section=(1.0, 0.04))
    problem = selected(host, 0.0, 7000.0)
    assert problem.code == "many_clips"


def test_a_long_edit_is_read_promptly(host):
    """A reel of 400 shots on two tracks, 20 minutes, beside a thousand sounds elsewhere."""
    top, below = host.project.add_track(), host.project.add_track()
    for number in range(400):
        below.add_video(FILM, number * 3.0, 3.0, offset=number % 5)
        if number % 4 == 0:
            top.add_video(FILM, number * 3.0 + 1, 1.0, offset=7)
    far = host.project.add_track()
    for number in range(1000):
        far.add_item(None, 2000.0 + number, 1.0)
    began = time.thread_time()
    clips = selected(host, 0.0, 1200.0).clips
    assert len(list(clips)) == 600
    short = time.thread_time()
    assert len(list(selected(host, 300.0, 306.0).clips)) == 4
    assert time.thread_time() - short < PROMPT
    assert short - began < 4 * PROMPT
