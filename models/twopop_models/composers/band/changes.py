"""The chords of a cue: the style's progressions, steered by the broad reference's, with a cadence at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from twopop_models.composers.band import enriching
from twopop_models.composers.band.briefing import Brief
from twopop_models.composers.band.colours import coloured
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


def harmonise(
    bars: tuple[Bar, ...],
    brief: Brief,
    rng: np.random.Generator,
    *,
    cadence: bool,
    turns: tuple[int, ...] = (),
    heavy: frozenset[int] = frozenset(),
) -> tuple[Harmony, ...]:
    """Chords over all bars without gaps.

    Args:
        bars: the cue's body.
        brief: style, key, mood and broad reference.
        rng: chance of this variation's harmony.
        cadence: whether the last bar leads to the tonic.
        turns: ticks of hits on which a new chord must begin.
        heavy: those of them that get a chord from outside the key.

    """
    sources = _Bars(_progressions(bars, brief, rng), reference_chords(brief.broad, brief.tonic, brief.mode))
    spans: list[Harmony] = []
    last = len(bars) - 1
    for bar in bars:
        chords = _chords(bar, bars, sources, brief, last=cadence and bar.index == last and last > 0)
        spans += _placed(bar, chords, bars)
    if spans:
        spans = enriching.suspended(spans, bars, brief.feeling, rng)
        spans = spans if sources.broad else enriching.led(spans, bars, brief.feeling, rng)
        spans = enriching.inverted(spans, bars)
        spans = enriching.turned(spans, bars, turns, heavy, (brief.tonic, brief.mode))
    return tuple(spans)


def _placed(bar: Bar, chords: tuple[Chord, ...], bars: tuple[Bar, ...]) -> list[Harmony]:
    """A bar's chords on its groups; before another key its dominant takes the second half."""
    ticks = enriching.places(bar, len(chords))
    spans = [
        Harmony(start, stop, chord) for start, stop, chord in zip(ticks, [*ticks[1:], bar.stop], chords, strict=False)
    ]
    after = bars[bar.index + 1] if bar.index + 1 < len(bars) else bar
    if bar.key is None or after.key is None or after.key == bar.key:
        return spans
    return enriching.before(Harmony(bar.start, bar.stop, spans[0].chord), bar, after.key[0])


def tonic_chord(brief: Brief) -> Chord:
    """The chord of rest, as the family ends."""
    return roman(("I" if brief.mode == "major" else "i") + brief.style.final, brief.tonic, brief.mode)


def opening_chord(brief: Brief) -> Chord:
    """The chord of rest, with its third where the family ends on a bare fifth: the mode is told from the start."""
    bare = replace(brief.style, final="") if brief.style.final == "5" else brief.style
    return tonic_chord(replace(brief, style=bare))


def _progressions(
    bars: tuple[Bar, ...], brief: Brief, rng: np.random.Generator
) -> dict[str, tuple[tuple[Chord, ...], ...]]:
    """One progression per section; themes of one letter share theirs, in the section's key and the mood's colour."""
    first = {bar.section: bar for bar in reversed(bars)}
    order = {mode: list(rng.permutation(len(getattr(brief.style, mode)))) for mode in ("major", "minor")}
    names = list(dict.fromkeys(bar.section for bar in bars))
    found = {}
    for place, name in enumerate(names):
        tonic, mode = first[name].key or (brief.tonic, brief.mode)
        number = ord(name[6]) - ord("A") if name.startswith("theme") else place
        texts = brief.style.major if mode == "major" else brief.style.minor
        text = coloured(texts[order[mode][number % len(texts)]], brief.feeling.colour_of(mode))
        found[name] = progression(text, tonic, mode)
    return found


def _chords(bar: Bar, bars: tuple[Bar, ...], sources: _Bars, brief: Brief, *, last: bool) -> tuple[Chord, ...]:
    if last:
        text = brief.style.major_cadence if brief.mode == "major" else brief.style.minor_cadence
        return progression(text, brief.tonic, brief.mode)[0]
    if bar.index == 0:
        return (opening_chord(brief),)
    if sources.broad:
        return (sources.broad[bar.index % len(sources.broad)],)
    own = sources.own[bar.section]
    run = [other.index for other in bars if other.section == bar.section]
    place = bar.index - run[0]
    if bar.section == "build" and len(run) >= 4 and place >= len(run) // 2 and len(bar.groups) > 1:
        return own[2 * place % len(own)][0], own[(2 * place + 1) % len(own)][0]  # harmony quickens
    return own[place % len(own)]


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
