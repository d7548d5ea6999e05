"""What plays a part: the protocol, and tinysoundfont behind it.

A font is read once per process; every part gets a clone that shares its sounds and nothing else, so
parts never steal each other's voices or channels, and what was played before cannot be heard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twopop_models.errors import EngineError
from twopop_models.score import Part

Block = NDArray[np.float32]

MAX_VOICES = 256
"""Per part. A note takes one to four voices and dies in seconds, so none is ever stolen."""
HEADROOM_DB = -9.0
_DRUM_BANK = 128
_DRUM_CHANNEL = 9


class Synthesiser(Protocol):
    """One player with one instrument. Events take effect at the next sample that is generated."""

    def note_on(self, pitch: int, velocity: int) -> None:
        """Begin a note; both 0..127."""

    def note_off(self, pitch: int) -> None:
        """Let the note ring out."""

    def control(self, controller: int, value: int) -> None:
        """A MIDI control change."""

    def generate(self, samples: int) -> Block:
        """The next (samples, 2) of sound."""


@dataclass(frozen=True, eq=False)
class Font:
    """A SoundFont in memory."""

    path: Path
    _sounds: Any

    def player(self, part: Part, sample_rate: int) -> Synthesiser:
        """A fresh player of the part's instrument.

        Raises:
            EngineError: ``render_failed`` when the font lacks it.

        """
        return _TinySoundFont(self, part, sample_rate)


def load(path: Path) -> Font:
    """The font of a file, kept in memory while the file stays the same.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    try:
        facts = path.stat()
    except OSError as error:
        raise EngineError("asset_missing", f"There is no SoundFont {path}", "Name one in the settings") from error
    return _load(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=2)
def _load(path: Path, changed: int, size: int) -> Font:  # noqa: ARG001  they make a changed file another font
    synth = _synth(48_000)
    try:
        number = synth.sfload(str(path), max_voices=1)
    except RuntimeError as error:
        raise EngineError("asset_corrupt", f"{path} is no SoundFont that can be played", "Use another") from error
    return Font(path, synth.soundfonts[number])


def _synth(sample_rate: int) -> Any:
    try:
        from tinysoundfont import Synth
    except ImportError as error:
        remedy = "Run: python -m pip install --no-deps tinysoundfont"
        raise EngineError("asset_missing", "The synthesiser tinysoundfont is not installed", remedy) from error
    return Synth(gain=HEADROOM_DB, samplerate=sample_rate)


class _TinySoundFont:
    """A clone of the font with one channel in use.

    tinysoundfont starts notes on the very sample, and moves envelopes in steps of 64 samples.
    """

    def __init__(self, font: Font, part: Part, sample_rate: int) -> None:
        self._synth = _synth(sample_rate)
        number = self._synth.sfload(font._sounds, max_voices=MAX_VOICES)
        self._channel = _DRUM_CHANNEL if part.drums else 0
        bank = _DRUM_BANK if part.drums else 0
        if self._synth.sfpreset_name(number, bank, part.program) is None:
            what = f"drum kit {part.program}" if part.drums else f"program {part.program}"
            remedy = "Use a General MIDI SoundFont"
            raise EngineError("render_failed", f"{font.path.name} has no {what} for {part.instrument}", remedy)
        self._synth.program_select(self._channel, number, bank, part.program, part.drums)
        if part.tuning:
            self._tune(part.tuning)

    def _tune(self, semitones: float) -> None:
        """Registered parameters 2 and 1, coarse before fine and the fine one's last bits first.

        The synthesiser cuts off what stands behind the point before it adds the fine tuning, at every one of these.
        """
        coarse = math.trunc(semitones)
        fine = round((semitones - coarse) * 8192) + 8192
        changes = ((101, 0), (100, 2), (6, 64 + coarse), (100, 1), (38, fine & 127), (6, fine >> 7))
        for controller, value in changes:
            self._synth.control_change(self._channel, controller, value)

    def note_on(self, pitch: int, velocity: int) -> None:
        self._synth.noteon(self._channel, pitch, velocity)

    def note_off(self, pitch: int) -> None:
        self._synth.noteoff(self._channel, pitch)

    def control(self, controller: int, value: int) -> None:
        self._synth.control_change(self._channel, controller, value)

    def generate(self, samples: int) -> Block:
        # generate() counts in float seconds and may be a sample off; generate_simple() is exact
        sound = self._synth.generate_simple(samples)
        return np.frombuffer(sound, np.float32).reshape(-1, 2)
