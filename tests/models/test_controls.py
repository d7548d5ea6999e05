import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twopop_models.controls import BY_NAME, CONTROLS, Bar, Both, Controls, HitFile, Kind, Scene
from twopop_models.errors import ControlError
from twopop_models.types import Clip, Hit
from twopop_models.vocabulary import GENRES, INSTRUMENTS, LOUDNESS, MOODS, STEMS, key_name, parse_key

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=60).map(
    lambda text: " ".join(text.split())
)
OWN_HITS = st.lists(
    st.builds(
        Hit,
        st.integers(0, 10**6),
        st.floats(0.01, 1),
        st.sampled_from(("client", "door, slam: 100%", "")),
        st.floats(0, 10),
    ),
    min_size=1,
    max_size=9,
).map(lambda hits: tuple(sorted(hits, key=lambda hit: hit.frame))) | st.sampled_from(
    (
        HitFile(Path("/edits/reel, 2.edl")),
        HitFile(Path("/e@d/a.OTIO"), "01:00:00:00"),
        HitFile(Path("/a.csv"), "10:00:00;02"),
    )
)
ANY_CONTROLS = st.builds(
    Controls,
    text=WORDS,
    genre=st.sampled_from(("", *GENRES)),
    mood=st.lists(st.sampled_from(tuple(MOODS)), unique=True).map(tuple),
    instruments=st.lists(st.sampled_from((*INSTRUMENTS, *("-" + name for name in INSTRUMENTS))), unique=True).map(
        tuple
    ),
    tempo=st.none() | st.sampled_from(("slow", "medium", "fast")) | st.floats(40, 240),
    key=st.builds(key_name, st.integers(0, 11), st.sampled_from(("major", "minor"))) | st.just(""),
    seed=st.integers(0, 2**31 - 1),
    variations=st.integers(1, 8),
    stems=st.lists(st.sampled_from(STEMS), unique=True).map(tuple),
    hits=st.sampled_from(("auto", "off")) | OWN_HITS | OWN_HITS.map(Both),
    sensitivity=st.floats(0, 100),
    ending=st.sampled_from(("button", "ring", "fade", "cut", "loop")),
    loudness=st.floats(-40, -10),
    scenes=st.lists(
        st.builds(
            Scene,
            st.integers(0, 10**9 - 1),
            st.lists(st.sampled_from(tuple(MOODS)), unique=True, min_size=1).map(tuple),
        ),
        unique_by=lambda scene: scene.frame,
        max_size=9,
    ).map(lambda scenes: tuple(sorted(scenes, key=lambda scene: scene.frame))),
    host_tempo=st.just(())
    | st.just((Bar(None, 97.5),))
    | st.lists(st.integers(0, 10**6), unique=True, min_size=1, max_size=5).map(
        lambda frames: tuple(Bar(frame, 90.25, 3, 4) for frame in sorted(frames))
    ),
)


@given(ANY_CONTROLS)
def test_what_is_written_is_read_again(controls):
    assert Controls.parse(controls.pairs()) == controls


def test_defaults_are_what_the_table_says():
    assert Controls.parse((control.name, control.default) for control in CONTROLS) == Controls()
    assert Controls().pairs() == ()


def test_every_field_has_a_row_and_every_row_a_field():
    assert set(BY_NAME) == set(Controls.__dataclass_fields__)


def test_numbers_may_come_as_any_type():
    assert Controls.parse([("tempo", 100), ("seed", 7.0)]) == Controls.parse([("tempo", "100"), ("seed", "7")])


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("tempo", 500, "40 to 240 bpm, or one of slow, medium, fast"),
        ("tempo", "nan", "40 to 240"),
        ("seed", 1.5, "a whole number"),
        ("seed", -1, "0 to"),
        ("genre", "polka", "one of cinematic"),
        ("mood", "tens", "Did you mean 'tense'?"),
        ("instruments", "-drum", "Did you mean 'drums'?"),
        ("key", "H minor", "a key such as"),
        ("hits", "1:2", "weights above 0, at most 1"),
        ("hits", "soon", "a list like"),
        ("hits", "edit.edl", "a whole path"),
        ("hits", "/edits/edit.mov", ".edl, .otio, .csv"),
        ("hits", "auto+off", "auto+ one of these"),
        ("sensitivity", "101", "0 to 100 %"),
        ("host_tempo", "100:120,50:90", "in order of frames"),
        ("host_tempo", "0:120:4/3", "bpm from 20 to 400"),
        ("text", "a\x07b", "plain printable text"),
        ("text", "x" * 2_001, "2,000 characters"),
        ("host_tempo", "0:120," * 1_000, "5,000 characters"),
        ("loudness", 3, "LUFS"),
        ("scenes", "0:calm,250:zzz", "knows no 'zzz'. Known: adventure, calm"),
        ("scenes", "0:calm,250:tens", "Did you mean 'tense'?"),
        ("scenes", "0:calm,250:tense,250:sad", "frame 250 behind 250. It takes frame:mood[+mood] in order"),
        ("scenes", "0:calm+", "knows no ''"),
        ("scenes", "-4:calm", "cannot have '-4:calm' in it. It takes frame:mood"),
        ("scenes", "calm", "such as 0:calm,250:tense+energetic"),
        ("scenes", 12, "cannot have '12' in it"),
        ("scenes", ",".join(f"{frame}:sad" for frame in range(65)), "has 65 scenes. It takes at most 64"),
    ],
)
def test_a_bad_value_is_refused_with_what_the_control_takes(name, value, says):
    with pytest.raises(ControlError, match=re.escape(says)) as caught:
        Controls.parse([(name, value)])
    assert caught.value.code == "bad_control"


def test_pasted_line_breaks_and_hard_spaces_are_spaces_in_a_text_and_kept_in_a_path():
    assert Controls.parse([("text", "calm\u00a0and\n slow")]).text == "calm and slow"
    assert Controls.parse([("reference", "/a/b\u00a0c  d.wav")]).reference == "/a/b\u00a0c  d.wav"


def test_an_unknown_control_is_answered_with_the_nearest():
    with pytest.raises(ControlError, match="Did you mean 'tempo'") as caught:
        Controls.parse([("temop", 120)])
    assert caught.value.code == "unknown_control"


def test_wanted_and_forbidden_instruments_are_told_apart():
    controls = Controls.parse([("instruments", "piano, -drums")])
    assert controls.wanted == ("piano",)
    assert controls.forbidden == ("drums",)


def test_loudness_may_be_named():
    assert Controls.parse([("loudness", "bed")]).loudness == LOUDNESS["bed"]


@pytest.mark.parametrize("text", ["A minor", "Am", "a min", "A_minor"])
def test_keys_have_several_spellings(text):
    assert parse_key(text) == (9, "minor")


def test_every_choice_of_the_table_is_accepted():
    for control in CONTROLS:
        if control.kind in (Kind.CHOICE, Kind.CHOICES, Kind.NUMBER):
            for choice in control.choices:
                Controls.parse([(control.name, choice)])


def test_a_take_that_is_kept_in_part():
    controls = Controls.parse([("base", "job-1:2"), ("redo", " 48:96 "), ("stems", "drums")])
    assert (controls.base, controls.redo) == ("job-1:2", (48, 96))
    assert Controls.parse(controls.pairs()) == controls
    assert Controls.parse([("redo", "")]).redo is None


@pytest.mark.parametrize("redo", ["48", "96:48", "48:48", "a:b", "-1:4", "1:2:3", "1.5:3"])
def test_frames_to_make_anew_are_two_whole_numbers(redo):
    with pytest.raises(ControlError, match="first:stop"):
        Controls.parse([("base", "job"), ("redo", redo)])


def test_frames_cannot_be_made_anew_in_nothing():
    with pytest.raises(ControlError, match="needs the take"):
        Controls.parse([("redo", "20:30")])


def test_a_hosts_bar_lines_may_lie_between_frames():
    controls = Controls.parse([("host_tempo", "12.5:120, 100.2504:90:3/4")])
    assert [(bar.frame, bar.bpm) for bar in controls.host_tempo] == [
        (Fraction(25, 2), 120.0),
        (Fraction(100250, 1000), 90.0),
    ]
    assert dict(controls.pairs())["host_tempo"] == "12.5:120.0:4/4,100.25:90.0:3/4"
    assert Controls.parse(controls.pairs()) == controls


@pytest.mark.parametrize("frame", ["1e99", "1/0", "nan", "inf", "ten"])
def test_impossible_bar_lines_are_refused(frame):
    with pytest.raises(ControlError) as caught:
        Controls.parse([("host_tempo", f"{frame}:120")])
    assert caught.value.code == "bad_control"


def test_scenes_are_read_however_they_are_typed():
    (one, other) = Controls.parse([("scenes", " 0:calm , 250.0: Tense+energetic + tense")]).scenes
    assert (one, other) == (Scene(0, ("calm",)), Scene(250, ("tense", "energetic")))
    assert Controls.parse([("scenes", " ")]).scenes == ()


def test_auto_is_whoever_can_write_what_is_asked():
    assert Controls().writer == "band"
    assert Controls.parse([("scenes", "0:calm")]).writer == "score"
    assert Controls(composer="musicgen").writer == "musicgen"


@pytest.mark.parametrize("composer", ["band", "diffusion", "musicgen"])
def test_who_has_one_mood_for_a_cue_is_not_asked_for_scenes(composer):
    with pytest.raises(
        ControlError, match=f"{composer} has one mood for a whole cue.*composer=score, or auto"
    ) as caught:
        Controls.parse([("scenes", "0:calm"), ("composer", composer)])
    assert caught.value.code == "bad_control"
    assert Controls.parse([("scenes", "0:calm"), ("composer", "score")]).writer == "score"


@pytest.mark.parametrize("frame", [99, 200])
def test_scenes_lie_in_the_range(frame):
    clip = Clip(None, 100, 200, Fraction(25))
    Controls(scenes=(Scene(100, ("sad",)), Scene(199, ("calm",)))).check(clip)
    with pytest.raises(ControlError, match=f"scene at frame {frame} begins outside the range 100 to 199"):
        Controls(scenes=(Scene(frame, ("sad",)),)).check(clip)
