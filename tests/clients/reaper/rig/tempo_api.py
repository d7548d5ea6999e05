"""Functions about the tempo map."""

from __future__ import annotations

from tests.clients.reaper.rig import tempo
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Tempo


class TempoApi:
    """Mixed into the host; names are REAPER's."""

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
        """-1 inserts; one at the same time is replaced. By time only: measures are not modelled."""
        project = self.of(project)
        self.touch(project)
        if not (bar == -1 and beat == -1):
            raise Violation(Kind.UNMODELLED, "tempo markers by measure")
        if number != -1 and not 0 <= number < len(project.tempos):
            return False
        point = Tempo(float(time), float(bpm), max(0, int(beats)), max(0, int(unit)), linear)
        gone = [project.tempos[int(number)]] if number != -1 else []
        project.tempos = [old for old in project.tempos if old not in gone and abs(old.position - time) > 1e-9]
        project.tempos = sorted([*project.tempos, point], key=lambda one: one.position)
        return True

    def DeleteTempoTimeSigMarker(self, project, number):
        project = self.of(project)
        self.touch(project)
        if not 0 <= number < len(project.tempos):
            return False
        del project.tempos[int(number)]
        return True

    def TimeMap2_timeToQN(self, project, time):
        return tempo.quarters(self.of(project), time)

    def TimeMap2_QNToTime(self, project, quarters):
        return tempo.time_of(self.of(project), quarters)

    def TimeMap2_timeToBeats(self, project, time):
        return tempo.beats(self.of(project), time)

    def TimeMap2_beatsToTime(self, project, beat, bars):
        """Beats after bar ``bars``, or all beats where none is given."""
        return tempo.time_of_beat(self.of(project), beat, None if bars is None else int(bars))

    def TimeMap_GetTimeSigAtTime(self, project, time):
        return *tempo.meter_at(self.of(project), time), tempo.bpm_at(self.of(project), time)

    def TimeMap2_GetDividedBpmAtTime(self, project, time):
        project = self.of(project)
        return tempo.bpm_at(project, time) * tempo.meter_at(project, time)[1] / 4
