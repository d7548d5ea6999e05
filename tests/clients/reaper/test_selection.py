"""Time selection and picture: every way in which a video can lie under it."""

from fractions import Fraction

import pytest
from tests.clients.reaper.lua import plain, room

from twopop.demo.footage import clip_path
from twopop_models.picture.edit import read_edit

FILM = clip_path("bikes.mp4")  # 10 s at 25 fps


@pytest.fixture
def host(host, tmp_path):
    host.project.path = tmp_path / "film Ünïcode.rpp"
    return host


def read(host, project=None):
    found = room(host.script.lua, "selection").read(host.reaper, project or host.project)
    return found if isinstance(found, tuple) else plain(found)


def video(host, position=10.0, length=4.0, track=None, **more):
    track = track or host.project.add_track("picture")
    return track.add_video(FILM, position, length, **more)


def test_no_selection_is_said(host):
    nothing, problem = read(host)
    assert nothing is None
    assert problem["code"] == "no_selection"
    assert "ruler" in problem["remedy"]


def test_less_than_a_frame_is_said(host):
    host.project.select(1.0, 1.01)
    assert read(host)[1]["code"] == "short_selection"


@pytest.mark.parametrize(
    ("rate", "drop", "frames"),
    [
        (Fraction(24_000, 1_001), False, (24, 48)),
        (Fraction(30_000, 1_001), True, (30, 60)),
        (Fraction(60_000, 1_001), False, (60, 120)),
    ],
)
def test_the_range_is_the_projects_frames(host, rate, drop, frames):
    host.project.rate, host.project.drop = rate, drop
    host.project.select(float(frames[0] / rate), float(frames[1] / rate))
    found = read(host)
    assert (found["first"], found["stop"], found["snapped"]) == (*frames, False)
    assert found["rate"] == {"num": rate.numerator, "den": rate.denominator, "drop": drop}
    assert found["clips"] == {}


def test_borders_between_frames_are_snapped_and_it_says_so(host):
    host.project.select(1.013, 2.03)
    found = read(host)
    assert (found["first"], found["stop"], found["snapped"]) == (25, 51, True)


def test_the_start_offset_only_changes_labels(host):
    host.project.offset = 3600.0
    host.project.select(10.0, 12.0)
    found = room(host.script.lua, "selection").read(host.reaper, host.project)
    assert (found.first, found.label_offset) == (250, 90_000)
    shown = room(host.script.lua, "say").range(found, found.label_offset)
    assert shown == "01:00:10:00 - 01:00:12:00, 50 frames at 25"


def test_markers_inside_are_taken_regions_are_not(host):
    from tests.clients.reaper.rig.world import Marker

    host.project.markers = [
        Marker(9.0, "before", 1),
        Marker(10.5, "door", 2),
        Marker(10.6, "scene", 1, 12.0),
        Marker(12.0, "end", 3),
    ]
    host.project.select(10.0, 12.0)
    assert read(host)["markers"] == [{"frame": 262, "name": "door"}] or read(host)["markers"] == [
        {"frame": 263, "name": "door"}
    ]


def seen(host, start=10.0, stop=12.0):
    host.project.select(start, stop)
    return read(host)["clips"]


def test_a_plain_video(host):
    video(host, offset=2.0)
    (clip,) = seen(host)
    assert clip["path"] == str(FILM)
    assert (clip["at"], clip["length"], clip["source_start"], clip["speed"], clip["reversed"]) == (
        0,
        50,
        2.0,
        1.0,
        False,
    )


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_play_rate_and_offset(host, speed):
    video(host, position=9.0, offset=1.0, playrate=speed)
    (clip,) = seen(host)
    assert clip["source_start"] == pytest.approx(1.0 + 1.0 * speed)
    assert clip["speed"] == speed


def test_sections_of_sections(host):
    from tests.clients.reaper.rig.world import Source

    item = video(host, section=(2.0, 5.0), offset=0.5)
    item.take.source = Source(type="SECTION", length=4.0, parent=item.take.source, offset=1.0)
    (clip,) = seen(host)
    assert clip["source_start"] == pytest.approx(3.5)


def test_reversed_sections_show_the_file_from_its_end(host):
    """Section [2, 7) backwards, half a second in: what is seen first is second 6.5 of the file."""
    video(host, section=(2.0, 5.0), reverse=True, offset=0.5)
    (clip,) = seen(host)
    assert clip["reversed"] is True
    assert clip["source_start"] == pytest.approx(6.5 - 2.0), "the earliest that it shows"


def test_a_looped_source_begins_again(host):
    video(host, length=30.0, section=(1.0, 1.5))
    clips = seen(host, 10.0, 14.0)
    assert [(round(clip["at"], 6), round(clip["source_start"], 6)) for clip in clips] == [
        (0, 1.0),
        (37.5, 1.0),
        (75, 1.0),
    ]


def test_a_range_that_begins_in_a_later_round_of_a_loop(host):
    video(host, length=30.0, section=(1.0, 1.5))
    first, second = seen(host, 12.0, 14.0)
    assert (first["at"], round(first["source_start"], 6)) == (0, 1.5)
    assert (second["at"], round(second["source_start"], 6)) == (25, 1.0)


def test_a_source_that_does_not_loop_ends(host):
    video(host, length=30.0, offset=9.0, loop=False)
    (clip,) = seen(host, 10.0, 14.0)
    assert clip["length"] == pytest.approx(25, abs=0.5)


def test_the_topmost_track_is_seen_and_gaps_let_through(host):
    top, below = host.project.add_track("top"), host.project.add_track("below")
    video(host, 11.0, 1.0, top, offset=5.0)
    video(host, 10.0, 4.0, below)
    found = [(clip["at"], clip["length"], clip["source_start"]) for clip in seen(host, 10.0, 13.0)]
    assert found == [(0, 25, 0.0), (25, 25, 5.0), (50, 25, 2.0)]


@pytest.mark.parametrize("what", ["item", "track"])
def test_what_is_muted_is_not_seen(host, what):
    item = video(host)
    (item if what == "item" else item.track).values["B_MUTE"] = 1.0
    assert seen(host) == {}


def test_audio_is_no_picture(host, tmp_path):
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "a.wav", np.zeros(48_000), 48_000)
    host.project.add_track().add_video(tmp_path / "a.wav", 10.0, 1.0)
    assert seen(host) == {}


def test_another_tab_is_read_by_itself(host):
    first = host.project
    video(host)
    first.select(10.0, 12.0)
    host.add_tab().select(1.0, 2.0)
    assert len(read(host, first)["clips"]) == 1
    assert read(host)["clips"] == {}


# -- requests ----------------------------------------------------------------------------------


def asked(host, start=10.0, stop=12.0):
    host.project.select(start, stop)
    lua = host.script.lua
    selected = room(lua, "selection").read(host.reaper, host.project)
    return plain(room(lua, "picture").request(host.reaper, selected, "job-1", lua.table()))


def test_one_clip_as_it_is_is_the_film_itself(host):
    video(host, offset=2.0)
    request = asked(host)
    assert (request["media"], request["first"], request["stop"]) == (str(FILM), 50, 100)


def test_without_picture_there_is_no_media(host):
    request = asked(host)
    assert (request["media"], request["first"], request["stop"]) == ("", 0, 50)


def segments(request):
    from pathlib import Path

    assert request["first"] == 0
    edit = read_edit(Path(request["media"]))
    return [
        (float(part.start), float(part.stop), part.media and part.media.name, float(part.begin), float(part.speed))
        for part in edit.segments
    ], edit


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"playrate": 2.0, "offset": 1.0}, (1.0, 2.0)),
        ({"playrate": 0.5, "offset": 1.0}, (1.0, 0.5)),
        ({"section": (2.0, 5.0), "reverse": True}, (7.0, -1.0)),
        ({"section": (2.0, 5.0), "reverse": True, "playrate": 2.0}, (7.0, -2.0)),
        ({"offset": 1.013}, (1.013, 1.0)),
    ],
)
def test_anything_else_is_a_timeline_that_the_engine_reads(host, more, expected):
    video(host, **more)
    found, edit = segments(asked(host))
    ((start, stop, name, begin, speed),) = found
    assert (start, stop, name) == (0, 2, "bikes.mp4")
    assert (begin, speed) == (pytest.approx(expected[0], abs=1e-4), expected[1])
    assert edit.rate == 25


def test_two_items_and_a_hole_are_one_timeline(host):
    track = host.project.add_track()
    video(host, 9.0, 1.5, track)
    video(host, 11.0, 4.0, track, offset=6.0)
    found, _ = segments(asked(host))
    assert found == [
        (0.0, 0.5, "bikes.mp4", 1.0, 1.0),
        (0.5, 1.0, None, 0.0, 1.0),
        (1.0, 2.0, "bikes.mp4", 6.0, 1.0),
    ]


def test_the_library_reads_the_timeline_too(host):
    import opentimelineio as otio

    video(host, 10.5, 1.0, playrate=2.0)
    timeline = otio.adapters.read_from_file(asked(host)["media"])
    gap, clip, rest = timeline.video_tracks()[0]
    assert [gap.duration().value, clip.duration().value, rest.duration().value] == [12.5, 25, 12.5]
    assert clip.effects[0].time_scalar == 2.0
    assert timeline.global_start_time.rate == 25


def test_a_timeline_that_cannot_be_written_is_said(host, tmp_path):
    video(host, playrate=2.0)
    host.project.path = tmp_path / "project.rpp"
    (tmp_path / "twopop").write_text("a file where the folder should be")
    host.project.select(10.0, 12.0)
    lua = host.script.lua
    selected = room(lua, "selection").read(host.reaper, host.project)
    nothing, problem = room(lua, "picture").request(host.reaper, selected, "job-1", lua.table())
    assert nothing is None
    assert problem.code == "timeline_unwritten"
