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
from twopop.messages import CancelledReply, DoneReply, ErrorReply, ProgressReply, ReferenceReply, StemReply, Welcome

FILM = Fraction(24_000, 1_001)


@pytest.fixture(scope="module")
def equipped(tmp_path_factory, footage):
    """A server with the tiny packs."""
    packs = tmp_path_factory.mktemp("packs")
    tiny.stable_audio(packs)
    tiny.branches(packs)
    tiny.clap(packs)
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
    assert "tiny-text + tiny-sound + tiny-base + tiny-control + tiny-style + tiny-clap on CPU" in said
    assert "4 steps of CosineDPMSolverMultistepScheduler, steered by broad, style, events" in said
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


def sound_of(answer):
    return soundfile.read(answer.all(StemReply)[0].path, dtype="int32")[0]


def test_a_range_made_anew_leaves_the_rest_to_the_bit(equipped, footage, answer):
    again = score(equipped, "redone", footage.clip, 24, 120, FILM, base="noise", redo="60:84")
    assert isinstance(again.last, DoneReply), again.last
    old, new = sound_of(answer), sound_of(again)
    first, stop = ((frame / FILM * 96_000 + 1) // 2 - 24 / FILM * 48_000 for frame in (60, 84))
    changed = np.flatnonzero((old != new).any(axis=1))
    assert int(first) - 12_001 <= changed[0] <= int(first) + 100
    assert int(stop) - 100 <= changed[-1] <= int(stop) + 12_001
    assert "the rest is the base take's sound" in " ".join(again.card.notes)


def test_a_variation_goes_as_far_as_asked(equipped, footage, answer):
    old = sound_of(answer)
    away = []
    for strength in (10, 100):
        again = score(equipped, f"varied-{strength}", footage.clip, 24, 120, FILM, base="noise", strength=strength)
        assert isinstance(again.last, DoneReply), again.last
        away.append(sound_of(again))
    assert all(len(new) == len(old) for new in away)
    assert not np.array_equal(away[0], away[1])


def test_a_longer_cue_begins_with_the_one_that_there_was(equipped, footage, answer):
    longer = score(equipped, "longer", footage.clip, 24, 168, FILM, base="noise")
    assert isinstance(longer.last, DoneReply), longer.last
    old, new = sound_of(answer).astype(float), sound_of(longer).astype(float)
    kept = len(old) - 12_000
    assert len(new) == (168 / FILM * 96_000 + 1) // 2 - (24 / FILM * 96_000 + 1) // 2
    gains = (new[:kept] * old[:kept]).sum() / (old[:kept] ** 2).sum()
    assert np.corrcoef(old[:kept, 0], new[:kept, 0])[0, 1] > 0.99
    assert gains == pytest.approx(gains)
    assert np.abs(new[len(old) :]).max() > 0


def test_a_sketch_by_the_band_becomes_sound(equipped, footage):
    """Notes are quick; their sound is the beginning of the diffusion, at their tempo and in their key."""
    sketch = score(equipped, "sketch", footage.clip, 24, 120, FILM, composer="band", key="F minor", tempo=96)
    assert isinstance(sketch.last, DoneReply), sketch.last
    ask = {"base": "sketch", "composer": "diffusion"}
    near, far = (
        score(equipped, f"sound-{much}", footage.clip, 24, 120, FILM, strength=much, **ask) for much in (10, 100)
    )
    for answer in (near, far):
        assert isinstance(answer.last, DoneReply), answer.last
        assert [stem.name for stem in answer.all(StemReply)] == ["music"]
        assert len(sound_of(answer)) == len(sound_of(sketch))
        assert answer.card.tempo == pytest.approx(sketch.card.tempo, rel=0.01)
    assert not np.array_equal(sound_of(near), sound_of(far))
    again = score(equipped, "sound-again", footage.clip, 24, 120, FILM, base="sound-10", redo="60:84")
    assert isinstance(again.last, DoneReply), again.last


def test_what_cannot_be_gone_on_from_is_refused(equipped, footage, answer):
    cases = (
        ({"redo": "10:20"}, "redo_range"),
        ({"mood": "sad"}, "base_mismatch"),
        ({"stems": "bass"}, "stem_missing"),
        ({"composer": "band"}, "base_mismatch"),
    )
    for number, (controls, code) in enumerate(cases):
        refused = score(equipped, f"refused-{number}", footage.clip, 24, 120, FILM, base="noise", **controls)
        assert isinstance(refused.last, ErrorReply), controls
        assert refused.last.code == code


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


def test_references_can_be_found_by_clap(tmp_path_factory, footage):
    packs = tmp_path_factory.mktemp("packs")
    tiny.clap(packs)
    home = tmp_path_factory.mktemp("heard")
    with serving(home, (footage.clip.parent,), packs_folder=packs, embedder="clap") as server:
        answer = score(server, "found", footage.clip, 0, 50, Fraction(25), audition=2)
    assert isinstance(answer.last, DoneReply), answer.last
    assert len(answer.all(ReferenceReply)) == 4
