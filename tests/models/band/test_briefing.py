"""Who plays, and what moods and references change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twopop_models.composers.band import styles
from twopop_models.composers.band.changes import reference_chords
from twopop_models.composers.band.moods import Feeling, feeling
from twopop_models.spotting import steady_bpm
from twopop_models.types import Bridges, ChordSpan, Description, Reference, Role, Track
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS

TEXT = Description("a picture")


def a_track(**changes: object) -> Track:
    chords = tuple(ChordSpan(2.0 * n, 2.0 * n + 2, root, "maj") for n, root in enumerate((0, 5, 7, 5) * 8))
    track = Track(
        "t", Path("t.mp3"), "T", 64.0, 120.0, (), tuple(2.0 * n for n in range(32)), "C major", chords,
        tuple(np.linspace(0, 1, 128)), -14.0, (), (), (), (), "",
    )  # fmt: skip
    return replace(track, **changes)


def broad(**changes: object) -> Bridges:
    return Bridges(TEXT, Reference(Role.BROAD, a_track(**changes), 0.5, "near"), None)


def targeted(**changes: object) -> Bridges:
    return Bridges(TEXT, None, Reference(Role.TARGETED, a_track(**changes), 0.5, "near"))


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_is_served_and_a_namesake_serves_it_alone(genre):
    names = [style.name for style in styles.serving(genre)]
    assert names == [genre] if genre in styles.NAMES else names


def test_families_list_words_of_the_control_table_and_are_at_home_on_the_plane():
    for name in styles.NAMES:
        style = styles.load(name)
        assert style.name == name
        assert set(style.genres) <= set(GENRES)
        assert style.genres or name in GENRES
        assert all(-1 <= axis <= 1 for home in style.homes for axis in home)


def test_of_equals_the_family_nearest_to_the_feeling_plays():
    for name in styles.NAMES:
        for genre in styles.load(name).genres:
            style = styles.load(name)
            if genre not in styles.NAMES:
                assert styles.by_genre(genre, Feeling(*style.homes[0])).name == name


@pytest.mark.parametrize(
    ("family", "moods"),
    [
        ("heroic", "epic uplifting adventure energetic"),
        ("tension", "tense dark mysterious"),
        ("trailer", "powerful"),
        ("piano", "sad melancholic tender romantic nostalgic calm"),
        ("ambient", "dreamy"),
        ("minimal", "hopeful emotional"),
        ("comedy", "playful happy fun"),
    ],
)
def test_the_mood_chooses_among_the_families_of_cinema(family, moods):
    assert {styles.by_genre("cinematic", feeling((mood,))).name for mood in moods.split()} == {family}
    assert set(moods.split()) <= set(MOODS)


def test_without_a_mood_cinema_is_heroic_and_a_namesake_brings_its_own(cue):
    assert styles.by_genre("cinematic").name == "heroic"
    assert cue(8, genre="tension").key.endswith("minor")
    assert cue(8, genre="comedy").key.endswith("major")


@pytest.mark.parametrize(
    ("instruments", "family"),
    [
        (("saxophone", "double-bass"), "jazz"),
        (("acoustic-guitar", "violin"), "folk"),
        (("drums", "synth-bass", "synth"), "electronic"),
    ],
)
def test_where_no_genre_is_said_the_instruments_choose_the_family(instruments, family):
    assert styles.by_instruments(instruments).name == family


def test_instruments_that_no_family_has_choose_none():
    assert styles.by_instruments(()) is None


def test_an_unknown_family_or_genre_is_said():
    with pytest.raises(KeyError):
        styles.load("polka")
    with pytest.raises(KeyError):
        styles.by_genre("polka")


def some_genres(instrument):
    """Every third genre, other ones for each instrument: all pairs would take minutes."""
    return GENRES[INSTRUMENTS.index(instrument) % 3 :: 3]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_instrument_asked_for_is_heard(cue, instrument):
    for genre in some_genres(instrument):
        score = cue(24, genre=genre, instruments=(instrument,))
        part = next(part for part in score.parts if part.instrument == instrument and part.stem != "accents")
        assert len(part.notes) >= 4


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_a_forbidden_instrument_is_absent_and_its_stem_is_not(cue, instrument):
    for genre in some_genres(instrument):
        score = cue(24, genre=genre, instruments=(f"-{instrument}",))
        assert instrument not in {part.instrument for part in score.parts}
        assert len(score.stems) == (5 if instrument == "drums" else 6)


def test_without_drums_nothing_is_struck_that_sounds_like_them(cue):
    for genre in GENRES:
        score = cue(24, genre=genre, instruments=("-drums",))
        assert "drums" not in score.stems
        assert not {part.instrument for part in score.parts} & {"percussion", "timpani", "taiko"}
        score = cue(24, genre=genre, instruments=("-drums", "percussion"))
        assert "percussion" in {part.instrument for part in score.parts if part.stem == "drums"}


def test_who_is_asked_for_stands_in_front(cue):
    for genre in GENRES[::2]:
        score = cue(24, genre=genre, instruments=("violin",))
        lead = next(part for part in score.parts if part.stem == "melody")
        assert lead.instrument == "violin"


def test_a_refusal_in_the_text_counts(cue):
    text = replace(TEXT, refused=("drums",), key="D minor")
    score = cue(24, genre="rock", bridges=Bridges(text, None, None))
    assert "drums" not in {part.instrument for part in score.parts}
    assert not [part for part in score.parts if part.stem == "accents" and part.drums]
    assert score.key == "D minor"


def test_many_instruments_at_once_are_all_heard(cue):
    wanted = ("piano", "violin", "cello", "flute", "trumpet", "drums", "double-bass")
    score = cue(24, genre="jazz", instruments=wanted)
    assert set(wanted) <= {part.instrument for part in score.parts}


def _word(name):
    """A word of the control table that means a family."""
    return name if name in GENRES else styles.load(name).genres[0]


def test_families_sound_different_on_paper(cue):
    onsets, programs = {}, {}
    for name in styles.NAMES:
        score = cue(40, genre=_word(name), hits=(), tempo=100.0, key="C major")
        bar, first = score.tempo_map.meters[-1].bar_ticks, score.tempo_map.meters[-1].tick
        counts = np.zeros(32)
        for part in score.parts:
            if part.stem in ("drums", "harmony", "bass"):
                shift = {"drums": 0, "harmony": 8, "bass": 16}[part.stem]
                for note in part.notes:
                    counts[(note.tick - first + 60) % bar * 8 // bar + shift] += 1  # hands stray to both sides
        onsets[name] = counts / np.linalg.norm(counts)
        programs[name] = {(part.drums, part.program) for part in score.parts if part.stem != "accents"}
    names = list(styles.NAMES)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            shared = programs[one] & programs[other]
            assert len(shared) <= 0.6 * len(programs[one])
            assert onsets[one] @ onsets[other] < 0.985 or len(shared) <= 1


def test_moods_reach_both_modes_and_move_with_arousal():
    modes = {mood: feeling((mood,)).mode for mood in MOODS}
    assert modes["happy"] == modes["tender"] == modes["uplifting"] == "major"
    assert modes["sad"] == modes["tense"] == modes["dark"] == modes["epic"] == "minor"
    assert feeling(("energetic",)).loudness > feeling(("calm",)).loudness + 20
    assert feeling(("happy",)).register > feeling(("sad",)).register
    assert feeling(("happy", "sad")).valence > feeling(("sad", "happy")).valence


def test_an_excited_cue_is_denser_and_louder_than_a_calm_one(cue):
    calm, wild = (cue(40, genre="rock", mood=(mood,), tempo=110.0, hits=()) for mood in ("calm", "energetic"))
    count = [sum(len(part.notes) for part in score.parts) for score in (calm, wild)]
    force = [np.mean([note.velocity for part in score.parts for note in part.notes]) for score in (calm, wild)]
    assert count[1] > 1.3 * count[0]
    assert force[1] > force[0] + 10


def test_the_broad_reference_gives_tempo_chords_and_contour(cue):
    plain = cue(60, genre="pop", key="A major", hits=())
    steered = cue(60, genre="pop", key="A major", hits=(), bridges=broad(tempo=62.0))
    assert steady_bpm(steered.tempo_map) == pytest.approx(124, rel=0.13)
    degrees = {(chord.root - 9) % 12 for chord in steered.chords[1:-3]}
    assert degrees == {0, 5, 7}
    assert {(chord.root - 9) % 12 for chord in plain.chords} != degrees
    rising = cue(60, genre="pop", tempo=110.0, hits=(), bridges=broad())
    falling = cue(60, genre="pop", tempo=110.0, hits=(), bridges=broad(energy=tuple(np.linspace(1, 0, 128))))
    first = rising.sections[0].name
    assert first == falling.sections[0].name
    assert falling.sections[0].energy > rising.sections[0].energy
    assert falling.sections[-1].energy < rising.sections[-1].energy


def test_reference_chords_keep_their_degree_in_another_mode():
    reference = broad().broad
    assert [chord.name for chord in reference_chords(reference, 9, "major")[:3]] == ["A", "D", "E"]
    assert [chord.name for chord in reference_chords(reference, 9, "minor")[:3]] == ["Am", "Dm", "Em"]
    assert reference_chords(None, 9, "minor") == ()


def test_a_tempo_asked_for_is_stronger_than_the_reference(cue):
    assert steady_bpm(cue(30, tempo=100.0, bridges=broad(tempo=140.0)).tempo_map) == pytest.approx(100, rel=0.0101)


def test_a_figure_in_the_users_own_text_is_asked_for_too(cue):
    text = "a calm piano piece at 80 bpm"
    assert steady_bpm(cue(30, text=text, bridges=broad(tempo=95.0)).tempo_map) == pytest.approx(80, rel=0.0101)


def test_the_targeted_reference_chooses_instruments_and_density(cue):
    plain = cue(40, genre="rock", tempo=110.0, hits=())
    like = cue(40, genre="rock", tempo=110.0, hits=(), bridges=targeted(instruments=("harp", "flute")))
    assert {"harp", "flute"} <= {part.instrument for part in like.parts}
    assert not {"harp", "flute"} & {part.instrument for part in plain.parts}
    thin, full = (
        cue(40, genre="rock", tempo=110.0, hits=(), bridges=targeted(tags=tags))
        for tags in ((("slow", 0.9), ("soft", 0.9)), (("fast", 0.9), ("loud", 0.9)))
    )
    assert np.mean([s.energy for s in thin.sections]) + 0.1 < np.mean([s.energy for s in full.sections])
