"""What the network is told in words, and of the pieces that were retrieved."""

import warnings
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.models.composers.score.test_sheets import a_map

from twopop_models import assets
from twopop_models.composers.score import references, words
from twopop_models.controls import Controls
from twopop_models.embedders.minilm_musicnn import network
from twopop_models.embedders.sentences import WIDTH, tokens
from twopop_models.grid import hearing
from twopop_models.grid.lanes import CHANNELS, LANES, heard
from twopop_models.library.starter import packed
from twopop_models.types import Bridges, Description, Reference, Role
from twopop_models.vocabulary import GENRES


@pytest.fixture(scope="module")
def track():
    """The shortest of the starter library."""
    entry = min(packed(), key=lambda entry: entry.track.seconds)
    return replace(entry.track, path=assets.find("starter-tracks") / entry.file)


def asked(bridges, controls, **more):
    told = {
        "family": "pop",
        "players": ("electric-guitar", "bass", "drums", "pad"),
        "tempo": 104.4,
        "key": "F# minor",
        "meter": "4/4",
    }
    return words.prompt(bridges, controls, **told | more)


def test_the_sentence():
    bridges = Bridges(Description("x", ("dark", "epic"), ("rock",)), None, None)
    assert asked(bridges, Controls()) == (
        "A dark rock track featuring electric guitar, bass, drums and pad, in a epic mood. 104 BPM. F# minor"
    )
    assert asked(bridges, Controls(), meter="7/8", players=()).endswith("F# minor. 7/8")
    happy = Controls(mood=("uplifting",), genre="jazz", instruments=("flute", "-drums"))
    assert asked(bridges, happy, players=()).startswith("An uplifting jazz track featuring flute. 104 BPM")
    assert asked(Bridges(Description("x"), None, None), Controls(), players=()).startswith("A pop track. 104")


def test_a_scenes_moods_stand_in_place_of_the_cues(track):
    cue = Controls(mood=("sad",), genre="", instruments=("flute",))
    bridges = Bridges(Description("x", ("dark",), ("rock",)), None, None)
    told = asked(bridges, cue, players=(), scene=("happy", "fun"))
    assert told == "A happy rock track featuring flute, in a fun mood. 104 BPM. F# minor"
    found = replace(bridges, targeted=Reference(Role.TARGETED, track, 1.0, ""))
    assert "With sad mood" in asked(found, cue, players=())
    assert "sad" not in asked(found, cue, players=(), scene=("happy",))


@pytest.mark.parametrize(
    ("controls", "pair"),
    [
        ({}, ("genre", "pop")),
        ({"mood": ("sad",)}, ("mood", "sad")),
        ({"genre": "jazz", "mood": ("sad",)}, ("genre", "pop")),
        ({"instruments": ("harp",)}, ("instrument", "harp")),
        ({"instruments": ("-harp",)}, ("genre", "pop")),
        ({"tempo": 150.0}, ("tempo", "fast-paced")),
        ({"tempo": "fast"}, ("tempo", "fast-paced")),
    ],
)
def test_the_attribute_is_what_was_asked_for_first(controls, pair):
    assert words.attribute(Controls(**controls), "pop", 150.0) == pair


def test_the_attribute_stands_last(track):
    bridges = Bridges(Description("x"), None, Reference(Role.TARGETED, track, 1.0, ""))
    assert asked(bridges, Controls(genre="jazz")).endswith("F# minor. With jazz genre:")


def test_what_nobody_said_is_left_for_the_targeted_reference_to_tell(track):
    track = replace(track, genres=("soul", "jazz"))
    bridges = Bridges(Description("x", ("dark",)), None, Reference(Role.TARGETED, track, 1.0, ""))
    assert asked(bridges, Controls()) == "A dark soul track. 104 BPM. F# minor. With soul genre:"
    assert asked(bridges, Controls(instruments=("flute",))).startswith("A dark soul track featuring flute. ")
    named = replace(bridges, text=Description("x", ("dark",), ("rock",), ("organ",)))
    assert asked(named, Controls()).startswith("A dark rock track featuring organ. ")
    without = replace(bridges, targeted=None)
    assert asked(without, Controls()).startswith("A dark pop track featuring electric guitar, bass, ")
    bare = replace(bridges, targeted=Reference(Role.TARGETED, replace(track, genres=()), 1.0, ""))
    assert asked(bare, Controls()).endswith("With pop genre:")


def test_typical_requests_fit_into_the_slots(track):
    tokenizer, _ = network()
    target = Reference(Role.TARGETED, track, 1.0, "")
    longest = 0
    for genre, targeted, wanted in product(GENRES, (None, target), ((), ("glockenspiel", "electric-piano"))):
        text = Description("x", ("mysterious", "melancholic"))
        found = asked(Bridges(text, None, targeted), Controls(genre=genre, instruments=wanted), meter="7/8")
        assert found.endswith(":") == (targeted is not None)
        assert genre in found
        longest = max(longest, len(tokenizer(found)["input_ids"]))
    assert longest <= 32


def test_tokens_are_few_and_the_same(track):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = tokens("word " * 100, 32)
    assert found.shape == (32, WIDTH)
    assert np.linalg.norm(found, axis=1).mean() == pytest.approx(1, abs=0.5)
    assert np.array_equal(found, tokens("word " * 100, 32))


@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8"])
def test_a_track_is_laid_over_the_cue(track, meter):
    found = references.laid(track, a_map(meter), 0, 90)
    assert found.shape == (CHANNELS, 90)
    assert not any(found[LANES[name].channels].any() for name in ("bass", "harmony", "melody", "pads", "players"))
    assert found[LANES["drums"].channels].any()
    assert found[LANES["energy"].channels].any()


def test_at_its_own_tempo_it_begins_as_it_begins(track):
    tempo_map = a_map(micros=round(60_000_000 / track.tempo))
    cells = hearing.beats_per_bar(track)
    if cells != 4:
        tempo_map = a_map(f"{cells}/4", micros=round(60_000_000 / track.tempo))
    found = references.laid(track, tempo_map, 0, 8)
    assert np.array_equal(found, heard(hearing.encode(track))[:, :8])


def test_a_style_is_a_vector_and_who_plays(track):
    found = references.style(track)
    assert found.vector.shape == (WIDTH,)
    assert found.pooled.shape == (2 * CHANNELS,)
    assert np.isfinite(found.pooled).all()
    assert references.style(track) is found
    assert not references.pooled(np.zeros((CHANNELS, 0), np.float32)).any()
