"""What the rig must not let pass: one piece of Lua for each, and the kind of violation that it is."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.clients.reaper.lua import data
from tests.clients.reaper.rig import Kind, Reaper, Violation

BEGIN = "reaper.Undo_BeginBlock2(0)\n"
END = "\nreaper.Undo_EndBlock2(0, 'test', -1)"
TRACK = "local track = reaper.GetTrack(0, 0)\n"
ITEM = "local item = reaper.GetMediaItem(0, 0)\n"


@dataclass(frozen=True)
class Wrong:
    """A piece of Lua that does what a script must not do."""

    name: str
    kind: Kind
    source: str

    def __str__(self):
        return self.name


WRONG = (
    Wrong("misspelt function", Kind.UNKNOWN, "reaper.UpdateArangeView()"),
    Wrong("misspelt function, only asked for", Kind.UNKNOWN, "local there = reaper.UpdateArangeView ~= nil"),
    Wrong("misspelt drawing", Kind.UNKNOWN, "gfx.rectangle(0, 0, 1, 1)"),
    Wrong("misspelt field of gfx", Kind.UNKNOWN, "gfx.mousex = 1"),
    Wrong("function that is not modelled", Kind.UNMODELLED, "reaper.GetMasterTrack(0)"),
    Wrong("argument missing", Kind.ARITY, "reaper.GetTrack(0)"),
    Wrong("argument too many", Kind.ARITY, "reaper.CountTracks(0, 1)"),
    Wrong("argument too many, nil", Kind.ARITY, "reaper.CountTracks(0, nil)"),
    Wrong("all arguments missing", Kind.ARITY, "reaper.PreventUIRefresh()"),
    Wrong("drawing without enough", Kind.ARITY, "gfx.rect(1, 2)"),
    Wrong("boolean for a number", Kind.TYPE, "reaper.PreventUIRefresh(true)"),
    Wrong("number for a boolean", Kind.TYPE, "reaper.GetSet_LoopTimeRange2(0, 0, 0, 0, 0, 0)"),
    Wrong("text for a number", Kind.TYPE, "reaper.GetTrack(0, '0')"),
    Wrong("number for a text", Kind.TYPE, "reaper.ShowConsoleMsg(1)"),
    Wrong("half for an integer", Kind.TYPE, "reaper.GetTrack(0, 0.5)"),
    Wrong("integer too large", Kind.TYPE, "reaper.GetTrack(0, 1 << 40)"),
    Wrong("not a number", Kind.TYPE, "reaper.SetEditCurPos2(0, 0/0, false, false)"),
    Wrong("infinite", Kind.TYPE, "reaper.SetEditCurPos2(0, 1/0, false, false)"),
    Wrong("nil for a track", Kind.TYPE, "reaper.CountTrackMediaItems(nil)"),
    Wrong("text for a project", Kind.TYPE, "reaper.CountTracks('0')"),
    Wrong("text that ends early", Kind.TYPE, "reaper.ShowConsoleMsg('one\\0two')"),
    Wrong("table for a function", Kind.TYPE, "reaper.defer({})"),
    Wrong("nil drawn", Kind.TYPE, "gfx.drawstr(nil)"),
    Wrong("text into a field of gfx", Kind.TYPE, "gfx.x = '1'"),
    Wrong("item for a track", Kind.TYPE, ITEM + "reaper.CountTrackMediaItems(item)"),
    Wrong("take for an item", Kind.TYPE, ITEM + "reaper.CountTakes(reaper.GetActiveTake(item))"),
    Wrong("track for a project", Kind.TYPE, TRACK + "reaper.CountTracks(track)"),
    Wrong(
        "deleted track", Kind.DEAD, TRACK + BEGIN + "reaper.DeleteTrack(track)" + END + "\nreaper.GetTrackGUID(track)"
    ),
    Wrong(
        "item of a deleted track",
        Kind.DEAD,
        ITEM + BEGIN + f"{TRACK}reaper.DeleteTrack(track){END} reaper.CountTakes(item)",
    ),
    Wrong(
        "track that undo took away",
        Kind.DEAD,
        f"{BEGIN}reaper.InsertTrackInProject(0, 0, 0){END}\n{TRACK}reaper.Undo_DoUndo2(0) reaper.GetTrackGUID(track)",
    ),
    Wrong("unknown number of an item", Kind.ATTRIBUTE, ITEM + "reaper.GetMediaItemInfo_Value(item, 'D_POS')"),
    Wrong(
        "unknown number of a track",
        Kind.ATTRIBUTE,
        TRACK + BEGIN + "reaper.SetMediaTrackInfo_Value(track, 'D_POSITION', 1)" + END,
    ),
    Wrong(
        "unknown text of a track",
        Kind.ATTRIBUTE,
        TRACK + "reaper.GetSetMediaTrackInfo_String(track, 'NAME', '', false)",
    ),
    Wrong(
        "own text without a name",
        Kind.ATTRIBUTE,
        TRACK + "reaper.GetSetMediaTrackInfo_String(track, 'P_EXT', '', false)",
    ),
    Wrong("unknown number of a project", Kind.ATTRIBUTE, "reaper.GetSetProjectInfo(0, 'SRATE', 0, false)"),
    Wrong("unknown kind of pointer", Kind.ATTRIBUTE, TRACK + "reaper.ValidatePtr2(0, track, 'MediaTrack')"),
    Wrong(
        "what can only be read",
        Kind.READ_ONLY,
        TRACK + BEGIN + "reaper.SetMediaTrackInfo_Value(track, 'I_TCPH', 9)" + END,
    ),
    Wrong(
        "one source for two takes",
        Kind.OWNED,
        ITEM + BEGIN + "local source = reaper.GetMediaItemTake_Source(reaper.GetActiveTake(item))\n"
        "reaper.SetMediaItemTake_Source(reaper.AddTakeToMediaItem(item), source)" + END,
    ),
    Wrong(
        "source freed that a take plays",
        Kind.OWNED,
        ITEM + "reaper.PCM_Source_Destroy(reaper.GetMediaItemTake_Source(reaper.GetActiveTake(item)))",
    ),
    Wrong("lines in what persists", Kind.LOST, "reaper.SetExtState('twopop', 'key', 'one\\ntwo', true)"),
    Wrong("lines in the project's state", Kind.LOST, "reaper.SetProjExtState(0, 'twopop', 'key', 'one\\ntwo')"),
    Wrong(
        "lines in an own text",
        Kind.LOST,
        ITEM + BEGIN + "reaper.GetSetMediaItemInfo_String(item, 'P_EXT:x', 'a\\nb', true)" + END,
    ),
    Wrong("track made without undo", Kind.UNDO, "reaper.InsertTrackInProject(0, 0, 0)"),
    Wrong("track deleted without undo", Kind.UNDO, TRACK + "reaper.DeleteTrack(track)"),
    Wrong("item moved without undo", Kind.UNDO, ITEM + "reaper.SetMediaItemInfo_Value(item, 'D_POSITION', 1)"),
    Wrong(
        "track named without undo", Kind.UNDO, TRACK + "reaper.GetSetMediaTrackInfo_String(track, 'P_NAME', 'x', true)"
    ),
    Wrong("take made without undo", Kind.UNDO, ITEM + "reaper.AddTakeToMediaItem(item)"),
    Wrong("marker made without undo", Kind.UNDO, "reaper.AddProjectMarker2(0, false, 1, 0, 'x', -1, 0)"),
    Wrong("tempo set without undo", Kind.UNDO, "reaper.SetTempoTimeSigMarker(0, -1, 1, -1, -1, 90, 4, 4, false)"),
    Wrong(
        "undo of another project", Kind.UNDO, BEGIN + "reaper.InsertTrackInProject(reaper.EnumProjects(0), 0, 0)" + END
    ),
    Wrong("undo block left open", Kind.UNDO_OPEN, BEGIN),
    Wrong("undo block ended twice", Kind.UNDO_OPEN, BEGIN + END + END),
    Wrong("refresh held back", Kind.REFRESH, "reaper.PreventUIRefresh(1)"),
    Wrong("refresh let go twice", Kind.REFRESH, "reaper.PreventUIRefresh(1) reaper.PreventUIRefresh(-2)"),
    Wrong("helper left running", Kind.PROCESS, "reaper.ExecProcess(helper, -2)"),
    Wrong("error of Lua's", Kind.SCRIPT, "local nothing = nil; nothing.x = 1"),
    Wrong("error when it ends", Kind.SCRIPT, "reaper.atexit(function() error('late') end)"),
    Wrong("a function added to REAPER's", Kind.SCRIPT, "reaper.mine = 1"),
    Wrong("caught, but seen", Kind.TYPE, "pcall(reaper.GetTrack, 0, '0')"),
)
BY_NAME = {wrong.name: wrong for wrong in WRONG}


def dressed(version, folder, **options):
    """A host with a still picture's item on a track, in the second of two tabs."""
    from PIL import Image

    host = Reaper(version, folder, **options)
    host.add_tab()
    Image.new("RGB", (4, 4)).save(folder / "still.png")
    host.project.add_track("Video").add_video(folder / "still.png", 1.0, 2.0)
    return host


def run(host, source):
    """A piece of Lua as a script of one turn; ``helper`` is the command of a process that goes on and on."""
    script = host.new_script("piece.lua")
    script.lua.globals().helper = data(f'"{sys.executable}" -c "import time; time.sleep(60)"')
    chunk = script.lua.globals().load(data(source))
    assert not isinstance(chunk, tuple), chunk
    host._turn(script, [chunk])


def violation(version, folder, source):
    """The kind of violation that a piece of Lua is, None where there is none."""
    try:
        with dressed(version, folder) as host:
            host.patience = 0.3
            run(host, source)
    except Violation as violation:
        return violation.kind
    return None
