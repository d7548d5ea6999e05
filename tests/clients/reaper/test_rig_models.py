"""The rig's models: real files, undo with the same objects, tempo and time as arithmetic has them, real processes."""

import sys
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from mido import Message, MidiFile, MidiTrack
from tests.clients.reaper.honesty import BEGIN, END, dressed, run
from tests.clients.reaper.lua import data
from tests.clients.reaper.rig import Kind, Reaper, Violation, tempo
from tests.clients.reaper.rig.processes import words_of
from tests.clients.reaper.rig.timecode import timecode
from tests.clients.reaper.rig.world import Project, Tempo

from twopop.demo.footage import clip_path


@pytest.fixture
def host(lua_version, tmp_path):
    with dressed(lua_version, tmp_path) as made:
        yield made


# -- sources -----------------------------------------------------------------------------------


def a_wave(folder, name="ümläut dir/a b.wav", seconds=1.5):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    soundfile.write(path, np.zeros((int(48_000 * seconds), 2)), 48_000)
    return path


def test_a_wave_is_as_long_as_it_is(host, tmp_path):
    source = host.call("PCM_Source_CreateFromFile", data(str(a_wave(tmp_path))))
    assert host.call("GetMediaSourceLength", source) == (1.5, False)
    assert (host.call("GetMediaSourceType", source), host.call("GetMediaSourceNumChannels", source)) == ("WAVE", 2)
    assert host.call("GetMediaSourceSampleRate", source) == 48_000


def test_a_film_and_a_section_of_it(host):
    film = clip_path("bikes.mp4").resolve()
    item = host.project.add_track("V").add_video(film, 0, 2, section=(3.0, 4.0, True))
    section = host.call("GetMediaItemTake_Source", item.take)
    assert (host.call("GetMediaSourceType", section), host.call("GetMediaSourceFileName", section)) == ("SECTION", "")
    assert host.call("PCM_Source_GetSectionInfo", section) == (True, 3.0, 4.0, True)
    parent = host.call("GetMediaSourceParent", section)
    assert (parent.type, parent.path) == ("VIDEO", film)
    assert host.call("GetMediaSourceLength", parent)[0] == pytest.approx(10.0, abs=0.1)
    assert host.call("GetMediaSourceParent", parent) is None


def test_midi_is_measured_in_quarter_notes(host, tmp_path):
    file = MidiFile(ticks_per_beat=480)
    file.tracks.append(MidiTrack([Message("note_on", note=60, time=0), Message("note_off", note=60, time=1_200)]))
    file.save(tmp_path / "a.mid")
    source = host.call("PCM_Source_CreateFromFile", data(str(tmp_path / "a.mid")))
    assert host.call("GetMediaSourceLength", source) == (2.5, True)


@pytest.mark.parametrize("name", ["a.wav", "a.mp4", "a.mid", "a.txt"])
def test_what_is_no_media_or_not_there_is_nil(host, tmp_path, name):
    path = data(str(tmp_path / name))
    assert host.call("PCM_Source_CreateFromFile", path) is None
    (tmp_path / name).write_bytes(b"no media at all")
    assert host.call("PCM_Source_CreateFromFile", path) is None


# -- undo, tabs, folders -----------------------------------------------------------------------

MAKE = """
reaper.InsertTrackInProject(0, 1, 0)
local track = reaper.GetTrack(0, 1)
reaper.GetSetMediaTrackInfo_String(track, 'P_NAME', 'Strings', true)
local item = reaper.AddMediaItemToTrack(track)
reaper.SetMediaItemInfo_Value(item, 'D_POSITION', 482482 / 48000)
reaper.AddTakeToMediaItem(item)
reaper.SetMediaItemInfo_Value(reaper.GetMediaItem(0, 0), 'D_POSITION', 7)
reaper.AddProjectMarker2(0, true, 1, 2, 'region', -1, 0)
reaper.SetTempoTimeSigMarker(0, -1, 4, -1, -1, 90, 3, 4, false)
reaper.SetProjExtState(0, 'twopop', 'jobs/1', 'x')
"""


def test_undo_and_redo_give_the_same_objects(host):
    project, (old,) = host.project, host.project.items
    run(host, BEGIN + MAKE + END)
    strings, new = project.track("Strings"), project.track("Strings").items[0]
    assert (project.undo(), len(project.tracks), old.position) == ("test", 1, 1.0)
    assert (project.markers, project.tempos, project.state) == ([], [], {})
    assert (strings.alive, new.alive, new.take.alive, old.alive) == (False, False, False, True)
    assert (project.redo(), project.track("Strings"), old.position) == ("test", strings, 7.0)
    assert (strings.items, new.position, new.alive) == ([new], 482_482 / 48_000, True)
    assert (project.markers[0].stop, project.tempos[0].beats, project.state) == (2.0, 3, {("twopop", "jobs/1"): "x"})
    assert (project.redo(), project.undo(), project.undo()) == ("", "test", "")


def test_a_new_change_ends_what_could_be_done_again(host):
    run(host, BEGIN + MAKE + END)
    host.project.undo()
    run(host, BEGIN + "reaper.InsertTrackInProject(0, 0, 0)" + END)
    assert host.project.redo() == ""


def test_a_closed_tab_is_dead(host):
    project, item = host.project, host.project.items[0]
    assert host.call("ValidatePtr2", project, item, "MediaItem*") is True
    assert host.call("ValidatePtr2", host.tabs[0], item, "MediaItem*") is False
    assert host.call("ValidatePtr2", project, item, "MediaTrack*") is False
    host.close_tab(project)
    assert host.project is host.tabs[0]
    assert host.call("ValidatePtr2", 0, project, "ReaProject*") is False
    assert host.call("ValidatePtr2", 0, item, "MediaItem*") is False


def test_folders_hold_tracks(host):
    project = Project()
    folder, one, two, after = (project.add_track(name) for name in ("folder", "one", "two", "after"))
    folder.values["I_FOLDERDEPTH"], two.values["I_FOLDERDEPTH"] = 1, -1
    assert [track.parent for track in (folder, one, two, after)] == [None, folder, folder, None]
    assert [host.call("GetTrackDepth", track) for track in project.tracks] == [0, 1, 1, 0]


def test_a_split_item_goes_on_where_it_was(host, tmp_path):
    item = host.project.add_track("A").add_video(a_wave(tmp_path), 2.0, 4.0, offset=0.5, playrate=2.0)
    run(host, BEGIN + "right = reaper.SplitMediaItem(reaper.GetMediaItem(0, 1), 3)" + END)
    right = item.track.items[1]
    assert (item.length, right.position, right.length, right.take.offset) == (1.0, 3.0, 3.0, 2.5)
    assert right.take.source is not item.take.source


# -- time --------------------------------------------------------------------------------------


def a_map(*points, bpm=120.0, meter=(4, 4)):
    project = Project(bpm=bpm, meter=meter)
    project.tempos = [Tempo(*point) for point in points]
    return project


def test_beats_are_counted_through_meters():
    project = a_map((6.0, 90.0, 3, 4), (10.0, 60.0, 0, 0))
    assert tempo.quarters(project, 6.0) == 12.0
    assert tempo.quarters(project, 10.0) == 18.0
    assert tempo.beats(project, 10.0)[:3] == (0.0, 5, 3)
    assert tempo.beats(project, 5.0)[:3] == (2.0, 2, 4)
    assert tempo.time_of_beat(project, 1, 5) == 11.0


def test_a_bar_that_a_meter_cuts_short_counts():
    project = a_map((5.0, 120.0, 3, 4))
    assert tempo.beats(project, 5.0)[:3] == (0.0, 3, 3)
    assert tempo.time_of_beat(project, 0, 2) == 4.0


def test_a_ramp_bends_evenly_in_seconds():
    project = a_map((0.0, 60.0, 4, 4, True), (10.0, 120.0))
    assert tempo.bpm_at(project, 5.0) == 90.0
    assert tempo.quarters(project, 10.0) == 15.0
    assert tempo.quarters(project, 5.0) == pytest.approx(6.25)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.floats(0.5, 5), st.floats(30, 300), st.booleans()), max_size=6),
    st.floats(0, 40),
)
def test_time_of_quarters_undoes_quarters(points, time):
    project, at = Project(), 0.0
    for step, bpm, linear in points:
        at += step
        project.add_tempo(at, bpm, linear=linear)
    assert tempo.time_of(project, tempo.quarters(project, time)) == pytest.approx(time, abs=1e-7)


def test_timecode_leaves_out_what_drop_frame_leaves_out():
    rate = Fraction(30_000, 1_001)
    assert [timecode(frame, rate, True)[-8:] for frame in (1_799, 1_800, 17_981, 17_982)] == [
        "00:59:29",
        "01:00:02",
        "09:59:29",
        "10:00:00",
    ]
    assert timecode(107_892, rate, True) == "01:00:00:00"
    assert timecode(90_000, Fraction(25), False) == "01:00:00:00"


def test_the_projects_start_is_in_its_timecode(host):
    host.project.rate, host.project.offset = Fraction(24_000, 1_001), 3_600.0
    assert host.call("GetProjectTimeOffset", 0, False) == 3_600.0
    assert host.call("GetProjectTimeOffset", 0, True) == float(86_314 * Fraction(1_001, 24_000))
    assert host.call("format_timestr_pos", 0.0, "", 5) == "00:59:56:10"


# -- what is kept, and processes ---------------------------------------------------------------


def test_a_restart_keeps_what_persists(host):
    host.call("SetExtState", "twopop", "kept", "1", True)
    host.call("SetExtState", "twopop", "lost", "1", False)
    host.restart()
    assert (host.call("GetExtState", "twopop", "kept"), host.call("GetExtState", "twopop", "lost")) == ("1", "")
    host.call("DeleteExtState", "twopop", "kept", True)
    host.restart()
    assert host.call("HasExtState", "twopop", "kept") is False


def test_a_command_line_is_words_not_a_shells(host):
    assert words_of('"/a b/python" -m x "$HOME" \'y\' "ü;rm"') == ["/a b/python", "-m", "x", "$HOME", "'y'", "ü;rm"]
    echo = f'"{sys.executable}" -c "import sys; print(sys.argv[1:])" "$HOME; a b" *'
    assert host.call("ExecProcess", echo, 0) == "0\n['$HOME; a b', '*']\n"


def test_a_failed_command_says_its_number_first(host):
    command = f'"{sys.executable}" -c "import sys; print(1); sys.exit(3)"'
    assert host.call("ExecProcess", command, 5_000) == "3\n1\n"


def test_a_server_may_stay_and_is_ended(tmp_path):
    with Reaper("5.4", tmp_path) as host:
        host.call("ExecProcess", f'"{sys.executable}" -c "import time; time.sleep(60)" serve', -2)
        (process,) = host.processes
        assert process.poll() is None
    assert process.poll() is not None


def test_answers_to_boxes_are_their_buttons(host):
    assert host.call("ShowMessageBox", "really?", "twopop", 4) == 7
    host.answers = [6, 1]
    assert host.call("ShowMessageBox", "really?", "twopop", 4) == 6
    with pytest.raises(AssertionError, match="no button"):
        host.call("ShowMessageBox", "really?", "twopop", 4)


def test_long_turns_are_noticed(lua_version, tmp_path):
    with dressed(lua_version, tmp_path) as host:
        run(host, "local n = 0 for i = 1, 3000000 do n = n + i end")
        busy = host.slowest_tick
        run(host, f'reaper.ExecProcess([["{sys.executable}" -c "import time; time.sleep(0.2)"]], 0)')
        assert busy > 0.002
        assert host.scripts[-1].slowest < busy < 0.2 < host.scripts[-1].slowest_wall


def test_deferred_functions_run_until_there_are_none(host):
    run(host, "count = 0 local function turn() count = count + 1 if count < 5 then reaper.defer(turn) end end turn()")
    script = host.scripts[-1]
    host.tick(until=lambda: script.ended, seconds=5)
    assert script.lua.globals().count == 5


def test_a_change_in_a_deferred_turn_is_seen_too(lua_version, tmp_path):
    host = dressed(lua_version, tmp_path)
    run(host, "reaper.defer(function() reaper.InsertTrackInProject(0, 0, 0) end)")
    with pytest.raises(Violation) as caught:
        host.once()
    assert caught.value.kind is Kind.UNDO
