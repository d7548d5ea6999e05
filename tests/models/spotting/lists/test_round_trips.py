"""What is written for another program is read back, to the frame, at every rate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twopop_models.controls import HitFile
from twopop_models.errors import ControlError
from twopop_models.gate import Limits
from twopop_models.smpte import Labels
from twopop_models.spotting.lists import read_alone, read_list, write_list
from twopop_models.types import Clip, Frames, Hit, Shot, SourceFacts

RATES = [Labels(Fraction(rate)) for rate in (24, 25, 30, 48, 50, 60)]
RATES += [Labels(Fraction(n * 1000, 1001)) for n in (24, 30, 48, 60, 120)]
RATES += [Labels(Fraction(n * 1000, 1001), drop=True) for n in (30, 60, 120)]
NAMES = ("hits.edl", "hits.otio", "markers.csv", "nuendo.csv")


def seen(rate, first=0, stop=200_000, start=""):
    dark = np.zeros(stop - first, np.float32)
    facts = SourceFacts("video", 64, 36, rate, False, 0, start, "h264")
    images = np.zeros((1, 36, 64, 3), np.uint8)
    return Frames(Clip(None, first, stop, rate), facts, images, (first,), dark, dark, (Shot(first, stop),), ())


def hits_at(frames):
    return tuple(Hit(frame, 1.0, f"hit {frame}") for frame in sorted(frames))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(RATES),
    st.sampled_from(NAMES),
    st.sets(st.integers(0, 199_999), min_size=1, max_size=12),
    st.sampled_from(["", "01:00:00:00", "10:00:00:00", "00:59:52:00"]),
)
def test_every_rate_comes_back_to_the_frame(tmp_path, labels, name, frames, start):
    start = start[:8] + ";" + start[9:] if labels.drop and start else start
    begin = labels.frame(start) if start else 0
    hits = hits_at(frames)
    path = write_list(tmp_path / name, hits, labels, start=begin, stop=200_000)
    said = labels.label(0) if name == "markers.csv" and start else ""  # REAPER counts from the picture's first frame
    found = read_list(HitFile(path, said), seen(labels.rate, start=start), Limits((tmp_path,)))
    assert found == hits


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("labels", RATES, ids=lambda one: f"{float(one.rate):.3f}{'df' if one.drop else ''}")
def test_the_minutes_where_labels_drop(tmp_path, labels, name):
    near = [round(60 * minute * labels.rate) + step for minute in (1, 9, 10, 11, 59, 60) for step in range(-3, 4)]
    hits = hits_at(near)
    path = write_list(tmp_path / name, hits, labels, stop=max(near) + 1)
    assert read_list(HitFile(path), seen(labels.rate, 0, max(near) + 1), Limits((tmp_path,))) == hits


@pytest.mark.parametrize("name", NAMES)
def test_names_weights_and_tolerances_come_along(tmp_path, name):
    hits = (Hit(24, 0.75, 'a "door", slammed'), Hit(48, 1.0, "[0.5]", 2.0), Hit(72, 0.5, "naïve; 100 %", 0.0))
    path = write_list(tmp_path / name, hits, Labels(Fraction(25)), stop=100)
    assert read_list(HitFile(path), seen(Fraction(25), 0, 100), Limits((tmp_path,))) == hits


def test_only_the_range_counts(tmp_path):
    path = write_list(tmp_path / "hits.edl", hits_at((10, 50, 90)), Labels(Fraction(25)))
    found = read_list(HitFile(path), seen(Fraction(25), 50, 90), Limits((tmp_path,)))
    assert [hit.frame for hit in found] == [50]


def test_the_first_frame_may_be_said(tmp_path):
    path = write_list(tmp_path / "hits.edl", hits_at((10, 50)), Labels(Fraction(25)), start=125)
    frames = seen(Fraction(25), 0, 90)
    with pytest.raises(ControlError, match="lie on frames 135 to 175"):
        read_list(HitFile(path), frames, Limits((tmp_path,)))
    said = HitFile(path, "00:00:05:00")
    assert [hit.frame for hit in read_list(said, frames, Limits((tmp_path,)))] == [10, 50]


@pytest.mark.parametrize("name", ["hits.edl", "nuendo.csv", "hits.otio"])
@pytest.mark.parametrize("labels", RATES, ids=lambda one: f"{float(one.rate):.3f}{'df' if one.drop else ''}")
def test_a_program_begins_at_its_hour(tmp_path, labels, name):
    begin = labels.frame("01:00:00;00" if labels.drop else "01:00:00:00")
    hits = hits_at((0, 7, 1800, 2700))
    path = write_list(tmp_path / name, hits, labels, start=begin, stop=3000)
    assert read_list(HitFile(path), seen(labels.rate, 0, 3000), Limits((tmp_path,))) == hits
    alone, start = read_alone(HitFile(path), labels.rate, Limits((tmp_path,)))
    assert [hit.frame for hit in alone] == [hit.frame for hit in hits]
    assert start[:8] in ("01:00:00", "01:00:03", "00:59:56")  # OpenTimelineIO does not say that labels drop


def test_another_rate_keeps_the_moment(tmp_path):
    path = write_list(tmp_path / "a.otio", hits_at((10, 51)), Labels(Fraction(25)))
    found = read_list(HitFile(path), seen(Fraction(50), 0, 500), Limits((tmp_path,)))
    assert [hit.frame for hit in found] == [20, 102]
    found = read_list(HitFile(path), seen(Fraction(24), 0, 500), Limits((tmp_path,)))
    assert [hit.frame for hit in found] == [10, 49]  # the first frame that shows it: 2.04 s is 48.96


def test_opentimelineios_own_adapter_reads_the_same_edl(tmp_path):
    from otio_cmx3600_adapter import cmx_3600 as cmx

    hits = hits_at((3, 77, 1800, 17_982))
    for labels in (Labels(Fraction(30_000, 1_001), drop=True), Labels(Fraction(24_000, 1_001)), Labels(Fraction(25))):
        begin = labels.frame("01:00:00;00" if labels.drop else "01:00:00:00")
        text = write_list(tmp_path / "hits.edl", hits, labels, start=begin).read_text()
        track = cmx.read_from_string(text, rate=float(labels.rate)).tracks[0]
        first = track.source_range.start_time if track.source_range else None
        starts = [clip.range_in_parent().start_time.value for clip in track.find_clips()]
        assert [start - starts[0] for start in starts] == [hit.frame - 3 for hit in hits], first
        assert [clip.markers[0].name for clip in track.find_clips() if clip.markers] == [
            hit.label for hit in hits
        ] or labels.drop  # its pattern for locators knows no semicolon


def test_replacing_a_label_is_all_that_a_long_one_costs(tmp_path):
    hits = (Hit(5, 1.0, "x" * 200),)
    path = write_list(tmp_path / "hits.edl", hits, Labels(Fraction(25)))
    found = read_list(HitFile(path), seen(Fraction(25)), Limits((tmp_path,)))
    assert found == (replace(hits[0], label="x" * 80),)
