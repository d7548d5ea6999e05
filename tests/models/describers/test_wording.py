"""A person's words become tags, and the user's wishes amend what was seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.controls import Controls
from twopop_models.describers._terms import PHRASES, TERMS, Kind
from twopop_models.describers.wording import AUTHOR, amend, read_text
from twopop_models.types import Description
from twopop_models.vocabulary import GENRES, INSTRUMENTS, MOODS, PACES

SEEN = Description(
    "A calm, dreamy ambient soundtrack blending pad, piano and harp, evoking sunlit open water, at a slow 72 BPM.",
    ("calm", "dreamy"),
    ("ambient",),
    ("pad", "piano", "harp"),
    72.0,
    "somebody who looked",
    ("mostly blue, bright (0.61)",),
)


@pytest.mark.parametrize(
    ("text", "moods", "genres", "instruments", "tempo"),
    [
        ("guitars", (), (), ("acoustic-guitar",), None),
        ("Suspense!", ("tense",), ("tension",), (), None),
        ("a trailer with braams", (), ("trailer",), (), None),
        ("pizzicato comedy, oboes", (), ("comedy",), ("pizzicato", "oboe"), None),
        ("funky soul", (), ("funk", "soul"), (), None),
        ("a solo piano", (), ("piano",), ("piano",), None),
        ("drone shots of a coast, dark ambient", ("dark",), ("drone",), (), None),
        ("techno at 128 bpm", (), ("techno",), (), 128),
        ("lo-fi beats, Rhodes", (), ("lofi",), ("electric-piano",), None),
        ("Hip-Hop with electric guitars", (), ("hiphop",), ("electric-guitar",), None),
        ("slow, sad piano", ("sad",), (), ("piano",), 70),
        ("an adagio for strings", (), (), ("strings",), 68),
        ("mid-tempo rock, drum kit and bass guitar", (), ("rock",), ("drums", "bass"), 105),
        ("drum and bass", (), ("electronic",), (), None),
        ("drums and bass", (), (), ("drums", "bass"), None),
        ("upright bass & brushes, jazzy", (), ("jazz",), ("double-bass",), None),
        ("tempo 96, dark strings", ("dark",), (), ("strings",), 96),
        ("a fast chase at 90bpm", (), (), (), 90),
        ("112.5 beats per minute", (), (), (), 112.5),
        ("the number 500 bpm is not believed, 100 bpm is", (), (), (), 100),
        ("synths and synth pads", (), (), ("synth", "pad"), None),
        ("a bluesy horn, French horns", (), (), ("horn",), None),
        ("An orchestra plays", (), ("cinematic",), ("strings", "brass"), None),
        ("nothing that anybody knows", (), (), (), None),
        ("", (), (), (), None),
    ],
)
def test_words_of_people_are_read_as_words_of_the_control_table(text, moods, genres, instruments, tempo):
    read = read_text(text)
    assert read.sentence == text
    assert (read.moods, read.genres, read.instruments, read.tempo) == (moods, genres, instruments, tempo)
    assert read.author == AUTHOR


@pytest.mark.parametrize(
    ("text", "instruments", "refused"),
    [
        ("no drums", (), ("drums",)),
        ("strings without piano", ("strings",), ("piano",)),
        ("piano, no drums or bass, with strings", ("piano", "strings"), ("drums", "bass", "double-bass", "synth-bass")),
        ("without drums, flute or organ, but harp", ("harp",), ("drums", "flute", "organ")),
        ("no drums, piano and strings", ("piano", "strings"), ("drums",)),
        ("without drums and flute", (), ("drums", "flute")),
        ("no sad piano", (), ("piano",)),
        ("no big loud drums. Flute", ("flute",), ("drums",)),
        ("don't use any choir", (), ("choir",)),
        ("less drums", (), ("drums",)),
        ("neither drums nor flute", (), ("drums", "flute")),
        ("not only drums", ("drums",), ()),
        ("no guitars", (), ("acoustic-guitar", "electric-guitar")),
        ("no guitars but an electric guitar", ("electric-guitar",), ("acoustic-guitar",)),
        ("no strings, cello", ("cello",), ("strings", "violin", "pizzicato")),
        ("no vocals, piano", ("piano",), ()),
        ("not a city at all, harp", ("harp",), ()),
        ("no drums at first, later drums", ("drums",), ()),
        ("no electric guitar but acoustic guitar", ("acoustic-guitar",), ("electric-guitar",)),
    ],
)
def test_negation_reaches_as_far_as_it_is_meant(text, instruments, refused):
    read = read_text(text)
    assert (read.instruments, read.refused) == (instruments, refused)


def test_negated_moods_genres_and_tempo_are_not_tags():
    read = read_text("not sad, not too fast, never rock, happy pop")
    assert (read.moods, read.genres, read.tempo) == (("happy",), ("pop",), None)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("in A minor", "A minor"),
        ("a waltz in Bb major", "Bb major"),
        ("key of f# minor", "F# minor"),
        ("in e-flat major, slow", "Eb major"),
        ("in the key of C major", "C major"),
        ("in f sharp minor", "F# minor"),
        ("hiphop, 85 BPM, F#minor", "F# minor"),
        ("120 bpm, A minor", "A minor"),
        ("a B minor mass", "B minor"),
        ("Ab major", "Ab major"),
        ("be minor, a b minor", ""),
        ("in a minor key", ""),
        ("A minor setback for a major player", ""),
        ("in C flat major", ""),
    ],
)
def test_keys(text, key):
    assert read_text(text).key == key


def test_readings_that_are_not_obvious_are_explained():
    read = read_text("gloomy guitars, no drums")
    assert read.evidence == ("'gloomy' means dark", "'guitars' means acoustic-guitar", "'drums' is refused")


@pytest.mark.parametrize("word", [*MOODS, *GENRES, *INSTRUMENTS])
def test_every_word_of_the_control_table_means_itself(word):
    for spoken in (word, word.replace("-", " "), word.upper()):
        read = read_text(f"something {spoken}.")
        assert [*read.moods, *read.genres, *read.instruments] == [word]


def test_the_terms_mean_only_words_that_exist():
    known = {Kind.MOOD: {*MOODS}, Kind.GENRE: {*GENRES}, Kind.INSTRUMENT: {*INSTRUMENTS}, Kind.NOTHING: {""}}
    for phrase, meaning in TERMS.items():
        assert phrase == phrase.lower()
        for kind, word in meaning:
            assert word in known[kind] if kind in known else word in PACES or word.isdigit()
    for phrase, meaning in PHRASES.items():
        assert TERMS[phrase] == meaning, f"{phrase} is shadowed by a word of the control table"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    read = read_text(text)
    assert read.sentence == text
    assert set(read.moods) <= set(MOODS)
    assert not set(read.refused) & set(read.instruments)


# -- amending ---------------------------------------------------------------------------------------


def test_who_wants_nothing_gets_what_was_seen():
    assert amend(SEEN, Controls(seed=3, ending="fade")) is SEEN


def test_a_text_replaces_the_sentence_and_the_tags_it_speaks_of():
    said = amend(SEEN, Controls(text="Tense strings at 130 bpm"))
    assert said.sentence == "Tense strings at 130 bpm"
    assert (said.moods, said.instruments, said.tempo) == (("tense",), ("strings",), 130)
    assert said.genres == ("ambient",)  # the text is silent about it
    assert said.author == f"{AUTHOR}; where it is silent, somebody who looked"
    assert said.evidence[-1] == "mostly blue, bright (0.61)"


def test_what_a_text_refuses_goes_and_the_rest_stays():
    said = amend(SEEN, Controls(text="no piano, and not dreamy"))
    assert said.instruments == ("pad", "harp")
    assert said.moods == ("calm",)
    assert said.refused == ("piano",)


def test_attributes_replace_tags_and_append_what_they_ask():
    wanted = Controls.parse(
        [("tempo", "fast"), ("mood", "tense"), ("genre", "rock"), ("instruments", "electric-guitar,drums,-piano")]
    )
    said = amend(SEEN, wanted)
    assert said.sentence == (
        f"{SEEN.sentence} With fast tempo, tense mood, rock style, electric guitar and drums and no piano."
    )
    assert (said.moods, said.genres, said.instruments) == (("tense",), ("rock",), ("electric-guitar", "drums"))
    assert said.tempo == 150
    assert said.refused == ("piano",)
    assert said.author == "somebody who looked, amended by the controls"


def test_the_papers_own_example():
    said = amend(SEEN, Controls(tempo="fast", mood=("tense",)))
    assert said.sentence.endswith("BPM. With fast tempo and tense mood.")


def test_a_tempo_word_keeps_a_tempo_that_is_one():
    assert amend(SEEN, Controls(tempo="slow")).tempo == 72
    assert amend(SEEN, Controls(tempo="medium")).tempo == 105
    assert amend(SEEN, Controls(tempo=97.5)).tempo == 97.5


def test_a_refused_instrument_is_taken_out_and_named():
    said = amend(SEEN, Controls(instruments=("-piano", "-drums")))
    assert said.instruments == ("pad", "harp")
    assert said.refused == ("piano", "drums")
    assert said.sentence.endswith("With no piano or drums.")


def test_the_controls_have_the_last_word_against_the_text():
    said = amend(
        SEEN, Controls(text="sad, no drums, 80 bpm, in C major", instruments=("drums",), tempo=140.0, key="Am")
    )
    assert said.instruments == ("drums",)
    assert said.refused == ()
    assert (said.tempo, said.key, said.moods) == (140, "A minor", ("sad",))
    assert said.sentence == "sad, no drums, 80 bpm, in C major. With 140 BPM, drums and the key of A minor."


def test_a_text_alone_is_amended_as_itself():
    controls = Controls(text="A happy folk tune with guitar!", mood=("playful",))
    said = amend(read_text(controls.text), controls)
    assert said.sentence == "A happy folk tune with guitar! With playful mood."
    assert (said.moods, said.genres) == (("playful",), ("folk",))
    assert said.author == f"{AUTHOR}, amended by the controls"
