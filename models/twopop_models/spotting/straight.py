"""One tempo and one offset for the whole range.

Objective, to be as large as possible over the beat's
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

J is at most 1.3: every hit on a bar line, at the favourite tempo, in the first meter.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from twopop_models.score import TempoMap
from twopop_models.spotting.grids import steady, whole_bars
from twopop_models.spotting.measures import Measure
from twopop_models.spotting.window import Floats, Times, Window
from twopop_models.types import Clip, Hit

BINS = 64
KEPT = 24
CHUNK = 1024


def straight(clip: Clip, found: Times, window: Window, meters: tuple[tuple[int, int], ...]) -> TempoMap:
    """The best map of one tempo."""
    period, offset, meter = _search(found, window, meters)
    if clip.seconds < 2 * _beats(meter) * period:  # a gesture: there is no room for more than one beat of pick-up
        offset %= period
    return one_tempo(period, offset, meter)


def one_tempo(period: float, offset: float, meter: tuple[int, int]) -> TempoMap:
    """One tempo of a felt beat every ``period`` seconds, the first bar line at ``offset``."""
    quarter = period * 2 / Measure(meter).beat
    return steady(round(quarter * 1_000_000), Fraction(round(offset * 1_000_000), 1_000_000), meter)


def loop(clip: Clip, hits: Times, window: Window, meters: tuple[tuple[int, int], ...]) -> TempoMap:
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
            score = fits - float(window.dislike(60 / np.array([tempo]))[0]) - 0.05 * (rank > 0) - 10 * outside
            choices.append((score, bars, meter))
    _, bars, meter = max(choices)
    return whole_bars(clip.seconds, bars, meter)


def fitness(clip: Clip, hits: tuple[Hit, ...], period: float, offset: float, meter: tuple[int, int] = (4, 4)) -> float:
    """The first two terms of the objective for one beat length and first bar line, both in seconds."""
    found = Times.of(clip, hits)
    return float(_fitness(found, np.array([period]), np.array([offset]), _beats(meter))[0])


def _beats(meter: tuple[int, int]) -> float:
    """Felt beats of a bar: 2 in 6/8, 3.5 in 7/8."""
    measure = Measure(meter)
    return measure.length / measure.beat


def _near(times: Floats, period: Floats, offset: Floats, tolerance: float) -> Floats:
    """Closeness (g) of each time to the nearest of offset + n period: (candidates, hits)."""
    phase = (times[None, :] - offset[:, None]) / period[:, None]
    return np.asarray(np.exp(-(((phase - np.rint(phase)) * period[:, None] / tolerance) ** 2)))


def _fitness(hits: Times, period: Floats, offset: Floats, beats: float) -> Floats:
    """The first two terms of J for each candidate."""
    weights, squares = hits.weights, hits.weights**2
    on_beat = _near(hits.times, period, offset, hits.tolerance) @ weights / weights.sum()
    on_bar = _near(hits.times, period * beats, offset, hits.tolerance) @ squares / squares.sum()
    return np.asarray(on_beat + 0.3 * on_bar)


def _search(hits: Times, window: Window, meters: tuple[tuple[int, int], ...]) -> tuple[float, float, tuple[int, int]]:
    """Beat length, first bar line and meter with the largest J."""
    periods = _tempo_grid(hits, window)
    best, offsets = _all_offsets(hits, periods)
    best -= window.dislike(periods)
    rises = np.r_[True, best[1:] >= best[:-1]] & np.r_[best[:-1] >= best[1:], True]
    peaks = np.flatnonzero(rises)
    peaks = peaks[np.argsort(-best[peaks], kind="stable")[:KEPT]]
    period, anchor = _refine(hits, window, periods[peaks], offsets[peaks], float(periods[0] / periods[-1]) - 1)
    return max(
        (_bar_line(hits, window, period, anchor, meter, rank) for rank, meter in enumerate(meters)),
        key=lambda found: found[0],
    )[1:]


def _tempo_grid(hits: Times, window: Window) -> Floats:
    """Beat lengths in equal ratios, so near that nothing falls between two."""
    span = float(np.ptp(hits.times)) or 1.0
    count = 1 + int(np.ceil(np.log(window.high / window.low) * span / hits.tolerance))
    return 60 / np.geomspace(window.low, window.high, max(count, 9))


def _all_offsets(hits: Times, periods: Floats) -> tuple[Floats, Floats]:
    """For each beat length the best first term of J over all offsets, and that offset."""
    scores, offsets = np.empty_like(periods), np.empty_like(periods)
    for start in range(0, len(periods), CHUNK):
        some = slice(start, start + CHUNK)
        smooth = _circular(hits, periods[some])
        place = smooth.argmax(axis=1)
        scores[some] = smooth[np.arange(len(place)), place] / hits.weights.sum()
        offsets[some] = (place + 0.5) / BINS * periods[some]
    return scores, offsets


def _circular(hits: Times, periods: Floats) -> Floats:
    """Sum of w g(d) for BINS offsets of each beat length: (periods, BINS)."""
    phase = hits.times[None, :] / periods[:, None]
    bins = ((phase - np.floor(phase)) * BINS).astype(np.int64) % BINS
    bins += np.arange(len(periods))[:, None] * BINS
    weights = np.broadcast_to(hits.weights, bins.shape).ravel()
    counts = np.bincount(bins.ravel(), weights, minlength=len(periods) * BINS).reshape(-1, BINS)
    width = (hits.tolerance / periods)[:, None]
    spectrum = np.sqrt(np.pi) * width * np.exp(-((np.pi * width * np.arange(BINS // 2 + 1)) ** 2))
    return np.asarray(np.fft.irfft(np.fft.rfft(counts) * spectrum, BINS) * BINS)


def _refine(hits: Times, window: Window, periods: Floats, offsets: Floats, spread: float) -> tuple[Floats, Floats]:
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
    hits: Times, window: Window, periods: Floats, anchors: Floats, meter: tuple[int, int], rank: int
) -> tuple[float, float, float, tuple[int, int]]:
    """The best of all candidates and all beats of the bar: J, beat length, first bar line, meter."""
    beats = _beats(meter)
    tries = math.ceil(beats)
    p = np.repeat(periods, tries)
    a = np.repeat(anchors, tries) + np.tile(np.arange(tries), len(periods)) * p
    score = _fitness(hits, p, a, beats) - window.dislike(p) - 0.05 * (rank > 0)
    best = int(score.argmax())
    return float(score[best]), float(p[best]), float(a[best] % (p[best] * beats)), meter
