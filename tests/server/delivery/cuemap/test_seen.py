from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.server.delivery.cuemap.cues import label, take_with, texts

from twopop.delivery.cuemap import drawn
from twopop.delivery.cuemap.page import MET, MISSED, TRACK
from twopop.delivery.cuemap.seen import STRIP, error_of, frame_ticks, met, per_pixel, second_ticks, strip
from twopop_models.types import Clip, Hit, Landing, Shot


def page_of(take, stills=()):
    return drawn(take, take.cues[0], label, stills)


def test_the_strip_shows_each_shot_where_it_stands(tmp_path):
    frames = take_with(tmp_path).frames
    pixels = strip(frames, ())
    cut = round(TRACK * 42 / 96)
    assert pixels.shape == (STRIP, TRACK, 3)
    assert (pixels[:, : cut - 1] == 0).all()
    assert (pixels[:, cut + 1 :] == 200).all()


def test_a_shot_without_a_sampled_image_takes_its_still_and_stays_dark_without_one(tmp_path):
    frames = take_with(tmp_path).frames
    frames = replace(frames, images=frames.images[:2], image_frames=frames.image_frames[:2])
    still = np.full((36, 64, 3), 99, np.uint8)
    assert (strip(frames, ((90, still),))[:, -100:] == 99).all()
    assert (strip(frames, ())[:, -100:].max(axis=2) < 20).all()


def test_three_hundred_shots_fill_the_strip(tmp_path):
    frames = take_with(tmp_path).frames
    clip = Clip(frames.clip.media, 0, 15_000, Fraction(25))
    shots = tuple(Shot(first, first + 50) for first in range(0, 15_000, 50))
    middles = tuple(shot.first + 25 for shot in shots)
    images = np.full((300, 36, 64, 3), 150, np.uint8)
    pixels = strip(replace(frames, clip=clip, shots=shots, images=images, image_frames=middles), ())
    assert (pixels == 150).all()


@pytest.mark.parametrize("rate", [Fraction(24_000, 1_001), Fraction(25), Fraction(120)])
@pytest.mark.parametrize(("first", "stop"), [(48, 144), (0, 2), (1_000, 18_000), (5, 90_000)])
def test_a_time_axis_has_round_frames_inside_the_range_and_not_too_many(rate, first, stop):
    ticks = frame_ticks(Clip(None, first, stop, rate), str)
    frames = [int(text.split()[0]) for _, text in ticks]
    assert 1 <= len(ticks) <= 16
    assert all(first <= frame < stop for frame in frames)
    assert [at for at, _ in ticks] == pytest.approx([float((frame - first) / rate) for frame in frames])
    assert all(text.endswith(f"f {frame}") for frame, (_, text) in zip(frames, ticks, strict=True))


def test_seconds_are_round_too():
    assert second_ticks(20.0)[:3] == [(0, "0 s"), (2, "2 s"), (4, "4 s")]
    assert second_ticks(0.5)[1][1] == "0.05 s"
    assert second_ticks(600.0)[1:3] == [(60, "1:00"), (120, "2:00")]
    assert all(2 <= len(second_ticks(length)) <= 16 for length in (0.04, 2.0, 33.3, 200.0, 1200.0, 4000.0))


def test_a_long_curve_keeps_its_peaks():
    curve = np.zeros(15_000, np.float32)
    curve[7_777] = 1.0
    times, values = per_pixel(curve, 600.0)
    assert len(values) < 2 * TRACK
    assert values.max() == 1
    assert times[values.argmax()] == pytest.approx(7_777 / 25, abs=0.4)
    times, values = per_pixel(curve[:100], 4.0)
    assert times[:2] == pytest.approx([0.02, 0.06])
    assert per_pixel(curve[:0], 4.0)[1].size == 0


def test_every_hit_has_what_was_seen_the_answer_and_the_error(tmp_path):
    page = page_of(take_with(tmp_path))
    assert [text.get_text() for text in page.panels["hits"].texts] == ["cut", "fill", "-0.25"]
    at = float(Fraction(1001 * 42, 24_000))
    assert [text.get_position()[0] for text in page.panels["hits"].texts] == pytest.approx([at] * 3)
    assert "hits: 1 of 1 met" in [text.get_text() for text in page.figure.texts]


def test_hits_that_were_missed_are_told_apart():
    hit = Hit(90, 1.0, "cut", tolerance=0.5)
    assert met(Landing(hit, -0.5))
    assert not met(Landing(hit, 0.6))
    assert not met(Landing(hit, None))
    assert error_of(Landing(hit, None)) == "not heard"
    assert error_of(Landing(hit, -0.001)) == "+0.00"
    assert MET != MISSED


def test_of_many_hits_the_heaviest_are_labelled_and_no_label_lies_on_another(tmp_path):
    hits = [Hit(frame, 1.0 if frame == 90 else 0.3, "motion") for frame in range(48, 144)]
    page = page_of(take_with(tmp_path, landings=tuple(Landing(hit, 0.0) for hit in hits)))
    columns = page.panels["hits"].texts[::3]
    assert 10 < len(columns) < 60
    heavy = float(Fraction(1001 * 42, 24_000))
    assert any(abs(text.get_position()[0] - heavy) < 1e-6 for text in columns)
    places = [page.x(text.get_position()[0]) for text in columns]
    assert np.diff(places).min() > page.width("motion")


def test_curves_are_the_pictures_own(tmp_path):
    take = take_with(tmp_path)
    brightness = page_of(take).panels["curves"].lines[0]
    assert brightness.get_ydata() == pytest.approx(take.frames.brightness)
    assert brightness.get_xdata()[[0, -1]] == pytest.approx([0.5 * 1.001 / 24, 95.5 * 1.001 / 24])


def test_shots_are_numbered_in_the_strip(tmp_path):
    assert texts(page_of(take_with(tmp_path)).panels["strip"]) == ["1", "2"]
