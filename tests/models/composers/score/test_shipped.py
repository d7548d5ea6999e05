"""The pack that ships: what is true of trained networks only."""

from dataclasses import replace

import numpy as np
import pytest
from tests.models.band.conftest import a_picture
from tests.models.composers.score.test_sampling import events

from twopop_models.composers import Again
from twopop_models.composers.diffusion.guidance import Scales
from twopop_models.composers.score import networks
from twopop_models.composers.score.job import Job
from twopop_models.composers.score.sampling import sample
from twopop_models.composers.score.wishes import Known, Wish
from twopop_models.controls import Controls
from twopop_models.grid.decoding import decode
from twopop_models.grid.lanes import CHANNELS
from twopop_models.rework.spans import merged
from twopop_models.rework.working import _lead_sheet
from twopop_models.types import Bridges, Description

TEXT = Bridges(Description("A calm pop track"), None, None)


def played(latents):
    return {(stem, note.step, note.pitch) for stem in ("bass", "melody") for note in decode(latents).notes(stem)}


def likeness(one, other):
    return len(one & other) / max(1, len(one | other))


@pytest.fixture(scope="module")
def wish():
    return Wish(32, "A calm pop track in C major, 100 bpm, in 4/4.", events(32), scales=Scales(3.0), steps=10)


def test_the_farther_the_less_is_left_of_the_base(wish):
    net = networks.load()
    before = sample(net, wish)
    free = np.zeros((CHANNELS, 32), bool)
    near, middle, far = (
        likeness(played(before), played(sample(net, replace(wish, seed=9), Known(before, free, strength))))
        for strength in (0.2, 0.6, 1.0)
    )
    assert near > middle > far
    assert near > 3 * far


def stem(score, name):
    return {(note.tick // 120, note.pitch) for part in score.parts if part.stem == name for note in part.notes}


def a_job(stems=(), again=None):
    frames = a_picture(14.0)
    controls = Controls(genre="pop", tempo=100.0, ending="cut", steps=8, stems=stems)
    return Job(frames.clip, frames, TEXT, (), controls, 1, 0, again).score(lambda done: None)[0]


def test_a_stem_made_anew_goes_as_far_from_what_is_heard_as_was_asked():
    base = a_job()
    stems = ("melody",)
    far = merged(base, a_job(stems, Again(stems, 5, 0, 1, base)), stems, None)
    near = merged(far, a_job(stems, Again(stems, 6, 0, 2, far, 0.25)), stems, None)
    assert _lead_sheet(base) == _lead_sheet(far) == _lead_sheet(near)
    assert likeness(stem(near, "melody"), stem(far, "melody")) > 1.5 * likeness(
        stem(near, "melody"), stem(base, "melody")
    )
    assert stem(near, "bass") == stem(base, "bass")
