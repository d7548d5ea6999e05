"""What must hold for every score, over a seeded sample of what can be asked; benchmarks/safety.py looks at more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.soundness import Case, case, cases, compose, faults

from twopop_models.controls import Controls
from twopop_models.score import Note
from twopop_models.types import Hit
from twopop_models.vocabulary import GENRES

SAMPLE = list(cases(60, seed=2))


@pytest.mark.parametrize("asked", SAMPLE, ids=lambda asked: " ".join(f"{name}={text}" for name, text in asked.pairs))
def test_nothing_happens_that_must_not(asked):
    assert faults(compose(asked), asked.controls) == []


def test_who_is_asked_for_plays_when_two_bars_hold_a_stroke_each():
    pairs = (("genre", "ambient"), ("ending", "cut"), ("seed", "313"), ("instruments", "taiko"))
    asked = Case(8, pairs, (Hit(18, 0.61),), 1)  # chance took the only soft stroke of either bar
    assert faults(compose(asked), asked.controls) == []


@pytest.mark.parametrize("genre", GENRES)
def test_a_long_cue_neither_stops_nor_repeats_itself(genre):
    asked = case(np.random.default_rng(4), genre, "", "ring", 120)
    assert faults(compose(asked), asked.controls) == []


@pytest.fixture(scope="module")
def score():
    return compose(case(np.random.default_rng(5), "rock", "4/4", "ring", 60))


def with_notes(score, change):
    """The score with the notes of its first pitched part changed."""
    place = next(place for place, part in enumerate(score.parts) if not part.drums)
    part = score.parts[place]
    parts = (*score.parts[:place], replace(part, notes=tuple(change(part.notes))), *score.parts[place + 1 :])
    return replace(score, parts=parts)


def kinds(score, controls=None):
    return {text.split(":")[0] for text in faults(score, controls or Controls())}


def test_the_judge_itself_finds_what_is_wrong(score):
    assert kinds(score) == set()
    assert kinds(with_notes(score, lambda notes: (*notes, replace(notes[-1], length=score.stop)))) == {"time", "stuck"}
    assert kinds(with_notes(score, lambda notes: (replace(notes[0], pitch=1), *notes[1:]))) == {"range"}
    assert kinds(with_notes(score, lambda notes: (*notes, replace(notes[0], length=notes[0].length + 1)))) == {"stuck"}
    assert "silence" in kinds(replace(score, parts=score.parts[-1:]))
    playing = score.parts[0].instrument
    assert kinds(score, Controls(instruments=(f"-{playing}", "tuba"))) == {"forbidden", "wanted"}
    assert kinds(score, Controls(meter="7/8")) == {"meter"}


def test_the_judge_hears_four_bars_that_come_again(score):
    start, length = score.tempo_map.pickup, 4 * score.tempo_map.meters[-1].bar_ticks
    same = Note(start, length, 40, 80)
    notes = (replace(same, tick=start + length * block) for block in range((score.stop - start) // length))
    parts = (replace(score.parts[0], instrument="pad", stem="pads", drums=False, notes=tuple(notes)),)
    assert "repeat" in kinds(replace(score, parts=parts))
