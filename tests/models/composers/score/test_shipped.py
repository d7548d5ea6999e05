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
from twopop_models.composers.score.wishes import Known, Passage, Wish
from twopop_models.controls import Controls, Scene
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


@pytest.mark.parametrize(
    ("one", "other"),
    [("calm pop track", "energetic pop track, in a tense mood"), ("sad pop track", "happy pop track, in a fun mood")],
)
def test_each_scene_is_nearer_to_what_its_own_mood_gives(wish, one, other):
    net = networks.load()
    words = [f"A {mood.replace('track', 'track featuring piano, bass and drums')}. 100 BPM" for mood in (one, other)]
    first, second = (sample(net, replace(wish, words=said)) for said in words)
    both = sample(net, replace(wish, words=words[0], passages=(Passage(16, words[1]),)))
    for part, own, others in ((slice(0, 14), first, second), (slice(16, 32), second, first)):
        near, far = (float(np.square(both - that)[:, part].mean()) for that in (own, others))
        assert near < 0.7 * far


def test_a_turn_from_calm_to_energetic_is_heard_in_how_much_is_played():
    frames = a_picture(20.0)

    def busy(**more):
        controls = Controls(genre="pop", tempo=100.0, ending="cut", steps=8, key="C minor", follow=0.0, **more)
        score, said = Job(frames.clip, frames, TEXT, (), controls, 1, 0).score(lambda done: None)
        line = next(tick for tick, _ in score.tempo_map.bars(score.stop) if tick >= score.stop // 2)
        notes = [note for part in score.parts if part.stem != "accents" for note in part.notes]
        return sum(note.tick >= line for note in notes) / sum(note.tick < line for note in notes), said

    rising, told = busy(mood=("calm",), scenes=(Scene(250, ("energetic", "tense")),))
    falling, _ = busy(mood=("energetic", "tense"), scenes=(Scene(250, ("calm",)),))
    assert rising > 1.1 * falling
    assert any(line.startswith("Scenes, from bar lines on: bar ") for line in told)
