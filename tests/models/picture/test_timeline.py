"""Edits as one picture: numbered clips, so that every frame of the timeline is known."""

from __future__ import annotations

import json
from fractions import Fraction

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

from twopop_models import picture
from twopop_models.errors import MediaError
from twopop_models.picture.edit import MAX_BYTES, resolve
from twopop_models.types import Clip

PAL, NTSC = Fraction(25), Fraction(24_000, 1_001)


def span(first, frames, rate=25.0):
    return TimeRange(RationalTime(first, rate), RationalTime(frames, rate))


def piece(path, first, frames, rate=25.0, *, available=None, url=None, effects=()):
    reference = otio.schema.ExternalReference(url or path.as_uri(), available)
    return otio.schema.Clip(path.stem, reference, span(first, frames, rate), effects=list(effects))


def gap(frames, rate=25.0):
    return otio.schema.Gap(source_range=span(0, frames, rate))


def write(film, *tracks, name="edit.otio", start=None):
    timeline = otio.schema.Timeline("edit", global_start_time=start)
    for items in tracks:
        timeline.tracks.append(otio.schema.Track(children=list(items), kind=otio.schema.TrackKind.Video))
    path = film.folder / name
    path.write_text(otio.adapters.write_to_string(timeline, "otio_json"), "utf-8")
    return path


def refused(film, path, stop=1):
    with pytest.raises(MediaError) as caught:
        film.seen(path, 0, stop, PAL)
    return caught.value.code


def test_clips_follow_each_other_to_the_frame(film):
    one, two = film.make("one.mp4", 60), film.make("two words.mkv", 60)
    path = write(film, [piece(one, 10, 20), piece(two, 30, 15), gap(5), piece(one, 50, 10)])
    expected = [*range(10, 30), *range(30, 45), *[0] * 5, *range(50, 60)]
    assert film.seen(path, 0, 50, PAL) == expected
    assert film.seen(path, 18, 37, PAL) == expected[18:37]
    assert picture.probe(path, film.limits).kind == "timeline"


def test_cuts_are_known_exactly(film):
    one, two = film.make("one.mp4", 60), film.make("two.mp4", 60)
    path = write(film, [piece(one, 10, 20), piece(two, 12, 15), piece(one, 50, 10)])
    seen = picture.look(Clip(path, 5, 40, PAL), film.limits)
    cuts = [hit.frame for hit in seen.hits if hit.label == "cut"]
    assert {20, 35} <= set(cuts)  # PySceneDetect may find more: numbered frames change like cuts
    assert [shot.first for shot in seen.shots] == [5, *cuts]


def test_ntsc_clips_and_rounded_rates_stay_exact(film):
    sources = [film.make(f"{n}.mp4", 100, NTSC) for n in range(3)]
    path = write(film, [piece(source, 7, 31, 23.976) for source in sources] * 10)
    expected = list(range(7, 38)) * 30
    assert film.seen(path, 0, 930, NTSC) == expected
    cuts = [hit.frame for hit in picture.look(Clip(path, 0, 930, NTSC), film.limits).hits if hit.label == "cut"]
    assert set(range(31, 930, 31)) <= set(cuts)


def test_the_medias_own_timecode_is_taken_off(film):
    one = film.make("one.mp4", 60)
    path = write(film, [piece(one, 90_000 + 20, 10, available=span(90_000, 60))])
    assert film.seen(path, 0, 10, PAL) == list(range(20, 30))


def test_the_upper_track_hides_the_lower_and_gaps_show_it(film):
    low, high = film.make("low.mp4", 60), film.make("high.mp4", 60)
    path = write(film, [piece(low, 0, 30)], [gap(10), piece(high, 40, 10)])
    assert film.seen(path, 0, 30, PAL) == [*range(10), *range(40, 50), *range(20, 30)]


def test_nested_stacks_and_transitions(film):
    one, two = film.make("one.mp4", 60), film.make("two.mp4", 60)
    inner = otio.schema.Stack(source_range=span(5, 10))
    inner.append(otio.schema.Track(children=[piece(one, 0, 20)], kind=otio.schema.TrackKind.Video))
    fade = otio.schema.Transition("fade", "SMPTE_Dissolve", RationalTime(3, 25), RationalTime(3, 25))
    path = write(film, [inner, fade, piece(two, 30, 10)])
    assert film.seen(path, 0, 20, PAL) == [*range(5, 15), *range(30, 40)]


def test_speed_and_freeze(film):
    one = film.make("one.mp4", 60)
    fast = piece(one, 10, 10, effects=[otio.schema.LinearTimeWarp(time_scalar=2.0)])
    frozen = piece(one, 33, 5, effects=[otio.schema.FreezeFrame()])
    path = write(film, [fast, frozen])
    assert film.seen(path, 0, 15, PAL) == [*range(10, 30, 2), *[33] * 5]


def test_stills_and_clips_of_another_shape_lie_on_one_canvas(film):
    from PIL import Image

    one = film.make("one.mp4", 60)
    Image.new("RGB", (300, 600), (255, 0, 0)).save(film.folder / "tall.png")
    path = write(film, [piece(one, 0, 5), piece(film.folder / "tall.png", 0, 50)])
    (_, red), *_ = picture.stream(Clip(path, 20, 22, PAL), film.limits)
    assert red.shape == (32, 128, 3)
    assert red[16, 64].tolist() == [255, 0, 0]
    assert red[16, 10].tolist() == [0, 0, 0]


@pytest.mark.parametrize("url", ["clips/a%20b.mp4", "clips/a b.mp4"])
def test_relative_and_escaped_addresses(film, url):
    (film.folder / "clips").mkdir()
    one = film.make("clips/a b.mp4", 30)
    assert film.seen(write(film, [piece(one, 4, 6, url=url)]), 0, 6, PAL) == list(range(4, 10))


@pytest.mark.parametrize("url", ["http://x.org/a.mp4", "file://server/a.mp4", "rtsp://x/a", "concat:a|b", "//x/a.mp4"])
def test_remote_addresses_are_refused(film, url):
    one = film.make("one.mp4", 30)
    assert refused(film, write(film, [piece(one, 0, 5, url=url)])) in ("media_forbidden", "media_missing")


def test_media_of_a_timeline_pass_the_gate(film, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.mp4"
    outside.write_bytes(b"x")
    assert refused(film, write(film, [piece(outside, 0, 5)])) == "media_forbidden"
    inner = write(film, [piece(film.make("one.mp4", 30), 0, 5)], name="inner.otio")
    assert refused(film, write(film, [piece(inner, 0, 5)])) == "media_unreadable"  # no timelines inside timelines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"OTIO_SCHEMA": "Nothing.1"}',
        "[" * 100_000,
        '{"OTIO_SCHEMA": "Timeline.1", "tracks": 3}',
    ],
    ids=range(7),
)
def test_what_is_no_timeline_is_said_to_be_none(film, text):
    path = film.folder / "edit.otio"
    path.write_text(text)
    assert refused(film, path) == "timeline_unreadable"


def test_odd_timelines_get_a_clear_error(film):
    one = film.make("one.mp4", 30)
    assert refused(film, write(film, [gap(20)])) == "media_no_picture"
    assert refused(film, write(film)) in ("media_no_picture", "timeline_unreadable")
    assert refused(film, write(film, [otio.schema.Clip("lost", source_range=span(0, 5))])) == "timeline_unreadable"
    assert refused(film, write(film, [piece(one, 0, 5, rate=0.0)])) == "timeline_unreadable"
    assert refused(film, write(film, [piece(one, 20, 60)]), 60) == "media_range"
    assert refused(film, write(film, [piece(one, 0, 30)]), 60) == "media_range"
    big = film.folder / "edit.otio"
    big.write_text(json.dumps({"x": "y" * MAX_BYTES}))
    assert refused(film, big) == "timeline_unreadable"


def test_windows_and_posix_paths(tmp_path):
    assert resolve("file:///media/a%23b.mp4", tmp_path).name == "a#b.mp4"
    assert resolve("file://localhost/media/a.mp4", tmp_path).is_absolute()
    assert resolve("/media/100%.mp4", tmp_path).name == "100%.mp4"


def test_the_key_follows_the_media_of_a_timeline(film):
    one = film.make("one.mp4", 30)
    path = write(film, [piece(one, 0, 20)])
    before = picture.fingerprint(path, film.limits)
    assert picture.fingerprint(path, film.limits) == before
    film.make("one.mp4", 31)
    assert picture.fingerprint(path, film.limits) != before
    assert picture.fingerprint(one, film.limits) != picture.fingerprint(path, film.limits)


def test_a_clip_runs_backwards_over_the_stretch_that_it_names(film):
    one, two = film.make("one.mp4", 150), film.make("two.mp4", 60)
    backwards = piece(one, 10, 130, effects=[otio.schema.LinearTimeWarp(time_scalar=-1.0)])
    path = write(film, [piece(two, 5, 5), backwards, piece(two, 20, 5)])
    expected = [*range(5, 10), *range(139, 9, -1), *range(20, 25)]
    assert film.seen(path, 0, 140, PAL) == expected
    assert film.seen(path, 3, 90, PAL) == expected[3:90]


def test_a_clip_runs_backwards_faster_and_slower(film):
    one = film.make("one.mp4", 60)
    fast = piece(one, 10, 10, effects=[otio.schema.LinearTimeWarp(time_scalar=-2.0)])
    assert film.seen(write(film, [fast]), 0, 10, PAL) == [*range(29, 10, -2)]
    slow = piece(one, 10, 20, effects=[otio.schema.LinearTimeWarp(time_scalar=-0.5)])
    assert film.seen(write(film, [slow]), 0, 20, PAL) == [19 - n // 2 for n in range(20)]


def test_backwards_beyond_the_end_of_the_medium_is_an_error(film):
    one = film.make("one.mp4", 30)
    path = write(film, [piece(one, 10, 30, effects=[otio.schema.LinearTimeWarp(time_scalar=-1.0)])])
    assert refused(film, path) == "media_range"
