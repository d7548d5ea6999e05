"""What goes through a latent comes back, and what the page says is lost is all that is lost."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twopop_models.composers.band import write
from twopop_models.controls import Controls
from twopop_models.grid import drumkit
from twopop_models.grid.decoding import decode
from twopop_models.grid.encoding import encode
from twopop_models.grid.lanes import (
    CHANNELS,
    LANES,
    PITCHED,
    VOICES,
    heard,
    shift,
    silence,
    stem_channels,
    styled,
    unknown,
)
from twopop_models.score import PPQ, ChordSymbol, Ending, Meter, Note, Part, Score, TempoChange, TempoMap
from twopop_models.types import Bridges, Clip, Description, Frames, Shot, SourceFacts
from twopop_models.vocabulary import INSTRUMENTS

STEP = PPQ // 4


def a_score(parts=(), *, key="C major", cells=8, pickup=0, chords=()):
    meters = (Meter(0, 1, 4), Meter(pickup)) if pickup else (Meter(0),)
    tempo_map = TempoMap((TempoChange(0, 500_000),), meters, pickup)
    stop = pickup + cells * PPQ
    return Score(tempo_map, stop, key, "test", tuple(parts), tuple(chords), (), Ending("cut"))


def a_part(stem, *notes, instrument="piano", drums=False):
    return Part(stem, instrument, 0, tuple(notes), drums=drums)


def a_cue(genre, seconds=24, **controls):
    """Written by ``band``, straight."""
    rate = Fraction(25)
    clip = Clip(None, 0, round(seconds * rate), rate)
    facts = SourceFacts("video", 8, 8, rate, False, 0, "", "test")
    curve = np.linspace(0, 1, clip.frames).astype(np.float32)
    frames = Frames(clip, facts, np.zeros((1, 4, 4, 3), np.uint8), (0,), curve, curve, (Shot(0, clip.frames),), ())
    bridges = Bridges(Description("x"), None, None)
    return write(clip, frames, bridges, (), Controls(genre=genre, **controls), seed=1, variation=0, straight=True)


def test_lanes_lie_side_by_side_without_gaps():
    ends = [0]
    for lane in LANES.values():
        assert lane.first == ends[-1]
        ends.append(lane.channels.stop)
    assert ends[-1] == CHANNELS


def test_a_lane_reads_what_it_wrote():
    dice = np.random.default_rng(0)
    latents = dice.standard_normal((CHANNELS, 5)).astype(np.float32)
    copy = np.zeros_like(latents)
    for lane in LANES.values():
        lane.write(copy, lane.read(latents))
    assert np.array_equal(copy, latents)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 8), st.integers(0, 29), st.integers(1, 127)),
        max_size=12,
        unique_by=lambda item: item[0],
    ),
    st.integers(0, 11),
)
@settings(max_examples=60, deadline=None)
def test_one_voice_comes_back_exactly(strokes, tonic):
    """A bass line that nothing overlaps: steps, lengths, pitches and velocities, in every key."""
    lane, notes = LANES["bass"], []
    ordered = sorted(strokes)
    for place, (step, length, row, velocity) in enumerate(ordered):
        following = ordered[place + 1][0] if place + 1 < len(ordered) else 32
        pitch = lane.low + row - shift(tonic)
        notes.append(Note(step * STEP, min(length, following - step) * STEP, pitch, velocity))
    key = f"{('C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B')[tonic]} major"
    sheet = decode(encode(a_score([a_part("bass", *notes)], key=key)))
    back = [
        Note(note.step * STEP, note.length * STEP, note.pitch - shift(tonic), note.velocity)
        for note in sheet.notes("bass")
    ]
    assert back == notes


def test_chords_strike_as_one_and_pads_hold():
    chord = [Note(0, PPQ, pitch, velocity) for pitch, velocity in ((60, 60), (64, 80), (67, 100))]
    again = Note(PPQ // 2, PPQ // 2, 72, 80)
    for stem, struck_again in (("harmony", True), ("pads", False)):
        sheet = decode(encode(a_score([a_part(stem, *chord, again)])))
        assert {note.velocity for note in sheet.notes(stem) if note.step == 0} == {80}
        assert (len(sheet.notes(stem)) == 7) is struck_again


def test_what_lies_beyond_a_lane_is_moved_by_octaves():
    sheet = decode(encode(a_score([a_part("melody", Note(0, PPQ, 108, 90), Note(PPQ, PPQ, 40, 90))])))
    lane = LANES["melody"]
    assert [note.pitch % 12 for note in sheet.notes("melody")] == [0, 4]
    assert all(lane.low <= note.pitch < lane.low + lane.rows for note in sheet.notes("melody"))


def test_the_pickup_and_the_accents_are_left_out():
    parts = [a_part("bass", Note(0, 100, 30, 90), Note(PPQ, 100, 31, 90)), a_part("accents", Note(PPQ, 10, 60, 99))]
    sheet = decode(encode(a_score(parts, pickup=PPQ)))
    assert [(note.step, note.pitch) for note in sheet.notes("bass")] == [(0, 31)]
    assert dict(sheet.stems).keys() == {"bass"}


def test_every_percussion_key_has_a_voice_and_every_voice_a_key():
    assert [drumkit.voice(drumkit.key(number)) for number in range(len(VOICES))] == list(range(len(VOICES)))
    strokes = [Note(step * STEP, 10, key, 100) for step, key in enumerate((36, 38, 42, 46, 45, 48, 49, 51, 70))]
    sheet = decode(encode(a_score([a_part("drums", *strokes, drums=True)])))
    assert [note.pitch for note in sheet.notes("drums")] == list(range(9))


def test_chords_are_told_over_the_tonic():
    chords = (ChordSymbol(0, "Am", 9, (9, 0, 4)), ChordSymbol(4 * PPQ, "E7", 4, (4, 8, 11, 2)))
    sheet = decode(encode(a_score(key="A minor", chords=chords)))
    assert [(chord.cell, chord.root, chord.classes) for chord in sheet.chords] == [
        (0, 0, (0, 3, 7)),
        (4, 7, (2, 5, 7, 11)),
    ]


def test_silence_is_no_music_and_unknown_is_no_silence():
    assert decode(silence(4)).stems == ()
    assert decode(silence(4)).chords == ()
    assert not unknown(4).any()
    assert encode(a_score(cells=0)).shape == (CHANNELS, 0)


@pytest.mark.parametrize("genre", ["jazz", "techno", "heroic", "ambient"])
def test_a_whole_cue_loses_only_what_the_page_says(genre):
    score = a_cue(genre)
    latents = encode(score)
    sheet = decode(latents)
    again = encode_sheet(sheet)
    for stem in (*PITCHED, "drums"):
        for channels in stem_channels(stem)[: 1 if stem == "pads" else 2]:  # held pads do not strike again
            assert np.array_equal(again[channels] > 0, latents[channels] > 0), stem
    played = {part.instrument for part in score.parts if part.stem != "accents" and part.instrument in INSTRUMENTS}
    assert {name for name, _ in sheet.players} <= played


def test_an_unsure_network_still_plays_as_much_as_it_means_to():
    """A tune whose every note is open between four pitches, one of them a little likelier."""
    latents = silence(8)
    roll, strokes = np.full((32, 41), -1.0, np.float32), np.full((32, 1), -1.0, np.float32)
    roll[:, [3, 5, 8]], roll[:, 10] = -0.55, -0.4
    strokes[::4] = -0.35  # about every second of these is a stroke
    LANES["melody"].write(latents, roll)
    LANES["melody+"].write(latents, strokes)
    notes = decode(latents).notes("melody")
    assert {note.pitch for note in notes} == {LANES["melody"].low + 10}
    assert 3 <= len(notes) <= 5
    assert all(note.velocity >= 40 for note in notes)


def test_what_is_hardly_likely_is_not_played():
    latents = silence(8)
    for lane in LANES.values():
        latents[lane.channels] += 0.05
    sheet = decode(latents)
    assert sheet.stems == ()
    assert sheet.chords == ()


def encode_sheet(sheet):
    """A sheet as a score in C, and that as latents."""
    parts = []
    for stem, notes in sheet.stems:
        played = [
            Note(
                note.step * STEP,
                note.length * STEP,
                drumkit.key(note.pitch) if stem == "drums" else note.pitch,
                note.velocity,
            )
            for note in notes
        ]
        parts.append(a_part(stem, *played, drums=stem == "drums"))
    return encode(a_score(parts, cells=sheet.cells))


def test_what_is_heard_holds_no_tune():
    latents = encode(a_cue("rock"))
    seen = heard(latents)
    for stem in PITCHED:
        for channels in stem_channels(stem):
            assert not seen[channels].any()
    assert np.array_equal(seen[LANES["root"].channels], latents[LANES["root"].channels])
    kicks = LANES["drums"].read(seen)[:, 0] > 0
    assert np.array_equal(kicks, LANES["drums"].read(latents)[:, [0, 4]].max(1) > 0)
    assert not seen[LANES["players"].channels].any()
    assert np.array_equal(styled(latents)[LANES["players"].channels], latents[LANES["players"].channels])
