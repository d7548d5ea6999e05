"""The same asked again, a little of it changed, and everything that can be asked of a cue."""

import json
import shutil
import subprocess
import sys
from fractions import Fraction

import mido
import numpy as np
import pytest
import soundfile
from tests.end_to_end.readers import decibels, loudness, samples, true_peak
from tests.serving import score

from twopop.messages import DescriptionReply, DoneReply, HitReply, ReferenceReply, StemReply

PAL = Fraction(25)
SENTENCE = "A calm ambient soundtrack with harp and flute, evoking a quiet lake at dawn, at a slow 66 BPM."


def again(served, footage, job, **controls):
    """Five seconds over two cuts of the clip; the picture is remembered from the first time on."""
    answer = score(served, job, footage.clip, 25, 150, PAL, **controls)
    assert isinstance(answer.last, DoneReply), answer.last
    return answer


@pytest.fixture(scope="module")
def first(served, footage):
    return again(served, footage, "first", seed=3)


def music(answer):
    """Every sample of every stem and mix, and the MIDI file; not the job's id, which is each file's title."""
    card = answer.card
    files = [*(stem.path for stem in card.stems), *(mix.path for mix in card.mixes)]
    sound = {path.name: soundfile.read(path, dtype="int32")[0].tobytes() for path in files}
    return sound | {mix.midi.name: mix.midi.read_bytes() for mix in card.mixes}


def whole_files(answer, job):
    """Every WAV as it is, with the job's id put where another's was."""
    return {
        stem.path.name: stem.path.read_bytes().replace(answer.card.job.encode(), job.encode())
        for stem in answer.card.stems
    }


def test_the_same_request_and_seed_give_the_same_bits(served, footage, first):
    second = again(served, footage, "next-", seed=3)  # an id as long as the first: sizes of chunks stay
    assert music(first) == music(second)
    assert whole_files(first, "next-") == whole_files(second, "next-")
    assert [mix.cue_map.read_bytes() for mix in first.card.mixes] == [
        mix.cue_map.read_bytes() for mix in second.card.mixes
    ]
    assert [hit.error_frames for hit in first.all(HitReply)] == [hit.error_frames for hit in second.all(HitReply)]
    assert (first.card.tempo, first.card.key, first.card.style) == (
        second.card.tempo,
        second.card.key,
        second.card.style,
    )


def test_a_picture_never_seen_before_gives_the_same_bits_as_a_remembered_one(served, footage, first):
    copy = footage.folder / "copy.mp4"
    shutil.copy(footage.clip, copy)
    with copy.open("ab") as file:
        file.write(b"\0\0\0\x08free")  # another content for the cache, the same picture
    fresh = score(served, "fresh", copy, 25, 150, PAL, seed=3)
    assert fresh.card.origin.remembered == ()
    assert music(fresh) == music(first)


def test_another_seed_is_another_cue(served, footage, first):
    other = music(again(served, footage, "other", seed=4))
    assert other["mix.wav"] != music(first)["mix.wav"]
    assert other["cue.mid"] != music(first)["cue.mid"]


def test_with_an_edited_text_only_what_follows_is_done_again(served, footage, first):
    edited = again(served, footage, "edited", seed=3, text=SENTENCE)
    assert set(edited.card.origin.remembered) == {"picture", "describe"}
    spent = dict(edited.card.seconds_per_stage)
    print(f"\npicture and describe, remembered: {1000 * (spent['picture'] + spent['describe']):.0f} ms")
    assert spent["picture"] + spent["describe"] < 0.5 * sum(spent.values())
    assert SENTENCE.rstrip(".") in "".join(part.text for part in edited.all(DescriptionReply))
    assert edited.card.tempo == pytest.approx(66, rel=0.02)
    assert music(edited)["mix.wav"] != music(first)["mix.wav"]


def test_variations_are_different_music_over_the_same_hits(served, footage, first):
    answer = again(served, footage, "two", seed=3, variations=2)
    stems = answer.all(StemReply)
    assert {stem.variation for stem in stems} == {0, 1}
    assert [stem.index for stem in stems] == list(range(1, answer.last.stem_count + 1))
    one, two = (soundfile.read(mix.path)[0] for mix in answer.card.mixes)
    assert one.shape == two.shape
    assert not np.array_equal(one, two)
    assert [hit.frame for hit in answer.all(HitReply)] == [hit.frame for hit in first.all(HitReply)]


def test_only_the_stems_asked_for(served, footage):
    answer = again(served, footage, "some", genre="rock", stems="drums,bass")
    assert {stem.name for stem in answer.all(StemReply)} == {"drums", "bass"}
    assert {path.name for path in (answer.card.folder / "v1").glob("*.wav")} == {"drums.wav", "bass.wav", "mix.wav"}


def test_a_forbidden_instrument_is_not_there(served, footage):
    answer = again(served, footage, "none", genre="rock", instruments="-drums,-percussion,-timpani,-bass")
    assert "drums" not in {stem.name for stem in answer.all(StemReply)}
    players = {track.name.partition(": ")[2] for track in mido.MidiFile(answer.card.mixes[0].midi).tracks[1:]}
    assert players
    assert not players & {"drums", "percussion", "timpani", "bass"}


@pytest.mark.parametrize("ending", ["button", "ring", "fade", "cut", "loop"])
def test_every_ending_ends_on_the_sample(served, footage, ending):
    answer = again(served, footage, f"ending-{ending}", ending=ending, genre="pop", tempo=96)
    mix = samples(answer.card.mixes[0].path)
    assert len(mix) == 240_000
    print(f"\n{ending}: last 50 ms {decibels(mix[-2_400:]):.1f} dBFS, last sample {decibels(mix[-1]):.1f} dBFS")
    if ending in ("button", "ring", "fade"):
        assert decibels(mix[-1]) < -50  # it comes to rest
    if ending == "loop":
        step = np.abs(np.diff(np.concatenate([mix[-240:], mix[:240]]), axis=0))
        assert step[239].max() <= 2 * max(step.max(), 1e-4)  # the seam is no click


@pytest.mark.parametrize(("name", "target"), [("bed", -26), ("streaming", -14), (-18.5, -18.5)])
def test_the_loudness_asked_for_is_the_loudness_heard(served, footage, name, target):
    answer = again(served, footage, f"loud-{name}", genre="electronic", loudness=name)
    mix = samples(answer.card.mixes[0].path)
    print(f"\n{name}: {loudness(mix):.2f} LUFS, {true_peak(mix):.2f} dBTP")
    assert loudness(mix) == pytest.approx(target, abs=0.5)
    assert true_peak(mix) <= -1.0


def test_the_users_own_hits_and_no_reference(served, footage):
    answer = again(served, footage, "own", hits="60:1,100:0.5", reference="off", key="D minor")
    assert [(hit.frame, hit.weight) for hit in answer.all(HitReply)] == [(60, 1.0), (100, 0.5)]
    assert answer.all(ReferenceReply) == []
    assert answer.card.key == "D minor"


def test_a_reference_of_ones_own_steers(served, footage, first):
    found = library(served, "list", "--json")
    heard = {one.title for one in first.all(ReferenceReply)}
    wanted = next(track for track in found if track["title"] not in heard)
    answer = again(served, footage, "steered", reference=f"broad:{wanted['id']}")
    assert [one.title for one in answer.all(ReferenceReply) if one.track == "broad"] == [wanted["title"]]
    assert music(answer)["mix.wav"] != music(first)["mix.wav"]


def library(served, *words):
    command = [sys.executable, "-m", "twopop", "library", *words]
    return json.loads(subprocess.run(command, env=served.environment, capture_output=True, check=True).stdout)
