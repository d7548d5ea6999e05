"""Cards of earlier takes still load, and what was added moves with its folder."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from twopop.delivery.card import MixLine, Origin, StemLine, TakeCard

ORIGIN = Origin("/film/scene.mov", 0, 50, Fraction(25), (), ((0, 50),), "picture", (), (), (), base="job:2")


def a_card(folder):
    stem = StemLine("drums", folder / "v1" / "drums.wav", 0, 96_000, 48_000, 0, folder / "v1" / "midi" / "drums.mid")
    mix = MixLine(folder / "v1" / "mix.wav", None, 0, -23.0, -6.0)
    return TakeCard("one", folder, "words", (), (), (stem,), 96.0, "A minor", "rock", 0, mixes=(mix,), origin=ORIGIN)


def test_paths_are_kept_relative_and_come_back(tmp_path):
    card = a_card(tmp_path / "here")
    plain = card.to_json()
    assert plain["stems"][0]["midi"] == "v1/midi/drums.mid"
    assert TakeCard.from_json(plain, tmp_path / "here") == card
    assert TakeCard.from_json(plain, tmp_path / "there") == a_card(tmp_path / "there")


def test_a_card_from_before_stems_had_midi_and_takes_had_a_base():
    card = a_card(Path("/take"))
    plain = card.to_json()
    del plain["stems"][0]["midi"]
    for name in ("base", "redone", "redo"):
        del plain["origin"][name]
    old = TakeCard.from_json(plain, Path("/take"))
    assert old.stems[0].midi is None
    assert old.origin == replace(ORIGIN, base="")


def test_frames_made_anew_come_back():
    card = replace(a_card(Path("/take")), origin=replace(ORIGIN, redone=("drums",), redo=(12, 24)))
    assert TakeCard.from_json(card.to_json(), Path("/take")) == card
