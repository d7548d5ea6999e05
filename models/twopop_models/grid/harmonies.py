"""Key and chords of written notes: profiles and templates over what sounds, beat by beat."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twopop_models.analysis.keys import likeness
from twopop_models.score import PPQ, ChordSymbol, Note, TempoMap
from twopop_models.vocabulary import PITCH_CLASSES, key_name, parse_key

Floats = NDArray[np.floating[Any]]

QUALITIES: Final[tuple[tuple[str, tuple[int, ...], float], ...]] = (
    ("", (0, 4, 7), 0.0),
    ("m", (0, 3, 7), 0.0),
    ("dim", (0, 3, 6), 0.05),
    ("7", (0, 4, 7, 10), 0.05),
    ("maj7", (0, 4, 7, 11), 0.09),
    ("m7", (0, 3, 7, 10), 0.08),
    ("m7b5", (0, 3, 6, 10), 0.1),
    ("dim7", (0, 3, 6, 9), 0.1),
    ("sus4", (0, 5, 7), 0.1),
    ("sus2", (0, 2, 7), 0.12),
)
"""Suffix, semitones above the root, and what a chord must be better by to be preferred to a plain triad."""

_DECLARED: Final = 0.12
"""How much less like its notes a piece's declared key may be than the best, as correlation."""
_LAST: Final = 0.08
"""What a last bass note on the tonic is worth."""
_CHANGE: Final = 0.35
_OFF_BEAT: Final = 0.25
"""What a change of chord costs at a bar line, and how much more elsewhere, as a share of a beat's evidence."""
_BASS: Final = 0.25
_MISSING: Final = 0.06
"""What the root in the bass is worth, and what each note of a chord costs that nobody plays."""

_AT_HOME: Final = 0.04
"""What it is worth that all notes of a chord are the key's."""
_SCALES: Final = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10, 11)}


@dataclass(frozen=True, eq=False)
class Beats:
    """Edges (n + 1) in ticks, and which of the n stretches begin a bar; what sounds in them, all and bass (n, 12)."""

    edges: tuple[int, ...]
    lines: NDArray[np.bool_]
    sounding: Floats
    bass: Floats


def beats(notes: Iterable[Note], tempo_map: TempoMap, stop: int) -> Beats:
    """What sounds in every beat before ``stop``, weighted by how much of the beat it fills."""
    edges, lines = _edges(tempo_map, stop)
    sounding, lowest = np.zeros((len(lines), 12)), np.full(len(lines), 128)
    played = sorted(notes, key=lambda note: note.tick)
    spans = [(note, *_reach(note, edges)) for note in played]
    for note, first, last in spans:
        for beat in range(first, last):
            sounding[beat, note.pitch % 12] += _share(note, edges, beat)
            if _share(note, edges, beat) > 0.2:
                lowest[beat] = min(lowest[beat], note.pitch)
    bass = np.zeros_like(sounding)
    for note, first, last in spans:
        for beat in range(first, last):
            if note.pitch <= lowest[beat] + 4:
                bass[beat, note.pitch % 12] += _share(note, edges, beat)
    return Beats(edges, lines, sounding, bass)


def _edges(tempo_map: TempoMap, stop: int) -> tuple[tuple[int, ...], NDArray[np.bool_]]:
    """Beats as they are felt: three eighths in 6/8, 9/8 and 12/8, else a quarter."""
    found: dict[int, bool] = {}
    for line, meter in tempo_map.bars(stop):
        threes = meter.unit == 8 and meter.beats % 3 == 0
        size = 3 * meter.beat_ticks if threes else min(PPQ, meter.bar_ticks)
        for tick in range(line, min(line + meter.bar_ticks, stop), size):
            found.setdefault(tick, tick == line)
    ticks = sorted(found)
    return (*ticks, stop), np.array([found[tick] for tick in ticks], bool)


def _reach(note: Note, edges: tuple[int, ...]) -> tuple[int, int]:
    first = bisect_right(edges, note.tick) - 1
    last = bisect_right(edges, note.tick + note.length - 1)
    return first, min(last, len(edges) - 1)


def _share(note: Note, edges: tuple[int, ...], beat: int) -> float:
    overlap = min(note.tick + note.length, edges[beat + 1]) - max(note.tick, edges[beat])
    return overlap / (edges[beat + 1] - edges[beat])


def find_key(heard: Beats, declared: str | None) -> str:
    """The key that pitch classes, the last bass note and the file's own word agree on; C major for silence.

    ``declared`` is taken if the notes do not speak against it; where they do, the most like them.
    """
    scores = key_scores(heard)
    if not scores:
        return declared or key_name(0, "major")
    best = max(scores, key=lambda key: scores[key])
    return declared if declared in scores and scores[declared] >= scores[best] - _DECLARED else best


def key_scores(heard: Beats) -> dict[str, float]:
    """How well each key fits, by name; {} where nothing sounds, or everything alike."""
    totals = heard.sounding.sum(0) + heard.bass.sum(0)
    if np.ptp(totals) == 0:
        return {}
    ended = np.flatnonzero(heard.bass.sum(1))
    last = int(heard.bass[ended[-1]].argmax())
    return {key_name(*key): score + _LAST * (key[0] == last) for key, score in likeness(totals).items()}


def find_chords(heard: Beats, key: str) -> tuple[ChordSymbol, ...]:
    """The chords: on beats, rather on bar lines, and no more than the notes ask for; () where nothing sounds.

    Between chords that the notes leave open (a fifth without a third) the ``key`` decides.
    """
    weight = heard.sounding.sum(1)
    if not weight.any():
        return ()
    path = _best_path(_evidence(heard, key), heard.lines, weight > 0)
    first = int(np.flatnonzero(weight)[0])
    found: list[ChordSymbol] = []
    for beat in range(first, len(path)):
        if beat == first or path[beat] != path[beat - 1]:
            tick = heard.edges[beat] if found else 0
            found.append(_symbol(tick, int(path[beat])))
    return tuple(found)


def _symbol(tick: int, row: int) -> ChordSymbol:
    root, quality = divmod(row, len(QUALITIES))
    suffix, steps, _ = QUALITIES[quality]
    return ChordSymbol(tick, PITCH_CLASSES[root] + suffix, root, tuple((root + step) % 12 for step in steps))


def _evidence(heard: Beats, key: str) -> Floats:
    """(n, 12 roots x qualities): share of what sounds that is of the chord, root in the bass, notes that lack."""
    rows = []
    total = np.maximum(heard.sounding.sum(1), 1e-9)
    sounds = heard.sounding / total[:, None]
    low = heard.bass / np.maximum(heard.bass.sum(1), 1e-9)[:, None]
    missing = np.less_equal(sounds, 0.04).astype(float)
    tonic, mode = parse_key(key)
    scale = {(tonic + step) % 12 for step in _SCALES[mode]}
    for root in range(12):
        for _, steps, worse in QUALITIES:
            tones = [(root + step) % 12 for step in steps]
            lack = missing[:, tones].sum(1) * _MISSING + worse - _AT_HOME * scale.issuperset(tones)
            rows.append(sounds[:, tones].sum(1) + _BASS * low[:, root] - lack)
    return np.where((heard.sounding.sum(1) > 0)[:, None], np.stack(rows, 1), 0.0)


def _best_path(evidence: Floats, lines: NDArray[np.bool_], sounds: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Viterbi over (beats, chords): a change costs, and more where no bar begins; none happens in silence."""
    count = evidence.shape[1]
    total, back = evidence[0], np.zeros(evidence.shape, int)
    for at in range(1, len(evidence)):
        cost = _CHANGE + (0.0 if lines[at] else _OFF_BEAT) if sounds[at] else 9.0
        moved = total.max() - cost
        back[at] = np.where(total >= moved, np.arange(count), total.argmax())
        total = np.maximum(total, moved) + evidence[at]
    path = [int(total.argmax())]
    for at in range(len(evidence) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return np.array(path[::-1])
