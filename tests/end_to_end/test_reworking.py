"""A take worked on again, over real OSC: what is kept is kept to the bit, and what is new joins without a seam."""

import re
from fractions import Fraction

import mido
import numpy as np
import pytest
import soundfile
from tests.serving import score

from twopop.messages import DoneReply, ErrorReply
from twopop_models.clock import sample_of_frame

PAL = Fraction(25)
FRAMES = (0, 250)
REDO = (96, 148)


def ask(served, footage, job, **controls):
    """Ten seconds over the cuts of the clip."""
    return score(served, job, footage.clip, *FRAMES, PAL, **controls)


def done(served, footage, job, **controls):
    answer = ask(served, footage, job, **controls)
    assert isinstance(answer.last, DoneReply), answer.last
    return answer.card


@pytest.fixture(scope="module")
def base(served, footage):
    return done(served, footage, "kept", seed=5, genre="rock", tempo=112, variations=2)


@pytest.fixture(scope="module")
def other_drums(served, footage, base):
    return done(served, footage, "other-drums", base="kept", stems="drums,bass")


@pytest.fixture(scope="module")
def other_middle(served, footage, base):
    return done(served, footage, "other-middle", base="kept", redo="96:148", seed=9)


def ints(path):
    return soundfile.read(path, dtype="int32", always_2d=True)[0] >> 8


def stems(card, variation=0):
    return {line.name: line.path for line in card.stems if line.variation == variation}


def assert_sums(card, variation=0):
    mix = next(line.path for line in card.mixes if line.variation == variation)
    assert np.array_equal(ints(mix), sum(ints(path) for path in stems(card, variation).values()))


def test_kept_stems_are_the_same_files(base, other_drums):
    before, after = stems(base), stems(other_drums)
    assert list(before) == list(after)
    for name in before:
        same = before[name].read_bytes() == after[name].read_bytes()
        assert same == (name not in ("drums", "bass")), name
    assert other_drums.origin.base == "kept"
    assert other_drums.origin.redone == ("drums", "bass")


def test_new_stems_are_other_music_to_the_same_plan(base, other_drums):
    for name in ("drums", "bass"):
        assert not np.array_equal(ints(stems(base)[name]), ints(stems(other_drums)[name]))
    assert (other_drums.tempo, other_drums.key, other_drums.style) == (base.tempo, base.key, base.style)
    assert [hit.frame for hit in other_drums.hits] == [hit.frame for hit in base.hits]
    conductors = [mido.MidiFile(card.mixes[0].midi).tracks[0] for card in (base, other_drums)]
    assert list(conductors[0]) == list(conductors[1])
    assert_sums(other_drums)
    assert other_drums.mixes[0].true_peak <= -1.0


def test_a_kept_region_lies_where_it_lay(base, other_drums, other_middle):
    """The best lag between old and new is none, for a stem that is kept and around one that is not."""
    for card in (other_drums, other_middle):
        old, new = (ints(stems(item)["harmony"]).astype(float).sum(axis=1)[48_000:96_000] for item in (base, card))
        spectrum = np.fft.rfft(new, 1 << 18) * np.conj(np.fft.rfft(old, 1 << 18))
        lags = np.fft.irfft(spectrum)
        assert int(np.argmax(lags)) == 0
        assert lags[0] / np.sqrt((old**2).sum() * (new**2).sum()) == pytest.approx(1.0)


def changed(base, card, name):
    """First and one past the last sample in which a stem differs."""
    places = np.flatnonzero((ints(stems(base)[name]) != ints(stems(card)[name])).any(axis=1))
    return places[0], places[-1] + 1


def test_outside_the_frames_made_anew_every_sample_is_kept(base, other_middle):
    first, stop = (sample_of_frame(frame, PAL) for frame in REDO)
    beat = 48_000 * 60 / base.tempo
    for name in stems(base):
        start, end = changed(base, other_middle, name)
        assert first - 2.2 * beat <= start, name
        assert end <= stop + 2.2 * beat, name
    assert min(changed(base, other_middle, name)[0] for name in stems(base)) <= first
    assert_sums(other_middle)
    assert other_middle.origin.redo == REDO


def test_the_joins_have_no_dip_and_no_click(base, other_middle):
    old, new = (ints(card.mixes[0].path).astype(float) for card in (base, other_middle))
    start = min(changed(base, other_middle, name)[0] for name in stems(base))
    end = max(changed(base, other_middle, name)[1] for name in stems(base))
    beat = round(48_000 * 60 / base.tempo)
    for at in (start, end - beat):
        joined, plain = (10 * np.log10((sound[at : at + beat] ** 2).mean()) for sound in (new, old))
        inside = 10 * np.log10((new[start + beat : end - beat] ** 2).mean())
        print(f"\nfade at {at}: {joined:.2f} dB; the old one there {plain:.2f}, the new one inside {inside:.2f}")
        assert joined > min(plain, inside) - 1.5
    step = np.abs(np.diff(new, axis=0)).max(axis=1)
    usual = np.abs(np.diff(old, axis=0)).max()
    assert max(step[start - 2 : start + 2].max(), step[end - 3 : end + 1].max()) <= usual


def test_only_some_stems_of_some_frames(served, footage, base):
    card = done(served, footage, "some-of-some", base="kept:2", redo="100:140", stems="drums", variations=2)
    for variation in (0, 1):
        for name, path in stems(card, variation).items():
            assert (path.read_bytes() == stems(base, 1)[name].read_bytes()) == (name != "drums"), name
        assert_sums(card, variation)
    assert not np.array_equal(ints(stems(card, 0)["drums"]), ints(stems(card, 1)["drums"]))


def test_what_was_worked_on_can_be_worked_on_again(served, footage, base, other_drums):
    card = done(served, footage, "thrice", base=str(other_drums.folder), stems="drums")
    assert stems(card)["bass"].read_bytes() == stems(other_drums)["bass"].read_bytes()
    drums = [ints(stems(item)["drums"]) for item in (base, other_drums, card)]
    assert not any(np.array_equal(drums[a], drums[b]) for a, b in ((0, 1), (1, 2), (0, 2)))


def test_a_cue_of_words_alone_is_kept_without_saying_them_again(served):
    first = score(served, "waltz", None, 0, 100, PAL, text="A calm waltz", seed=2).card
    again = score(served, "waltz-again", None, 0, 100, PAL, base="waltz", stems="bass", seed=3)
    assert isinstance(again.last, DoneReply), again.last
    kept, new = stems(first), stems(again.card)
    assert again.card.description == first.description
    assert kept["pads"].read_bytes() == new["pads"].read_bytes()
    assert_sums(again.card)


def test_the_base_itself_is_left_alone(base, other_drums, other_middle):
    names = {path.name for path in (base.folder / "v1").rglob("*") if path.is_file()}
    assert {f"{name}.wav" for name in stems(base)} | {"mix.wav", "cue.mid", "score.json"} <= names
    assert_sums(base)


def test_each_stem_has_its_notes(base, other_drums):
    for card in (base, other_drums):
        for line in card.stems:
            file = mido.MidiFile(line.midi)
            assert line.midi == card.folder / f"v{line.variation + 1}" / "midi" / f"{line.name}.mid"
            assert all(track.name.startswith(f"{line.name}: ") for track in file.tracks[1:])
            kinds = {message.type for message in file.tracks[0]}
            assert {"set_tempo", "time_signature", "key_signature", "marker"} <= kinds
    assert stems_midi(base, "pads") == stems_midi(other_drums, "pads")
    assert stems_midi(base, "drums") != stems_midi(other_drums, "drums")


def stems_midi(card, name):
    return next(line.midi for line in card.stems if (line.name, line.variation) == (name, 0)).read_bytes()


@pytest.mark.parametrize(
    ("code", "controls"),
    [
        ("base_missing", {"base": "nobody"}),
        ("base_missing", {"base": "kept:7"}),
        ("base_forbidden", {"base": "/etc"}),
        ("base_mismatch", {"base": "kept", "mood": "sad"}),
        ("redo_range", {"base": "kept", "redo": "200:300"}),
    ],
)
def test_what_cannot_be_kept_is_said(served, footage, base, code, controls):
    job = re.sub(r"\W", "", "bad" + "".join(controls.values()))
    answer = ask(served, footage, job, **controls)
    assert isinstance(answer.last, ErrorReply)
    assert answer.last.code == code
