"""Where hits landed, measured on the mix itself: what is heard, not what was meant.

Around each hit the mix is cut into short spectra; an onset is where many bands rise at once, and its
instant is where the waveform leaves what was there before. Only the surroundings of hits are read.
Without a score the onset nearest to the hit is its landing. With one, the composer's accent nearest to
the hit says which onset was meant, and the onset's place is still measured.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twopop_models.score import Score
from twopop_models.types import Clip, Hit, Landing

Signal = NDArray[np.float32]

REACH = Fraction(16, 100)
"""Seconds around a hit within which an event can be meant for it: four frames at 25 per second."""
MEANT = Fraction(5, 100)
"""Seconds around an accent within which its own onset must be heard."""
_CONTEXT = Fraction(1, 4)  # seconds read beyond REACH, so that loudness can be judged
_HOP = 48  # samples: 1 ms at 48 kHz
_WINDOW = 512
_LAG = 10  # hops between the spectra that are compared: a rise takes up to 10 ms
_LEAD = _WINDOW + _LAG * _HOP // 4  # samples from where a spectrum begins to what makes it rise the most
_FAINTEST = 10 ** (-55 / 20)  # peak of full scale; the tail of a last chord has "onsets" far below it
_SILENCE = 1e-9  # of a band's power: -100 dB or so
_FLOOR_DB = -50.0  # below the loudest band around the hit nothing counts
_RISE_DB = 3.0  # the mean rise over bands that makes an onset
_SHARE = 0.35  # of the strongest rise around, for an onset to stand beside it
_EDGES = (0, 2, 4, 7, 12, 20, 34, 60, 110, 257)  # bands, in bins of 94 Hz


def landings(mix: Path, clip: Clip, hits: tuple[Hit, ...], score: Score | None = None) -> tuple[Landing, ...]:
    """How far from each hit its musical event is heard, in frames; late is positive, None is not heard.

    ``mix`` begins with the clip and may have any sample rate.
    """
    import soundfile

    with soundfile.SoundFile(mix) as sound:
        return tuple(_landing(sound, clip, hit, score) for hit in hits)


def onsets(signal: Signal, sample_rate: int) -> list[int]:
    """Samples of (n,) at which something begins, in order; made for a second or so around one moment."""
    rises = _rises(signal)
    peaks = _peaks(rises)
    return sorted({_instant(signal, peak * _HOP + _LEAD, sample_rate) for peak in peaks})


def _landing(sound: Any, clip: Clip, hit: Hit, score: Score | None) -> Landing:
    at = clip.offset_of(hit.frame)
    wanted, reach, event = _meant(at, score)
    return Landing(hit, _error(sound, clip, at, wanted, reach), event)


def _meant(at: Fraction, score: Score | None) -> tuple[Fraction, Fraction, str]:
    """Where to listen for a hit's event, how far around, and what the score does there ("" for nothing)."""
    accents = [(score.tempo_map.seconds(one.tick), one.event) for one in score.accents] if score is not None else []
    near = [one for one in accents if abs(one[0] - at) <= REACH]
    if not near:
        return at, REACH, ""
    wanted, event = min(near, key=lambda one: abs(one[0] - at))
    return wanted, MEANT, event


def _error(sound: Any, clip: Clip, at: Fraction, wanted: Fraction, reach: Fraction) -> float | None:
    """Frames from ``at`` to the onset that is heard nearest to ``wanted`` and within ``reach`` of it, in seconds."""
    begin = max(0, int((wanted - reach - _CONTEXT) * sound.samplerate))
    stop = min(sound.frames, int((wanted + reach + _CONTEXT) * sound.samplerate))
    if not 0 <= begin < stop:
        return None
    sound.seek(begin)
    signal = sound.read(stop - begin, dtype="float32", always_2d=True).mean(axis=1)
    if begin == 0:  # silence in front, so that the first sample can be an onset
        begin = -_LEAD
        signal = np.pad(signal, (_LEAD, 0))
    heard = [place for place in onsets(signal, sound.samplerate) if _audible(signal, place, sound.samplerate)]
    found = [Fraction(begin + place, sound.samplerate) for place in heard]
    near = [place for place in found if abs(place - wanted) <= reach]
    if not near:
        return None
    return float((min(near, key=lambda place: abs(place - wanted)) - at) * clip.rate)


def _audible(signal: Signal, place: int, sample_rate: int) -> bool:
    """Whether what begins at a sample is loud enough for anybody to call it an event."""
    after = signal[place : place + sample_rate // 20]
    return float(np.abs(after).max(initial=0.0)) >= _FAINTEST


def _rises(signal: Signal) -> Signal:
    """Mean rise in dB over bands, per hop; that of hop n looks at what begins about ``_LEAD`` after sample n * _HOP."""
    if len(signal) < _LEAD + _WINDOW:
        return np.zeros(0, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(signal, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    bands = np.add.reduceat(power, _EDGES[:-1], axis=1)
    loudest = max(float(bands.max(initial=0.0)), _SILENCE)
    levels = 10 * np.log10(np.maximum(bands / loudest, 10 ** (_FLOOR_DB / 10)))
    rises: Signal = np.maximum(levels[_LAG:] - levels[:-_LAG], 0).mean(axis=1).astype(np.float32)
    return rises


def _peaks(rises: Signal) -> list[int]:
    """Hops with a rise that stands out and is the highest within 30 ms."""
    from scipy.ndimage import maximum_filter1d

    if not len(rises):
        return []
    threshold = max(_RISE_DB, _SHARE * float(rises.max(initial=0.0)))
    highest = maximum_filter1d(rises, 61, mode="nearest")
    return [int(hop) for hop in np.flatnonzero((rises == highest) & (rises >= threshold))]


def _instant(signal: Signal, near: int, sample_rate: int) -> int:
    """The sample at which the waveform leaves what was there before, around a rise found by spectra."""
    edge = np.abs(np.diff(signal, prepend=signal[:1]))  # treble carries the attack
    begin, stop = max(0, near - sample_rate // 50), min(len(edge), near + sample_rate // 50)
    quiet = float(edge[max(0, begin - sample_rate // 50) : begin + 1].max())
    loud = float(edge[begin:stop].max())
    over = np.flatnonzero(edge[begin:stop] > quiet + 0.15 * max(0.0, loud - quiet))
    return begin + int(over[0]) if len(over) and loud > quiet else near
