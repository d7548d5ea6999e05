"""The chords of a cue: the style's progressions, steered by the broad reference's, with a cadence at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.form import Bar, Harmony
from twopop_models.composers.band.harmony import Chord, named, progression, roman, scale
from twopop_models.types import Reference
from twopop_models.vocabulary import parse_key

QUALITIES: dict[str, str] = {"maj": "", "min": "m", "7": "7", "maj7": "maj7", "min7": "m7", "dim": "o", "sus4": "sus4"}


@dataclass(frozen=True)
class _Bars:
    """What the bars of the cue are harmonised with."""

    own: dict[str, tuple[tuple[Chord, ...], ...]]  # by section
    broad: tuple[Chord, ...]  # one a bar, () without reference


def harmonise(bars: tuple[Bar, ...], brief: Brief, rng: np.random.Generator, *, cadence: bool) -> tuple[Harmony, ...]:
    """Chords over all bars without gaps; ``cadence`` makes the last bars lead to the tonic."""
    sources = _Bars(_progressions(bars, brief, rng), reference_chords(brief.broad, brief.tonic, brief.mode))
    found: list[Harmony] = []
    last = len(bars) - 1
    for bar in bars:
        chords = _chords(bar, bars, sources, brief, last=cadence and bar.index == last and last > 0)
        step = max(1, (bar.stop - bar.start) // len(chords))
        starts = [bar.start + step * place for place in range(len(chords))]
        found.extend(
            Harmony(start, stop, chord)
            for start, stop, chord in zip(starts, [*starts[1:], bar.stop], chords, strict=True)
        )
    return tuple(found)


def tonic_chord(brief: Brief) -> Chord:
    """The chord of rest, as the family ends."""
    return roman(("I" if brief.mode == "major" else "i") + brief.style.final, brief.tonic, brief.mode)


def _progressions(
    bars: tuple[Bar, ...], brief: Brief, rng: np.random.Generator
) -> dict[str, tuple[tuple[Chord, ...], ...]]:
    """One progression per section; themes of one letter share theirs."""
    texts = brief.style.major if brief.mode == "major" else brief.style.minor
    order = list(rng.permutation(len(texts)))
    names = list(dict.fromkeys(bar.section for bar in bars))
    themes = {
        name: (ord(name[6]) - ord("A") if name.startswith("theme") else place) for place, name in enumerate(names)
    }
    return {name: progression(texts[order[themes[name] % len(order)]], brief.tonic, brief.mode) for name in names}


def _chords(bar: Bar, bars: tuple[Bar, ...], sources: _Bars, brief: Brief, *, last: bool) -> tuple[Chord, ...]:
    if last:
        text = brief.style.major_cadence if brief.mode == "major" else brief.style.minor_cadence
        return progression(text, brief.tonic, brief.mode)[0]
    if bar.index == 0:
        return (tonic_chord(brief),)
    if sources.broad and bar.section not in ("ending", "gesture"):
        return (sources.broad[bar.index % len(sources.broad)],)
    own = sources.own[bar.section]
    first = next(other.index for other in bars if other.section == bar.section)
    return own[(bar.index - first) % len(own)]


def reference_chords(broad: Reference | None, tonic: int, mode: str) -> tuple[Chord, ...]:
    """The broad reference's chord of each of its bars, transposed from its key to the cue's.

    Where the modes differ a degree stays a degree: III of a major key becomes the III of a minor one.
    """
    if broad is None or not broad.track.chords:
        return ()
    track = broad.track
    home, track_mode = parse_key(track.key)
    lines = track.downbeats or tuple(np.arange(0.0, track.seconds, 2.0))
    found = []
    for start, stop in zip(lines, [*lines[1:], track.seconds], strict=True):
        spans = [(min(stop, span.stop) - max(start, span.start), span) for span in track.chords]
        shared, span = max(spans, key=lambda pair: pair[0])
        if shared > 0:
            found.append(_transposed((span.root - home) % 12, span.quality, track_mode, tonic, mode))
    return tuple(found)


def _transposed(step: int, quality: str, track_mode: str, tonic: int, mode: str) -> Chord:
    """A chord ``step`` semitones over the reference's tonic as a chord of the cue's key."""
    if track_mode == mode or step not in scale(track_mode):
        return named((tonic + step) % 12, QUALITIES.get(quality, ""))
    degree = scale(track_mode).index(step)
    root = scale(mode)[degree]
    third = (scale(mode)[(degree + 2) % 7] - root) % 12
    fifth = (scale(mode)[(degree + 4) % 7] - root) % 12
    own = "o" if fifth == 6 else ("m" if third == 3 else "")
    return named((tonic + root) % 12, own)
