"""Timelines written in Lua, read by OpenTimelineIO itself and by the engine: exactly the segments that were meant."""

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clients.reaper.lua import room, table

from twopop_models.picture.edit import read_edit

RATES = [Fraction(24_000, 1_001), Fraction(25), Fraction(30_000, 1_001), Fraction(60_000, 1_001)]
NAMES = ["/films/a b.mov", "/films/Ünï 音.mp4", "/films/50%#1;?.mov", "C:\\clips\\new one.mov"]
THOUSANDTH = Fraction(1, 1000)

frames = st.integers(0, 90_000).map(lambda count: Fraction(count, 1000))
clip = st.fixed_dictionaries(
    {
        "path": st.sampled_from(NAMES),
        "before": st.one_of(st.just(Fraction(0)), frames),  # a gap in front
        "length": st.integers(10, 90_000).map(lambda count: Fraction(count, 1000)),
        "source_start": st.integers(0, 10**7).map(lambda count: Fraction(count, 1000)),
        "speed": st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2), Fraction(960, 1001), Fraction(123, 100)]),
        "reversed": st.booleans(),
    }
)


def laid(lua, rate, clips, rest):
    """The timeline's text and the segments that it is to say: (start, stop, path, begin, speed) in seconds."""
    now, rows, wanted = Fraction(0), [], []
    for one in clips:
        if one["before"]:
            wanted.append((now / rate, (now + one["before"]) / rate, None, None, None))
        now += one["before"]
        speed, size = one["speed"], one["length"] * one["speed"]
        begin = one["source_start"] + (size if one["reversed"] else 0)
        signed = -speed if one["reversed"] else speed
        wanted.append((now / rate, (now + one["length"]) / rate, one["path"], begin / rate, signed))
        rows.append(
            {
                "path": one["path"],
                "at": float(now),
                "length": float(one["length"]),
                "source_start": float(one["source_start"] / rate),
                "speed": float(speed),
                "reversed": one["reversed"],
            }
        )
        now += one["length"]
    length = -(-now // 1) + rest
    if length > now:
        wanted.append((now / rate, length / rate, None, None, None))
    plain = {"num": rate.numerator, "den": rate.denominator}
    return room(lua, "otio").timeline(table(lua, rows), int(length), table(lua, plain), "job"), wanted


@given(rate=st.sampled_from(RATES), clips=st.lists(clip, min_size=1, max_size=6), rest=st.integers(0, 3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_engine_reads_exactly_what_was_meant(lua, tmp_path, rate, clips, rest):
    text, wanted = laid(lua, rate, clips, rest)
    path = tmp_path / "job.otio"
    path.write_bytes(text.encode("latin-1"))
    edit = read_edit(path)
    assert edit.rate == rate
    assert len(edit.segments) == len(wanted)
    for part, (start, stop, name, begin, speed) in zip(edit.segments, wanted, strict=True):
        assert (part.start, part.stop) == (start, stop)
        assert (part.media is None) == (name is None)
        if name:
            assert str(part.media).endswith(name)
            assert abs(part.begin - begin) <= THOUSANDTH / rate / 2
            assert abs(part.speed - speed) < Fraction(1, 10**6)


def test_the_library_reads_it_and_writes_it_again(lua, tmp_path):
    clips = [
        {"path": NAMES[0], "before": Fraction(5, 2), "length": Fraction(20), "source_start": Fraction(7)}
        | {"speed": Fraction(2), "reversed": True},
    ]
    text, _ = laid(lua, Fraction(25), clips, 2)
    timeline = otio.adapters.read_from_string(text.encode("latin-1").decode(), "otio_json")
    gap, piece, rest = timeline.video_tracks()[0]
    assert isinstance(gap, otio.schema.Gap)
    assert [part.duration().value for part in (gap, piece, rest)] == [2.5, 20.0, 2.5]
    (warp,) = piece.effects
    assert (type(warp), warp.time_scalar) == (otio.schema.LinearTimeWarp, -2.0)
    assert (piece.media_reference.target_url, piece.source_range.start_time.value) == (NAMES[0], 7.0)
    assert timeline.name == "job"
    path = tmp_path / "again.otio"
    otio.adapters.write_to_file(timeline, str(path))
    assert len(read_edit(path).segments) == 3


@pytest.mark.parametrize("length", [0.9996, 1.0004])
def test_a_clip_that_ends_a_hair_beside_the_range_leaves_no_sliver(lua, length):
    rows = [{"path": "/a.mov", "at": 0.0, "length": length, "source_start": 0.0, "speed": 1.0, "reversed": False}]
    text = room(lua, "otio").timeline(table(lua, rows), 1, table(lua, {"num": 25, "den": 1}), "job")
    timeline = otio.adapters.read_from_string(text, "otio_json")
    assert len(timeline.video_tracks()[0]) == 1
