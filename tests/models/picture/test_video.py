"""The frame on screen, to the frame: numbered clips in many containers and at many rates."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twopop_models import picture
from twopop_models.errors import MediaError
from twopop_models.picture.decoder import Decoder
from twopop_models.picture.video import Video
from twopop_models.types import Clip

PAL = Fraction(25)
NTSC = Fraction(24_000, 1_001)
RATES = [NTSC, PAL, Fraction(30_000, 1_001), Fraction(60_000, 1_001), Fraction(120_000, 1_001), Fraction(120)]
WRAPPINGS = [
    ("mp4", "libx264", {"bf": "3"}),
    ("mov", "mpeg4", {}),
    ("mkv", "libx264", {"bf": "2"}),
    ("ts", "libx264", {"bf": "2"}),
    ("avi", "mpeg4", {}),
    ("mpg", "mpeg2video", {}),
    ("webm", "libvpx", {"deadline": "realtime"}),
]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_at_the_sources_own_rate_frame_n_is_frame_n(film, rate, suffix):
    path = film.make(f"a.{suffix}", 130, rate, options={"bf": "3", "preset": "ultrafast"})
    assert film.seen(path, 0, 130, rate) == list(range(130))
    facts = picture.probe(path, film.limits)
    assert (facts.rate, facts.variable_rate, facts.kind) == (rate, False, "video")


@pytest.mark.parametrize(("suffix", "codec", "options"), WRAPPINGS, ids=[row[0] for row in WRAPPINGS])
def test_every_container_gives_the_same_frames(film, suffix, codec, options):
    path = film.make(f"a.{suffix}", 60, codec=codec, options=options)
    assert film.seen(path, 0, 60, PAL) == list(range(60))
    assert film.seen(path, 41, 47, PAL) == list(range(41, 47))


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_jumping_shows_what_reading_shows(film, suffix):
    codec, options = ("mpeg4", {}) if suffix == "avi" else ("libx264", {"bf": "3", "sc_threshold": "0"})
    path = film.make(f"a.{suffix}", 400, codec=codec, gop=30, options=options)
    whole = dict(picture.stream(Clip(path, 0, 400, PAL), film.limits))
    video = Video(path, film.limits)
    for step in (7, 37, 90, 150):
        numbers = range(5, 400, step)
        shown = video.show(Fraction(number, 25) for number in numbers)
        for number, seen in zip(numbers, shown, strict=True):
            assert (seen.pixels(128) == whole[number]).all()
    video.close()


@settings(max_examples=40, deadline=None)
@given(order=st.lists(st.integers(0, 399), min_size=1, max_size=8))
def test_any_order_of_looking_gives_the_right_frame(order, long_film):
    film, path = long_film
    video = Video(path, film.limits)
    for number in order:  # each show may begin earlier than the one before ended
        (seen,) = video.show([Fraction(number, 25)])
        assert film.number_of(seen.pixels(128)) == number
    video.close()


@pytest.mark.parametrize(
    ("source", "request_rate"), [(PAL, NTSC), (NTSC, PAL), (PAL, Fraction(50)), (PAL, Fraction(10))]
)
def test_other_rates_show_the_last_frame_begun(film, source, request_rate):
    path = film.make("a.mp4", 100, source, options={"bf": "2"})
    expected = [int(Fraction(n) / request_rate * source) for n in range(10, 40)]
    assert film.seen(path, 10, 40, request_rate) == expected


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_variable_rate_is_found_and_mapped_by_presentation_time(film, suffix):
    steps = [40, 17, 33, 90, 20, 250, 33, 33, 41, 700, 16, 16] * 5
    times = [0, *accumulate(steps)]
    path = film.make(f"a.{suffix}", times=times, ticks=1000, rate=Fraction(30), options={"bf": "2"})
    facts = picture.probe(path, film.limits)
    assert facts.variable_rate
    expected = [max(k for k, time in enumerate(times) if time <= n * 40) for n in range(150)]
    assert film.seen(path, 0, 150, PAL) == expected


def test_a_variable_rate_survives_jumps_over_long_frames(film):
    """The frame on screen may have begun long before the instant, among frames that a jump spares."""
    steps = [40] * 30 + [3000] + [40] * 30 + [2000] + [40] * 10
    times = [0, *accumulate(steps)]
    path = film.make("a.mp4", times=times, ticks=1000, gop=12, options={"bf": "3", "sc_threshold": "0"})
    video = Video(path, film.limits)
    for wanted in ([4150], [3900, 4200], [100, 6900], [2000, 4300, 7300]):
        shown = video.show(Fraction(ms, 1000) for ms in wanted)
        expected = [max(k for k, time in enumerate(times) if time <= ms) for ms in wanted]
        assert [film.number_of(seen.pixels(128)) for seen in shown] == expected
    video.close()


def test_a_rate_that_changes_after_the_beginning_is_variable(film):
    times = [*range(0, 400 * 40, 40), *range(400 * 40, 400 * 40 + 100 * 57, 57)]
    path = film.make("a.mp4", times=times, ticks=1000, options={"preset": "ultrafast"})
    assert picture.probe(path, film.limits).variable_rate


@pytest.mark.parametrize("suffix", ["ts", "mkv", "mp4"])
def test_the_first_presented_frame_is_the_beginning(film, suffix):
    path = film.make(f"a.{suffix}", times=range(100, 160), ticks=25, options={"bf": "2"})
    assert film.seen(path, 0, 60, PAL) == list(range(60))


@pytest.mark.parametrize("hidden", [10, 24, 31])  # inside a group of pictures, on a keyframe, past two
def test_edit_lists_are_honoured(film, hidden):
    path = film.make("a.mp4", 60, gop=12, options={"bf": "2", "sc_threshold": "0"})
    hide(path, hidden)
    assert film.seen(path, 0, 60 - hidden, PAL) == list(range(hidden, 60))
    assert film.seen(path, 20, 25, PAL) == list(range(hidden + 20, hidden + 25))
    with pytest.raises(MediaError, match=f"the picture has {60 - hidden} at"):
        film.seen(path, 0, 60, PAL)


def hide(path, frames):
    """Let the file's edit list begin later: what an editor does to trim without encoding."""
    data = bytearray(path.read_bytes())
    place = data.index(b"elst") + 4
    assert struct.unpack_from(">II", data, place) == (0, 1)  # version 0, one entry
    length, begin = struct.unpack_from(">II", data, place + 8)
    struct.pack_into(">II", data, place + 8, length - frames * 40, begin + frames * 512)
    path.write_bytes(data)


@pytest.mark.parametrize(("degrees", "clockwise"), [(0, 0), (-90, 90), (90, 270), (180, 180)])
def test_rotation_is_applied(film, degrees, clockwise):
    path = film.make("a.mp4", 10, setup=lambda out, stream: stream.set_display_rotation(degrees))
    facts = picture.probe(path, film.limits)
    assert facts.rotation == clockwise
    pixels = next(seen for number, seen in picture.stream(Clip(path, 6, 7, PAL), film.limits))
    assert pixels.shape[:2] == ((128, 32) if clockwise % 180 else (32, 128)) == (facts.height, facts.width)
    assert film.number_of(np.rot90(pixels, clockwise // 90)) == 6


def test_pixels_that_are_not_square_are_stretched(film):
    def anamorphic(out, stream):
        stream.codec_context.sample_aspect_ratio = Fraction(2)

    path = film.make("a.mp4", 5, setup=anamorphic)
    facts = picture.probe(path, film.limits)
    assert (facts.width, facts.height) == (256, 32)


def test_a_start_timecode_is_told(film):
    path = film.make("a.mov", 10, setup=lambda out, stream: stream.metadata.update(timecode="01:00:00:00"))
    assert picture.probe(path, film.limits).start_timecode == "01:00:00:00"


def test_a_range_beyond_the_end_names_what_there_is(film):
    path = film.make("a.mp4", 60)
    assert film.seen(path, 58, 61, PAL) == [58, 59, 59]  # one frame over is how editors round
    with pytest.raises(MediaError, match="the picture has 60 at 25") as caught:
        film.seen(path, 58, 62, PAL)
    assert caught.value.code == "media_range"
    with pytest.raises(MediaError, match="the picture has 48 at 20"):
        film.seen(path, 0, 100, Fraction(20))


@pytest.mark.parametrize("name", ["a.gif"])
def test_a_moving_gif_is_a_video(film, name):
    from PIL import Image

    shades = [Image.new("RGB", (64, 64), (shade, shade, shade)) for shade in range(0, 250, 25)]
    shades[0].save(film.folder / name, save_all=True, append_images=shades[1:], duration=100)
    seen = picture.look(Clip(film.folder / name, 0, 10, Fraction(10)), film.limits)
    assert seen.facts.kind == "video"
    assert (np.diff(seen.brightness) > 0.05).all()


def test_a_known_file_is_not_scanned_again_but_a_changed_one_is(film, monkeypatch):
    scans = []
    scan = Decoder.scan
    monkeypatch.setattr(Decoder, "scan", lambda self, tick: scans.append(self.path) or scan(self, tick))
    path = film.make("a.mp4", 50, PAL)
    first, again = (film.seen(path, 10, 50, PAL) for _ in range(2))
    assert first == again == list(range(10, 50))
    assert len(scans) == 1
    film.make("a.mp4", 80, NTSC)
    assert film.seen(path, 0, 80, NTSC) == list(range(80))
    assert picture.probe(path, film.limits).rate == NTSC
    assert len(scans) == 2
