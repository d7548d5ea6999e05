"""Judges of tempo, key and bar lines that the composer does not use.

Tempo and beats: librosa's tracker, an autocorrelation written here, and BeatNet with metricon's bar model (which twopop
uses to analyse references, never to compose). Key: Krumhansl and Kessler's profiles on librosa's chroma, and the
same on the chords of the crema network (likewise for references only).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from bandstand import Audio, Floats

from twopop_models.score import PPQ, Meter, TempoMap

RATE = 22_050
HOP = 64  # 2.9 ms, or steps of tempo would be coarser than the bar
WINDOW = 0.07
"""Seconds within which a beat counts as found: the usual window of beat tracking's F-measure."""
LOCAL = 6.0
"""Seconds of music at least in which a local tempo is heard: BeatNet's beats stand on a grid of 20 ms."""
SLOWEST, FASTEST = 40.0, 240.0
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True)
class Written:
    """The bar lines and felt beats of a score before its last chord, in seconds."""

    beats: Floats
    downbeats: Floats

    @property
    def tempo(self) -> float:
        """Beats per minute: the median beat, each counted for as long as it lasts."""
        lengths = np.sort(np.diff(self.beats))
        return float(60 / lengths[np.searchsorted(np.cumsum(lengths), lengths.sum() / 2)])


def written(tempo_map: TempoMap, until: int) -> Written:
    """Bars and beats before tick ``until``, read off the map: quarters; dotted quarters in 6/8, 9/8 and 12/8.

    The odd bar at the beginning that is a pick-up has no downbeat; its beats are counted back from its bar line.
    """
    beats: list[int] = []
    downs: list[int] = []
    for tick, meter in tempo_map.bars(until):
        step = beat_of(meter)
        if tick < tempo_map.pickup:
            beats += range(tempo_map.pickup % step, tempo_map.pickup, step)
            continue
        downs.append(tick)
        last = meter.bar_ticks if meter.bar_ticks % step == 0 else meter.bar_ticks - step // 2
        beats += range(tick, tick + last, step)
    seconds = [[float(tempo_map.seconds(tick)) for tick in ticks if tick < until] for ticks in (beats, downs)]
    return Written(np.array(seconds[0]), np.array(seconds[1]))


def mean_written(tempo_map: TempoMap, stop: int) -> float:
    """Beats per minute up to tick ``stop``: felt beats by their time, parts of beats in odd bars included."""
    sizes = [beat_of(meter) for _, meter in tempo_map.bars(stop)]
    return float(stop / max(set(sizes), key=sizes.count) * 60 / tempo_map.seconds(stop))


def beat_of(meter: Meter) -> int:
    """Ticks of a felt beat."""
    compound = meter.unit == 8 and meter.beats % 3 == 0 and meter.beats > 3
    return PPQ * 3 // 2 if compound else PPQ


def strength(mono: Audio) -> Floats:
    """How much begins, every HOP samples: (n,)."""
    import librosa

    return np.asarray(librosa.onset.onset_strength(y=mono, sr=RATE, hop_length=HOP, n_fft=1024), np.float64)


def straightened(envelope: Floats, tempo_map: TempoMap, stop: int) -> Floats:
    """The onsets up to tick ``stop`` with time bent back, so that the map's mean tempo holds throughout.

    The judge is told the bends, not the tempo: what follows the map keeps one pulse, what does not has none.
    """
    ticks = np.arange(0, stop + 1, PPQ // 8)
    seconds = np.array([float(tempo_map.seconds(int(tick))) for tick in ticks])
    even = np.arange(0, float(tempo_map.seconds(stop)), HOP / RATE)
    bent = np.interp(even / even[-1] * ticks[-1], ticks, seconds)
    return np.interp(bent, np.arange(len(envelope)) * HOP / RATE, envelope)


def by_librosa(envelope: Floats) -> float:
    """Beats per minute that librosa's tracker hears; 0 for none."""
    import librosa

    return float(np.atleast_1d(librosa.beat.beat_track(onset_envelope=envelope, sr=RATE, hop_length=HOP)[0])[0])


def beaten(beats: Floats) -> float:
    """Beats per minute of tracked beats: the median over spans of eight (of fewer, where there are few); 0 for one."""
    lag = min(8, len(beats) // 2)
    return float(60 * lag / np.median(beats[lag:] - beats[:-lag])) if lag else 0.0


def by_correlation(envelope: Floats) -> float:
    """Beats per minute at which the onsets best repeat themselves after one to eight beats; 0 for none.

    A pulse between SLOWEST and FASTEST is judged by the mean of the autocorrelation at its multiples; the best
    is refined on a grid of 0.02 %.
    """
    from scipy.signal import fftconvolve

    onsets = envelope - envelope.mean()
    whole = fftconvolve(onsets, onsets[::-1])[len(onsets) - 1 :]
    if whole[0] <= 0:
        return 0.0
    whole = whole / np.arange(len(whole), 0, -1) * len(whole) / whole[0]

    def judged(tempos: Floats) -> Floats:
        lags = 60 / tempos[:, None] * np.arange(1, 9) * RATE / HOP
        known = lags < 0.75 * len(whole)
        values = np.interp(lags, np.arange(len(whole)), whole)
        return np.asarray((values * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1))

    grid = np.geomspace(SLOWEST, FASTEST, 2000)
    best = grid[judged(grid).argmax()]
    near = best * np.linspace(0.995, 1.005, 51)
    return float(near[judged(near).argmax()])


def places(score: Written) -> list[tuple[float, float, float]]:
    """Windows of at least LOCAL seconds and eight beats, every four beats: begin, end, and beats per minute in it.

    A window with a bend has the tempo of its beats by their time. One with a bar that was cut by half a beat is left
    out: there beats are of two lengths.
    """
    found = []
    for first in range(0, len(score.beats) - 8, 4):
        last = max(first + 8, int(np.searchsorted(score.beats, score.beats[first] + LOCAL)))
        lengths = np.diff(score.beats[first : last + 1])
        if last < len(score.beats) and lengths.max() < 1.25 * np.median(lengths):
            begin, end = float(score.beats[first]), float(score.beats[last])
            found.append((begin, end, 60 * (last - first) / (end - begin)))
    return found


def bends(score: Written) -> Floats:
    """How much the longest beat of each window of ``places`` is longer than its shortest: 0 for a steady one."""
    found = []
    for begin, end, _ in places(score):
        lengths = np.diff(score.beats[(score.beats >= begin - 1e-6) & (score.beats <= end + 1e-6)])
        found.append(float(lengths.max() / lengths.min() - 1))
    return np.array(found)


def beaten_between(beats: Floats, begin: float, end: float) -> float:
    """Beats per minute of tracked beats in a window: the slope through them, numbered by their median distance.

    Nothing is known of the written tempo. 0 where fewer than four beats were heard.
    """
    inside = beats[(beats >= begin - WINDOW) & (beats <= end + WINDOW)]
    if len(inside) < 4:
        return 0.0
    steps = np.rint(np.diff(inside) / np.median(np.diff(inside)))
    slope = np.polyfit(np.r_[0.0, np.cumsum(np.maximum(steps, 1))], inside, 1)[0]
    return float(60 / slope)


def between(envelope: Floats, begin: float, end: float) -> Floats:
    """The onsets of a window."""
    return envelope[max(0, round(begin * RATE / HOP)) : round(end * RATE / HOP)]


def by_beatnet(mono: Audio) -> tuple[Floats, Floats]:
    """Beats and downbeats in seconds by BeatNet's network and metricon's bars."""
    from twopop_models.analysis.beats import track_beats

    found = track_beats(mono)
    return np.array(found.beats), np.array(found.downbeats)


def found_share(heard: Floats, meant: Floats) -> float:
    """F-measure of times within WINDOW, each counted once; 0 when nothing was heard."""
    taken, right = set(), 0
    for at in heard:
        place = bisect_left(meant.tolist(), at)
        near = [index for index in (place - 1, place) if 0 <= index < len(meant) and index not in taken]
        best = min(near, key=lambda index: abs(meant[index] - at), default=None)
        if best is not None and abs(meant[best] - at) <= WINDOW:
            taken.add(best)
            right += 1
    return 2 * right / (len(heard) + len(meant)) if len(heard) + len(meant) else 0.0


def phase(mono: Audio, score: Written) -> float:
    """Which beat of a bar sounds like its first, given the beats: 1 when it is the written one, else 0; nan: too short.

    For every beat: how much low end begins (below 150 Hz), how much of everything begins, and how much the chroma
    changes from the beat before. Each is standardised; their sums are averaged over each place in the bar, with bars
    of the commonest length only. Nothing is known of which place was written as the first.
    """
    marks = _marks(mono, score.beats)
    first = np.searchsorted(score.beats, score.downbeats - 1e-6)
    lengths = np.diff(first)
    if len(lengths) < 4:
        return float("nan")
    usual = int(np.bincount(lengths).argmax())
    rows = [marks[at : at + usual] for at, length in zip(first, lengths, strict=False) if length == usual]
    means = np.mean([row for row in rows if len(row) == usual], axis=0)
    return float(means.argmax() == 0)


def _marks(mono: Audio, beats: Floats) -> Floats:
    """The mark of every beat: three standardised features summed."""
    import librosa

    power = np.abs(librosa.stft(mono, n_fft=2048, hop_length=256)) ** 2
    rises = (_rise(power[: round(150 / RATE * 2048)]), _rise(power))
    chroma = librosa.feature.chroma_stft(S=power, sr=RATE, n_fft=2048)
    frames = np.clip(np.round(beats * RATE / 256).astype(int), 0, power.shape[1] - 1)
    columns = [np.array([row[max(0, at - 4) : at + 9].max() for at in frames]) for row in rises]
    edges = [*frames, min(power.shape[1], frames[-1] + int(np.median(np.diff(frames))))]
    means = np.stack([chroma[:, a : max(a + 1, b)].mean(axis=1) for a, b in pairwise(edges)])
    columns.append(np.r_[0.0, np.abs(np.diff(means, axis=0)).sum(axis=1)])
    return np.asarray(sum((column - column.mean()) / (column.std() + 1e-9) for column in columns))


def _rise(power: Floats) -> Floats:
    """How much louder a band gets from frame to frame, in log power."""
    level = np.log10(power.sum(axis=0) + 1e-6)
    return np.asarray(np.maximum(np.r_[0.0, level[4:] - level[:-4], 0, 0, 0], 0))


def key_by_chroma(mono: Audio) -> tuple[int, str]:
    """Tonic 0..11 and mode by Krumhansl and Kessler's profiles on constant-Q chroma of the harmonic part."""
    import librosa

    harmonic = librosa.effects.harmonic(mono, margin=2.0)
    chroma = librosa.feature.chroma_cqt(y=harmonic, sr=RATE, bins_per_octave=36)
    return key_of(np.asarray(chroma.mean(axis=1), np.float64))


def key_by_chords(mono44: Audio, beats: Floats, seconds: float) -> tuple[int, str]:
    """Tonic and mode from the chords that crema hears, at 44.1 kHz."""
    from twopop_models.analysis import chords, keys, pitch
    from twopop_models.vocabulary import parse_key

    magnitudes = pitch.spectrum(mono44)
    found = chords.find_chords(magnitudes, tuple(beats.tolist()), seconds)
    return parse_key(keys.find_key(found, pitch.chroma(magnitudes)))


def key_of(totals: Floats) -> tuple[int, str]:
    """The key whose profile correlates best with twelve totals, C first."""
    scores = {
        (tonic, mode): float(np.corrcoef(np.roll(profile, tonic), totals)[0, 1])
        for mode, profile in (("major", MAJOR), ("minor", MINOR))
        for tonic in range(12)
    }
    return max(scores, key=lambda key: scores[key])


def apart(found: tuple[int, str], asked: tuple[int, str]) -> str:
    """How one key misses another: "" (the same), "relative", "parallel", "fifth" or "other"."""
    if found == asked:
        return ""
    step = (found[0] - asked[0]) % 12
    if found[1] != asked[1]:
        near = 9 if asked[1] == "major" else 3
        return "relative" if step == near else ("parallel" if step == 0 else "other")
    return "fifth" if step in (5, 7) else "other"
