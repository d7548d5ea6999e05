"""Functions about REAPER itself: scripts, what it keeps, files, messages."""

from __future__ import annotations

import time
from pathlib import Path

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.gate import check_saved
from tests.clients.reaper.rig.world import guid

_BUTTONS = {0: (1,), 1: (1, 2), 2: (4, 5, 3), 3: (6, 7, 2), 4: (6, 7), 5: (4, 2)}
"""What each kind of message box answers: 1 OK, 2 cancel, 3 abort, 4 retry, 5 ignore, 6 yes, 7 no."""


class SystemApi:
    """Mixed into the host; names are REAPER's."""

    def APIExists(self, name):
        return self.has(text(name))

    def GetOS(self):
        return self.os

    def GetAppVersion(self):
        return "6.83/linux-x86_64" if self.version == "5.3" else "7.20/linux-x86_64"

    def GetResourcePath(self):
        return data(str(self.resource))

    def get_action_context(self):
        return False, data(str(self.script.path)), 0, 40_000, -1, -1, -1.0, ""

    def set_action_options(self, flag):
        self.action_options = int(flag)

    def defer(self, function):
        self.script.deferred.append(function)
        return True

    def atexit(self, function):
        self.script.endings.append(function)
        return True

    def time_precise(self):
        return time.monotonic() + self.clock_ahead

    def genGuid(self):
        return guid()

    def PreventUIRefresh(self, count):
        self.refresh += int(count)

    def UpdateArrange(self):
        self.updates += 1

    def UpdateTimeline(self):
        self.updates += 1

    def TrackList_AdjustWindows(self, minor):
        self.updates += 1

    def UpdateItemInProject(self, item):
        self.updates += 1

    def ColorToNative(self, red, green, blue):
        return int(red) | int(green) << 8 | int(blue) << 16

    # -- extension state -----------------------------------------------------------------------

    def SetExtState(self, section, key, value, persist):
        """What persists is a line of an .ini."""
        self.state[section, key] = value
        if persist:
            check_saved(value, self.checks)
            self.persistent[section, key] = value

    def GetExtState(self, section, key):
        return self.state.get((section, key), "")

    def HasExtState(self, section, key):
        return (section, key) in self.state

    def DeleteExtState(self, section, key, persist):
        self.state.pop((section, key), None)
        if persist:
            self.persistent.pop((section, key), None)

    # -- files -------------------------------------------------------------------

    def file_exists(self, path):
        return Path(text(path)).is_file()

    def RecursiveCreateDirectory(self, path, ignored):
        """0 where it cannot be made; REAPER raises nothing."""
        try:
            Path(text(path)).mkdir(parents=True, exist_ok=True)
        except OSError:
            return 0
        return 1

    # -- people --------------------------------------------------------------------------------

    def ShowMessageBox(self, message, title, kind):
        """A queued answer must be one of the box's buttons; without one the box is closed, which is its "no"."""
        buttons = _BUTTONS[int(kind)]
        self.boxes.append(text(message))
        answer = self.answers.pop(0) if self.answers else buttons[-1]
        if answer not in buttons:
            raise AssertionError(f"{answer!r} is no button of {text(message)!r}")
        return answer

    def MB(self, message, title, kind):
        return self.ShowMessageBox(message, title, kind)

    def ShowConsoleMsg(self, message):
        self.console += text(message)

    def GetUserInputs(self, title, count, captions, values):
        answer = self.answers.pop(0) if self.answers else None
        return (False, values) if answer is None else (True, data(answer))

    def GetUserFileNameForRead(self, name, title, ending):
        answer = self.answers.pop(0) if self.answers else None
        return (False, name) if answer is None else (True, data(str(answer)))

    def ImGui_GetBuiltinPath(self):
        return data(str(self.imgui_path))
