from pathlib import Path

import pytest

from twopop.delivery.card import HitLine, MixLine, StemLine, TakeCard
from twopop.demo.run import CONTRASTS, lines_of, scenes
from twopop_models.controls import Controls
from twopop_models.vocabulary import MOODS


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    return scenes(tmp_path_factory.mktemp("footage"))


def test_four_cues_are_for_one_picture_and_one_is_for_another(wanted):
    clips = [scene.clip for scene in wanted]
    assert len(set(clips[:4])) == 1
    assert clips[4] != clips[0]
    assert len({scene.job for scene in wanted}) == 5
    assert float(clips[0].seconds) == pytest.approx(20.02)


def test_what_they_ask_for_is_understood_and_contrasts(wanted):
    asked = [Controls.parse(scene.controls) for scene in wanted]
    assert len({controls.genre for controls in asked}) == 5
    feelings = [MOODS[controls.mood[0]] for controls in asked[:4]]
    assert max(arousal for _, arousal in feelings) - min(arousal for _, arousal in feelings) > 1
    assert asked[4].genre == ""  # here the picture decides
    assert len(CONTRASTS) == 4


def test_a_take_is_told_in_two_lines():
    card = TakeCard(
        "1-trailer",
        Path("x"),
        "a sentence",
        (),
        (HitLine(84, 1.0, 0.2), HitLine(90, 0.5, -1.4), HitLine(95, 0.5, None)),
        tuple(StemLine(name, Path(name), 0, 10, 48_000) for name in ("drums", "bass")),
        119.88,
        "C minor",
        "trailer",
        7,
        mixes=(MixLine(Path("mix.wav"), None, 0, -23.04, -6.0),),
        meter="4/4",
    )
    assert lines_of(card, 3.21) == (
        "trailer, C minor, 119.88 BPM, 4/4, 2 stems",
        "1 of 3 hits within one frame, measured on the mix; -23.0 LUFS, -6.0 dBTP; 3.2 s",
    )
