"""The kick of a drum computer sounds the cue's tonic."""

from __future__ import annotations

import numpy as np
import pytest

from twopop_models import assets
from twopop_models.composers.band.tuning import KICK, KICKS, tuned
from twopop_models.rendering.synthesiser import load
from twopop_models.score import Note, Part

RATE = 48_000
KIT = (Note(0, 240, KICK, 100), Note(960, 240, 38, 100), Note(1920, 240, KICK, 100))


def kit(program: int, stem: str = "drums", notes: tuple[Note, ...] = KIT) -> Part:
    """A drum part."""
    return Part(stem, "drums", program, notes, drums=True)


def pitch_class(part: Part) -> float:
    """Where the strongest frequency of the part's kick lies: 0..12."""
    player = load(assets.verify("timgm6mb")).player(part, RATE)
    player.note_on(KICK, 110)
    sound = player.generate(RATE).mean(axis=1)
    power = np.abs(np.fft.rfft(sound * np.hanning(2 * RATE)[RATE:], 1 << 19))
    return float((69 + 12 * np.log2(power.argmax() * RATE / (1 << 19) / 440)) % 12)


@pytest.mark.parametrize("program", sorted(KICKS))
@pytest.mark.parametrize("tonic", range(12))
def test_the_kick_sounds_the_tonic(program, tonic):
    _, kick = tuned(kit(program), tonic)
    assert abs((pitch_class(kick) - tonic + 6) % 12 - 6) < 0.25
    assert abs(kick.tuning) <= 6


@pytest.mark.parametrize("semitones", [-5.99, -5.5, -1.02, -0.25, 0.31, 0.99, 4.01, 6.0])
def test_the_synthesiser_is_tuned_as_it_is_told(semitones):
    plain, moved = (pitch_class(Part("drums", "drums", 25, (), drums=True, tuning=by)) for by in (0.0, semitones))
    assert abs((moved - plain - semitones + 6) % 12 - 6) < 0.06


def test_nothing_is_lost_and_only_the_kick_is_moved():
    others, kick = tuned(kit(25), 4)
    assert sorted([*others.notes, *kick.notes], key=lambda note: note.tick) == list(KIT)
    assert {note.pitch for note in kick.notes} == {KICK}
    assert (others.stem, others.tuning, kick.stem) == ("drums", 0.0, "drums")


@pytest.mark.parametrize(
    "part",
    [kit(0), kit(8), kit(25, "accents"), kit(25, notes=KIT[1:2]), Part("bass", "bass", 25, KIT)],
    ids=["acoustic", "room", "accents", "no kick", "no drums"],
)
def test_other_parts_stay_whole(part):
    assert tuned(part, 3) == (part,)


def test_a_kick_alone_is_one_part():
    (kick,) = tuned(kit(25, notes=KIT[:1]), 9)
    assert kick.tuning == pytest.approx(0.31)
