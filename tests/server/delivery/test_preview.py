from fractions import Fraction

import av
import numpy as np
import pytest
import soundfile

from twopop.delivery import preview
from twopop.delivery.preview import write_preview
from twopop.demo.footage import clip_path
from twopop_models.errors import EngineError, MediaError
from twopop_models.gate import Limits
from twopop_models.types import Clip

RATE = Fraction(24_000, 1_001)


@pytest.fixture
def scene(tmp_path):
    path = clip_path("bikes.mp4").resolve()
    clip = Clip(path, 10, 58, RATE)
    mix = tmp_path / "mix.wav"
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(clip.samples()) / 48_000)
    soundfile.write(mix, np.stack([tone, tone], axis=1), 48_000, "PCM_24")
    return clip, mix, Limits(roots=(path.parent,))


@pytest.mark.parametrize("encoder", [name for name in preview.ENCODERS if name in av.codecs_available])
def test_every_frame_and_every_sample_is_there(scene, tmp_path, monkeypatch, encoder):
    monkeypatch.setattr(preview, "ENCODERS", (encoder,))
    clip, mix, limits = scene
    done = []
    write_preview(clip, mix, tmp_path / "preview.mp4", limits, width=320, progress=done.append)
    with av.open(str(tmp_path / "preview.mp4")) as film:
        assert film.streams.video[0].average_rate == RATE
        assert sum(1 for _ in film.decode(video=0)) == clip.frames
    with av.open(str(tmp_path / "preview.mp4")) as film:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in film.decode(audio=0)])
    assert abs(len(heard) - clip.samples()) <= 2_048  # whole AAC frames
    assert np.sqrt(np.mean(heard[4_800:-4_800] ** 2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    assert done[-1] == 1.0


def test_a_preview_that_fails_leaves_nothing_behind(scene, tmp_path):
    clip, mix, limits = scene

    def stop(fraction):
        if fraction > 0.5:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write_preview(clip, mix, tmp_path / "preview.mp4", limits, width=320, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["mix.wav"]


def test_a_text_has_no_preview(scene, tmp_path):
    with pytest.raises(MediaError, match="text alone") as caught:
        write_preview(Clip(None, 0, 10, RATE), scene[1], tmp_path / "p.mp4", scene[2], progress=lambda _: None)
    assert caught.value.code == "media_no_picture"


def test_an_ffmpeg_without_encoders_is_named(scene, tmp_path, monkeypatch):
    monkeypatch.setattr(preview, "ENCODERS", ("absent",))
    clip, mix, limits = scene
    with pytest.raises(EngineError, match=r"neither H\.264 nor MPEG-4"):
        write_preview(clip, mix, tmp_path / "preview.mp4", limits, progress=lambda _: None)
