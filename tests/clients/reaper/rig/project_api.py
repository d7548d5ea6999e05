"""Functions about projects: range, markers, tempo, undo, state."""

from __future__ import annotations

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig import history, tempo
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Marker, Tempo


class ProjectApi:
    """Mixed into the host; names are REAPER's."""

    def EnumProjects(self, number):
        project = self.project if number == -1 else (self.tabs[number] if 0 <= number < len(self.tabs) else None)
        return (project, data(str(project.path or ""))) if project else (None, "")

    def SelectProjectInstance(self, project):
        self.project = self.of(project)

    def GetProjectName(self, project):
        path = self.of(project).path
        return data(path.name) if path else ""

    def GetProjectPathEx(self, project):
        path = self.of(project).path
        return data(str(path.parent)) if path else data(str(self.resource / "REAPER Media"))

    def GetSetProjectInfo(self, project, name, value, is_set):
        project = self.of(project)
        if is_set:
            raise Violation(Kind.UNMODELLED, f"setting {name}")
        known = {"PROJECT_SRATE": float(project.sample_rate), "PROJECT_SRATE_USE": float(project.sample_rate > 0)}
        return known[name]

    def GetSet_LoopTimeRange2(self, project, is_set, is_loop, start, stop, seek):
        project = self.of(project)
        if is_set and not is_loop:
            project.range = (start, stop)
        return project.range

    def TimeMap_curFrameRate(self, project):
        project = self.of(project)
        return float(project.rate), project.drop

    def GetProjectTimeOffset(self, project, rounded):
        return self.of(project).offset

    def format_timestr_pos(self, time, buffer, mode):
        return f"{time:.3f}"

    def GetCursorPositionEx(self, project):
        return self.of(project).cursor

    def SetEditCurPos2(self, project, time, move, seek):
        self.of(project).cursor = time

    def OnPlayButtonEx(self, project):
        self.of(project).playing = True

    def OnStopButtonEx(self, project):
        self.of(project).playing = False

    def GetPlayStateEx(self, project):
        return int(self.of(project).playing)

    # -- markers -------------------------------------------------------------------------------

    def AddProjectMarker2(self, project, is_region, position, stop, name, wanted, colour):
        project = self.of(project)
        self.touch(project)
        used = {marker.number for marker in project.markers if (marker.stop is not None) == is_region}
        number = wanted if wanted >= 0 and wanted not in used else max(used, default=0) + 1
        project.markers.append(Marker(position, text(name), int(number), stop if is_region else None, int(colour)))
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

    # -- tempo ---------------------------------------------------------------------------------

    def CountTempoTimeSigMarkers(self, project):
        return len(self.of(project).tempos)

    def GetTempoTimeSigMarker(self, project, number):
        project = self.of(project)
        if not 0 <= number < len(project.tempos):
            return False, 0.0, 0, 0.0, 0.0, 0, 0, False
        point = project.tempos[int(number)]
        beat, bars, *_ = tempo.beats(project, point.position)
        meter = (point.beats, point.unit) if point.unit else (-1, -1)
        return True, point.position, bars, beat, point.bpm, *meter, point.linear

    def SetTempoTimeSigMarker(self, project, number, time, bar, beat, bpm, beats, unit, linear):
        project = self.of(project)
        self.touch(project)
        if not (bar == -1 and beat == -1 and number == -1):
            raise Violation(Kind.UNMODELLED, "tempo markers by measure, or changed ones")
        point = Tempo(time, bpm, max(0, int(beats)), max(0, int(unit)), linear)
        same = [old for old in project.tempos if abs(old.position - time) < 1e-9]
        project.tempos = sorted(
            [*(old for old in project.tempos if old not in same), point], key=lambda one: one.position
        )
        return True

    def TimeMap2_timeToQN(self, project, time):
        return tempo.quarters(self.of(project), time)

    def TimeMap2_QNToTime(self, project, quarters):
        return tempo.time_of(self.of(project), quarters)

    def TimeMap2_timeToBeats(self, project, time):
        return tempo.beats(self.of(project), time)

    def TimeMap_GetTimeSigAtTime(self, project, time):
        return *tempo.meter_at(self.of(project), time), tempo.bpm_at(self.of(project), time)

    def TimeMap2_GetDividedBpmAtTime(self, project, time):
        project = self.of(project)
        return tempo.bpm_at(project, time) * tempo.meter_at(project, time)[1] / 4

    # -- undo ----------------------------------------------------------------------------------

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

    def Undo_DoUndo2(self, project):
        return int(bool(history.undo(self.of(project))))

    def Undo_DoRedo2(self, project):
        return int(bool(history.redo(self.of(project))))

    # -- state ---------------------------------------------------------------------------------

    def SetProjExtState(self, project, section, key, value):
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
            return False, "", ""
        return True, *found[int(number)]
