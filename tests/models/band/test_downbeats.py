"""Bar lines and keys that can be heard: the low end breathes before the one, and the tonic opens with its third."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from twopop_models.composers.band.patterns import STEP
from twopop_models.score import Note, Part, Score
from twopop_models.vocabulary import parse_key

FAMILIES = ("funk", "folk", "jazz", "latin", "hiphop", "pop", "rock", "comedy")


def bars_of(score: Score) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of each whole bar before the last chord."""
    lines = [tick for tick, _ in score.tempo_map.bars(score.chords[-1].tick) if tick >= score.tempo_map.pickup]
    yield from ((number, *bar) for number, bar in enumerate(pairwise(lines)))


def notes_of(score: Score, stem: str, *, drums: bool = False) -> list[Note]:
    """The notes of the first player of a stem: a tuned kick is a part beside its kit."""
    parts = [part for part in score.parts if part.stem == stem and part.drums == drums]
    return [note for part in parts for note in part.notes if (part.instrument, part.program) == _who(parts[0])]


def _who(part: Part) -> tuple[str, int]:
    return part.instrument, part.program


@pytest.mark.parametrize("genre", FAMILIES)
def test_the_bass_is_on_the_one_and_lets_go_before_it(cue, genre):
    ones, roots, silent, bars = 0, 0, 0, 0
    for seed in range(3):
        score = cue(40, hits=(), genre=genre, tempo=104.0, seed=seed)
        notes = notes_of(score, "bass")
        early = STEP // 2  # hands are loose
        for number, start, stop in bars_of(score):
            inside = [note for note in notes if start - early <= note.tick < stop - early]
            if not inside or number % 4 == 3:
                continue
            chord = next(chord for chord in reversed(score.chords) if chord.tick <= start + early)
            first = [note for note in inside if abs(note.tick - start) <= early]
            bars += 1
            ones += bool(first)
            roots += any(note.pitch % 12 in (chord.root, *chord.pitches[:1]) for note in first)
            ends = [note.tick + note.length for note in inside if note.tick < stop - early]
            silent += max(ends) <= stop - score.tempo_map.bpm(stop - 1) / 60 * 960 * 0.03
    assert bars >= 30
    assert ones >= 0.75 * bars
    assert roots >= 0.7 * bars
    assert silent >= 0.85 * bars


@pytest.mark.parametrize("genre", ["funk", "hiphop", "pop", "rock", "techno", "jazz"])
def test_kicks_weigh_most_on_the_one_and_stay_out_of_the_last_eighth(cue, genre):
    ones: list[int] = []
    others: list[int] = []
    late = bars = 0
    for seed in range(3):
        score = cue(40, hits=(), genre=genre, tempo=104.0, seed=seed)
        kicks = [note for note in notes_of(score, "drums", drums=True) if note.pitch in (35, 36)]
        sections = {section.tick for section in score.sections}
        for number, start, stop in bars_of(score):
            inside = [note for note in kicks if start - STEP // 2 <= note.tick < stop - STEP // 2]
            ones += [note.velocity for note in inside if note.tick < start + STEP // 2]
            others += [note.velocity for note in inside if note.tick >= start + STEP // 2]
            if number % 4 != 3 and stop not in sections:
                bars += 1
                late += any(note.tick > stop - 7 * STEP // 4 for note in inside)
    assert len(ones) > 20
    assert np.mean(ones) > np.mean(others) + 8
    assert late <= 0.1 * bars


@pytest.mark.parametrize("genre", ["drone", "rock", "trailer", "tension"])
@pytest.mark.parametrize("key", ["D minor", "Eb major"])
def test_the_first_chord_tells_the_mode_and_the_last_is_home(cue, genre, key):
    tonic, mode = parse_key(key)
    score = cue(30, hits=(), genre=genre, key=key)
    assert score.chords[0].root == tonic
    assert (tonic + (3 if mode == "minor" else 4)) % 12 in score.chords[0].pitches
    assert score.chords[-1].root == tonic


def test_the_fifth_of_a_power_chord_lies_under_its_root(cue):
    score = cue(40, hits=(), genre="rock", mood="powerful", instruments=("electric-guitar",))
    guitar = next(part for part in score.parts if part.stem == "harmony" and part.instrument == "electric-guitar")
    by_tick: dict[int, list[Note]] = {}
    for note in guitar.notes:
        by_tick.setdefault(note.tick, []).append(note)
    pairs = [
        (notes[0], other) for notes in by_tick.values() for other in notes[1:] if other.pitch - notes[0].pitch == 7
    ]
    assert len(pairs) >= 10
    assert np.mean([low.velocity - high.velocity for low, high in pairs]) > 6
