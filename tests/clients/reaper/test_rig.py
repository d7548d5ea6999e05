"""The rig is honest: each kind of violation is seen, what is right passes, and a rig that looks away is caught."""

import pytest
from tests.clients.reaper.honesty import BEGIN, BY_NAME, END, ITEM, TRACK, WRONG, dressed, run, violation
from tests.clients.reaper.rig import Kind, gate, history, media_api, scripts
from tests.clients.reaper.rig.gate import Checks
from tests.clients.reaper.rig.host import Reaper
from tests.clients.reaper.rig.processes import Processes


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_is_wrong_is_seen(wrong, lua_version, tmp_path):
    assert violation(lua_version, tmp_path, wrong.source) is wrong.kind


RIGHT = {
    "whole number as a float": "assert(reaper.GetTrack(0, 0.0))",
    "project as nil": "assert(reaper.CountTracks(nil) == 1)",
    "project as itself": "assert(reaper.CountTracks((reaper.EnumProjects(-1))) == 1)",
    "optional argument left out": "reaper.TimeMap2_beatsToTime(0, 1)",
    "extension that is not there": "assert(reaper.CF_ShellExecute == nil)",
    "own text": TRACK + BEGIN + "reaper.GetSetMediaTrackInfo_String(track, 'P_EXT:twopop', 'x', true)" + END,
    "a dead pointer asked after": TRACK
    + BEGIN
    + "reaper.DeleteTrack(track)"
    + END
    + "\nassert(not reaper.ValidatePtr2(0, track, 'MediaTrack*'))",
    "selecting is no change": ITEM + "reaper.SetMediaItemSelected(item, true)",
    "blocks in blocks": BEGIN + BEGIN + "reaper.InsertTrackInProject(0, 0, 0)" + END + END,
    "refresh held back and let go": "reaper.PreventUIRefresh(1) reaper.PreventUIRefresh(-1)",
    "notes have lines": ITEM + BEGIN + "reaper.GetSetMediaItemInfo_String(item, 'P_NOTES', 'a\\nb', true)" + END,
    "a helper that ends": "reaper.ExecProcess(helper:gsub('60', '0'), -2)",
    "a command that is waited for": "assert(reaper.ExecProcess(helper:gsub('60', '0'), 0) == '0\\n')",
    "a command that is stopped in time": "assert(reaper.ExecProcess(helper, 50):match('^259\\n'))",
    "no such program": "assert(reaper.ExecProcess('\"/nowhere/at all\" x', 0) == nil)",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_is_right_passes(source, lua_version, tmp_path):
    with dressed(lua_version, tmp_path) as host:
        run(host, source)


def _off(name):
    return lambda patch: patch.setattr(Checks, name, False)


def _any_object(patch):
    real = gate.fits
    patch.setattr(gate, "fits", lambda kind, value: real("userdata", value) or real(kind, value))


def _numbers_loosely(patch):
    loose = {"integer": gate._PLAIN["number"], "number": lambda value: isinstance(value, int | float)}
    patch.setattr(gate, "_PLAIN", gate._PLAIN | loose)


def _same_project(patch):
    patch.setattr(Reaper, "of", lambda host, project: host.project)


def _undead(patch):
    patch.setattr(media_api, "_die", lambda *things: None)


def _undo_forgets(patch):
    patch.setattr(history, "restore", lambda project, then: None)


def _writable(patch):
    patch.setattr(gate, "READ_ONLY", frozenset())


def _forgetful(patch):
    patch.setattr(Reaper, "violated", lambda host, violation: violation)


def _endings_skipped(patch):
    patch.setattr(scripts.Scripts, "close", lambda host, script: setattr(script, "ended", True))


def _unmodelled_is_nil(patch):
    patch.setattr(Reaper, "GetMasterTrack", lambda host, project: None, raising=False)


def _swallow_all(patch):
    patch.setattr(Processes, "ExecProcess", lambda host, command, timeout: "0\n")


# What is done to the rig, and what then is not seen any more.
MUTATIONS = {
    "unknown functions are nil": (_off("unknown"), "misspelt function, only asked for"),
    "arguments are not counted": (_off("arity"), "argument too many"),
    "kinds are not looked at": (_off("types"), "boolean for a number"),
    "any object will do": (_any_object, "item for a track"),
    "halves are integers": (_numbers_loosely, "half for an integer"),
    "infinity is a number": (_numbers_loosely, "infinite"),
    "the dead are accepted": (_off("dead"), "deleted track"),
    "nothing dies": (_undead, "item of a deleted track"),
    "undo forgets": (_undo_forgets, "track that undo took away"),
    "any attribute will do": (_off("attributes"), "unknown number of an item"),
    "everything can be set": (_writable, "what can only be read"),
    "sources are shared": (_off("owned"), "one source for two takes"),
    "everything can be saved": (_off("saved"), "lines in what persists"),
    "changes need no undo": (_off("undo"), "track made without undo"),
    "every project is the current one": (_same_project, "undo of another project"),
    "blocks may stay open": (_off("undo_open"), "undo block left open"),
    "refresh is not counted": (_off("refresh"), "refresh held back"),
    "helpers may go on": (_off("processes"), "helper left running"),
    "helpers are not started": (_swallow_all, "helper left running"),
    "what is caught is forgotten": (_forgetful, "caught, but seen"),
    "scripts have no end": (_endings_skipped, "error when it ends"),
    "what is not modelled is nil": (_unmodelled_is_nil, "function that is not modelled"),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_rig_that_looks_away_is_caught(mutation, tmp_path, monkeypatch):
    change, name = MUTATIONS[mutation]
    wrong = BY_NAME[name]
    assert violation("5.4", tmp_path, wrong.source) is wrong.kind
    change(monkeypatch)
    assert violation("5.4", tmp_path, wrong.source) is not wrong.kind


MODELS = {
    "a result too few": lambda host, project: (),
    "a result too many": lambda host, project: (1, 2),
    "a float for an integer": lambda host, project: 1.0,
    "a truth for an integer": lambda host, project: True,
}


@pytest.mark.parametrize("checked", [True, False])
@pytest.mark.parametrize("model", MODELS)
def test_a_model_that_answers_otherwise_than_reaper_is_seen(model, checked, tmp_path, monkeypatch):
    monkeypatch.setattr(Reaper, "CountTracks", MODELS[model])
    monkeypatch.setattr(Checks, "results", checked)
    seen = violation("5.4", tmp_path, "reaper.CountTracks(0)")
    assert (seen is Kind.RESULTS) == checked


def test_every_kind_has_its_case():
    assert {wrong.kind for wrong in WRONG} | {Kind.RESULTS} == set(Kind)
    assert len(BY_NAME) == len(WRONG)


def test_what_an_older_reaper_lacks_is_nil(lua_version, tmp_path):
    with dressed(lua_version, tmp_path, without={"InsertTrackInProject"}) as host:
        run(host, "assert(reaper.InsertTrackInProject == nil and not reaper.APIExists('InsertTrackInProject'))")
        run(host, BEGIN + "reaper.InsertTrackAtIndex(0, false)" + END)
        assert len(host.project.tracks) == 2


def test_what_is_handed_out_again_is_the_same_thing(lua_version, tmp_path):
    """Also after Lua forgot it: a rig that gives another object in its place proves nothing."""
    with Reaper(lua_version, tmp_path) as host:
        track = host.project.add_track("many")
        for number in range(400):
            track.add_item(None, float(number), 1.0)
        script = host.new_script(tmp_path / "test")
        script.lua.execute("""
          for _ = 1, 60 do
            for number = 0, 399 do
              local item = reaper.GetMediaItem(0, number)
              local at = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
              if at ~= number then error(("item %d stands at %s"):format(number, at)) end
            end
          end
        """)
