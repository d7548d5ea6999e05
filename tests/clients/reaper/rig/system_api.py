"""Functions about REAPER itself: scripts, processes, messages, files, previews."""

from __future__ import annotations

import math
import os
import re
import subprocess
import time
from pathlib import Path

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.world import Thing, guid


class Preview(Thing):
    """What SWS's CF_CreatePreview gives."""

    kind = "CF_Preview"

    def __init__(self, source):
        super().__post_init__()
        self.source, self.playing = source, False


def words_of(command: str) -> list[str]:
    """A command line's words: quotes hold together, nothing is expanded."""
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', command)]


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

    def ColorToNative(self, red, green, blue):
        return int(red) | int(green) << 8 | int(blue) << 16

    # -- extension state -----------------------------------------------------------------------

    def SetExtState(self, section, key, value, persist):
        self.state[section, key] = value

    def GetExtState(self, section, key):
        return self.state.get((section, key), "")

    def HasExtState(self, section, key):
        return (section, key) in self.state

    def DeleteExtState(self, section, key, persist):
        self.state.pop((section, key), None)

    # -- files and processes -------------------------------------------------------------------

    def file_exists(self, path):
        return Path(text(path)).is_file()

    def RecursiveCreateDirectory(self, path, ignored):
        Path(text(path)).mkdir(parents=True, exist_ok=True)
        return 1

    def ExecProcess(self, command, timeout):
        words = words_of(text(command))
        self.commands.append(words)
        if words[0] in self.swallowed:
            return "0\n"
        try:
            process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ))
        except OSError:
            return None
        if timeout < 0:
            process.stdout.close()
            self.processes.append(process)
            return "0\n"
        output, _ = process.communicate(timeout=timeout / 1000 or None)
        return f"{process.returncode}\n{output.decode('latin-1')}"

    # -- people --------------------------------------------------------------------------------

    def ShowMessageBox(self, message, title, kind):
        self.boxes.append(text(message))
        return self.answers.pop(0) if self.answers else 1

    def ShowConsoleMsg(self, message):
        self.console += text(message)

    def GetUserInputs(self, title, count, captions, values):
        answer = self.answers.pop(0) if self.answers else None
        return (False, values) if answer is None else (True, data(answer))

    def GetUserFileNameForRead(self, name, title, ending):
        answer = self.answers.pop(0) if self.answers else None
        return (False, name) if answer is None else (True, data(str(answer)))

    # -- SWS, where it is installed ------------------------------------------------------------

    def CF_ShellExecute(self, file):
        self.opened.append(text(file))
        return True

    def CF_CreatePreview(self, source):
        self.previews.append(Preview(source))
        return self.previews[-1]

    def CF_Preview_Play(self, preview):
        preview.playing = True
        return True

    def CF_Preview_Stop(self, preview):
        preview.playing = False
        return True

    def CF_Preview_SetValue(self, preview, name, value):
        preview.values[name] = value
        return math.isfinite(value)

    def ImGui_GetBuiltinPath(self):
        return data(str(self.imgui_path))
