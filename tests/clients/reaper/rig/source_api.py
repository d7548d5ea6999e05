"""Functions about media sources and previews."""

from __future__ import annotations

import math

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.media import source_of
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Take, Thing


class Preview(Thing):
    """What SWS's CF_CreatePreview gives."""

    kind = "CF_Preview"

    def __init__(self, source):
        super().__post_init__()
        self.source, self.playing = source, False


class SourceApi:
    """Mixed into the host; names are REAPER's."""

    def PCM_Source_CreateFromFile(self, path):
        return source_of(text(path))

    def PCM_Source_Destroy(self, source):
        if source.owner and source.owner.alive:
            raise Violation(Kind.OWNED, "it was freed while a take plays it")
        source.alive = False

    def SetMediaItemTake_Source(self, take, source):
        """The take owns the source from now on: two owners would free it twice."""
        self.touch(take.item.track.project)
        if self.checks.owned and source.owner not in (None, take):
            raise Violation(Kind.OWNED, "it was given to a second take")
        source.owner, take.source = take, source
        return True

    def GetMediaItemTake_Source(self, take):
        return take.source

    def GetMediaSourceParent(self, source):
        return source.parent

    def GetMediaSourceType(self, source):
        return source.type

    def GetMediaSourceFileName(self, source):
        return data(str(source.path)) if source.path else ""

    def GetMediaSourceLength(self, source):
        return float(source.length), source.in_quarters

    def GetMediaSourceSampleRate(self, source):
        return source.sample_rate

    def GetMediaSourceNumChannels(self, source):
        return source.channels

    def PCM_Source_GetSectionInfo(self, source):
        if source.parent is None:
            return False, 0.0, 0.0, False
        return True, float(source.offset), float(source.length), source.reverse

    def PCM_Source_BuildPeaks(self, source, mode):
        """0 begins and says whether there is work; 1 does a little; 2 ends."""
        left = self.peaks.get(source, 3)
        if mode == 1:
            self.peaks[source] = left = max(0, left - 1)
        self.peaks_built += [source] if mode == 2 else []
        return left if mode < 2 else 0

    def TakeIsMIDI(self, take: Take):
        return take.source is not None and take.source.type == "MIDI"

    # -- SWS's previews ------------------------------------------------------------------------

    def CF_CreatePreview(self, source):
        self.previews.append(Preview(source))
        return self.previews[-1]

    def CF_Preview_Play(self, preview):
        preview.playing = True
        return True

    def CF_Preview_Stop(self, preview):
        """It is gone after this, as in SWS."""
        preview.playing = preview.alive = False
        return True

    def CF_Preview_SetValue(self, preview, name, value):
        preview.values[text(name)] = value
        return math.isfinite(value)

    def CF_Preview_GetValue(self, preview, name):
        known = preview.values | {"D_LENGTH": preview.source.length}
        return text(name) in known, float(known.get(text(name), 0.0))
