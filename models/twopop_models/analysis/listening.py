"""All of the analysis in one call: decode, measure, follow the beat, name key and chords, tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis import beats, chords, density, energy, keys, musicnn, pitch
from twopop_models.analysis.decoding import MAX_SECONDS, decode
from twopop_models.types import ChordSpan

Progress = Callable[[float], None]
"""Called with how much is done, 0 to 1; it may raise to stop the analysis."""

VERSION: Final = 2
"""Goes up whenever the same file would be analysed differently; part of a cache's key."""

_SHORTEST: Final = 0.4  # seconds; loudness is defined for no less, and nothing shorter is a piece


@dataclass(frozen=True, eq=False)
class Analysis:
    """What was heard in a piece; the fields are those of ``types.Track``.

    Attributes:
        seconds: length of what was analysed, at most 30 minutes.
        tempo: BPM of the steady beat, 0 when none was found.
        beats: times of the beats in seconds.
        downbeats: times of the first beats of bars, a subset of ``beats``.
        beats_per_bar: 3 or 4.
        key: such as ``A minor``.
        chords: in order, without overlap; stretches that have no chord are left out.
        energy: two values per second, 1 = the piece's loudest second, 0 = 30 LU or more below.
        loudness: integrated, LUFS; -70 for silence.
        onsets: how many notes or strokes begin per second.
        tags: (musicnn tag, probability), strongest first; 91 different words.
        embedding: float32 (400,), what the taggers' last hidden layers hold.
        logits: float32 (100,) in the order of ``musicnn.TAGS``.

    """

    seconds: float
    tempo: float
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    beats_per_bar: int
    key: str
    chords: tuple[ChordSpan, ...]
    energy: tuple[float, ...]
    loudness: float
    onsets: float
    tags: tuple[tuple[str, float], ...]
    embedding: NDArray[np.float32]
    logits: NDArray[np.float32]


def analyse(path: Path, *, progress: Progress | None = None) -> Analysis:
    """Everything a reference track needs to be known by.

    Deterministic on one machine with a fixed number of threads.

    Raises:
        LibraryError: ``track_missing``; ``track_unreadable`` for what is no audio, or too short.
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    done = progress or _nobody
    done(0.0)
    stereo = decode(path, pitch.SAMPLE_RATE, mono=False, shortest=_SHORTEST)
    seconds = min(len(stereo) / pitch.SAMPLE_RATE, MAX_SECONDS)
    heard = energy.measure_energy(stereo, pitch.SAMPLE_RATE)
    done(0.1)
    magnitudes = pitch.spectrum(stereo.mean(axis=1))
    done(0.4)
    mono = decode(path, beats.SAMPLE_RATE)
    rhythm, onsets = beats.track_beats(mono), density.density(mono)
    done(0.5)
    harmony = chords.find_chords(magnitudes, rhythm.beats, seconds)
    done(0.6)
    tagging = musicnn.tag(_levelled(decode(path, musicnn.SAMPLE_RATE), heard.loudness))
    done(1.0)
    return Analysis(
        seconds=seconds,
        tempo=rhythm.tempo,
        beats=rhythm.beats,
        downbeats=rhythm.downbeats,
        beats_per_bar=rhythm.beats_per_bar,
        key=keys.find_key(harmony, pitch.chroma(magnitudes)),
        chords=harmony,
        energy=heard.contour,
        loudness=heard.loudness,
        onsets=onsets,
        tags=tagging.tags,
        embedding=tagging.embedding,
        logits=tagging.logits,
    )


def warm() -> None:
    """Read every network now, so that the first ``analyse`` is as quick as the next.

    Raises:
        EngineError: ``asset_missing`` or ``asset_corrupt``.

    """
    noise = np.random.default_rng(0).standard_normal(4 * pitch.SAMPLE_RATE).astype(np.float32) * np.float32(0.1)
    chords.find_chords(pitch.spectrum(noise), (), 4.0)
    beats.track_beats(noise)
    musicnn.tag(noise)


def _levelled(samples: NDArray[np.float32], loudness: float) -> NDArray[np.float32]:
    """At the one level at which pieces are tagged; silence stays silence."""
    if loudness <= energy.SILENCE:
        return samples
    return samples * np.float32(10 ** ((musicnn.LEVEL - loudness) / 20))


def _nobody(_: float) -> None:
    """The progress callback of those who do not care."""
