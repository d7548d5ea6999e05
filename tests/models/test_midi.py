from dataclasses import replace
from fractions import Fraction

import mido
import pretty_midi
import pytest
from tests.models.rendering.scores import BAR, long_form, score

from twopop_models.midi import write, write_stems
from twopop_models.score import PPQ, Note, Part
from twopop_models.types import Clip, Hit
from twopop_models.vocabulary import key_name

CLIP = Clip(None, 1_000, 1_200, Fraction(24_000, 1_001))
HITS = (Hit(1_050, 1.0, "cut"), Hit(1_100, 0.5, "Blitz ⚡"))


def absolute(track):
    now = 0
    for message in track:
        now += message.time
        yield now, message


@pytest.fixture
def sheet(tmp_path):
    write(long_form(), tmp_path / "cue.mid", CLIP, HITS)
    return mido.MidiFile(tmp_path / "cue.mid", charset="utf-8")


def test_tempo_meter_and_key_are_on_their_exact_ticks(sheet):
    music = long_form()
    assert (sheet.type, sheet.ticks_per_beat) == (1, PPQ)
    conductor = list(absolute(sheet.tracks[0]))
    assert [(at, m.tempo) for at, m in conductor if m.type == "set_tempo"] == [
        (change.tick, change.micros) for change in music.tempo_map.tempos
    ]
    assert [(at, m.numerator, m.denominator) for at, m in conductor if m.type == "time_signature"] == [
        (meter.tick, meter.beats, meter.unit) for meter in music.tempo_map.meters
    ]
    assert [m.key for _, m in conductor if m.type == "key_signature"] == ["F#m"]


def test_hits_and_sections_are_markers(sheet):
    music = long_form()
    found = {m.text: at for at, m in absolute(sheet.tracks[0]) if m.type == "marker"}
    assert found["intro"] == 0
    assert found["verse"] == 2 * PPQ
    for text, hit in (("hit 1050 cut", HITS[0]), ("hit 1100 Blitz ⚡", HITS[1])):
        heard = music.tempo_map.seconds(found[text])
        assert abs(heard - CLIP.offset_of(hit.frame)) < Fraction(1, 1_000)


def test_one_track_per_part_with_every_note_on_its_tick(sheet):
    music = long_form()
    assert [track.name for track in sheet.tracks[1:]] == ["melody: violin", "melody: flute", "drums: drums"]
    for track, part in zip(sheet.tracks[1:], music.parts, strict=True):
        struck = [(at, m.note, m.velocity) for at, m in absolute(track) if m.type == "note_on"]
        assert struck == [(note.tick, note.pitch, note.velocity) for note in part.notes]
        ended = sorted((at, m.note) for at, m in absolute(track) if m.type == "note_off")
        assert ended == sorted((note.tick + note.length, note.pitch) for note in part.notes)
        assert [m.program for _, m in absolute(track) if m.type == "program_change"] == [part.program]
    assert {m.channel for m in sheet.tracks[3] if not m.is_meta} == {9}


def test_a_key_is_let_go_before_it_is_struck_again(sheet):
    at_beat = [m.type for at, m in absolute(sheet.tracks[2]) if at == PPQ and m.type.startswith("note")]
    assert at_beat == ["note_off", "note_on"]


def test_another_library_hears_the_same_times(tmp_path):
    music = long_form()
    write(music, tmp_path / "cue.mid", CLIP)
    heard = pretty_midi.PrettyMIDI(str(tmp_path / "cue.mid"))
    times, tempi = heard.get_tempo_changes()
    assert list(times) == pytest.approx([float(music.tempo_map.seconds(c.tick)) for c in music.tempo_map.tempos])
    assert list(tempi) == pytest.approx([change.bpm for change in music.tempo_map.tempos])
    violin = next(i for i in heard.instruments if i.name == "melody: violin")
    for found, note in zip(violin.notes, music.parts[0].notes, strict=True):
        assert found.start == pytest.approx(float(music.tempo_map.seconds(note.tick)), abs=0.001)
        assert found.end == pytest.approx(float(music.tempo_map.seconds(note.tick + note.length)), abs=0.001)
    downbeats = [float(music.tempo_map.seconds(tick)) for tick, _ in music.tempo_map.bars(music.stop)]
    found = list(heard.get_downbeats())  # as far as there are notes
    assert len(found) >= 5
    assert found == pytest.approx(downbeats[: len(found)], abs=0.001)


def test_channels_are_not_shared_by_different_instruments(tmp_path):
    parts = tuple(Part(f"s{n}", f"i{n}", n, (Note(0, 9, 60, 80),)) for n in range(20))
    write(score(*parts), tmp_path / "many.mid", CLIP)
    places = set()
    for track in mido.MidiFile(tmp_path / "many.mid").tracks[1:]:
        port = next((m.port for m in track if m.type == "midi_port"), 0)
        channel = next(m.channel for m in track if m.type == "program_change")
        assert channel != 9
        places.add((port, channel))
    assert len(places) == 20


@pytest.mark.parametrize(("name", "signature"), [("C# major", "Db"), ("Ab minor", "G#m"), ("Eb minor", "Ebm")])
def test_keys_are_spelt_as_midi_spells_them(tmp_path, name, signature):
    write(replace(score(), key=name), tmp_path / "key.mid", CLIP)
    assert [m.key for m in mido.MidiFile(tmp_path / "key.mid").tracks[0] if m.type == "key_signature"] == [signature]


def test_every_key_of_the_vocabulary_can_be_written(tmp_path):
    for tonic in range(12):
        for mode in ("major", "minor"):
            write(replace(score(), key=key_name(tonic, mode)), tmp_path / "key.mid", CLIP)


def test_stems_have_files_of_their_own_and_the_same_grid(tmp_path):
    paths = write_stems(long_form(), tmp_path, CLIP, HITS)
    assert [path.name for path in paths] == ["melody.mid", "drums.mid"]
    files = [mido.MidiFile(path, charset="utf-8") for path in paths]
    assert [len(file.tracks) for file in files] == [3, 2]
    assert list(files[0].tracks[0]) == list(files[1].tracks[0])


def test_tracks_end_with_the_range(sheet):
    music = long_form()
    assert sheet.length == pytest.approx(float(music.tempo_map.seconds(music.stop)), abs=0.01)
    assert BAR == 4 * PPQ
