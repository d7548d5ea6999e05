"""Stems into a project: on the sample, in one step, and nothing else touched."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.clients.reaper.lua import plain, room, table
from tests.clients.reaper.rig.world import Marker, Tempo
from tests.clients.reaper.takes import FIRST_SAMPLE, NAMES, RANGE, SAMPLES, a_take, in_samples, placed

from twopop.delivery.colours import STEMS, of_stem


@pytest.fixture
def host(host):
    host.project.add_track("dialogue")
    return host


def test_a_folder_with_a_child_for_each_stem_on_its_sample(host, tmp_path):
    placed(host, a_take(tmp_path))
    project = host.project
    names = [track.name for track in project.tracks]
    assert names == ["dialogue", "twopop job-1", *NAMES]
    assert [track.values.get("I_FOLDERDEPTH", 0) for track in project.tracks] == [0, 1, 0, 0, -1]
    for name in NAMES:
        (item,) = project.track(name).items
        assert in_samples(item.position) == FIRST_SAMPLE
        assert in_samples(item.length) == SAMPLES
        assert item.take.source.path.name == f"{name}.wav"
        still = {key: item.values[key] for key in ("B_LOOPSRC", "D_FADEINLEN", "D_FADEOUTLEN", "C_BEATATTACHMODE")}
        assert set(still.values()) == {0.0}
        assert (item.values["D_FADEINLEN_AUTO"], item.values["D_FADEOUTLEN_AUTO"]) == (-1.0, -1.0)
        red, green, blue = of_stem(name)
        assert project.track(name).values["I_CUSTOMCOLOR"] == 0x1000000 | red | green << 8 | blue << 16


def test_one_step_is_undone_and_done_again(host, tmp_path):
    placed(host, a_take(tmp_path), {"markers": "markers", "tempo_map": True})
    assert [name for name, _, _ in host.project.undos] == ["twopop: place job-1"]
    assert host.project.undo() == "twopop: place job-1"
    assert [track.name for track in host.project.tracks] == ["dialogue"]
    assert (host.project.markers, host.project.tempos) == ([], [])
    host.project.redo()
    assert len(host.project.tracks) == 5
    assert in_samples(host.project.track("bass").items[0].position) == FIRST_SAMPLE


def everything(project, count):
    """Names, numbers and selection of the first tracks and their items."""
    return [
        (track.name, dict(track.values), [(dict(item.values), item.selected) for item in track.items])
        for track in project.tracks[:count]
    ]


def test_nothing_that_is_there_changes(host, tmp_path):
    item = host.project.add_track("music").add_item(None, 1.0, 2.0)
    item.selected = True
    before = everything(host.project, 2)
    placed(host, a_take(tmp_path), {"markers": "region"})
    assert everything(host.project, 2) == before


def test_tracks_of_an_open_folder_are_not_joined(host, tmp_path):
    host.project.tracks[0].values["I_FOLDERDEPTH"] = 1.0
    placed(host, a_take(tmp_path))
    assert [track.name for track in host.project.tracks] == ["twopop job-1", *NAMES, "dialogue"]


def test_variations_are_takes_of_one_item(host, tmp_path):
    placed(host, a_take(tmp_path, variations=3))
    (item,) = host.project.track("bass").items
    assert [take.texts["P_NAME"] for take in item.takes] == ["bass v1", "bass v2", "bass v3"]
    assert item.active == 0
    assert [json.loads(take.texts["P_EXT:twopop"])["variation"] for take in item.takes] == [0, 1, 2]


def test_what_made_it_is_kept_on_the_item(host, tmp_path):
    placed(host, a_take(tmp_path), controls=[["mood", "tense"], ["seed", 7]])
    (item,) = host.project.track("drums").items
    note = plain(room(host.script.lua, "memory").of_item(host.reaper, item))
    assert (note["job"], note["stem"], note["variation"]) == ("job-1", "drums", 0)
    assert note["request"]["controls"] == [["mood", "tense"], ["seed", 7]]
    assert note["range"] == RANGE


def test_hits_are_markers_on_the_pictures_frames(host, tmp_path):
    """The request's frame 10 of a film whose frame 4 is the range's first."""
    placed(host, a_take(tmp_path), {"markers": "markers"}, first=4)
    places = [(marker.name, round(marker.position * 24_000 / 1_001, 6)) for marker in host.project.markers]
    assert places == [("door: stop", 247.0), ("hit", 271.0)]


def test_hits_as_a_region(host, tmp_path):
    placed(host, a_take(tmp_path), {"markers": "region"})
    (region,) = host.project.markers
    assert (region.name, round(region.position * 24_000 / 1_001, 6), round(region.stop * 24_000 / 1_001, 6)) == (
        "job-1",
        241,
        289,
    )


def test_the_tempo_map_goes_in_where_it_is_asked_for(host, tmp_path):
    host.project.bpm, host.project.meter = 90.0, (4, 4)
    placed(host, a_take(tmp_path), {"tempo_map": True})
    start, stop = 241 * 1_001 / 24_000, 289 * 1_001 / 24_000
    found = [(point.position, point.bpm, point.beats, point.unit) for point in host.project.tempos]
    assert found[:3] == [(start, 100.0, 3, 4), (start + 0.6, 101.5, 0, 0), (stop, 90.0, 4, 4)]
    assert found[3:] == [(pytest.approx(5 * 240 / 90), 90.0, 4, 4)], "bars go on where they were"


def test_tempo_markers_of_the_project_are_not_overrun(host, tmp_path):
    host.project.tempos = [Tempo(11.0, 140.0)]
    result = placed(host, a_take(tmp_path), {"tempo_map": True})
    assert len(host.project.tempos) == 1
    assert "left out" in plain(result)["notes"][0]


def with_notes(take, *names):
    import mido

    folder = Path(take["folder"]) / "v1" / "midi"
    folder.mkdir()
    for name in names:
        file = mido.MidiFile()
        notes = [mido.Message("note_on", note=60, time=0), mido.Message("note_off", note=60, time=960)]
        file.tracks.append(mido.MidiTrack(notes))
        file.save(folder / f"{name}.mid")
    return take


def test_midi_brings_its_tempo_map_and_says_so(host, tmp_path):
    result = placed(host, with_notes(a_take(tmp_path), *NAMES[:2]), {"midi": True})
    assert [track.name for track in host.project.tracks[-3:]] == ["drums MIDI", "bass MIDI", "melody MIDI"]
    assert in_samples(host.project.track("bass MIDI").items[0].position) == FIRST_SAMPLE
    assert host.project.track("melody MIDI").items == [], "a stem without notes has none"
    assert sum(track.values.get("I_FOLDERDEPTH", 0) for track in host.project.tracks) == 0
    assert len(host.project.tempos) == 4
    assert "MIDI needs it" in plain(result.notes)[0]


def test_midi_that_would_not_be_in_time_is_left_out_and_it_says_so(host, tmp_path):
    host.project.tempos = [Tempo(11.0, 140.0)]
    result = placed(host, with_notes(a_take(tmp_path), *NAMES), {"midi": True})
    assert [track.name for track in host.project.tracks] == ["dialogue", "twopop job-1", *NAMES]
    assert sum(track.values.get("I_FOLDERDEPTH", 0) for track in host.project.tracks) == 0
    assert "left out" in plain(result.notes)[1]


def test_midi_of_a_cue_that_followed_the_project_lies_on_its_bars(host, tmp_path):
    """The cue's pick-up is counted in 64ths, the project's is as long as it is: bar lines meet, not beginnings."""
    from fractions import Fraction

    from twopop.delivery.tempo import tempo_points
    from twopop.plain import to_plain
    from twopop_models.controls import Controls
    from twopop_models.score import PPQ
    from twopop_models.spotting.grids import follow
    from twopop_models.types import Clip

    host.project.bpm = 97.0
    take = with_notes(a_take(tmp_path), *NAMES)
    lua = host.script.lua
    rate = Fraction(24_000, 1_001)
    host.project.rate = rate
    host.project.select(float(241 / rate), float(289 / rate))
    selected = room(lua, "selection").read(host.reaper, host.project)
    text, _ = room(lua, "tempo").host(host.reaper, selected, 0)
    clip = Clip(None, 0, 48, rate)
    tempo_map = follow(clip, Controls.parse([("host_tempo", text)]).host_tempo)
    mix = {"variation": 0, "tempo_points": to_plain(tempo_points(tempo_map, clip.seconds))}
    (Path(take["folder"]) / "take.json").write_text(json.dumps({"format": 1, "mixes": [mix]}))
    placed(host, take, {"midi": True}, controls=[["host_tempo", text]])
    assert host.project.tempos == []
    begin = host.project.track("bass MIDI").items[0].position
    bar = host.call("TimeMap2_timeToQN", host.project, begin) + tempo_map.pickup / PPQ
    assert (bar + 2) % 4 == pytest.approx(2, abs=1e-4)
    assert abs(begin - float(241 / rate)) < 60 / 97 / 8


def test_a_closed_project_is_said_and_nothing_happens(host, tmp_path):
    other = host.project
    host.add_tab()
    host.close_tab(other)
    lua = host.script.lua
    made = table(lua, {"range": RANGE, "request": {"first": 0, "controls": []}})
    made.project = other
    nothing, problem = room(lua, "place").take(host.reaper, made, table(lua, a_take(tmp_path)), lua.table())
    assert (nothing, problem.code) == (None, "project_closed")


def test_stems_land_in_the_tab_that_asked(host, tmp_path):
    asked = host.project
    host.add_tab().add_track("another film")
    lua = host.script.lua
    made = table(lua, {"range": RANGE, "request": {"first": 0, "controls": []}})
    made.project = asked
    room(lua, "place").take(host.reaper, made, table(lua, a_take(tmp_path)), table(lua, {"markers": "markers"}))
    assert [track.name for track in host.project.tracks] == ["another film"]
    assert (host.project.markers, host.project.undos) == ([], [])
    assert in_samples(asked.track("drums").items[0].position) == FIRST_SAMPLE
    assert len(asked.markers) == 2


@pytest.mark.parametrize("old", ["InsertTrackInProject"])
def test_an_older_reaper_places_too(host, tmp_path, old):
    host.without.add(old)
    asked = host.project
    second = host.add_tab()
    lua = host.script.lua
    made = table(lua, {"range": RANGE, "request": {"first": 0, "controls": []}})
    made.project = asked
    room(lua, "place").take(host.reaper, made, table(lua, a_take(tmp_path)), table(lua, {"markers": "none"}))
    assert asked.track("bass").items
    assert host.project is second


def test_a_missing_file_is_said_before_anything_changes(host, tmp_path):
    take = a_take(tmp_path)
    Path(take["stems"][1]["path"]).unlink()
    nothing, problem = placed(host, take)
    assert (nothing, problem.code) == (None, "stem_gone")
    assert len(host.project.tracks) == 1
    assert host.project.undos == []


def test_peaks_are_built_little_by_little(host, tmp_path):
    result = placed(host, a_take(tmp_path))
    turns = 1
    while room(host.script.lua, "place").peaks(host.reaper, result):
        turns += 1
    assert len(host.peaks_built) == 3
    assert turns > 6


def test_markers_that_are_there_stay(host, tmp_path):
    host.project.markers = [Marker(1.0, "mine", 1)]
    placed(host, a_take(tmp_path), {"markers": "markers"})
    assert [(marker.name, marker.number) for marker in host.project.markers] == [
        ("mine", 1),
        ("door: stop", 2),
        ("hit", 3),
    ]


def test_peaks_of_what_was_undone_meanwhile_are_left_alone(host, tmp_path):
    """The take is dead and its source with it: REAPER would crash."""
    result = placed(host, a_take(tmp_path))
    peaks = room(host.script.lua, "place").peaks
    assert peaks(host.reaper, result)
    host.project.undo()
    calls = len([name for name in host.calls if name == "PCM_Source_BuildPeaks"])
    while peaks(host.reaper, result):
        pass
    assert len([name for name in host.calls if name == "PCM_Source_BuildPeaks"]) == calls


def test_peaks_of_a_project_that_was_closed_meanwhile_are_left_alone(host, tmp_path):
    result = placed(host, a_take(tmp_path))
    project = host.project
    host.add_tab()
    host.close_tab(project)
    assert room(host.script.lua, "place").peaks(host.reaper, result) is False


# -- what REAPER may do meanwhile --------------------------------------------------------------


def test_the_selection_stays_even_where_reaper_selects_what_is_new(host, tmp_path, monkeypatch):
    (dialogue,) = host.project.tracks
    dialogue.selected, item = True, dialogue.add_item(None, 1.0, 1.0)
    item.selected = True
    insert, add = type(host).InsertTrackInProject, type(host).AddMediaItemToTrack

    def inserting(self, project, number, flags):
        insert(self, project, number, flags)
        for place, track in enumerate(project.tracks):
            track.selected = place == number

    def adding(self, track):
        made = add(self, track)
        made.selected = True
        return made

    monkeypatch.setattr(type(host), "InsertTrackInProject", inserting)
    monkeypatch.setattr(type(host), "AddMediaItemToTrack", adding)
    placed(host, a_take(tmp_path))
    assert [track.name for track in host.project.tracks if track.selected] == ["dialogue"]
    assert [one for one in host.project.items if one.selected] == [item]


def test_a_stem_that_is_too_short_is_said_and_what_was_opened_is_closed(host, tmp_path, monkeypatch):
    take = a_take(tmp_path)
    soundfile.write(take["stems"][2]["path"], np.zeros((SAMPLES - 100, 2)), 48_000, subtype="PCM_24")
    nothing, problem = placed(host, take)
    assert (nothing, problem.code) == (None, "stem_damaged")
    assert host.calls.count("PCM_Source_Destroy") == 3
    assert host.project.undos == []


@pytest.mark.parametrize("stems", [[], ["none of these"]])
def test_a_take_without_stems_leaves_no_empty_folder(host, tmp_path, stems):
    take = a_take(tmp_path)
    options = {"names": dict.fromkeys(stems, True)} if stems else {}
    nothing, problem = placed(host, take if stems else take | {"stems": []}, options)
    assert (nothing, problem.code) == (None, "no_stems")
    assert len(host.project.tracks) == 1


def test_an_error_in_the_middle_leaves_no_open_step(host, tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(type(host), "AddTakeToMediaItem", broken)
    with pytest.raises(Exception, match="on fire"):
        placed(host, a_take(tmp_path))
    assert host.project.depth == 0
    assert host.refresh == 0
    host.project.undo()
    assert len(host.project.tracks) == 1


@pytest.mark.parametrize("name", [*STEMS, "something else"])
def test_colours_are_the_servers(host, name):
    red, green, blue = of_stem(name)
    native = room(host.script.lua, "colours").native(host.reaper, name)
    assert native == 0x1000000 | red | green << 8 | blue << 16


def test_peaks_are_built_one_by_one_in_later_ticks(host, tmp_path):
    """Six stems, three variations: what placing costs is measured by ``benchmarks/reaper_ticks.py``."""
    take = a_take(tmp_path, variations=3, names=tuple(STEMS))
    result = placed(host, take, {"markers": "markers", "tempo_map": True})
    assert len(host.peaks_built) == 0
    peaks, turns = room(host.script.lua, "place").peaks, 1
    while peaks(host.reaper, result):
        turns += 1
    assert turns >= len(host.peaks_built) == 3 * len(STEMS)
