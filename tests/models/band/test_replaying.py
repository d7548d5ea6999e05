"""What is played again is heard to be another part, in every family."""

from fractions import Fraction

import numpy as np
import pytest

from twopop_models.composers import Again
from twopop_models.composers.band import write
from twopop_models.composers.band.replaying import alike
from twopop_models.controls import Controls
from twopop_models.score import Note
from twopop_models.types import Bridges, Clip, Description, Frames, Hit, Shot, SourceFacts
from twopop_models.vocabulary import GENRES

CLIP = Clip(None, 0, 500, Fraction(25))
RISING = np.linspace(0, 1, CLIP.frames, dtype=np.float32)
FRAMES = Frames(
    CLIP,
    SourceFacts("video", 64, 64, CLIP.rate, False, 0, "", "test"),
    np.zeros((1, 4, 4, 3), np.uint8),
    (0,),
    RISING,
    RISING,
    (Shot(0, 500),),
    (),
)


def notes(score, stem):
    return [note for part in score.parts if part.stem == stem for note in part.notes]


@pytest.mark.parametrize("genre", GENRES)
def test_drums_harmony_and_melody_are_others(genre):
    def written(**again):
        bridges, hits = Bridges(Description("music"), None, None), (Hit(100), Hit(250, 0.6))
        return write(CLIP, FRAMES, bridges, hits, Controls(genre=genre), seed=0, variation=0, **again)

    base = written()
    again = written(again=Again(base.stems, 0, 0))
    assert again.stems == base.stems
    for stem in ("drums", "harmony", "melody"):
        if notes(base, stem):
            assert alike(notes(base, stem), notes(again, stem)) < 0.9, stem


def test_notes_are_alike_by_place_and_pitch():
    one = [Note(0, 100, 60, 90), Note(960, 100, 62, 90)]
    assert alike(one, [Note(20, 10, 60, 30), Note(950, 999, 62, 90)]) == 1.0
    assert alike(one, [Note(0, 100, 60, 90)]) == 0.5
    assert alike([], []) == 0.0
