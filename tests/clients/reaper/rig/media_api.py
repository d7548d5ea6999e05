"""Functions about tracks, items, takes and sources."""

from __future__ import annotations

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.media import source_of
from tests.clients.reaper.rig.world import Item, Source, Take, Track

_DEFAULTS = {"D_PLAYRATE": 1.0, "D_VOL": 1.0, "B_PPITCH": 1.0, "B_LOOPSRC": 1.0, "B_MAINSEND": 1.0, "I_CURTAKE": 0.0}


class MediaApi:
    """Mixed into the host; names are REAPER's."""

    def CountTracks(self, project):
        return len(self.of(project).tracks)

    def GetTrack(self, project, number):
        return _at(self.of(project).tracks, number)

    def CountTrackMediaItems(self, track):
        return len(track.items)

    def GetTrackMediaItem(self, track, number):
        return _at(track.items, number)

    def CountMediaItems(self, project):
        return len(self.of(project).items)

    def GetMediaItem(self, project, number):
        return _at(self.of(project).items, number)

    def CountSelectedMediaItems(self, project):
        return sum(item.selected for item in self.of(project).items)

    def GetSelectedMediaItem(self, project, number):
        return _at([item for item in self.of(project).items if item.selected], number)

    def SetMediaItemSelected(self, item, selected):
        item.selected = selected

    def GetMediaItem_Track(self, item):
        return item.track

    def GetMediaItemTake_Item(self, take):
        return take.item

    def CountTakes(self, item):
        return len(item.takes)

    def GetTake(self, item, number):
        return _at(item.takes, number)

    def GetActiveTake(self, item):
        return item.take

    def GetMediaItemTake_Source(self, take):
        return take.source

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
        if name == "I_CURTAKE":
            item.active = int(value)
        return self.changed(item.track.project, item, name, value)

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

    def GetTrackName(self, track):
        number = track.project.tracks.index(track) + 1
        return True, data(track.name or f"Track {number}")

    def changed(self, project, thing, name, value):
        """Set a number."""
        self.touch(project)
        thing.values[name] = float(value)
        return True

    def text_of(self, project, thing, name, value, is_set):
        """Get or set a text; GUIDs are the thing's own."""
        if name == "GUID":
            return True, thing.guid
        if is_set:
            self.touch(project)
            thing.texts[text(name)] = text(value)
            return True, value
        known = thing.texts.get(text(name), "")
        return bool(known) or not name.startswith("P_EXT"), data(known)

    # -- making and taking away ----------------------------------------------------------------

    def InsertTrackInProject(self, project, number, flags):
        project = self.of(project)
        self.touch(project)
        project.tracks.insert(min(number, len(project.tracks)), Track(project=project))

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

    def AddTakeToMediaItem(self, item):
        self.touch(item.track.project)
        take = Take(item=item)
        item.takes.append(take)
        return take

    def SetActiveTake(self, take):
        self.touch(take.item.track.project)
        take.item.active = take.item.takes.index(take)

    def SetMediaItemTake_Source(self, take, source):
        self.touch(take.item.track.project)
        take.source = source
        return True

    # -- sources -------------------------------------------------------------------------------

    def PCM_Source_CreateFromFile(self, path):
        return source_of(text(path))

    def GetMediaSourceParent(self, source):
        return source.parent

    def GetMediaSourceType(self, source):
        return source.type

    def GetMediaSourceFileName(self, source):
        return data(str(source.path)) if source.path else ""

    def GetMediaSourceLength(self, source):
        return source.length, source.in_quarters

    def PCM_Source_GetSectionInfo(self, source):
        if source.parent is None:
            return False, 0.0, source.length, False
        return True, source.offset, source.length, source.reverse

    def PCM_Source_BuildPeaks(self, source, mode):
        """0 begins and says whether there is work; 1 does a little; 2 ends."""
        left = self.peaks.get(source, 3)
        if mode == 1:
            self.peaks[source] = left = max(0, left - 1)
        self.peaks_built += [source] if mode == 2 else []
        return left if mode < 2 else 0

    def ValidatePtr2(self, project, pointer, kind):
        right = f"{pointer.kind}*" == kind and pointer.alive
        if isinstance(pointer, Source):
            return right
        owner = pointer if not hasattr(pointer, "track") else pointer.track
        if isinstance(pointer, Take):
            owner = pointer.item.track
        mine = getattr(owner, "project", None)
        return right and (mine is None or mine is self.of(project)) and (mine or pointer) in (*self.tabs, None)


def _at(things, number):
    return things[int(number)] if 0 <= number < len(things) else None


def _number(thing, name):
    return thing.values.get(name, _DEFAULTS.get(name, 0.0))


def _die(*things):
    for thing in things:
        thing.alive = False
