import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.analysis import TAGS, Words, describe_track, words
from twopop_models.analysis.wording import feeling
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS, PITCH_CLASSES

FLAT = (0.9,) * 20


def test_a_folk_guitar() -> None:
    found = words((("guitar", 0.7), ("folk", 0.25), ("acoustic", 0.2), ("slow", 0.3)), 70, "G major", FLAT)
    assert found.genres == ("folk",)
    assert found.instruments == ("acoustic-guitar",)


def test_a_rock_guitar_is_electric() -> None:
    found = words((("guitar", 0.6), ("rock", 0.6), ("drums", 0.3)), 140, "E minor", FLAT)
    assert found.genres == ("rock",)
    assert found.instruments == ("electric-guitar", "drums")


def test_strong_comes_first_and_weak_is_left_out() -> None:
    found = words((("techno", 0.6), ("electronic", 0.5), ("pop", 0.25), ("jazz", 0.28)), 128, "A minor", FLAT)
    assert found.genres == ("electronic", "jazz")


def test_nothing_certain_says_nothing_but_a_mood() -> None:
    found = words((), 0, "C major", ())
    assert found.genres == found.instruments == ()
    assert len(found.moods) >= 1


def test_mode_moves_valence_and_tempo_moves_arousal() -> None:
    assert feeling((), 100, "C major", FLAT)[0] > feeling((), 100, "C minor", FLAT)[0]
    assert feeling((), 160, "C major", FLAT)[1] > feeling((), 80, "C major", FLAT)[1]
    assert feeling((("slow", 0.5),), 100, "C major", FLAT)[1] < feeling((("fast", 0.5),), 100, "C major", FLAT)[1]


@pytest.mark.parametrize(
    ("tags", "tempo", "key", "mood"),
    [
        ((("happy", 0.2), ("fast", 0.2)), 120, "D major", "happy"),
        ((("slow", 0.4), ("sad", 0.1)), 66, "D minor", "sad"),
        ((("techno", 0.5), ("fast", 0.4), ("dance", 0.3)), 150, "D major", "energetic"),
        ((("slow", 0.5), ("quiet", 0.2)), 80, "D major", "calm"),
    ],
)
def test_moods_of_plain_cases(tags: tuple[tuple[str, float], ...], tempo: float, key: str, mood: str) -> None:
    assert mood in words(tags, tempo, key, FLAT).moods


@given(
    st.dictionaries(st.sampled_from(TAGS), st.floats(0, 1)),
    st.floats(0, 300),
    st.sampled_from(PITCH_CLASSES),
    st.sampled_from(["major", "minor"]),
    st.lists(st.floats(0, 1), max_size=10),
)
def test_only_words_of_the_vocabulary(
    tags: dict[str, float], tempo: float, tonic: str, mode: str, energy: list[float]
) -> None:
    found = words(tuple(tags.items()), tempo, f"{tonic} {mode}", tuple(energy))
    assert set(found.moods) <= set(MOODS)
    assert set(found.genres) <= set(GENRES)
    assert set(found.instruments) <= set(INSTRUMENTS)
    assert all(len(part) == len(set(part)) for part in found)
    assert describe_track(found, tempo, f"{tonic} {mode}").endswith(".")


def test_the_sentence() -> None:
    found = Words(("epic", "dark"), ("electronic", "cinematic"), ("synth", "strings", "drums", "pad"))
    assert describe_track(found, 128.4, "F# minor") == (
        "An epic and dark, fast electronic and cinematic piece with synth, strings and drums, "
        "at about 128 BPM in F# minor."
    )
    assert describe_track(Words(("sad",), (), ()), 0.0, "C minor") == (
        "A sad, instrumental piece, without a steady beat in C minor."
    )
