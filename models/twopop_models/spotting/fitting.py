"""The search for a tempo map that puts the hits on beats.

First one tempo and one offset for the whole range. Objective, to be as large as possible over the beat's
length p, the first bar line o and the meter::

    J = sum(w g(d_beat)) / sum(w)  +  0.3 sum(w^2 g(d_bar)) / sum(w^2)
        - 0.1 |log2(tempo / favourite)|  -  0.05 (meter is not the first choice)

with g(d) = exp(-(d / tol)^2), d the distance in seconds from a hit to the nearest beat or bar line and
tol one frame, held between 1/60 s and 1/24 s. Squared weights pull the heaviest hits to bar lines; the
third term keeps a faster pulse, which meets more of anything, from winning for that alone.

The first term is computed for every tempo of a grid so fine that the outermost hits move by less than
tol / 2 from one tempo to the next, and for every offset at once: the hits' phases go into a circular
histogram, which is multiplied with g's own spectrum. The best 24 local maxima are refined on the
first term; for each of them, every beat of every meter is tried as the bar line and judged by J.

J is at most 1.3: every hit on a bar line, at the favourite tempo, in the first meter. Where one tempo does not
meet all hits, and ``flex`` lets it, the tempo bends between hits and bars may be odd: ``bending`` has that
objective and its search. The bent map is taken only where it meets more weight than the steady one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from twopop_models.controls import Bar
from twopop_models.score import Meter, TempoMap
from twopop_models.spotting.bars import bent
from twopop_models.spotting.bending import COARSE, Bender, Marks
from twopop_models.spotting.grids import follow, steady, whole_bars
from twopop_models.spotting.measures import Measure
from twopop_models.spotting.meeting import met
from twopop_models.types import Clip, Hit

Floats = NDArray[np.float64]

METERS: tuple[tuple[int, int], ...] = ((4, 4), (3, 4))
BINS = 64
KEPT = 24
CHUNK = 1024
STRICT = 0.95
"""Frames within which a hit counts as met when two maps are compared: a little less than users are promised."""
RIGID = 1e-4
"""How far a host's tempo bends: not at all, but for rounding."""
BASE_STEP = 0.015
"""Nearness of the base tempos that may bend."""
MOST_WORK = 1_800
"""Base tempos times hits times meters that are searched to the end."""
ASKED_TOLERANCE = 0.01
"""A tempo asked for as a number may give way by this much to meet hits."""
FREE_TOLERANCE = 0.12
"""A tempo that nobody asked for may give way by this much ..."""
BENDING_TOLERANCE = 0.2
"""... and by this much where a steady one would not meet the hits."""


@dataclass(frozen=True)
class Window:
    """The tempos to search, in beats per minute, and the one liked best."""

    low: float
    high: float
    favourite: float
    free: bool = False

    def wide(self) -> Window:
        """The window for tempos that bend: wider when nobody asked for a tempo."""
        if not self.free:
            return self
        return Window(
            self.favourite * (1 - BENDING_TOLERANCE), self.favourite * (1 + BENDING_TOLERANCE), self.favourite
        )

    @classmethod
    def of(cls, wanted: float | None, pace: tuple[float, float] | None, likely: float | None) -> Window:
        """A number asked for stays within 1 %, a pace inside its range, anything else within 12 %."""
        if wanted is not None:
            return cls(wanted * (1 - ASKED_TOLERANCE), wanted * (1 + ASKED_TOLERANCE), wanted)
        if pace is not None:
            low, high = pace[0], pace[1] * 0.995  # half-open
            return cls(low, high, min(max(likely or (low * high) ** 0.5, low), high))
        centre = likely or 100.0
        return cls(centre * (1 - FREE_TOLERANCE), centre * (1 + FREE_TOLERANCE), centre, free=True)


@dataclass(frozen=True, eq=False)
class _Hits:
    """Hits as arrays: seconds from the beginning of the range, weights, g's width, and each one's own tolerance."""

    times: Floats
    weights: Floats
    tolerance: float
    tolerances: Floats


def fit(
    clip: Clip,
    hits: tuple[Hit, ...],
    *,
    wanted: float | None = None,
    pace: tuple[float, float] | None = None,
    likely: float | None = None,
    host: tuple[Bar, ...] = (),
    ending: str = "ring",
    meters: tuple[tuple[int, int], ...] = METERS,
    flex: float = 0.0,
) -> TempoMap:
    """The tempo map of a cue.

    Args:
        clip: the range.
        hits: moments to meet; without any the favourite tempo begins on a bar line.
        wanted: beats per minute asked for, kept within 1 % (a loop rounds it to whole bars).
        pace: half-open range asked for by a word such as "slow".
        likely: what the description or a reference suggests; searched within 12 %.
        host: bar lines of the host, which are followed and nothing is searched; where it gave a tempo alone, bars
            may begin wherever hits want them (pick-up, odd bars), and the tempo stays.
        ending: "loop" makes whole bars fill the range.
        meters: (beats, unit) to choose from, the preferred first; unit 4 or 8.
        flex: how far the tempo may bend between hits so that they fall on beats, a share (0.05 is 5 %); a loop's
            never does.

    Tempos count felt beats: dotted quarters in 6/8.

    """
    if host:
        followed = follow(clip, host)
        return followed if host[0].frame is not None else _regrouped(followed, _arrays(clip, hits), meters[0])
    window = Window.of(wanted, pace, likely)
    found = _arrays(clip, hits)
    if ending == "loop":
        return _loop(clip, found, window, meters)
    if not len(found.times):
        return _steady(60 / window.favourite, 0.0, meters[0])
    straight = _straight(clip, found, window, meters)
    if flex <= 0 or met(straight, clip, hits, STRICT) == 1.0:
        return straight
    curved = bend(found, window.wide(), meters, flex)
    gain = met(curved, clip, hits, STRICT) - met(straight, clip, hits, STRICT)
    return curved if gain > 0 else straight


def _straight(clip: Clip, found: _Hits, window: Window, meters: tuple[tuple[int, int], ...]) -> TempoMap:
    """The best map of one tempo."""
    period, offset, meter = _search(found, window, meters)
    if clip.seconds < 2 * _beats(meter) * period:  # a gesture: there is no room for more than one beat of pick-up
        offset %= period
    return _steady(period, offset, meter)


def _steady(period: float, offset: float, meter: tuple[int, int]) -> TempoMap:
    """One tempo of a felt beat every ``period`` seconds, the first bar line at ``offset``."""
    quarter = period * 2 / Measure(meter).beat
    return steady(round(quarter * 1_000_000), Fraction(round(offset * 1_000_000), 1_000_000), meter)


def fitness(clip: Clip, hits: tuple[Hit, ...], period: float, offset: float, meter: tuple[int, int] = (4, 4)) -> float:
    """The first two terms of the objective for one beat length and first bar line, both in seconds."""
    found = _arrays(clip, hits)
    return float(_fitness(found, np.array([period]), np.array([offset]), _beats(meter))[0])


def _arrays(clip: Clip, hits: tuple[Hit, ...]) -> _Hits:
    times = np.array([float(clip.offset_of(hit.frame)) for hit in hits])
    weights = np.array([hit.weight for hit in hits])
    own = np.array([float(hit.tolerance / clip.rate) for hit in hits])
    return _Hits(times, weights, float(min(max(1 / clip.rate, Fraction(1, 60)), Fraction(1, 24))), own)


def _beats(meter: tuple[int, int]) -> float:
    """Felt beats of a bar: 2 in 6/8, 3.5 in 7/8."""
    measure = Measure(meter)
    return measure.length / measure.beat


def _near(times: Floats, period: Floats, offset: Floats, tolerance: float) -> Floats:
    """Closeness (g) of each time to the nearest of offset + n period: (candidates, hits)."""
    phase = (times[None, :] - offset[:, None]) / period[:, None]
    return np.asarray(np.exp(-(((phase - np.rint(phase)) * period[:, None] / tolerance) ** 2)))


def _fitness(hits: _Hits, period: Floats, offset: Floats, beats: float) -> Floats:
    """The first two terms of J for each candidate."""
    weights, squares = hits.weights, hits.weights**2
    on_beat = _near(hits.times, period, offset, hits.tolerance) @ weights / weights.sum()
    on_bar = _near(hits.times, period * beats, offset, hits.tolerance) @ squares / squares.sum()
    return np.asarray(on_beat + 0.3 * on_bar)


def _search(hits: _Hits, window: Window, meters: tuple[tuple[int, int], ...]) -> tuple[float, float, tuple[int, int]]:
    """Beat length, first bar line and meter with the largest J."""
    periods = _tempo_grid(hits, window)
    best, offsets = _all_offsets(hits, periods)
    best -= _dislike(periods, window)
    rises = np.r_[True, best[1:] >= best[:-1]] & np.r_[best[:-1] >= best[1:], True]
    peaks = np.flatnonzero(rises)
    peaks = peaks[np.argsort(-best[peaks], kind="stable")[:KEPT]]
    period, anchor = _refine(hits, window, periods[peaks], offsets[peaks], float(periods[0] / periods[-1]) - 1)
    return max(
        (_bar_line(hits, window, period, anchor, meter, rank) for rank, meter in enumerate(meters)),
        key=lambda found: found[0],
    )[1:]


def _tempo_grid(hits: _Hits, window: Window) -> Floats:
    """Beat lengths in equal ratios, so near that nothing falls between two."""
    span = float(np.ptp(hits.times)) or 1.0
    count = 1 + int(np.ceil(np.log(window.high / window.low) * span / hits.tolerance))
    return 60 / np.geomspace(window.low, window.high, max(count, 9))


def _dislike(periods: Floats, window: Window) -> Floats:
    return np.asarray(0.1 * np.abs(np.log2(60 / periods / window.favourite)))


def _all_offsets(hits: _Hits, periods: Floats) -> tuple[Floats, Floats]:
    """For each beat length the best first term of J over all offsets, and that offset."""
    scores, offsets = np.empty_like(periods), np.empty_like(periods)
    for start in range(0, len(periods), CHUNK):
        some = slice(start, start + CHUNK)
        smooth = _circular(hits, periods[some])
        place = smooth.argmax(axis=1)
        scores[some] = smooth[np.arange(len(place)), place] / hits.weights.sum()
        offsets[some] = (place + 0.5) / BINS * periods[some]
    return scores, offsets


def _circular(hits: _Hits, periods: Floats) -> Floats:
    """Sum of w g(d) for BINS offsets of each beat length: (periods, BINS)."""
    phase = hits.times[None, :] / periods[:, None]
    bins = ((phase - np.floor(phase)) * BINS).astype(np.int64) % BINS
    bins += np.arange(len(periods))[:, None] * BINS
    weights = np.broadcast_to(hits.weights, bins.shape).ravel()
    counts = np.bincount(bins.ravel(), weights, minlength=len(periods) * BINS).reshape(-1, BINS)
    width = (hits.tolerance / periods)[:, None]
    spectrum = np.sqrt(np.pi) * width * np.exp(-((np.pi * width * np.arange(BINS // 2 + 1)) ** 2))
    return np.asarray(np.fft.irfft(np.fft.rfft(counts) * spectrum, BINS) * BINS)


def _refine(hits: _Hits, window: Window, periods: Floats, offsets: Floats, spread: float) -> tuple[Floats, Floats]:
    """Each candidate's beat length and one of its beats, moved to the top of J's first term nearby."""
    middle = float(hits.times.mean())  # the beat there stays in place when the tempo moves
    anchors = offsets + np.rint((middle - offsets) / periods) * periods
    shift, step = periods / BINS, min(spread, 2 * hits.tolerance / (float(np.ptp(hits.times)) or 1.0))
    stretch, slide = (grid.ravel() for grid in np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 5)))
    rows = np.arange(len(periods))
    for _ in range(4):
        p = np.clip(periods[:, None] * (1 + stretch * step), 60 / window.high, 60 / window.low)
        a = anchors[:, None] + shift[:, None] * slide
        score = _near(hits.times, p.ravel(), a.ravel(), hits.tolerance) @ hits.weights
        pick = score.reshape(p.shape).argmax(axis=1)
        periods, anchors = p[rows, pick], a[rows, pick]
        step, shift = step / 3, shift / 3
    return periods, anchors


def _bar_line(
    hits: _Hits, window: Window, periods: Floats, anchors: Floats, meter: tuple[int, int], rank: int
) -> tuple[float, float, float, tuple[int, int]]:
    """The best of all candidates and all beats of the bar: J, beat length, first bar line, meter."""
    beats = _beats(meter)
    tries = math.ceil(beats)
    p = np.repeat(periods, tries)
    a = np.repeat(anchors, tries) + np.tile(np.arange(tries), len(periods)) * p
    score = _fitness(hits, p, a, beats) - _dislike(p, window) - 0.05 * (rank > 0)
    best = int(score.argmax())
    return float(score[best]), float(p[best]), float(a[best] % (p[best] * beats)), meter


def bend(hits: _Hits, window: Window, meters: tuple[tuple[int, int], ...], flex: float) -> TempoMap:
    """The best map with a tempo that gives way by at most ``flex``, see ``bending``."""
    marks = Marks.joined(hits.times, hits.weights, hits.tolerances)
    count = min(24, max(5, math.ceil(math.log(window.high / window.low) / BASE_STEP)))
    beats = 60 / np.unique(np.append(np.geomspace(window.low, window.high, count), window.favourite))
    quick = Bender(marks, Measure(meters[0]), beats, flex, bars=False, shifts=COARSE, reach=6)
    rough = quick.search() - _dislike(beats, window)
    kept = max(3, MOST_WORK // (len(marks.times) * len(meters)))
    beats = beats[np.argsort(-rough, kind="stable")[:kept]]
    tries = [_bent(marks, window, Measure(meter), beats, flex, rank) for rank, meter in enumerate(meters)]
    return max(tries, key=lambda found: found[0])[1]


def _regrouped(host: TempoMap, hits: _Hits, meter: tuple[int, int]) -> TempoMap:
    """A steady tempo with bar lines where hits that lie on its eighths want them."""
    measure = Measure(meter)
    eighth = host.tempos[0].micros / 2_000_000
    places = np.rint(hits.times / eighth)
    near = np.abs(hits.times - places * eighth) <= hits.tolerances
    if not near.any():
        return TempoMap(host.tempos, (Meter(0, *meter),))
    marks = Marks.joined(places[near] * eighth, hits.weights[near], hits.tolerances[near])
    bender = Bender(marks, measure, np.array([eighth * measure.beat]), RIGID, shifts=(0.0,))
    bender.search()
    bars = bent(bender.path(0), host.tempos[0].micros, measure, Fraction(0))
    return TempoMap(host.tempos, bars.meters, bars.pickup)


def _bent(
    marks: Marks, window: Window, measure: Measure, beats: Floats, flex: float, rank: int
) -> tuple[float, TempoMap]:
    """The best map in one meter, and its J."""
    bender = Bender(marks, measure, beats, flex)
    scores = bender.search() - _dislike(beats, window) - 0.05 * (rank > 0)
    tempo = int(scores.argmax())
    micros = round(float(beats[tempo]) * 2 / measure.beat * 1_000_000)
    return float(scores[tempo]), bent(bender.path(tempo), micros, measure)


def _loop(clip: Clip, hits: _Hits, window: Window, meters: tuple[tuple[int, int], ...]) -> TempoMap:
    """Whole bars over the range, in the window where that is possible, else as near to it as can be."""
    seconds = float(clip.seconds)
    choices = []
    for rank, meter in enumerate(meters):
        beats = _beats(meter)
        bar = 60 * beats  # seconds of a bar at one felt beat per minute
        low, high = int(seconds * window.low / bar), int(np.ceil(seconds * window.high / bar))
        for bars in range(max(1, low), max(1, high) + 1):
            tempo = bars * bar / seconds
            outside = max(0.0, window.low / tempo - 1, tempo / window.high - 1)
            period = np.array([60 / tempo])
            fits = float(_fitness(hits, period, np.zeros(1), beats)[0]) if len(hits.times) else 0.0
            score = fits - float(_dislike(60 / np.array([tempo]), window)[0]) - 0.05 * (rank > 0) - 10 * outside
            choices.append((score, bars, meter))
    _, bars, meter = max(choices)
    return whole_bars(clip.seconds, bars, meter)
