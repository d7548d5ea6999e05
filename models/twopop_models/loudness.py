"""Loudness and true peak by EBU R128 (ITU-R BS.1770), measured by ffmpeg's ``ebur128`` filter through PyAV.

Conventions: blocks are float32 (samples, 2) of any length; loudness is in LUFS, peaks in dBTP. Material
shorter than one gating block (400 ms) is measured with silence after it. The filter tells peaks with
three decimals of full scale, so they are good to 0.05 dB above -20 dBTP and to 0.5 dB at -40.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from twopop_models.clock import SAMPLE_RATE

_BLOCK = 1 << 16
_FLOOR = -70.0  # BS.1770's absolute gate: the filter says this when every block was gated away


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP; -inf for silence."""

    integrated: float
    true_peak: float


class Meter:
    """Measures what it is fed, in a stream."""

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        import av

        self._rate = sample_rate
        self._fed = 0
        self._found: dict[str, str] = {}
        self._graph = av.filter.Graph()
        self._source = self._graph.add_abuffer(
            sample_rate=sample_rate, format="flt", layout="stereo", time_base=Fraction(1, sample_rate)
        )
        meter = self._graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()

    def feed(self, block: NDArray[np.float32]) -> None:
        """Measure (samples, 2) more."""
        import av

        if not len(block):
            return
        flat = np.ascontiguousarray(block, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(flat, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = self._rate, self._fed
        self._fed += len(block)
        self._source.push(frame)
        self._pull()

    def result(self) -> Loudness:
        """What was measured so far; ends the measurement."""
        gate = self._rate * 2 // 5
        self._silence(gate - self._fed)
        integrated = float(self._found.get("lavfi.r128.I", "-inf"))
        self._silence(self._rate // 10)  # the filter tells peaks once per 100 ms: push the rest out
        peak = max((float(self._found.get(f"lavfi.r128.true_peaks_ch{n}", "0")) for n in (0, 1)), default=0.0)
        return Loudness(
            integrated if integrated > _FLOOR else -math.inf, 20 * math.log10(peak) if peak > 0 else -math.inf
        )

    def _silence(self, samples: int) -> None:
        if samples > 0:
            self.feed(np.zeros((samples, 2), np.float32))

    def _pull(self) -> None:
        import av

        while True:
            try:
                self._found = dict(self._sink.pull().metadata) or self._found
            except (av.BlockingIOError, av.EOFError):
                return


class Listener:
    """A meter that listens in a thread of its own, a block behind: what it hears costs whoever feeds it no time.

    A context manager. Blocks must not be changed once they are fed. What measuring raises, the next call raises.
    """

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        self._meter = Meter(sample_rate)
        self._thread = ThreadPoolExecutor(1)
        self._heard: Future[None] | None = None

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown()

    def feed(self, block: NDArray[np.float32]) -> None:
        """Measure (samples, 2) more, once the block before is measured."""
        self._catch_up()
        self._heard = self._thread.submit(self._meter.feed, block)

    def result(self) -> Loudness:
        """What was measured so far; ends the measurement."""
        self._catch_up()
        return self._meter.result()

    def _catch_up(self) -> None:
        if self._heard is not None:
            self._heard.result()


def measure(path: Path) -> Loudness:
    """Loudness of a stereo sound file."""
    import soundfile

    with soundfile.SoundFile(path) as sound:
        meter = Meter(sound.samplerate)
        for block in blocks(sound):
            meter.feed(block)
    return meter.result()


def blocks(sound: object, size: int = _BLOCK) -> Iterator[NDArray[np.float32]]:
    """An open soundfile from here to its end, in (samples, channels) float32 blocks."""
    while len(block := sound.read(size, dtype="float32", always_2d=True)):  # type: ignore[attr-defined]
        yield block
