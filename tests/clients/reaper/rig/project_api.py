"""Functions about projects: range, markers, tempo, undo, state."""

from __future__ import annotations

from fractions import Fraction

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig import history
from tests.clients.reaper.rig.gate import check_saved
from tests.clients.reaper.rig.timecode import position_text
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Marker


class ProjectApi:
    """Mixed into the host; names are REAPER's."""

    def EnumProjects(self, number):
        project = self.project if number == -1 else (self.tabs[number] if 0 <= number < len(self.tabs) else None)
        return (project, data(str(project.path or ""))) if project else (None, None)

    def SelectProjectInstance(self, project):
        self.project = self.of(project)

    def GetProjectName(self, project):
        path = self.of(project).path
        return data(path.name) if path else ""

    def GetProjectPath(self):
        return self.GetProjectPathEx(None)

    def GetProjectLength(self, project):
        return max((item.position + item.length for item in self.of(project).items), default=0.0)

    def GetProjectPathEx(self, project):
        path = self.of(project).path
        return data(str(path.parent)) if path else data(str(self.resource / "REAPER Media"))

    def GetSetProjectInfo(self, project, name, value, is_set):
        project = self.of(project)
        known = {"PROJECT_SRATE": float(project.sample_rate), "PROJECT_SRATE_USE": float(project.sample_rate > 0)}
        if name not in known:
            raise Violation(Kind.ATTRIBUTE, f"GetSetProjectInfo with {name!r}")
        if is_set:
            raise Violation(Kind.UNMODELLED, f"setting {name}")
        return known[name]

    def GetSet_LoopTimeRange2(self, project, is_set, is_loop, start, stop, seek):
        project = self.of(project)
        if is_set and not is_loop:
            project.range = (float(start), float(stop))
        return project.range

    def TimeMap_curFrameRate(self, project):
        project = self.of(project)
        return float(project.rate), project.drop

    def GetProjectTimeOffset(self, project, rounded):
        project = self.of(project)
        frames = Fraction(project.offset) * project.rate
        return float(round(frames) / project.rate) if rounded else float(project.offset)

    def format_timestr_pos(self, time, buffer, mode):
        return position_text(self.project, time, int(mode))

    def GetCursorPositionEx(self, project):
        return self.of(project).cursor

    def SetEditCurPos2(self, project, time, move, seek):
        self.of(project).cursor = float(time)

    def OnPlayButtonEx(self, project):
        self.of(project).playing = True

    def OnStopButtonEx(self, project):
        self.of(project).playing = False

    def GetPlayStateEx(self, project):
        return int(self.of(project).playing)

    # -- markers -------------------------------------------------------------------------------

    def AddProjectMarker2(self, project, is_region, position, stop, name, wanted, colour):
        project = self.of(project)
        self.touch(project, name)
        used = {marker.number for marker in project.markers if (marker.stop is not None) == is_region}
        number = wanted if wanted >= 0 and wanted not in used else max(used, default=0) + 1
        project.markers.append(
            Marker(float(position), text(name), int(number), float(stop) if is_region else None, int(colour))
        )
        project.markers.sort(key=lambda marker: marker.position)
        return int(number)

    def CountProjectMarkers(self, project):
        markers = self.of(project).markers
        regions = sum(marker.stop is not None for marker in markers)
        return len(markers), len(markers) - regions, regions

    def EnumProjectMarkers3(self, project, number):
        markers = self.of(project).markers
        if not 0 <= number < len(markers):
            return 0, False, 0.0, 0.0, "", 0, 0
        marker = markers[int(number)]
        region = marker.stop is not None
        stop = marker.stop if region else 0.0
        return int(number) + 1, region, marker.position, stop, data(marker.name), marker.number, marker.colour

    def DeleteProjectMarker(self, project, number, is_region):
        project = self.of(project)
        self.touch(project)
        before = len(project.markers)
        project.markers = [
            marker for marker in project.markers if (marker.number, marker.stop is not None) != (number, is_region)
        ]
        return len(project.markers) < before

    # -- undo ----------------------------------------------------------------------------------

    def GetProjectStateChangeCount(self, project):
        project = self.of(project)
        now = history.fingerprint(project)
        if project.counted[0] != now:
            project.counted = (now, project.counted[1] + 1)
        return project.counted[1]

    def Undo_BeginBlock2(self, project):
        project = self.of(project)
        if project.depth == 0:
            self.before[project] = history.moment(project)
        project.depth += 1

    def Undo_EndBlock2(self, project, name, flags):
        project = self.of(project)
        if project.depth == 0:
            raise Violation(Kind.UNDO_OPEN, "Undo_EndBlock2 without a beginning")
        project.depth -= 1
        if project.depth == 0:
            project.undos.append((text(name), self.before.pop(project), history.moment(project)))
            project.redos.clear()

    def Undo_CanUndo2(self, project):
        undos = self.of(project).undos
        return data(undos[-1][0]) if undos else None

    def Undo_CanRedo2(self, project):
        redos = self.of(project).redos
        return data(redos[-1][0]) if redos else None

    def Undo_DoUndo2(self, project):
        return int(bool(history.undo(self.of(project))))

    def Undo_DoRedo2(self, project):
        return int(bool(history.redo(self.of(project))))

    # -- state ---------------------------------------------------------------------------------

    def SetProjExtState(self, project, section, key, value):
        check_saved(value, self.checks)
        state = self.of(project).state
        if key == "":
            for known in [known for known in state if known[0] == section]:
                del state[known]
        elif value == "":
            state.pop((section, key), None)
        else:
            state[section, key] = value
        return len(value)

    def GetProjExtState(self, project, section, key):
        value = self.of(project).state.get((section, key), "")
        return len(value), value

    def EnumProjExtState(self, project, section, number):
        found = [(key, value) for (owner, key), value in self.of(project).state.items() if owner == section]
        if not 0 <= number < len(found):
            return False, None, None
        return True, *found[int(number)]
