"""The mapping from valence and arousal to notes, on paper and in cues."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import dist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.composers.band import styles
from twopop_models.composers.band.colours import SWAPS, coloured
from twopop_models.composers.band.harmony import COLOURS, progression, scale
from twopop_models.composers.band.moods import Feeling, feeling
from twopop_models.vocabulary import MOODS

PLACE = st.floats(-1, 1)
BRIGHT = ("phrygian", "harmonic", "minor", "dorian", "mixolydian", "major", "lydian")


def numbers(felt: Feeling) -> tuple[object, ...]:
    return (
        felt.colour,
        round(felt.pace, 2),
        round(felt.energy, 2),
        round(felt.articulation, 2),
        felt.register,
        round(felt.brightness, 2),
        round(felt.loudness),
    )


def test_every_mood_of_the_table_means_something_of_its_own():
    found = {mood: numbers(feeling((mood,))) for mood in MOODS}
    assert len(set(found.values())) == len(MOODS)
    for one, other in combinations(MOODS, 2):
        if dist(MOODS[one], MOODS[other]) >= 0.4:
            differing = sum(a != b for a, b in zip(found[one], found[other], strict=True))
            assert differing >= 3, (one, other)


@given(valence=PLACE, low=PLACE, high=PLACE)
def test_arousal_drives_tempo_density_loudness_and_articulation(valence, low, high):
    calm, excited = Feeling(valence, min(low, high)), Feeling(valence, max(low, high))
    assert calm.pace <= excited.pace
    assert calm.energy <= excited.energy
    assert calm.loudness <= excited.loudness
    assert calm.articulation >= excited.articulation
    assert calm.longing >= excited.longing
    assert 0 <= calm.pace <= excited.pace <= 1


@given(arousal=PLACE, low=PLACE, high=PLACE)
def test_valence_drives_mode_colour_register_and_brightness(arousal, low, high):
    dark, bright = Feeling(min(low, high), arousal), Feeling(max(low, high), arousal)
    assert (dark.mode, bright.mode) != ("major", "minor")
    assert BRIGHT.index(dark.colour) <= BRIGHT.index(bright.colour)
    assert dark.register <= bright.register
    assert dark.brightness <= bright.brightness
    assert 0 <= dark.brightness <= bright.brightness <= 1


def test_all_colours_are_reached_by_moods():
    assert {feeling((mood,)).colour for mood in MOODS} == set(BRIGHT)
    assert scale("lydian") > scale("major") > scale("mixolydian")
    assert scale("phrygian") < scale("minor") < scale("dorian")


@given(felt=st.builds(Feeling, PLACE, PLACE), mode=st.sampled_from(("major", "minor")))
def test_a_colour_keeps_the_mode_that_was_asked_for(felt, mode):
    third = scale(felt.colour_of(mode))[2]
    assert third == (4 if mode == "major" else 3)


@pytest.mark.parametrize("colour", sorted(COLOURS))
@pytest.mark.parametrize("name", styles.NAMES)
def test_progressions_in_a_colour_can_be_read_and_keep_their_last_bar(name, colour):
    mode = "major" if scale(colour)[2] == 4 else "minor"
    for text in getattr(styles.load(name), mode):
        found = coloured(text, colour)
        assert len(found.split()) == len(text.split())
        assert found.split()[-1] == text.split()[-1]
        assert progression(found, 0, mode)


def test_colours_are_heard_in_chords():
    for colour, swaps in SWAPS.items():
        mode = "major" if scale(colour)[2] == 4 else "minor"
        own = {step % 12 for step in scale(colour)}
        fresh = set()
        for token in swaps.values():
            fresh |= set(progression(token, 0, mode)[0][0].classes) - {step % 12 for step in scale(mode)}
        assert fresh, colour
        assert fresh & own, colour


def traits(score) -> dict[str, float]:
    notes = [note for part in score.parts if part.stem != "accents" for note in part.notes]
    tunes = [note.pitch for part in score.parts if part.stem == "melody" for note in part.notes]
    seconds = float(score.tempo_map.seconds(score.stop))
    return {
        "tempo": score.tempo_map.bpm(score.stop // 2),
        "density": len(notes) / seconds,
        "loudness": float(np.mean([note.velocity for note in notes])),
        "register": float(np.mean(tunes)) if tunes else 0.0,
    }


@pytest.mark.parametrize("genre", ["heroic", "electronic", "jazz", "folk"])
def test_calm_to_excited_is_slow_to_fast_sparse_to_dense_soft_to_loud(cue, genre):
    found = [
        traits(cue(40, genre=genre, mood=(mood,), hits=())) for mood in ("calm", "nostalgic", "adventure", "energetic")
    ]
    for name in ("tempo", "density", "loudness"):
        values = [each[name] for each in found]
        assert values[0] < values[-1]
        assert all(one <= other * 1.1 for one, other in pairwise(values)), (name, values)
    assert found[-1]["loudness"] - found[0]["loudness"] > 15


@pytest.mark.parametrize("genre", ["heroic", "electronic", "piano"])
def test_glad_tunes_lie_higher_than_sad_ones(cue, genre):
    def register(mood):
        return np.mean(
            [traits(cue(40, genre=genre, mood=(mood,), hits=(), seed=seed))["register"] for seed in range(4)]
        )

    assert register("happy") > register("sad") + 2


def test_moods_that_lie_apart_give_cues_that_differ(cue):
    scores = {mood: cue(25, genre="folk", mood=(mood,), hits=()) for mood in MOODS}
    for one, other in combinations(MOODS, 2):
        if dist(MOODS[one], MOODS[other]) >= 0.55:
            left, right = traits(scores[one]), traits(scores[other])
            apart = sum(
                (
                    abs(left["tempo"] / right["tempo"] - 1) > 0.04,
                    abs(left["density"] / right["density"] - 1) > 0.08,
                    abs(left["loudness"] - right["loudness"]) > 3,
                    abs(left["register"] - right["register"]) > 1.5,
                    scores[one].key.split()[1] != scores[other].key.split()[1],
                    feeling((one,)).colour != feeling((other,)).colour,
                )
            )
            assert apart >= 2, (one, other, left, right)
