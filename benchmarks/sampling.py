"""How much a look at 32 frames of ten minutes costs against decoding all of them.

Makes its own clips (10 min, 25 fps, 320x180 H.264 with B-frames) in a temporary folder, reads them both
ways, checks that the sampled pixels are the same, and prints the ratio of wall times. Bar: 5.

    python benchmarks/sampling.py [SECONDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from twopop_models import picture
from twopop_models.gate import Limits
from twopop_models.types import Clip

RATE, WIDTH, HEIGHT, COUNT = 25, 320, 180, 32
RUNS = 3


def make(path: Path, seconds: int, gop: int) -> Path:
    """A moving texture that changes every five seconds."""
    rng = np.random.default_rng(0)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "bf": "3"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = gop
        for number in range(seconds * RATE):
            if number % (5 * RATE) == 0:
                grain = rng.integers(0, 256, (HEIGHT // 12, WIDTH // 10, 3)).astype(np.uint8)
                texture = np.kron(grain, np.ones((12, 10, 1), np.uint8))
            frame = av.VideoFrame.from_ndarray(np.roll(texture, 2 * number, axis=1), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def everything(path: Path, wanted: tuple[int, ...]) -> np.ndarray:
    """Decode every frame with PyAV alone, keep the wanted ones; frames are numbered in the order shown."""
    kept = []
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for number, frame in enumerate(container.decode(video=0)):
            if number in wanted:
                small = frame.reformat(WIDTH, HEIGHT, "rgb24", interpolation="AREA", threads=1)
                kept.append(small.to_ndarray())
    return np.stack(kept)


def best(call):
    """The shortest of some runs, and the last result."""
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - begin)
    return min(times), result


def main() -> None:
    """Print one line per keyframe distance."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits((Path(folder),))
        for gop in (48, 120, 250):
            clip = Clip(make(Path(folder) / f"{gop}.mp4", seconds, gop), 0, seconds * RATE, Fraction(RATE))
            quick, (images, frames) = best(lambda clip=clip: picture.sample(clip, COUNT, limits))
            slow, whole = best(lambda clip=clip, frames=frames: everything(clip.media, frames))
            same = "identical" if np.array_equal(images, whole) else "DIFFERENT"
            print(
                f"keyframe every {gop:3d}: {COUNT} of {clip.frames} frames in {quick:.3f} s, "
                f"all in {slow:.3f} s, ratio {slow / quick:.1f}, {same}"
            )


if __name__ == "__main__":
    main()
