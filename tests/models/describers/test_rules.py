"""The tables of the built-in describer speak only the control table's words, and none of them is dead."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models import assets
from twopop_models.describers import _rules
from twopop_models.describers._measures import Measures
from twopop_models.describers._objects import Seen, Sighting
from twopop_models.describers._palette import HUES, Palette
from twopop_models.describers._scenes import HEARD, SCENES, scene_of
from twopop_models.describers._sentence import PLACES, sentence
from twopop_models.describers.wording import read_text
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS

NAMES = json.loads(assets.find("imagenet-names").read_text())


def measured(cuts=10.0, motion=0.05, brightness=0.45, saturation=0.3, warmth=0.0, scenes=(), sightings=(), still=False):
    palette = Palette((("grey", 0.8),), saturation, warmth, 0.2, 30.0)
    return Measures(3, 12.0, cuts, motion, brightness, palette, Seen(scenes, sightings), still)


def test_every_class_of_the_scene_tables_exists_and_has_one_scene():
    listed = [name for names in SCENES.values() for name in names]
    assert set(listed) <= set(NAMES)
    assert len(set(listed)) == len(listed)
    assert set(HEARD) <= set(SCENES["stage"])
    assert set(HEARD.values()) <= set(INSTRUMENTS)
    assert set(PLACES) == {*SCENES, "animal"}
    assert scene_of(281, NAMES[281]) == "animal"
    assert scene_of(397, NAMES[397]) == "animal"
    assert scene_of(398, NAMES[398]) == ""


def test_styles_speak_the_vocabulary():
    assert set(_rules.STYLES) <= set(GENRES)
    for style in _rules.STYLES.values():
        assert {*style.calm, *style.driving} <= set(INSTRUMENTS)
        assert set(style.scenes) <= set(PLACES)
    assert set(_rules.MOOD_COLOURS) <= set(MOODS)
    assert set(_rules.MOOD_COLOURS.values()) <= set(INSTRUMENTS)


def test_every_genre_is_reached_by_some_picture():
    tried = itertools.product((0, 8, 25, 60), (0.0, 0.02, 0.2), (0.1, 0.3, 0.5, 0.8), (0.05, 0.7), (-0.3, 0.0, 0.4))
    scenes = [(), *(((scene, 0.6),) for scene in PLACES)]
    reached = set()
    for numbers, scene in itertools.product(tried, scenes):
        measures = measured(*numbers, scenes=scene)
        reached |= set(_rules.genres(_rules.feel(measures), measures)[:1])
    assert reached == set(_rules.STYLES)


def test_most_moods_are_reached_by_some_picture():
    grid = itertools.product((0, 3, 8, 15, 25, 40, 60), (0.0, 0.01, 0.05, 0.2), range(2, 100, 4), (0.0, 0.3, 0.6, 1.0))
    reached = {
        word
        for cuts, motion, light, colour in grid
        for word in _rules.moods(_rules.feel(measured(cuts, motion, light / 100, colour)))
    }
    assert len(reached) >= 18, set(MOODS) - reached


@given(
    st.floats(0, 300), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1),
    st.sampled_from(("", *PLACES)), st.booleans(), st.sampled_from(("", *HEARD)),
)  # fmt: skip
def test_any_measures_make_a_sentence_of_the_pattern(cuts, motion, light, colour, warmth, scene, still, heard):
    sightings = (Sighting(heard, 0, 0.9),) if heard else ()
    scenes = ((scene, 0.5),) if scene else ()
    measures = measured(cuts, motion, light, colour, warmth, scenes, sightings, still)
    feeling = _rules.feel(measures)
    moods, tempo = _rules.moods(feeling), _rules.tempo(feeling)
    genre = _rules.genres(feeling, measures)[0]
    instruments = _rules.instruments(feeling, genre, moods[0], measures)
    said = sentence(moods, genre, instruments, tempo, measures)
    assert 18 <= len(said.split()) <= 22
    assert 64 <= tempo <= 156
    assert len(set(instruments)) == 3
    if heard:
        assert instruments[0] == HEARD[heard]
    read = read_text(said)
    assert (read.moods, read.genres, read.instruments, read.tempo) == (moods, (genre,), instruments, tempo)


def test_what_is_seen_on_a_stage_is_heard():
    seen = (Sighting("cello", 4, 0.8), Sighting("bow tie", 4, 0.7), Sighting("grand piano", 9, 0.5))
    assert _rules.instruments(_rules.Feeling(0, 0.5, 0.5), "rock", "fun", measured(sightings=seen))[:2] == (
        "cello",
        "piano",
    )


@pytest.mark.parametrize("colour", [name for _, name in HUES] + ["black", "grey", "white", "brown"])
def test_no_colour_is_read_as_a_tag(colour):
    read = read_text(
        f"{colour} colourful sunlit dim shadowy {' '.join(PLACES.values())} passing pictures framed imagery"
    )
    assert (read.moods, read.genres, read.instruments, read.tempo) == ((), (), (), None)
