"""Listening to references before any music is written: found, heard, dropped on a track, handed to the panel."""

import json

import pytest
import soundfile
from tests.clients.reaper.lua import data
from tests.clients.reaper.studio import PATIENCE, film, opened, score, stems, studio
from tests.serving import serving

SCRIPT = "twopop_Audition references.lua"
SWS = ("CF_",)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("auditioned"), (film().parent,)) as server:
        yield server


@pytest.fixture
def host(lua_version, served, tmp_path):
    with studio(lua_version, tmp_path, served.environment["TWOPOP_CONFIG_DIR"]) as made:
        yield made


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "tön song.wav"
    soundfile.write(path, [[0.0]] * 48_000, 48_000)
    return path


def found(host):
    """Open the window and look for references to the selection."""
    host.run(SCRIPT)
    host.tick(until=lambda: host.sees("twopop is ready.") and host.sees("Look for references"), seconds=PATIENCE)
    script = host.scripts[-1]
    host.tick(until=lambda: pressed(host), seconds=PATIENCE)
    host.tick(until=lambda: host.sees("Done."), seconds=PATIENCE)
    return script


def pressed(host):
    host.click("Look for references")
    return host.sees("Cancel") or host.sees("Done.")


def rows(host):
    """Titles in the list, with their scores in front."""
    return [words for words in host.screen() if words[:2] in ("0.", "1.", "-0") and "  " in words]


def test_references_are_listed_with_score_and_why_and_nothing_is_placed(host):
    found(host)
    broad = rows(host)
    assert 2 <= len(broad) <= 8
    assert broad == sorted(broad, reverse=True)
    host.click("targeted")
    host.once()
    assert rows(host)
    host.click(rows(host)[0])
    assert host.sees("Use as broad")
    assert not stems(host.project)


def test_a_reference_is_handed_to_the_next_cue(host, served):
    found(host)
    host.click(rows(host)[1])
    host.click("Use as targeted")
    assert host.sees("will be the targeted reference")
    host.key(27)
    host.tick(until=lambda: not host.windows, seconds=3)
    opened(host)
    host.tick(until=lambda: host.sees("this one"), seconds=5)
    score(host)
    newest = max(served.jobs.glob("reaper-*/request.json"), key=lambda path: path.stat().st_mtime_ns)
    assert dict(json.loads(newest.read_text())["controls"])["reference"].startswith("targeted:")


def test_what_plays_ends_with_the_window(host):
    script = found(host)
    host.click(rows(host)[0])
    host.click("Play")
    host.tick(until=lambda: host.sees("Stop"), seconds=2)
    assert host.project.tracks[-1].name == "twopop audition"
    host.close(script)
    assert [track.name for track in host.project.tracks] == ["Video"]


def previewing(host, tmp_path):
    host.new_script(tmp_path / "test")
    return host.require("twopop.previewing")


def test_with_sws_a_file_is_heard_without_a_track(lua_version, tmp_path, sound):
    with studio(lua_version, tmp_path, tmp_path, extensions=SWS) as host:
        playing = previewing(host, tmp_path).play(host.reaper, data(str(sound)))
        assert host.previews[-1].playing
        assert len(host.project.tracks) == 1
        playing.stop()
        assert not host.previews[-1].playing


def test_without_sws_a_track_comes_and_goes(lua_version, tmp_path, sound):
    with studio(lua_version, tmp_path, tmp_path) as host:
        host.project.cursor = 4.0
        playing = previewing(host, tmp_path).play(host.reaper, data(str(sound)))
        track = host.project.tracks[-1]
        assert (track.name, track.values["I_SOLO"]) == ("twopop audition", 1)
        assert (track.items[0].position, track.items[0].length) == (4.0, 1.0)
        assert playing.is_on()
        playing.stop()
        assert [track.name for track in host.project.tracks] == ["Video"]
        assert not playing.is_on()


def test_a_track_that_was_undone_is_not_touched(lua_version, tmp_path, sound):
    with studio(lua_version, tmp_path, tmp_path) as host:
        playing = previewing(host, tmp_path).play(host.reaper, data(str(sound)))
        host.project.undo()
        playing.stop()
        assert [track.name for track in host.project.tracks] == ["Video"]


def test_a_file_that_is_gone_is_said(lua_version, tmp_path):
    with studio(lua_version, tmp_path, tmp_path) as host:
        nothing, problem = previewing(host, tmp_path).play(host.reaper, data(str(tmp_path / "gone.wav")))
        assert nothing is None
        assert problem.code == "not_audible"


def test_a_file_stays_on_a_track_in_one_step(lua_version, tmp_path, sound):
    with studio(lua_version, tmp_path, tmp_path) as host:
        dropped = previewing(host, tmp_path).drop(host.reaper, host.project, data(str(sound)), "Song")
        assert dropped is True
        assert (host.project.tracks[-1].name, host.project.tracks[-1].values["I_SOLO"]) == ("Song", 0)
        host.project.undo()
        assert len(host.project.tracks) == 1
