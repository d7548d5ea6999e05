"""The host: runs our scripts and looks on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.clients.reaper.rig.gate import Checks, check, check_results, check_saved, project_of, signatures
from tests.clients.reaper.rig.media_api import MediaApi
from tests.clients.reaper.rig.person import Person
from tests.clients.reaper.rig.processes import Processes
from tests.clients.reaper.rig.project_api import ProjectApi
from tests.clients.reaper.rig.scripts import Scripts
from tests.clients.reaper.rig.source_api import SourceApi
from tests.clients.reaper.rig.system_api import SystemApi
from tests.clients.reaper.rig.tempo_api import TempoApi
from tests.clients.reaper.rig.violations import Kind, Violation
from tests.clients.reaper.rig.world import Project

from twopop.installing.reaper import scripts_folder

EXTENSIONS = ("CF_", "ImGui_", "JS_", "BR_", "SNM_")
"""How the names of functions begin that REAPER has only with an extension."""


class Reaper(Scripts, Person, Processes, MediaApi, SourceApi, ProjectApi, TempoApi, SystemApi):
    """REAPER, as far as our scripts go. Leaving the ``with`` block asks for a clean end.

    Args:
        lua: "5.3" as in REAPER 6 or "5.4" as in REAPER 7.
        resource: the resource folder.
        environment: environment variables for scripts and processes.
        without: functions that this REAPER does not have.
        extensions: functions of SWS and ReaImGui that it has; a beginning such as "CF_" stands for all of them.
        scripts: the folder that scripts are run from, ours if None.
        os_name: what GetOS says: "Win64", "macOS-arm64", "Other" ...

    """

    def __init__(
        self, lua="5.4", resource=Path(), environment=None, *, without=(), extensions=(), scripts=None, os_name="Other"
    ):
        self.version, self.resource, self.os = lua, Path(resource), os_name
        self.without, self.extensions, self.checks = set(without), tuple(extensions), Checks()
        self.folder, self.environment = Path(scripts or scripts_folder()), environment or {}
        self.project = Project()
        self.tabs, self.scripts, self.processes, self.commands = [self.project], [], [], []
        self.state, self.persistent, self.before, self.peaks, self.peaks_built = {}, {}, {}, {}, []
        self.boxes, self.answers, self.menus, self.opened, self.previews, self.console = [], [], [], [], [], ""
        self.swallowed: set[str] = set()
        self.refresh = self.updates = self.action_options = 0
        self.clock_ahead, self.imgui_path, self.clipboard = 0.0, None, ""
        self.script = None
        self.ours = 0.0  # seconds of the current turn that are the rig's
        self.violations: list[Violation] = []
        self.calls: list[str] = []

    # -- life ----------------------------------------------------------------------------------

    def __enter__(self):
        self._environment = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        return self

    def __exit__(self, kind, *_):
        try:
            self._end_scripts(kind is None)
            if kind is None:
                self.check_processes()
                if self.violations:
                    raise self.violations[0]
        finally:
            self.end_processes()
            for name, value in self._environment.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})

    def _end_scripts(self, clean):
        """Every script gets its end; what goes wrong there is only told when nothing else did before."""
        for script in self.scripts:
            try:
                self.close(script)
            except Violation as violation:
                if clean:
                    self.violations.append(violation)

    def add_tab(self):
        """A second project, which becomes the current one."""
        self.project = Project()
        self.tabs.append(self.project)
        return self.project

    def close_tab(self, project):
        """Close a tab; everything in it is dead."""
        self.tabs.remove(project)
        for thing in (project, *project.things):
            thing.alive = False
        if self.project is project:
            self.project = self.tabs[-1] if self.tabs else self.add_tab()

    def restart(self):
        """REAPER is closed and opened again: only what was to persist is still there."""
        self._end_scripts(clean=True)
        self.state = dict(self.persistent)

    def export_rpp(self, project, path):
        """A project as REAPER saves it."""
        from tests.clients.reaper.rig.export import write

        write(project, path)

    # -- the gate ------------------------------------------------------------------------------

    def has(self, name):
        """Whether this REAPER has a function."""
        if name in self.without or name not in signatures():
            return False
        return not name.startswith(EXTENSIONS) or any(name.startswith(known) for known in self.extensions)

    def may_lack(self, name):
        """Whether a script may ask for it and get nil: an older REAPER, or no extension."""
        return name in self.without or name.startswith(EXTENSIONS)

    def call(self, name, *values):
        """A call through the gate."""
        try:
            return self._called(name, list(values))
        except Violation as violation:
            raise self.violated(violation) from None

    def _called(self, name, values):
        signature = signatures().get(name)
        if signature is None or not self.has(name):
            if not self.checks.unknown:
                return None
            raise Violation(Kind.UNKNOWN, f"reaper.{name}")
        model = getattr(self, name, None)
        if model is None:
            raise Violation(Kind.UNMODELLED, name)
        check(signature, values, self.checks)
        self.calls.append(name)
        left = len(signature.arguments) - len(values)
        result = model(*values[: len(signature.arguments)], *[None] * left)
        check_results(signature, result, self.checks)
        return result

    def violated(self, violation):
        """Remember a violation: a script that catches it does not get away with it."""
        if violation not in self.violations:
            self.violations.append(violation)
        return violation

    def of(self, project):
        """The project that an argument means."""
        return project_of(project, self.project)

    def touch(self, project, saved=""):
        """The project is about to change: only inside an undo block, and only to what can be saved."""
        if project.depth == 0 and self.checks.undo:
            caller = sys._getframe(1).f_code.co_name
            raise Violation(Kind.UNDO, f"the project was changed by {caller}")
        check_saved(saved, self.checks)
