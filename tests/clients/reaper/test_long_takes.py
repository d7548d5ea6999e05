"""Twenty minutes from the first hour on, at rates whose frames are no whole number of samples: placed to the sample."""

import json
import struct
from fractions import Fraction

import pytest
import soundfile
from tests.clients.reaper.lua import STEPS, room, slow_clock, table
from tests.clients.reaper.proof import in_samples, note_of, sample_at, stamp_of, written_positions
from tests.clients.reaper.takes import NAMES

HOUR, LENGTH = 3600, 1200  # seconds as a clock on the wall counts them


def silent(path, samples, reference=0):
    """A BWF of so many stereo samples of 24 bits that takes no room: all behind its head is a hole."""
    size = samples * 6
    clock = struct.pack("<4sI338sQ256s", b"bext", 602, b"", reference, b"")
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 288_000, 6, 24)
    with path.open("wb") as file:
        file.write(struct.pack("<4sI4s", b"RIFF", 36 + len(clock) + size, b"WAVE") + clock + shape)
        file.write(struct.pack("<4sI", b"data", size))
        file.truncate(44 + len(clock) + size)
    assert soundfile.info(path).frames == samples


def a_long_take(folder, samples, variations, reference=0):
    """A finished take with files of that length, the first sample of which has that time."""
    stems = []
    for variation in range(variations):
        for name in NAMES:
            path = folder / f"{name} {variation + 1}.wav"
            silent(path, samples, reference)
            stems.append({"name": name, "path": str(path), "first_sample": reference, "samples": samples})
            stems[-1] |= {"sample_rate": 48_000, "variation": variation}
    hits = [{"frame": 86_399, "weight": 1.0, "tolerance": 1.0, "label": "", "event": ""}]
    return {"job": "job-1", "state": "done", "hits": hits, "stems": stems, "folder": str(folder), "references": []}


@pytest.mark.parametrize("nominal", [24, 30, 60])
def test_twenty_minutes_lie_on_their_sample(host, tmp_path, nominal):
    rate = Fraction(nominal * 1000, 1001)
    first, stop = round(HOUR * rate) + 1, round((HOUR + LENGTH) * rate) + 1
    host.project.rate = rate
    begin, end = sample_at(first, rate), sample_at(stop, rate)
    words = {"num": rate.numerator, "den": rate.denominator, "drop": False}
    lua, wanted = host.script.lua, {"first": first, "stop": stop, "rate": words}
    asked = {"first": 7_001, "stop": 7_001 + stop - first}
    request = {"job": "job-1", "media": "/a.mov", **asked, "rate": words, "controls": []}
    target = table(lua, {"range": wanted, "request": request})
    target.project = host.project
    take = table(lua, a_long_take(tmp_path, end - begin, 2, sample_at(7_001, rate)))
    room(lua, "place").take(host.reaper, target, take, table(lua, {"markers": "markers"}))
    assert len(host.project.items) == len(NAMES)
    for item in host.project.items:
        assert (in_samples(item.position), in_samples(item.position + item.length)) == (begin, end)
        assert len(item.takes) == 2
        assert stamp_of(item) == sample_at(note_of(item)["request"]["first"], rate)
    assert written_positions(host.project, tmp_path / "out.rpp") == [begin] * len(NAMES)
    (marker,) = host.project.markers
    assert marker.position == pytest.approx(float((first + 86_399 - 7_001) / rate), abs=1e-9)


def test_a_file_that_lost_its_last_sample_is_noticed(host, tmp_path):
    """Out of 57 million: a length in seconds still tells."""
    words = {"num": 25, "den": 1, "drop": False}
    lua = host.script.lua
    made = a_long_take(tmp_path, 57_600_000, 1)
    silent(tmp_path / "bass 1.wav", 57_599_999)
    target = table(lua, {"range": {"first": 0, "stop": 30_000, "rate": words}, "request": {"first": 0, "controls": []}})
    target.project = host.project
    nothing, problem = room(lua, "place").take(host.reaper, target, table(lua, made), table(lua, {"markers": "none"}))
    assert (nothing, problem.code) == (None, "stem_damaged")
    assert not host.project.tracks


def test_a_long_card_is_read_over_several_turns_before_anything_is_placed(host, tmp_path):
    """Two thousand changes of tempo: more than a turn may read."""
    points = [{"offset": f"{number}/2", "bpm": 100.0 + number % 7, "beats": 0, "unit": 0} for number in range(2_000)]
    points[0] |= {"beats": 4, "unit": 4}
    (tmp_path / "take.json").write_text(json.dumps({"mixes": [{"variation": 0, "tempo_points": points}]}))
    lua = host.script.lua
    slow_clock(lua)
    entry = table(lua, {"kind": "place", "options": {"tempo_map": True}, "take": a_long_take(tmp_path, 48_000_000, 1)})
    words = {"num": 25, "den": 1, "drop": False}
    entry.range = table(lua, {"first": 0, "stop": 25_000, "rate": words})
    entry.request = table(lua, {"first": 0, "controls": []})
    entry.project = host.project
    finishing, turns = room(lua, "finishing"), 1
    while not finishing.prepare(host.reaper, entry):
        turns += 1
        assert not host.project.tracks
    assert turns == 10_005 // STEPS + 1
    (tmp_path / "take.json").unlink()  # it was read
    assert finishing.place(host.reaper, entry).track
    assert len(host.project.tempos) == 2_001, "and one behind the range, where the project's own tempo is back"


def test_without_notes_and_tempo_no_card_is_read(host, tmp_path):
    lua = host.script.lua
    entry = table(lua, {"kind": "place", "options": {}, "take": {"folder": str(tmp_path / "gone")}})
    assert room(lua, "finishing").prepare(host.reaper, entry) is True
    assert entry.card is None
