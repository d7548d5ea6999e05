"""Functions about tracks, items and takes."""

from __future__ import annotations

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Item, Source, Take, Track

_DEFAULTS = {"D_PLAYRATE": 1.0, "D_VOL": 1.0, "B_PPITCH": 1.0, "B_LOOPSRC": 1.0, "B_MAINSEND": 1.0}
_POINTERS = ("ReaProject*", "MediaTrack*", "MediaItem*", "MediaItem_Take*", "PCM_source*")
_SELECTION = ("B_UISEL", "I_SELECTED")


class MediaApi:
    """Mixed into the host; names are REAPER's."""

    def CountTracks(self, project):
        return len(self.of(project).tracks)

    def GetTrack(self, project, number):
        return _at(self.of(project).tracks, number)

    def CountSelectedTracks(self, project):
        return len(_selected(self.of(project).tracks))

    def GetSelectedTrack(self, project, number):
        return _at(_selected(self.of(project).tracks), number)

    def SetTrackSelected(self, track, selected):
        track.selected = selected

    def SetOnlyTrackSelected(self, track):
        for other in track.project.tracks:
            other.selected = other is track

    def GetParentTrack(self, track):
        return track.parent

    def GetTrackDepth(self, track):
        return track.depth

    def GetTrackGUID(self, track):
        return track.guid

    def GetTrackName(self, track):
        number = track.project.tracks.index(track) + 1
        return True, data(track.name or f"Track {number}")

    def CountTrackMediaItems(self, track):
        return len(track.items)

    def GetTrackMediaItem(self, track, number):
        return _at(track.items, number)

    def CountMediaItems(self, project):
        return len(self.of(project).items)

    def GetMediaItem(self, project, number):
        return _at(self.of(project).items, number)

    def CountSelectedMediaItems(self, project):
        return len(_selected(self.of(project).items))

    def GetSelectedMediaItem(self, project, number):
        return _at(_selected(self.of(project).items), number)

    def SetMediaItemSelected(self, item, selected):
        item.selected = selected

    def GetMediaItem_Track(self, item):
        return item.track

    def GetItemProjectContext(self, item):
        return item.track.project

    def GetMediaItemTake_Item(self, take):
        return take.item

    def CountTakes(self, item):
        return len(item.takes)

    def GetTake(self, item, number):
        return _at(item.takes, number)

    def GetActiveTake(self, item):
        return item.take

    # -- numbers and texts ---------------------------------------------------------------------

    def GetMediaTrackInfo_Value(self, track, name):
        if name == "IP_TRACKNUMBER":
            return float(track.project.tracks.index(track) + 1)
        return _number(track, name)

    def SetMediaTrackInfo_Value(self, track, name, value):
        return self.changed(track.project, track, name, value)

    def GetMediaItemInfo_Value(self, item, name):
        return float(item.active) if name == "I_CURTAKE" else _number(item, name)

    def SetMediaItemInfo_Value(self, item, name, value):
        done = self.changed(item.track.project, item, name, value)
        if name == "I_CURTAKE":
            item.active = int(value)
        return done

    def GetMediaItemTakeInfo_Value(self, take, name):
        return _number(take, name)

    def SetMediaItemTakeInfo_Value(self, take, name, value):
        return self.changed(take.item.track.project, take, name, value)

    def GetSetMediaTrackInfo_String(self, track, name, value, is_set):
        return self.text_of(track.project, track, name, value, is_set)

    def GetSetMediaItemInfo_String(self, item, name, value, is_set):
        return self.text_of(item.track.project, item, name, value, is_set)

    def GetSetMediaItemTakeInfo_String(self, take, name, value, is_set):
        return self.text_of(take.item.track.project, take, name, value, is_set)

    def changed(self, project, thing, name, value):
        """Set a number. What is selected is no change of the project."""
        if name in _SELECTION:
            thing.selected = value != 0
            return True
        self.touch(project)
        thing.values[name] = float(value)
        return True

    def text_of(self, project, thing, name, value, is_set):
        """Get or set a text. Only notes may have several lines."""
        name = text(name)
        if is_set:
            self.touch(project, "" if name == "P_NOTES" else value)
            if name == "GUID":
                thing.guid = value
            thing.texts[name] = text(value)
            return True, value
        known = thing.guid if name == "GUID" else thing.texts.get(name, "")
        return bool(known) or not name.startswith("P_EXT"), data(known)

    # -- making and taking away ----------------------------------------------------------------

    def InsertTrackInProject(self, project, number, flags):
        project = self.of(project)
        self.touch(project)
        project.tracks.insert(max(0, min(int(number), len(project.tracks))), Track(project=project))

    def InsertTrackAtIndex(self, number, defaults):
        self.InsertTrackInProject(None, number, int(defaults))

    def DeleteTrack(self, track):
        self.touch(track.project)
        track.project.tracks.remove(track)
        _die(track, *track.items, *(take for item in track.items for take in item.takes))

    def AddMediaItemToTrack(self, track):
        self.touch(track.project)
        item = Item(track=track)
        track.items.append(item)
        return item

    def DeleteTrackMediaItem(self, track, item):
        self.touch(track.project)
        if item not in track.items:
            return False
        track.items.remove(item)
        _die(item, *item.takes)
        return True

    def SplitMediaItem(self, item, position):
        """The left part stays the item; the right one is given, nil where there is none."""
        self.touch(item.track.project)
        return item.split(position) if item.position < position < item.position + item.length else None

    def AddTakeToMediaItem(self, item):
        self.touch(item.track.project)
        take = Take(item=item)
        item.takes.append(take)
        return take

    def SetActiveTake(self, take):
        self.touch(take.item.track.project)
        take.item.active = take.item.takes.index(take)

    def ValidatePtr2(self, project, pointer, kind):
        if kind not in _POINTERS:
            raise Violation(Kind.ATTRIBUTE, f"ValidatePtr2 knows no {kind!r}")
        if not pointer.alive or f"{pointer.kind}*" != kind:
            return False
        home = None if isinstance(pointer, Source) else pointer.home
        return home in (None, pointer, self.of(project))


def _at(things, number):
    return things[int(number)] if 0 <= number < len(things) else None


def _selected(things):
    return [thing for thing in things if thing.selected]


def _number(thing, name):
    if name in _SELECTION:
        return float(thing.selected)
    return float(thing.values.get(name, _DEFAULTS.get(name, 0.0)))


def _die(*things):
    for thing in things:
        thing.alive = False
