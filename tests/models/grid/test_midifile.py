import struct
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mido import Message, MetaMessage
from tests.models.grid.midis import file, line, track
from tests.models.rendering.scores import long_form

from twopop_models import midi
from twopop_models.errors import MediaError
from twopop_models.grid import midifile
from twopop_models.grid.encoding import encode
from twopop_models.grid.midifile import read
from twopop_models.grid.programs import INSTRUMENT
from twopop_models.score import PPQ, Ending, Meter, Note, Part, Score, TempoChange, TempoMap
from twopop_models.types import Clip
from twopop_models.vocabulary import INSTRUMENTS

CLIP = Clip(None, 0, 100, Fraction(25))
C, F, G, A_MINOR = (48, 60, 64, 67), (53, 60, 65, 69), (55, 59, 62, 67), (57, 60, 64, 69)
TUNE = [72, 74, 76, 77, 79, 81, 83, 84]


def notes(part):
    return sorted((note.tick, note.length, note.pitch, note.velocity) for note in part.notes)


def code_of(path):
    with pytest.raises(MediaError) as caught:
        read(path)
    assert caught.value.remedy
    assert caught.value.code in MediaError.codes
    return caught.value.code


def test_every_program_has_an_instrument_of_the_control_table_or_is_a_noise():
    assert len(INSTRUMENT) == 128
    assert {name for name in INSTRUMENT if name} <= set(INSTRUMENTS)
    assert [number for number, name in enumerate(INSTRUMENT) if not name] == list(range(119, 128))


def test_programs_that_the_band_plays_keep_their_names():
    from twopop_models.composers.band.instruments import TABLE

    ours = {name: row.program for name, row in TABLE.items() if not row.drums}
    assert {name: INSTRUMENT[program] for name, program in ours.items()} == {name: name for name in ours}


def test_what_was_written_is_read_again(tmp_path):
    music = long_form()
    midi.write(music, tmp_path / "cue.mid", CLIP)
    again = read(tmp_path / "cue.mid")
    assert again.tempo_map == replace(music.tempo_map, pickup=2 * PPQ)  # its short first bar is one
    assert (again.stop, again.key, again.ending) == (music.stop, music.key, Ending("button"))
    for old, new in zip(music.parts, again.parts, strict=True):
        assert (new.stem, new.instrument, new.program, new.drums) == (old.stem, old.instrument, old.program, old.drums)
        assert notes(new) == notes(old)
        assert new.gain_db == pytest.approx(old.gain_db, abs=0.25)
        assert (new.pan, new.reverb) == (pytest.approx(old.pan, abs=0.01), pytest.approx(old.reverb, abs=0.01))
        assert sorted(map(str, new.controls)) == sorted(map(str, old.controls))


@st.composite
def scores(draw):
    """Scores in which no player strikes a key that it still holds, as no keyboard could."""
    meter = draw(st.sampled_from([(4, 4), (3, 4), (6, 8), (5, 4), (7, 8)]))
    later = draw(st.sampled_from([None, (2, 4), (3, 8)]))
    meters, pickup = [Meter(0, *meter)], draw(st.sampled_from([0, 1]))
    if pickup:
        meters = [Meter(0, 1, meter[1]), Meter(PPQ * 4 // meter[1], *meter)]
        pickup = meters[1].tick
    if later:
        meters.append(Meter(meters[-1].tick + 2 * meters[-1].bar_ticks, *later))
    parts = []
    for stem, instrument, program in (("melody", "flute", 73), ("bass", "bass", 33), ("drums", "drums", 0)):
        starts = draw(st.lists(st.integers(0, 40), min_size=1, max_size=12, unique=True))
        pitch, velocity = draw(st.integers(0, 127)), draw(st.integers(1, 127))
        struck = tuple(Note(start * 120, draw(st.integers(1, 120)), pitch, velocity) for start in sorted(starts))
        parts.append(Part(stem, instrument, program, struck, drums=stem == "drums"))
    micros = draw(st.integers(250_000, 1_500_000))
    tempos = (TempoChange(0, micros), TempoChange(1_000, micros + 1))
    return Score(TempoMap(tempos, tuple(meters), pickup), 6_000, "D minor", "x", tuple(parts), (), (), Ending("cut"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores())
def test_any_score_makes_the_round_trip(tmp_path, music):
    midi.write(music, tmp_path / "cue.mid", CLIP)
    again = read(tmp_path / "cue.mid")
    assert again.tempo_map == music.tempo_map
    assert [(part.stem, part.instrument, notes(part)) for part in again.parts] == [
        (part.stem, part.instrument, notes(part)) for part in music.parts
    ]


def test_more_players_than_channels_stay_apart(tmp_path):
    music = long_form()
    many = replace(music, parts=tuple(replace(music.parts[0], pan=0.0) for _ in range(20)))
    midi.write(many, tmp_path / "cue.mid", CLIP)
    assert [notes(part) for part in read(tmp_path / "cue.mid").parts] == [notes(part) for part in many.parts]


def band(path, **changes):
    tracks = {
        "lead": track(*line(TUNE, 0, 73)),
        "chords": track(*line([C, F, G, C], 1, 0, 960)),
        "bass": track(*line([36, 41, 43, 36], 2, 33, 960)),
        "strings": track(*line([(60, 64, 67), (59, 62, 67)], 3, 48, 1_920)),
        "kit": track(*line([36, 42, 38, 42] * 2, 9)),
    } | changes
    return file(path, *tracks.values())


def test_players_find_their_stems_by_what_they_do(tmp_path):
    score = read(band(tmp_path / "a.mid"))
    assert [(part.stem, part.instrument) for part in score.parts] == [
        ("melody", "flute"),
        ("harmony", "piano"),
        ("bass", "bass"),
        ("pads", "strings"),
        ("drums", "drums"),
    ]
    assert [part.drums for part in score.parts] == [False] * 4 + [True]


def test_without_a_bass_program_the_lowest_line_is_the_bass(tmp_path):
    path = file(
        tmp_path / "a.mid",
        *(track(*line([low + step for step in (0, 2, 4, 5)], at, 52)) for at, low in enumerate((72, 65, 57, 41))),
    )
    assert [part.stem for part in read(path).parts] == ["melody", "harmony", "harmony", "bass"]


def test_a_line_that_answers_the_melody_is_melody_too(tmp_path):
    asks, answers = [84, 83, 81, 79, None, None, None, None], [None, None, None, None, 72, 74, 76, 77]
    path = file(tmp_path / "a.mid", track(*line(asks, 0, 73)), track(*line(answers, 1, 68)))
    assert [part.stem for part in read(path).parts] == ["melody", "melody"]
    path = file(tmp_path / "b.mid", track(*line(asks[:4], 0, 73)), track(*line(answers[4:], 1, 68)))
    assert [part.stem for part in read(path).parts] == ["melody", "harmony"]


def test_one_track_with_everything_comes_apart(tmp_path):
    events = [*line(TUNE, 0, 73), *line([C, F, G, C], 1, 0, 960), *line([36] * 8, 9)]
    events.append((1_919, Message("program_change", channel=0, program=56)))
    score = read(file(tmp_path / "a.mid", track(*events), kind=0))
    assert sorted((part.instrument, len(part.notes)) for part in score.parts) == [
        ("drums", 8),
        ("flute", 4),
        ("piano", 16),
        ("trumpet", 4),
    ]


def test_noises_are_left_out(tmp_path):
    score = read(band(tmp_path / "a.mid", gun=track(*line([60], 5, 127))))
    assert len(score.parts) == 5


def test_chords_and_key_come_from_the_notes(tmp_path):
    score = read(band(tmp_path / "a.mid", lead=track(*line([72, 77, 74, 76], 0, 73, 960)), strings=track()))
    assert [(chord.tick, chord.name) for chord in score.chords] == [
        (0, "C"),
        (2 * PPQ, "F"),
        (4 * PPQ, "G"),
        (6 * PPQ, "C"),
    ]
    assert score.key == "C major"
    assert score.chords[1].root == 5
    assert set(score.chords[1].pitches) == {5, 9, 0}


def test_a_plausible_signature_is_believed_and_a_wrong_one_is_not(tmp_path):
    def keyed(key, chords):
        sign = track((0, MetaMessage("key_signature", key=key)))
        return read(file(tmp_path / "k.mid", sign, track(*line(chords, 0, 0, 960)))).key

    assert keyed("Am", [A_MINOR, F, C, A_MINOR]) == "A minor"
    assert keyed("C", [C, F, G, C]) == "C major"
    assert keyed("F#", [C, F, G, C]) == "C major"


def test_a_fifth_without_a_third_is_what_the_key_says(tmp_path):
    minor = [(52, 59, 64), (55, 59, 62), (57, 60, 64), (52, 59, 64)]
    sign = track((0, MetaMessage("key_signature", key="Em")))
    score = read(file(tmp_path / "a.mid", sign, track(*line(minor, 0, 29, 1_920))))
    assert score.key == "E minor"
    assert score.chords[0].name == "Em"


def signatures(path, *found):
    signs = [(tick, MetaMessage("time_signature", numerator=beats, denominator=unit)) for tick, beats, unit in found]
    return read(file(path, track(*signs), track(*line([60] * 40, 0, 0)))).tempo_map


def test_meters_begin_on_bar_lines(tmp_path):
    clock = signatures(tmp_path / "a.mid", (0, 3, 4), (4_320, 6, 8))
    assert clock.meters == (Meter(0, 3, 4), Meter(9 * PPQ, 6, 8))
    assert clock.pickup == 0


def test_a_short_first_bar_is_a_pick_up(tmp_path):
    clock = signatures(tmp_path / "a.mid", (0, 1, 4), (480, 4, 4))
    assert clock.meters == (Meter(0, 1, 4), Meter(PPQ, 4, 4))
    assert clock.pickup == PPQ


def test_a_bar_that_is_cut_short_gets_its_own_meter(tmp_path):
    clock = signatures(tmp_path / "a.mid", (0, 4, 4), (4_800, 3, 4))
    assert clock.meters == (Meter(0, 4, 4), Meter(8 * PPQ, 2, 4), Meter(10 * PPQ, 3, 4))


def test_a_signature_beside_every_grid_moves_to_the_nearest_line(tmp_path):
    clock = signatures(tmp_path / "a.mid", (0, 4, 4), (1_913, 3, 4))
    assert clock.meters == (Meter(0, 4, 4), Meter(4 * PPQ, 3, 4))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 12), st.sampled_from([2, 4, 8, 16])), max_size=6))
def test_all_bar_lines_meet_whatever_the_file_says(tmp_path, found):
    clock = signatures(tmp_path / "a.mid", *found)
    assert clock.meters[0].tick == 0
    for before, after in zip(clock.meters, clock.meters[1:], strict=False):
        assert after.tick > before.tick
        assert (after.tick - before.tick) % before.bar_ticks == 0


def test_other_divisions_and_seconds_become_our_ticks(tmp_path):
    assert read(file(tmp_path / "a.mid", track(*line([60, 62], 0, 0, 96)), division=96)).parts[0].notes[1].tick == PPQ
    data = bytearray((tmp_path / "a.mid").read_bytes())
    data[12:14] = struct.pack(">bB", -25, 40)  # 1,000 ticks a second, half of them a quarter at 120 BPM
    (tmp_path / "b.mid").write_bytes(data)
    score = read(tmp_path / "b.mid")
    assert score.parts[0].notes[1].tick == round(96 * PPQ / 500)
    assert score.tempo_map.bpm() == 120


def test_the_score_ends_with_its_last_bar(tmp_path):
    far = read(file(tmp_path / "a.mid", track(*line([60] * 5, 0, 0), end=480 * 400)))
    assert far.stop == 8 * PPQ
    near = read(file(tmp_path / "b.mid", track(*line([60] * 5, 0, 0), end=480 * 7)))
    assert near.stop == 7 * PPQ


def test_a_score_that_was_read_can_be_encoded(tmp_path):
    latents = encode(read(band(tmp_path / "a.mid")))
    assert latents.shape[1] >= 8
    assert latents.max() == 1


def test_files_that_are_none(tmp_path):
    assert code_of(tmp_path / "none.mid") == "media_missing"
    assert code_of(tmp_path) == "media_missing"
    (tmp_path / "empty.mid").touch()
    assert code_of(tmp_path / "empty.mid") == "media_unreadable"
    (tmp_path / "text.mid").write_text("MThd, said the file, and no more")
    assert code_of(tmp_path / "text.mid") == "media_unreadable"
    assert code_of(file(tmp_path / "mute.mid", track())) == "media_unreadable"
    assert code_of(file(tmp_path / "loops.mid", track(*line([60])), kind=2)) == "media_unreadable"


def test_files_that_would_never_end(tmp_path, monkeypatch):
    long = file(tmp_path / "long.mid", track(*line([60], first=480 * 30_000)))
    assert code_of(long) == "media_too_long"
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480) + b"MTrk" + struct.pack(">I", 100_000)
    (tmp_path / "count.mid").write_bytes(head + b"\xff" * 100_000)
    assert code_of(tmp_path / "count.mid") == "media_unreadable"
    (tmp_path / "ticks.mid").write_bytes(band(tmp_path / "a.mid").read_bytes()[:12] + bytes(2))
    assert code_of(tmp_path / "ticks.mid") == "media_unreadable"
    monkeypatch.setattr(midifile, "LARGEST", 100)
    assert code_of(long.with_name("a.mid")) == "media_too_large"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(tmp_path, data):
    whole = bytearray(band(tmp_path / "whole.mid").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    (tmp_path / "damaged.mid").write_bytes(whole[:cut] if data.draw(st.booleans()) else whole)
    try:
        score = read(tmp_path / "damaged.mid")
    except MediaError:
        return
    assert all(0 <= note.pitch <= 127 and note.length > 0 for part in score.parts for note in part.notes)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_track_is_read_or_refused(tmp_path, content):
    head = b"MThd" + struct.pack(">IHHH", 6, 1, 1, 96) + b"MTrk" + struct.pack(">I", len(content))
    (tmp_path / "any.mid").write_bytes(head + content)
    with suppress(MediaError):
        read(tmp_path / "any.mid")
