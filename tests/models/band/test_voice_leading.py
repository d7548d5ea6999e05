"""Outer voices: tune and bass rarely run in parallel octaves or fifths, as counterpoint wants it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from twopop_models.composers.band.styles import NAMES
from twopop_models.score import Note, Part, Score, TempoChange, TempoMap

PERFECT = (0, 7)
MAP = TempoMap((TempoChange(0, 500_000),))

Pair = tuple[int, int]


def part_of(score: Score, stem: str) -> Part | None:
    """The first part of a stem."""
    return next((part for part in score.parts if part.stem == stem), None)


def outer(score: Score) -> list[Pair]:
    """(tune, bass) on each beat on which both sound, in order; the highest of the tune, the lowest of the bass."""
    tune, bass = part_of(score, "melody"), part_of(score, "bass")
    if tune is None or bass is None:
        return []
    found = []
    for beat in score.tempo_map.beats(score.stop):
        high = [note.pitch for note in tune.notes if note.tick - 60 <= beat < note.tick + note.length]
        low = [note.pitch for note in bass.notes if note.tick - 60 <= beat < note.tick + note.length]
        if high and low:
            found.append((max(high), min(low)))
    return found


def parallels(pairs: list[Pair]) -> tuple[int, int]:
    """How many steps are parallel octaves or fifths, and how many there are in which both voices move.

    Both move the same way, and are a perfect octave, unison or fifth apart before and after, the same both times.
    """
    moves = [(a, b) for a, b in pairwise(pairs) if a[0] != b[0] and a[1] != b[1]]
    wrong = [
        (a, b)
        for a, b in moves
        if (a[0] - a[1]) % 12 == (b[0] - b[1]) % 12
        and (a[0] - a[1]) % 12 in PERFECT
        and (b[0] - a[0] > 0) == (b[1] - a[1] > 0)
    ]
    return len(wrong), len(moves)


def written(tune: list[int], bass: list[int]) -> Score:
    """Two voices in quarters."""
    parts = tuple(
        Part(stem, name, 0, tuple(Note(960 * at, 960, pitch, 80) for at, pitch in enumerate(pitches)))
        for stem, name, pitches in (("melody", "flute", tune), ("bass", "bass", bass))
    )
    return Score(MAP, 960 * len(tune), "C major", "x", parts, (), (), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tune", "bass", "wrong"),
    [
        ([72, 74, 76], [48, 50, 52], 2),  # octaves
        ([67, 69, 71], [48, 50, 52], 2),  # fifths
        ([72, 74], [48, 38], 0),  # an octave by contrary motion
        ([72, 72, 74], [48, 50, 50], 0),  # one voice at a time
        ([67, 74], [48, 50], 0),  # a fifth, then an octave: hidden, not parallel
        ([64, 65], [48, 50], 0),  # thirds
    ],
)
def test_the_checker_finds_what_it_should(tune, bass, wrong):
    assert parallels(outer(written(tune, bass)))[0] == wrong


@pytest.mark.parametrize("genre", NAMES)
def test_tunes_keep_clear_of_the_bass(cue, genre):
    found = [parallels(outer(cue(40, genre=genre, seed=seed, variation=seed % 3))) for seed in range(3)]
    wrong, moves = (sum(one[place] for one in found) for place in (0, 1))
    assert wrong <= max(3, 0.05 * moves)


def test_over_all_families_one_step_in_fifty_at_most_is_parallel(cue):
    found = [parallels(outer(cue(40, genre=genre, seed=7))) for genre in NAMES]
    wrong, moves = (sum(one[place] for one in found) for place in (0, 1))
    assert moves > 150
    assert wrong <= 0.02 * moves


@pytest.mark.parametrize("genre", ["heroic", "rock", "pop", "jazz"])
def test_nothing_but_pitches_of_the_tune_is_moved(cue, genre, monkeypatch):
    with_it = cue(40, genre=genre, seed=2)
    monkeypatch.setattr("twopop_models.composers.band.desk.led", lambda tune, *_: tune)
    without = cue(40, genre=genre, seed=2)
    assert len(with_it.parts) == len(without.parts)
    for one, other in zip(with_it.parts, without.parts, strict=True):
        if one.stem != "melody":
            assert one.notes == other.notes
        assert {note.tick for note in one.notes} == {note.tick for note in other.notes}
