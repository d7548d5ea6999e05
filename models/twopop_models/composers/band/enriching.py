"""What is done to plain chords: suspensions, dominants of their own, inversions for the bass, turns on hits.

All functions take chords that follow each other without gaps and give such; each adds to what is there and
moves no bar line. ``places`` says where a bar may change its chord: at the beginnings of its groups.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twopop_models.composers.band.form import Bar, Harmony
from twopop_models.composers.band.grouping import starts
from twopop_models.composers.band.harmony import Chord, named, roman, suffix_of
from twopop_models.composers.band.moods import Feeling
from twopop_models.composers.band.patterns import STEP

TRIADS = ("", "m")
LIGHT: dict[str, tuple[str, ...]] = {"major": ("vi", "IV", "ii"), "minor": ("VI", "iv", "III")}
OUTSIDE: dict[str, str] = {"major": "bVI", "minor": "bII"}
"""Chords that turn the harmony on a hit, in turn; every fourth, if its hit is heavy, comes from outside the key."""
APART = 2 * STEP
"""Ticks that a chord lasts at least."""


def places(bar: Bar, count: int) -> tuple[int, ...]:
    """Ticks of ``count`` chords of a bar, spread over its groups; fewer when it has fewer groups."""
    begins = starts(bar.groups)
    count = min(count, len(begins))
    return tuple(bar.start + begins[-(-len(begins) * place // count)] * STEP for place in range(count))


def suspended(
    spans: Sequence[Harmony], bars: tuple[Bar, ...], felt: Feeling, rng: np.random.Generator
) -> list[Harmony]:
    """Some whole-bar triads enter with a fourth that resolves in the middle of the bar."""
    found: list[Harmony] = []
    for span, bar in _with_bars(spans, bars):
        willing = rng.random() < felt.longing
        whole = (span.start, span.stop) == (bar.start, bar.stop) and len(bar.groups) > 1
        if willing and whole and bar.index % 4 in (1, 3) and _plain(span.chord):
            middle = places(bar, 2)[1]
            found += [replace(span, stop=middle, chord=named(span.chord.root, "sus4")), replace(span, start=middle)]
        else:
            found.append(span)
    return found


def led(spans: Sequence[Harmony], bars: tuple[Bar, ...], felt: Feeling, rng: np.random.Generator) -> list[Harmony]:
    """Some chords are led to by their own dominant in the second half of the bar before."""
    found: list[Harmony] = []
    after = [*spans[1:], None]
    for (span, bar), following in zip(_with_bars(spans, bars), after, strict=True):
        willing = rng.random() < felt.drive
        whole = (span.start, span.stop) == (bar.start, bar.stop) and len(bar.groups) > 1
        if willing and whole and following is not None and bar.index % 2 and _led_to(span, following, bar):
            found += before(span, bar, following.chord.root)
        else:
            found.append(span)
    return found


def _led_to(span: Harmony, following: Harmony, bar: Bar) -> bool:
    home = bar.key[0] if bar.key else None
    root = following.chord.root
    return _plain(following.chord) and root not in (home, span.chord.root, (span.chord.root + 5) % 12)


def before(span: Harmony, bar: Bar, goal: int) -> list[Harmony]:
    """A bar's chord with the dominant seventh of the pitch class ``goal`` in its second half."""
    two = places(bar, 2)
    middle = two[1] if len(two) > 1 and two[1] > span.start else span.start
    dominant = Harmony(middle, span.stop, named((goal + 7) % 12, "7"))
    return [replace(span, stop=middle), dominant] if middle > span.start else [dominant]


def inverted(spans: Sequence[Harmony], bars: tuple[Bar, ...]) -> list[Harmony]:
    """Triads take their third into the bass where that makes it go by step on both sides.

    Chords that begin a section, that follow or precede another inversion, and the last two keep theirs.
    """
    found = list(spans)
    opening = {bar.start for bar in bars if bar.index == 0 or bars[bar.index - 1].leads}
    for place in range(1, len(found) - 2):
        left, here, right = (found[place + step].chord for step in (-1, 0, 1))
        if found[place].start in opening or not _plain(here) or left.bass != left.root or right.bass != right.root:
            continue
        third = named(here.root, suffix_of(here), 1)
        if (
            here.root not in (left.root, right.root)
            and _steps(left.bass, third.bass)
            and _steps(third.bass, right.bass)
        ):
            found[place] = replace(found[place], chord=third)
    return found


def _steps(one: int, other: int) -> bool:
    return min((one - other) % 12, (other - one) % 12) in (1, 2)


def turned(
    spans: Sequence[Harmony], bars: tuple[Bar, ...], turns: Sequence[int], heavy: frozenset[int], home: tuple[int, str]
) -> list[Harmony]:
    """A new chord begins on each tick of ``turns``; those in ``heavy`` get a colour from outside the key.

    Where a chord changes there anyway it stays. Turns closer than an eighth to the chord's beginning move
    that beginning; the chord before is prolonged.
    """
    found = list(spans)
    keys = {bar.start: bar.key for bar in bars}
    lines = sorted(keys)
    for count, tick in enumerate(sorted(set(turns))):
        place = bisect_right([span.start for span in found], tick) - 1
        if not found or place < 0 or not found[place].start <= tick < found[place].stop:
            continue
        span = found[place]
        left = found[place - 1] if place else None
        key = keys[lines[max(0, bisect_right(lines, tick) - 1)]] or home
        if tick - span.start < APART and left is not None:
            fresh = (
                span.chord
                if span.chord.root != left.chord.root
                else _turn(left.chord, None, key, count, heavy=tick in heavy)
            )
            found[place - 1 : place + 1] = [replace(left, stop=tick), replace(span, start=tick, chord=fresh)]
        elif tick > span.start:
            after = found[place + 1].chord if place + 1 < len(found) else None
            fresh = _turn(span.chord, after, key, count, heavy=tick in heavy)
            found[place : place + 1] = [replace(span, stop=tick), replace(span, start=tick, chord=fresh)]
    return found


def _turn(here: Chord, after: Chord | None, key: tuple[int, str], count: int, *, heavy: bool) -> Chord:
    """The next of the key's turning chords that is neither the one before nor the one after."""
    tonic, mode = key
    row = (*LIGHT[mode][count % 3 :], *LIGHT[mode][: count % 3])
    outside = (OUTSIDE[mode],) if heavy and count % 4 == 3 else ()
    options = [roman(token, tonic, mode) for token in (*outside, *row)]
    taken = {here.root, after.root if after else None}
    return next((chord for chord in options if chord.root not in taken), options[-1])


def _plain(chord: Chord) -> bool:
    return chord.bass == chord.root and suffix_of(chord) in TRIADS


def _with_bars(spans: Sequence[Harmony], bars: tuple[Bar, ...]) -> list[tuple[Harmony, Bar]]:
    """Each chord with the bar in which it begins."""
    lines = [bar.start for bar in bars]
    return [(span, bars[max(0, bisect_right(lines, span.start) - 1)]) for span in spans]
