"""A small finished take with real WAV files, made without the engine."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

from twopop_models.controls import Controls
from twopop_models.score import PPQ, Ending, Meter, Note, Part, Score, Section, TempoChange, TempoMap
from twopop_models.types import (
    Bridges,
    Clip,
    Cue,
    Description,
    Frames,
    Hit,
    Landing,
    Music,
    Shot,
    SourceFacts,
    Stem,
    Take,
)

NTSC = Fraction(24_000, 1_001)


def small_take(folder: Path, *, variations: int = 2, rate: Fraction = NTSC, media: Path | None = None) -> Take:
    """Frames 48 to 144 with a cut at 90, two stems a variation, a pick-up and one tempo change."""
    clip = Clip(media or folder / "scene.mov", 48, 144, rate)
    cues = tuple(_cue(folder / f"v{number + 1}", number, clip) for number in range(variations))
    text = Description("A tense soundtrack with drums.", ("tense",), author="a test", evidence=("2 shots",))
    return Take(clip, Controls(seed=7), _frames(clip), Bridges(text, None, None), (Hit(90),), cues, {"compose": 0.5})


def _frames(clip: Clip) -> Frames:
    facts = SourceFacts("video", 64, 36, clip.rate, False, 0, "", "h264")
    images = np.zeros((4, 36, 64, 3), np.uint8)
    images[2:] = 200
    curve = np.linspace(0, 1, clip.frames, dtype=np.float32)
    shots = (Shot(48, 90), Shot(90, 144))
    return Frames(clip, facts, images, (54, 78, 102, 130), curve, curve, shots, (Hit(90, 1.0, "cut"),))


def _cue(folder: Path, number: int, clip: Clip) -> Cue:
    folder.mkdir(parents=True)
    samples = clip.samples()
    tone = np.sin(np.arange(samples) / 30)[:, None] * np.array([[0.1, 0.2]])
    stems = tuple(_stem(folder, name, tone, number) for name in ("drums", "bass"))
    mix = folder / "mix.wav"
    soundfile.write(mix, 2 * tone, 48_000, "PCM_24")
    music = Music((), 48_000, samples, 100.0, "A minor", "orchestral", score(), ("a note",))
    landings = (Landing(Hit(90, 1.0, "cut"), -0.25, "fill"),)
    return Cue(number, 7, stems, mix, None, music, landings, -23.0, -6.0)


def _stem(folder: Path, name: str, tone: np.ndarray, number: int) -> Stem:
    path = folder / f"{name}.wav"
    soundfile.write(path, tone, 48_000, "PCM_24")
    return Stem(name, path, len(tone), 48_000, number)


def score() -> Score:
    """Two beats of pick-up at 120, then 100 BPM in three."""
    tempo_map = TempoMap((TempoChange(0, 500_000), TempoChange(2 * PPQ, 600_000)), (Meter(0, 2), Meter(2 * PPQ, 3)))
    part = Part("drums", "kit", 0, (Note(0, 100, 36, 90),), drums=True)
    return Score(tempo_map, 8 * PPQ, "A minor", "orchestral", (part,), (), (Section(0, "intro", 0.4),), Ending("ring"))
