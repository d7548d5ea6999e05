"""The picture with its score: an MP4 that anybody can play.

Every frame of the range is shown exactly as the engine saw it (same mapping from request to source),
at the request's own rate, above the mix.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from twopop_models.errors import EngineError, MediaError
from twopop_models.gate import Limits
from twopop_models.types import Clip

ENCODERS = ("libx264", "mpeg4")
"""Picture encoders, the preferred first; which of them exist depends on the FFmpeg that PyAV carries."""


def write_preview(
    clip: Clip, mix: Path, path: Path, limits: Limits, *, width: int = 960, progress: Callable[[float], None]
) -> None:
    """Write ``path``: picture of the clip, sound of ``mix``; appears whole or not at all.

    Raises:
        MediaError: ``media_no_picture`` for a text-only cue, and whatever reading the picture raises.
        EngineError: ``render_failed`` when this FFmpeg cannot encode.

    """
    from twopop_models import picture

    if clip.media is None:
        raise MediaError("media_no_picture", "A cue scored from text alone has no picture to preview")
    beside = path.with_name(f".{path.name}.part")
    try:
        with _container(beside) as container:
            _Writer(container, clip, mix).write(picture.stream(clip, limits, width=width), progress)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _container(path: Path) -> Any:
    import av

    return av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})


class _Writer:
    """Interleaves picture and sound, so that neither is ever held whole."""

    def __init__(self, container: Any, clip: Clip, mix: Path) -> None:
        import av
        import soundfile

        encoder = next((name for name in ENCODERS if name in av.codecs_available), None)
        if encoder is None:
            raise EngineError("render_failed", "This FFmpeg can encode neither H.264 nor MPEG-4", "Reinstall PyAV")
        self.container, self.clip, self.source = container, clip, mix
        self.video = container.add_stream(encoder, rate=clip.rate, options={"crf": "21", "preset": "veryfast"})
        self.video.pix_fmt = "yuv420p"
        self.sound = soundfile.SoundFile(mix)
        self.audio = container.add_stream("aac", rate=self.sound.samplerate, layout="stereo")
        self.written = 0

    def write(self, frames: Any, progress: Callable[[float], None]) -> None:
        """Encode all frames and all sound."""
        import av

        with self.sound:
            for number, (_, pixels) in enumerate(frames):
                if number == 0:
                    self.video.height, self.video.width = (side - side % 2 for side in pixels.shape[:2])
                even = pixels[: self.video.height, : self.video.width]
                frame = av.VideoFrame.from_ndarray(even, format="rgb24")
                frame.pts, frame.time_base = number, 1 / self.clip.rate
                self.container.mux(self.video.encode(frame))
                self._sound_until((number + 1) / self.clip.rate)
                progress((number + 1) / self.clip.frames)
            self._sound_until(None)
            self.container.mux(self.video.encode(None))
            self.container.mux(self.audio.encode(None))

    def _sound_until(self, seconds: Fraction | None) -> None:
        """Encode the sound up to an instant, or all that is left."""
        import av

        stop = self.sound.frames if seconds is None else min(int(seconds * self.sound.samplerate), self.sound.frames)
        while self.written < stop:
            block = self.sound.read(min(4096, stop - self.written), dtype="float32", always_2d=True)
            frame = av.AudioFrame.from_ndarray(block.T.copy(), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = self.sound.samplerate, self.written
            frame.time_base = Fraction(1, self.sound.samplerate)
            self.container.mux(self.audio.encode(frame))
            self.written += len(block)
