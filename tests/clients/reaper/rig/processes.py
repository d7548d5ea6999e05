"""Processes that scripts start: real ones, which must be gone when everything is over."""

from __future__ import annotations

import os
import re
import subprocess
import time

from tests.clients.reaper.lua import data, text
from tests.clients.reaper.rig.violations import Kind, Violation

FAILED_TO_END = 259
"""What Windows says of a process that still runs; taken for a command that was stopped after its time."""


PATIENCE = 4.0
"""Seconds that helpers have to end after their script."""


def words_of(command: str) -> list[str]:
    """A command line's words: quotes hold together, nothing is expanded."""
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', command)]


class Processes:
    """ExecProcess; mixed into the host. A program in ``swallowed`` is said to run and is not started."""

    patience = PATIENCE

    def ExecProcess(self, command, timeout):
        words = words_of(text(command))
        self.commands.append(words)
        if words and words[0] in self.swallowed:
            return "0\n"
        try:
            process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ))
        except (OSError, IndexError):
            return None
        if timeout < 0:
            process.stdout.close()  # nobody will read it: who goes on writing meets a broken pipe
            self.processes.append(process)
            return "0\n"
        return self._waited(process, timeout / 1000 or None)

    @staticmethod
    def _waited(process, seconds):
        try:
            output, _ = process.communicate(timeout=seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            code = FAILED_TO_END
        return f"{code}\n{output.decode('latin-1')}"

    def check_processes(self):
        """Helpers end with their script; a server that was started may go on."""
        deadline = time.monotonic() + self.patience
        helpers = [process for process in self.processes if "serve" not in process.args]
        while any(process.poll() is None for process in helpers) and time.monotonic() < deadline:
            time.sleep(0.02)
        left = [" ".join(process.args[-4:]) for process in helpers if process.poll() is None]
        if left and self.checks.processes:
            raise self.violated(Violation(Kind.PROCESS, left[0]))

    def end_processes(self):
        """End what is left: kindly, so that a server ends its own children too, then by force."""
        left = [process for process in self.processes if process.poll() is None]
        for process in left:
            process.terminate()
        for process in left:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # -- SWS's: files and the clipboard --------------------------------------------------------

    def CF_ShellExecute(self, file):
        self.opened.append(text(file))
        return True

    def CF_LocateInExplorer(self, file):
        return self.CF_ShellExecute(file)

    def CF_GetClipboard(self):
        return data(self.clipboard)

    def CF_SetClipboard(self, words):
        self.clipboard = text(words)
