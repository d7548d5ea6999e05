"""The paper's generator over real OSC, with tiny packs: sound, card and errors as an editor gets them."""

import asyncio
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from tests import tiny
from tests.end_to_end.readers import loudness
from tests.serving import request, score, serving

from twopop.client import connected
from twopop.messages import CancelledReply, DoneReply, ErrorReply, ProgressReply, StemReply, Welcome

FILM = Fraction(24_000, 1_001)


@pytest.fixture(scope="module")
def equipped(tmp_path_factory, footage):
    """A server with the tiny packs."""
    packs = tmp_path_factory.mktemp("packs")
    tiny.stable_audio(packs)
    tiny.branches(packs)
    with serving(tmp_path_factory.mktemp("equipped"), (footage.clip.parent,), packs_folder=packs) as server:
        yield server


@pytest.fixture(scope="module")
def answer(equipped, footage):
    return score(equipped, "noise", footage.clip, 24, 120, FILM, composer="diffusion", steps=4, seed=3)


def test_a_take_comes_back_as_from_any_composer(answer):
    assert isinstance(answer.last, DoneReply), answer.last
    (stem,) = answer.all(StemReply)
    first, stop = ((frame / FILM * 96_000 + 1) // 2 for frame in (24, 120))
    sound, rate = soundfile.read(stem.path)
    assert (stem.name, rate, len(sound)) == ("music", 48_000, stop - first)
    mix = soundfile.read(str(answer.card.mixes[0].path))[0]
    assert np.array_equal(sound, mix)
    assert loudness(mix) == pytest.approx(-23, abs=0.6)


def test_the_card_says_what_ran(answer):
    said = " ".join(answer.card.notes)
    assert "tiny-text + tiny-sound + tiny-base + tiny-control + tiny-style on CPU" in said
    assert "4 steps of CosineDPMSolverMultistepScheduler, steered by broad" in said
    assert "latent frames" in said
    assert "A mix only" in said


def test_steps_are_told(answer):
    inside = [message.fraction for message in answer.all(ProgressReply) if message.stage == "compose"]
    assert len(inside) >= 2
    assert inside == sorted(inside)


def test_the_same_request_gives_the_same_bits(equipped, footage, answer):
    again = score(equipped, "noise-again", footage.clip, 24, 120, FILM, composer="diffusion", steps=4, seed=3)
    one, other = (soundfile.read(found.all(StemReply)[0].path)[0] for found in (answer, again))
    assert np.array_equal(one, other)


def test_the_description_can_be_edited_and_bridges_turned_off(equipped, footage):
    where = (footage.clip, 0, 50, Fraction(25))
    plain = {"composer": "diffusion", "steps": 3}
    asked = {
        "as-it-is": plain,
        "edited": plain | {"text": "solo piano"},
        "no-bridge": plain | {"reference": "off"},
        "no-curves": plain | {"guide_events": 0},
    }
    sounds = [
        soundfile.read(score(equipped, job, *where, **given).all(StemReply)[0].path)[0] for job, given in asked.items()
    ]
    for number, one in enumerate(sounds):
        for other in sounds[:number]:
            assert not np.array_equal(one, other)


def test_the_welcome_names_the_device(equipped, answer):
    async def greet():
        async with connected("127.0.0.1", equipped.port, name="a test") as client:
            return await client.ask(client.hello, Welcome)

    assert "CPU" in asyncio.run(greet()).device


def test_without_packs_the_error_says_what_to_do(served, footage):
    answer = score(served, "no-packs", footage.clip, 0, 50, Fraction(25), composer="diffusion")
    assert isinstance(answer.last, ErrorReply)
    assert answer.last.code == "pack_missing"
    assert "twopop models get" in answer.last.text


def test_a_long_generation_is_cancelled_within_a_step(equipped, footage):
    async def ask():
        async with connected("127.0.0.1", equipped.port, name="a test") as client:
            asked = request("cancelled", footage.clip, 0, 250, 25, composer="diffusion", steps=500)
            async for message in client.score(asked):
                if isinstance(message, ProgressReply) and message.stage == "compose" and message.fraction > 0:
                    await client.cancel("cancelled")
                if isinstance(message, CancelledReply | DoneReply | ErrorReply):
                    return message
            return None

    assert isinstance(asyncio.run(ask()), CancelledReply)
